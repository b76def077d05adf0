// The library of ready-to-run scenarios that comes with the software.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace seccm::scenarios {

/// Directory of the library: beside an installed command (../share/seccm/scenarios), else in the source tree.
std::filesystem::path library_directory();

struct LibraryEntry {
  std::filesystem::path path;
  std::string name, job, description;
};
/// Every *.toml of the library, its verification cases included, sorted by path. A file that can not be read is listed
/// with the error as its description.
std::vector<LibraryEntry> list_library();

/// The path itself if such a file exists; otherwise the library's scenario of that name ("quickstart" or
/// "quickstart.toml"). What is not found comes back unchanged, for the reader to refuse.
std::filesystem::path resolve_scenario(const std::filesystem::path& given);

/// Name of the ready-made scenario that is spelt most like the given one; nothing when none is near.
std::optional<std::string> nearest_scenario(const std::filesystem::path& given);

}  // namespace seccm::scenarios
