// Plain images: row-major, (0,0) is the centre of the top-left pixel, columns to the right, rows down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seccm::models {

template <class T>
struct Image {
  int width = 0;
  int height = 0;
  std::vector<T> pixels;

  [[nodiscard]] T at(int column, int row) const {
    return pixels[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
  }
};

using Image8 = Image<std::uint8_t>;
using Image16 = Image<std::uint16_t>;
using ImageF = Image<float>;

}  // namespace seccm::models
