// Standard output and standard error of the command.
#pragma once

#include <string>
#include <string_view>

#include "cli/options.hpp"

namespace seccm::cli {

/// "2026-03-14"
std::string today();

/// To standard output. Throws ResourceError when it can not be written (closed, full disk).
void print(std::string_view text);
/// What a person reads of the outcome, to standard output, unless --quiet.
void summarise(const CommonOptions& common, std::string_view text);
/// To standard error, unless --quiet.
void note(const CommonOptions& common, std::string_view text);

}  // namespace seccm::cli
