#include "tests/wires/transcript.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <string_view>

namespace seccm::instrument::testing {

namespace {

std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '\\') {
      bytes += text[k];
      continue;
    }
    const char kind = text.at(++k);
    if (kind == 'n') bytes += '\n';
    if (kind == 'r') bytes += '\r';
    if (kind == '\\') bytes += '\\';
    if (kind == 'x') {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(k + 1, 2)), nullptr, 16));
      k += 2;
    }
  }
  return bytes;
}

}  // namespace

std::vector<Exchange> read_transcript(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path + ": can not be opened");
  std::vector<Exchange> exchanges;
  double wait = 0.0;
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    if (text.empty() || text[0] == '#') continue;
    const std::string kind = text.substr(0, 3), rest = text.size() > 3 ? text.substr(3) : "";
    if (kind == "C> ") {
      exchanges.push_back({line, wait, unescaped(rest), ""});
      wait = 0.0;
    } else if (kind == "S> " && !exchanges.empty()) {
      exchanges.back().reply += unescaped(rest);
    } else if (kind == "T> ") {
      wait += std::stod(rest);
    } else {
      throw std::runtime_error(fmt::format("{}:{}: neither C>, S> nor T>: {}", path, line, text));
    }
  }
  return exchanges;
}

}  // namespace seccm::instrument::testing
