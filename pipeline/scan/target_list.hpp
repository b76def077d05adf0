// A list of clicked pixels: the paper's user clicks particles in the image.
//
//   pixel_x,pixel_y,label        label may be left out, in the header and in the lines
//   512.5,300,cluster A
//
// Pixels of the reference image: column and row, the centre of the top left pixel is (0, 0). Empty lines and lines that
// start with # are skipped. The file is untrusted: everything else is an InputError with file, line, the value and what
// is accepted. At most 100 000 lines of at most 1 000 characters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/scan/registration.hpp"

namespace seccm::scan {

struct ClickedTarget {
  PixelPoint pixel;
  std::string label;
};

/// Pixels must lie inside an image of the given size.
std::vector<ClickedTarget> read_targets(const std::filesystem::path& path, int width, int height);

}  // namespace seccm::scan
