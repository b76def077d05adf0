// Standard output and standard error of the command.
#pragma once

#include <string_view>

#include "cli/options.hpp"

namespace seccm::cli {

/// To standard output. Throws InputError when it can not be written (closed, full disk).
void print(std::string_view text);
/// To standard error, unless --quiet.
void note(const CommonOptions& common, std::string_view text);

}  // namespace seccm::cli
