// Who may include whom (cmake/boxes.txt), and the check of one #include line.
#pragma once

#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::architecture {

struct Box {
  std::string folder;
  std::vector<std::string> may_include;  ///< folders, its own not named
};
/// A box names only boxes above it: std::out_of_range otherwise, so there are no circles.
std::vector<Box> read_boxes(std::istream& in);
const std::vector<Box>& boxes();

/// A third-party library that only certain files may see.
struct Seam {
  std::string_view header_prefix;         ///< of the text between < >
  std::vector<std::string_view> only_in;  ///< files
};
const std::vector<Seam>& seams();

/// The box that a path (relative to the root) belongs to: the longest folder that fits.
const Box* box_of(std::string_view path);

struct IncludeLine {
  int line = 0;
  bool quoted = false;
  std::string target;
};
std::vector<IncludeLine> includes_of(const std::filesystem::path& file);

/// What is wrong with this include in this file, if anything.
std::optional<std::string> violation(std::string_view file, const IncludeLine& include);

}  // namespace seccm::architecture
