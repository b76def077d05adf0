#include "tests/architecture/include_rules.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace seccm::architecture {
namespace {

bool below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace

std::vector<Box> read_boxes(std::istream& in) {
  std::vector<Box> boxes;
  std::map<std::string, std::string> folder_of;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string name;
    Box box;
    if (!(words >> name) || name.front() == '#' || !(words >> box.folder)) continue;
    folder_of[name] = box.folder;
    for (std::string seen; words >> seen;) box.may_include.push_back(folder_of.at(seen));
    boxes.push_back(box);
  }
  return boxes;
}

const std::vector<Box>& boxes() {
  static const std::vector<Box> all = [] {
    std::ifstream in(SECCM_SOURCE_DIR "/cmake/boxes.txt");
    return read_boxes(in);
  }();
  return all;
}

const std::vector<Seam>& seams() {
  static const std::vector<Seam> all{
      {"toml++/", {"config/toml_source.cpp"}},
      {"CLI/", {"cli/command_line.cpp"}},
      {"hdf5", {"files/hdf5.cpp", "files/hdf5_driver.cpp", "files/hdf5_scales.cpp", "files/hdf5_text.cpp"}},
      {"H5", {"files/hdf5.cpp", "files/hdf5_driver.cpp", "files/hdf5_scales.cpp", "files/hdf5_text.cpp"}},
      {"Random123/", {"sim/random.cpp"}},
      {"arv.h", {"instrument/servers/gige/gige_server.cpp", "instrument/drivers/gige/gige_camera.cpp"}},
      {"pugixml", {"instrument/wecspm/bitfile.cpp"}},
  };
  return all;
}

const Box* box_of(std::string_view path) {
  const Box* best = nullptr;
  for (const Box& box : boxes()) {
    if (below(path, box.folder) && (best == nullptr || box.folder.size() > best->folder.size())) best = &box;
  }
  return best;
}

std::vector<IncludeLine> includes_of(const std::filesystem::path& file) {
  std::vector<IncludeLine> found;
  std::ifstream in(file);
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    const auto hash = text.find_first_not_of(" \t");
    if (hash == std::string::npos || text[hash] != '#') continue;
    const auto word = text.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || text.compare(word, 7, "include") != 0) continue;
    const auto open = text.find_first_of("\"<", word + 7);
    if (open == std::string::npos) continue;
    const auto close = text.find(text[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string::npos) continue;
    found.push_back({line, text[open] == '"', text.substr(open + 1, close - open - 1)});
  }
  return found;
}

std::optional<std::string> violation(std::string_view file, const IncludeLine& include) {
  const auto says = [&](const std::string& what) {
    return std::string(file) + ":" + std::to_string(include.line) + ": " + include.target + ": " + what;
  };
  for (const Seam& seam : seams()) {
    const bool seen = include.target.starts_with(seam.header_prefix);
    if (seen && std::find(seam.only_in.begin(), seam.only_in.end(), file) == seam.only_in.end()) {
      return says("only " + std::string(seam.only_in.front()) + " may see this library");
    }
  }
  if (!include.quoted) return std::nullopt;
  const Box* from = box_of(file);
  const Box* to = box_of(include.target);
  if (from == nullptr) return says("the file belongs to no box");
  if (to == nullptr) return says("includes are written from the root of the repository, into a box");
  if (from == to) return std::nullopt;
  const bool allowed =
      std::find(from->may_include.begin(), from->may_include.end(), to->folder) != from->may_include.end();
  if (allowed) return std::nullopt;
  return says(from->folder + " may not see " + to->folder);
}

}  // namespace seccm::architecture
