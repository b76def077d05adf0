#include "files/tiff_stack.hpp"

#include <fmt/format.h>
#include <tiffio.h>

#include <array>
#include <cstdarg>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::uint32_t longest_side = 65535;

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, CloseTiff>;

// libtiff reports through one handler per process; the last message of this thread is kept for our own.
thread_local std::string last_message;

void keep_message(const char* /*module*/, const char* format, va_list arguments) {
  char text[512];
  if (std::vsnprintf(text, sizeof text, format, arguments) > 0) last_message = text;
}

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw InputError(
      fmt::format("{}: {}; accepted is a TIFF stack of 8 or 16 bit grey labels, all pages alike", path.string(), what));
}

struct Page {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 0;
  bool operator==(const Page&) const = default;
};

Page page_of(TIFF* tiff, const std::filesystem::path& path, int number) {
  Page page;
  std::uint16_t samples = 1;
  std::uint16_t format = SAMPLEFORMAT_UINT;
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  const bool sized = TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page.width) == 1 &&
                     TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page.height) == 1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  if (!sized || page.width < 1 || page.height < 1 || page.width > longest_side || page.height > longest_side)
    fail(path, fmt::format("page {} has {} x {} pixels", number, page.width, page.height));
  if (samples != 1 || photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_YCBCR)
    fail(path, fmt::format("page {} has {} channels or is in colour", number, samples));
  if ((page.bits != 8 && page.bits != 16) || format != SAMPLEFORMAT_UINT)
    fail(path, fmt::format("page {} has {} bits of sample format {}", number, page.bits, format));
  if (TIFFIsTiled(tiff) != 0) fail(path, fmt::format("page {} is tiled", number));
  return page;
}

void read_page(TIFF* tiff, const Page& page, const std::filesystem::path& path, int number,
               std::vector<std::uint16_t>& values) {
  const std::size_t bytes = page.bits / 8U;
  const auto row_bytes = static_cast<std::size_t>(TIFFScanlineSize(tiff));
  if (row_bytes != page.width * bytes) fail(path, fmt::format("page {} has rows of {} bytes", number, row_bytes));
  std::vector<std::uint8_t> row(row_bytes);
  for (std::uint32_t y = 0; y < page.height; ++y) {
    if (TIFFReadScanline(tiff, row.data(), y, 0) != 1)
      fail(path, fmt::format("row {} of page {} can not be read ({})", y, number, last_message));
    for (std::size_t x = 0; x < page.width; ++x) {
      std::uint16_t value = row[x * bytes];
      if (bytes == 2) std::memcpy(&value, row.data() + 2 * x, 2);
      values.push_back(value);
    }
  }
}

/// The library takes a directory that is cut off behind its last entry, where the place of the next page stands, for
/// the last one. n entries of 12 bytes lie between a count of 2 and a place of 4; 20, 8 and 8 in a BigTIFF.
void require_whole_directory(TIFF* tiff, const std::filesystem::path& path, int number, std::uintmax_t file_bytes) {
  const bool big = TIFFIsBigTIFF(tiff) != 0;
  const std::uint64_t start = TIFFCurrentDirOffset(tiff);
  std::array<unsigned char, 8> digits{};
  const std::size_t count_bytes = big ? 8 : 2;
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(start));
  in.read(reinterpret_cast<char*>(digits.data()), static_cast<std::streamsize>(count_bytes));
  std::uint64_t entries = 0;
  for (std::size_t k = 0; k < count_bytes; ++k) {
    entries = entries << 8U | digits[TIFFIsBigEndian(tiff) != 0 ? k : count_bytes - 1 - k];
  }
  const std::uint64_t length = big ? 16 + 20 * entries : 6 + 12 * entries;
  if (!in || start > file_bytes || length > file_bytes - start)
    fail(path, fmt::format("it ends inside the directory of page {}", number));
}

}  // namespace

TiffStack read_tiff_stack(const std::filesystem::path& path, std::size_t most_values) {
  TIFFSetErrorHandler(keep_message);
  TIFFSetWarningHandler(nullptr);
  last_message.clear();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) fail(path, "there is no such file");
  const TiffHandle tiff(TIFFOpen(path.c_str(), "r"));
  if (!tiff) fail(path, fmt::format("it is no TIFF file ({})", last_message));
  const std::uintmax_t file_bytes = std::filesystem::file_size(path, error);
  TiffStack stack;
  Page first;
  do {
    const Page page = page_of(tiff.get(), path, stack.pages + 1);
    if (stack.pages == 0) first = page;
    if (!(page == first)) {
      fail(path, fmt::format("page {} has {} x {} pixels of {} bit, the first one {} x {} of {}", stack.pages + 1,
                             page.width, page.height, page.bits, first.width, first.height, first.bits));
    }
    const std::size_t values = static_cast<std::size_t>(page.width) * page.height;
    if (values > most_values || stack.values.size() > most_values - values)
      fail(path, fmt::format("it holds more than {} values", most_values));
    // A page that claims far more than any compression could have packed into the file is damaged or hostile.
    if (values / 2048 > file_bytes) fail(path, fmt::format("page {} claims {} values", stack.pages + 1, values));
    stack.values.reserve(stack.values.size() + values);
    ++stack.pages;
    read_page(tiff.get(), page, path, stack.pages, stack.values);
    require_whole_directory(tiff.get(), path, stack.pages, file_bytes);
  } while (TIFFReadDirectory(tiff.get()) == 1);
  if (!last_message.empty()) fail(path, fmt::format("it is damaged behind page {} ({})", stack.pages, last_message));
  stack.width = static_cast<int>(first.width);
  stack.height = static_cast<int>(first.height);
  return stack;
}

void write_tiff_stack(const std::filesystem::path& path, const TiffStack& stack) {
  TIFFSetErrorHandler(keep_message);
  const TiffHandle tiff(TIFFOpen(path.c_str(), "w"));
  if (!tiff) throw InputError(fmt::format("{}: can not be written ({})", path.string(), last_message));
  std::vector<std::uint16_t> row(static_cast<std::size_t>(stack.width));
  std::size_t at = 0;
  for (int page = 0; page < stack.pages; ++page) {
    TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(stack.width));
    TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(stack.height));
    TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff.get(), TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(stack.height));
    for (int y = 0; y < stack.height; ++y) {
      for (std::uint16_t& value : row) value = stack.values[at++];
      if (TIFFWriteScanline(tiff.get(), row.data(), static_cast<std::uint32_t>(y), 0) != 1)
        throw InputError(fmt::format("{}: can not be written ({})", path.string(), last_message));
    }
    if (TIFFWriteDirectory(tiff.get()) != 1)
      throw InputError(fmt::format("{}: can not be written ({})", path.string(), last_message));
  }
}

}  // namespace seccm::files
