#include "files/import/foreign_text.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <fstream>
#include <string_view>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::string_view gzip_mark = "\x1F\x8B", utf8_mark = "\xEF\xBB\xBF", utf16_little = "\xFF\xFE",
                           utf16_big = "\xFE\xFF";

std::string unpacked(const std::string& bytes, std::uintmax_t most, const std::string& name) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw InputError(name + ": no memory to unpack it");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::array<char, 1 << 16> block{};
  int code = Z_OK;
  while (code == Z_OK && out.size() <= most) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > most) throw InputError(fmt::format("{}: unpacks to more than {} bytes", name, most));
  if (code != Z_STREAM_END) throw InputError(name + ": is damaged or cut: accepted is a whole gzip file");
  return out;
}

void append_code_point(std::string& out, std::uint32_t c) {
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0 | (c >> 6)), byte(0x80 | (c & 0x3F));
  if (c < 0x10000) return byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3F)), byte(0x80 | (c & 0x3F));
  byte(0xF0 | (c >> 18));
  byte(0x80 | ((c >> 12) & 0x3F));
  byte(0x80 | ((c >> 6) & 0x3F));
  byte(0x80 | (c & 0x3F));
}

std::string from_utf16(std::string_view bytes, bool big) {
  std::string out;
  const auto unit = [&](std::size_t k) {
    const auto first = static_cast<unsigned char>(bytes[k]), second = static_cast<unsigned char>(bytes[k + 1]);
    return static_cast<std::uint32_t>(big ? first << 8 | second : second << 8 | first);
  };
  for (std::size_t k = 2; k + 1 < bytes.size(); k += 2) {
    std::uint32_t c = unit(k);
    const bool pair = c >= 0xD800 && c < 0xDC00 && k + 3 < bytes.size() && unit(k + 2) >> 10 == 0xDC00U >> 10;
    if (pair) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(k + 2) - 0xDC00);
      k += 2;
    }
    append_code_point(out, c);
  }
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (c < 0x80) continue;
    const std::size_t more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;
    if (more == 0 || c >= 0xF8 || k + more >= text.size()) return false;
    for (std::size_t m = 1; m <= more; ++m)
      if ((static_cast<unsigned char>(text[k + m]) & 0xC0U) != 0x80U) return false;
    k += more;
  }
  return true;
}

std::string from_latin1(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) append_code_point(out, static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::string as_utf8(std::string bytes, std::uintmax_t most, const std::string& name) {
  if (bytes.starts_with(gzip_mark)) bytes = unpacked(bytes, most, name);
  if (bytes.starts_with(utf16_little) || bytes.starts_with(utf16_big))
    return from_utf16(bytes, bytes.starts_with(utf16_big));
  if (bytes.starts_with(utf8_mark)) bytes.erase(0, utf8_mark.size());
  return is_utf8(bytes) ? bytes : from_latin1(bytes);
}

std::string read_foreign_text(const std::filesystem::path& path, std::uintmax_t most) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    throw InputError(fmt::format("{}: there is no such regular file", path.string()));
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  if (code || size > most)
    throw InputError(fmt::format("{}: {} bytes; accepted are at most {}", path.string(), size, most));
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size)) && size > 0)
    throw InputError(fmt::format("{}: can not be read", path.string()));
  return as_utf8(std::move(text), most, path.string());
}

}  // namespace seccm::files
