#include "cli/output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "sim/error.hpp"

namespace seccm::cli {

void print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw ResourceError(fmt::format("standard output can not be written: {}", std::strerror(errno)));
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

void summarise(const CommonOptions& common, std::string_view text) {
  if (!common.quiet) print(text);
}

void note(const CommonOptions& common, std::string_view text) {
  if (!common.quiet) fmt::print(stderr, "{}\n", text);
}

}  // namespace seccm::cli
