#include "scenarios/library.hpp"

#include <algorithm>

#include "config/spelling.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace fs = std::filesystem;

fs::path library_directory() {
  std::error_code code;
  const fs::path command = fs::read_symlink("/proc/self/exe", code);
  if (!code) {
    const fs::path installed = command.parent_path().parent_path() / "share" / "seccm" / "scenarios";
    if (fs::is_directory(installed, code)) return installed;
  }
  return SECCM_SCENARIO_DIRECTORY;
}

std::vector<LibraryEntry> list_library() {
  std::vector<LibraryEntry> entries;
  std::error_code code;
  for (fs::recursive_directory_iterator at(library_directory(), code), end; !code && at != end; at.increment(code)) {
    if (at->path().extension() != ".toml") continue;
    LibraryEntry entry{at->path(), at->path().stem().string(), "", ""};
    try {
      const Scenario scenario = load_scenario(at->path());
      entry.name = scenario.name;
      entry.job = job_names[static_cast<std::size_t>(scenario.job)];
      entry.description = scenario.description;
    } catch (const InputError& error) {
      entry.description = error.what();
    }
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return entries;
}

std::optional<std::string> nearest_scenario(const fs::path& given) {
  std::vector<std::string> names;
  const fs::path library = library_directory();
  std::error_code code;
  for (fs::recursive_directory_iterator at(library, code), end; !code && at != end; at.increment(code))
    if (at->path().extension() == ".toml") names.push_back(at->path().lexically_relative(library).replace_extension());
  std::ranges::sort(names);
  const std::string word = fs::path(given).replace_extension();
  if (const auto near = config::nearest(word, names)) return near;
  // verification/planar_reversible by its last name
  std::vector<std::string> stems;
  for (const std::string& name : names) stems.push_back(fs::path(name).filename());
  const auto near = config::nearest(fs::path(word).filename().string(), stems);
  if (!near) return std::nullopt;
  return names[static_cast<std::size_t>(std::ranges::find(stems, *near) - stems.begin())];
}

fs::path resolve_scenario(const fs::path& given) {
  std::error_code code;
  if (fs::exists(given, code) || given.is_absolute()) return given;
  fs::path candidate = library_directory() / given;
  if (candidate.extension() != ".toml") candidate += ".toml";
  return fs::is_regular_file(candidate, code) ? candidate : given;
}

}  // namespace seccm::scenarios
