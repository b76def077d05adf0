// The text of a scenario file, as it stands on the disk.
#pragma once

#include <filesystem>
#include <string>

namespace seccm::scenarios {

/// Largest scenario file that is read: hostile input ends here, not in memory.
inline constexpr std::size_t max_scenario_bytes = 1 << 20;

/// Throws InputError naming the path: missing (with the nearest ready-made scenario), a directory, too large;
/// files::FileError-like errors of the machine where it can not be read.
std::string read_text_file(const std::filesystem::path& path);

}  // namespace seccm::scenarios
