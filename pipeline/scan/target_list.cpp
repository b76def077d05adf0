#include "pipeline/scan/target_list.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <string_view>

#include "sim/error.hpp"

namespace seccm::scan {
namespace {

constexpr std::size_t longest_line = 1000;
constexpr int most_lines = 100000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const auto comma = line.find(',');
    out.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    line.remove_prefix(comma + 1);
  }
}

/// What a terminal can show of an untrusted text.
std::string shown(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 60)) out += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > 60 ? out.append("...") : out;
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, int width, int height) : path_(path), width_(width), height_(height) {}

  std::vector<ClickedTarget> read() {
    std::error_code failure;
    if (std::filesystem::is_directory(path_, failure))
      throw InputError(fmt::format("{}: is a directory; accepted: a CSV file of clicked pixels", path_.string()));
    std::ifstream in(path_, std::ios::binary);
    if (!in)
      throw InputError(fmt::format("{}: can not be opened; accepted: a CSV file of clicked pixels", path_.string()));
    std::vector<ClickedTarget> targets;
    bool header_seen = false;
    std::string line;
    while (next_line(in, line)) {
      const std::string_view text = trimmed(line);
      if (text.empty() || text.front() == '#') continue;
      if (!header_seen) {
        read_header(text);
        header_seen = true;
        continue;
      }
      targets.push_back(parse(text));
    }
    if (in.bad()) throw InputError(fmt::format("{}: can not be read to its end", path_.string()));
    if (!header_seen) fail("the file is empty", "the header \"pixel_x,pixel_y\" or \"pixel_x,pixel_y,label\"");
    if (targets.empty()) fail("the list has no targets", "at least one line behind the header");
    return targets;
  }

 private:
  [[noreturn]] void fail(std::string_view what, std::string_view accepted) const {
    throw InputError(fmt::format("{}:{}: {}; accepted: {}", path_.string(), line_, what, accepted));
  }

  bool next_line(std::ifstream& in, std::string& line) {
    line.clear();
    char c = 0;
    bool any = false;
    while (in.get(c)) {
      if (!any) {
        any = true;
        if (++line_ > most_lines) fail("too many lines", fmt::format("at most {}", most_lines));
      }
      if (c == '\n') break;
      if (c == '\0') fail("a zero byte: not a text file", "a CSV file of clicked pixels");
      if (line.size() == longest_line) fail("the line is too long", fmt::format("at most {} characters", longest_line));
      line += c;
    }
    return any;
  }

  void read_header(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto names = fields(text);
    const bool plain = names.size() == 2 && names[0] == "pixel_x" && names[1] == "pixel_y";
    const bool labelled = names.size() == 3 && names[0] == "pixel_x" && names[1] == "pixel_y" && names[2] == "label";
    if (!plain && !labelled)
      fail(fmt::format("header \"{}\"", shown(text)), "\"pixel_x,pixel_y\" or \"pixel_x,pixel_y,label\"");
    columns_ = names.size();
  }

  double number(std::string_view text, std::string_view name, int size) const {
    double value = 0.0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
      fail(fmt::format("{} \"{}\" is not a number", name, shown(text)), "a finite number of pixels");
    if (value < -0.5 || value > size - 0.5)
      fail(fmt::format("{} = {} px lies outside the image", name, value), fmt::format("-0.5 to {} px", size - 0.5));
    return value;
  }

  ClickedTarget parse(std::string_view text) const {
    const auto values = fields(text);
    if (values.size() < 2 || values.size() > columns_)
      fail(fmt::format("{} fields in \"{}\"", values.size(), shown(text)),
           columns_ == 2 ? "pixel_x,pixel_y" : "pixel_x,pixel_y[,label]");
    ClickedTarget target;
    target.pixel = {number(values[0], "pixel_x", width_), number(values[1], "pixel_y", height_)};
    if (values.size() == 3) target.label = shown(values[2]);
    return target;
  }

  std::filesystem::path path_;
  int width_, height_;
  int line_ = 0;
  std::size_t columns_ = 2;
};

}  // namespace

std::vector<ClickedTarget> read_targets(const std::filesystem::path& path, int width, int height) {
  return Reader(path, width, height).read();
}

}  // namespace seccm::scan
