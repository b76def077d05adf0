// One x-y figure as inline SVG: vectors that scale with the page, colours and text that follow its style sheet (classes
// c0 to c7 of report.cpp), a key below in HTML, and a description for those who do not see it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seccm::report {

enum class Mark { line, dashed, points, points_with_errors, peaks };

struct Series {
  std::string label;  ///< "" hides it from the key
  std::vector<double> x = {}, y = {};
  std::vector<double> y_low = {}, y_high = {};  ///< ends of the bars of points_with_errors
  Mark mark = Mark::line;
  int colour = 0;  ///< 0 to 7
};

struct Axis {
  std::string label;  ///< "E / V vs Li/Li⁺"
  bool logarithmic = false;
  bool whole = false;                         ///< numbers of things: ticks at whole ones
  std::optional<double> low = {}, high = {};  ///< instead of what the data need
};

struct Plot {
  std::string title;
  Axis x, y;
  std::vector<Series> series = {};
};

/// Whether a finite point is there to be drawn (on a logarithmic axis: a positive one).
bool has_data(const Plot& plot);

/// The panels that have data, side by side where the page is wide enough, each at most `width` px wide. Axes span the
/// data and their bars. "" without any.
std::string render_svg(const std::vector<Plot>& panels, int width = 440);

}  // namespace seccm::report
