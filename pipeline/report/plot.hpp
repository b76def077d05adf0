// One x-y figure as crisp SVG, drawn by gnuplot (a well-kept plotting program, run as a child process).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seccm::report {

enum class Mark { line, points, points_with_errors, dashed };

struct Series {
  std::string label;  ///< "" hides it from the key
  std::vector<double> x = {}, y = {};
  std::vector<double> y_error = {};  ///< 1 sigma, for points_with_errors
  Mark mark = Mark::line;
  int colour = 0;  ///< index into the palette
};

struct Axis {
  std::string label;  ///< gnuplot enhanced text: "E / V vs Li/Li^+"
  bool logarithmic = false;
  std::optional<double> low = {}, high = {};
};

struct Plot {
  std::string title;
  Axis x, y;
  std::vector<Series> series = {};
  std::string key_position = "top left";
};

/// Draws panels in rows of `columns`, each `width` x `height` px. Series with fewer than one finite point are left out;
/// an empty panel says "no data". Throws InputError when gnuplot can not be run.
std::string render_svg(const std::vector<Plot>& panels, int columns, int width = 460, int height = 320);

}  // namespace seccm::report
