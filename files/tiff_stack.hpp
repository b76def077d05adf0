// Multi-page TIFF files of labels: one grey channel of 8 or 16 bit, all pages of one size. Whatever compression and
// byte order libtiff reads; strips, not tiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace seccm::files {

struct TiffStack {
  int width = 0, height = 0, pages = 0;
  std::vector<std::uint16_t> values;  ///< width fastest, then the rows from the top of a page, then the pages
};

/// Reads a stack of at most `most_values` values. The file is not trusted: sizes are checked before memory is taken.
/// Throws InputError for a file that is missing, no TIFF, colour, signed or not 8 or 16 bit, tiled, larger than
/// allowed, with pages of different sizes, cut short or damaged.
TiffStack read_tiff_stack(const std::filesystem::path& path, std::size_t most_values);

/// Writes 16-bit pages without compression. Throws InputError where that fails.
void write_tiff_stack(const std::filesystem::path& path, const TiffStack& stack);

}  // namespace seccm::files
