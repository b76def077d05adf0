#include "cli/output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/error.hpp"

namespace seccm::cli {

void print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw InputError(fmt::format("standard output can not be written: {}", std::strerror(errno)));
}

void note(const CommonOptions& common, std::string_view text) {
  if (!common.quiet) fmt::print(stderr, "{}\n", text);
}

}  // namespace seccm::cli
