#include "pipeline/report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/report/html.hpp"
#include "pipeline/report/ticks.hpp"

namespace seccm::report {
namespace {

// The drawing in its own units, about one px each.
constexpr double canvas_width = 420, canvas_height = 300;
constexpr double left = 62, right = 12, top = 26, bottom = 44;
constexpr int colours = 8;

bool drawable(double value, const Axis& axis) {
  return std::isfinite(value) && (!axis.logarithmic || value > 0.0);
}

bool drawable(const Series& s, std::size_t k, const Plot& plot) {
  return drawable(s.x[k], plot.x) && drawable(s.y[k], plot.y);
}

std::size_t length_of(const Series& s) {
  return std::min(s.x.size(), s.y.size());
}

/// One axis on the canvas.
class Scale {
 public:
  Scale(const Axis& axis, double begin, double end) : axis_(axis), begin_(begin), end_(end) {}

  void cover(double value) {
    if (!drawable(value, axis_)) return;
    low_ = std::min(low_, in_scale(value));
    high_ = std::max(high_, in_scale(value));
  }
  /// Room around the data; what the axis asks for instead.
  void settle() {
    const double span = high_ - low_;
    const double alone = axis_.whole ? 0.5 : axis_.logarithmic ? 0.3 : std::max(0.1 * std::abs(low_), 1e-12);
    const double room = std::max(span > 0.0 ? 0.06 * span : alone, axis_.whole ? 0.5 : 0.0);
    low_ = axis_.low ? in_scale(*axis_.low) : low_ - room;
    high_ = axis_.high ? in_scale(*axis_.high) : high_ + room;
  }
  [[nodiscard]] double at(double value) const {
    return begin_ + (end_ - begin_) * std::clamp((in_scale(value) - low_) / (high_ - low_), -0.02, 1.02);
  }
  [[nodiscard]] std::vector<Tick> ticks(int count) const {
    if (axis_.whole) count = std::clamp(static_cast<int>(high_ - low_), 1, count);
    return axis_.logarithmic ? logarithmic_ticks(std::pow(10.0, low_), std::pow(10.0, high_), count)
                             : linear_ticks(low_, high_, count);
  }

 private:
  [[nodiscard]] double in_scale(double value) const { return axis_.logarithmic ? std::log10(value) : value; }

  const Axis& axis_;
  double begin_, end_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

struct Frame {
  Scale x, y;
};

Frame frame_of(const Plot& plot) {
  Frame frame{{plot.x, left, canvas_width - right}, {plot.y, canvas_height - bottom, top}};
  for (const Series& s : plot.series) {
    for (std::size_t k = 0; k < length_of(s); ++k) {
      if (!drawable(s, k, plot)) continue;
      frame.x.cover(s.x[k]);
      frame.y.cover(s.y[k]);
      if (s.mark != Mark::points_with_errors) continue;
      if (k < s.y_low.size()) frame.y.cover(s.y_low[k]);
      if (k < s.y_high.size()) frame.y.cover(s.y_high[k]);
    }
  }
  frame.x.settle();
  frame.y.settle();
  return frame;
}

std::string axes_of(const Plot& plot, const Frame& frame) {
  const double x1 = canvas_width - right, y1 = canvas_height - bottom;
  std::string svg;
  for (const Tick& tick : frame.x.ticks(5)) {
    const double x = frame.x.at(tick.value);
    svg += fmt::format(
        R"(<path class="grid" d="M{0:.1f} {1}V{2}"/><text x="{0:.1f}" y="{3}" text-anchor="middle">{4}</text>)", x, top,
        y1, y1 + 15, tick.label);
  }
  for (const Tick& tick : frame.y.ticks(5)) {
    const double y = frame.y.at(tick.value);
    svg += fmt::format(
        R"(<path class="grid" d="M{0} {1:.1f}H{2}"/><text x="{3}" y="{4:.1f}" text-anchor="end">{5}</text>)", left, y,
        x1, left - 6, y + 4, tick.label);
  }
  svg += fmt::format(R"(<path class="axis" d="M{0} {1}V{2}H{3}"/>)", left, top, y1, x1);
  svg += fmt::format(R"(<text class="name" x="{:.0f}" y="{:.0f}" text-anchor="middle">{}</text>)", 0.5 * (left + x1),
                     canvas_height - 10, escape_xml(plot.x.label));
  svg += fmt::format(
      R"svg(<text class="name" x="14" y="{0:.0f}" text-anchor="middle" transform="rotate(-90 14 {0:.0f})">{1}</text>)svg",
      0.5 * (top + y1), escape_xml(plot.y.label));
  if (!plot.title.empty())
    svg += fmt::format(R"(<text class="title" x="{}" y="16">{}</text>)", left, escape_xml(plot.title));
  return svg;
}

std::string line_of(const Series& s, const Plot& plot, const Frame& frame) {
  std::string path;
  bool pen_down = false;
  for (std::size_t k = 0; k < length_of(s); ++k) {
    if (!drawable(s, k, plot)) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", frame.x.at(s.x[k]), frame.y.at(s.y[k]));
    pen_down = true;
  }
  return fmt::format(R"(<path class="c{} {}" d="{}"/>)", s.colour % colours, s.mark == Mark::dashed ? "dashed" : "line",
                     path);
}

std::string marks_of(const Series& s, const Plot& plot, const Frame& frame) {
  std::string bars, marks;
  for (std::size_t k = 0; k < length_of(s); ++k) {
    if (!drawable(s, k, plot)) continue;
    const double x = frame.x.at(s.x[k]), y = frame.y.at(s.y[k]);
    if (s.mark == Mark::points_with_errors && k < s.y_low.size() && k < s.y_high.size()) {
      // A bar without end on one side goes to the edge of the figure.
      const double end = canvas_height - bottom;
      const double y0 = drawable(s.y_low[k], plot.y) ? frame.y.at(s.y_low[k]) : end;
      const double y1 = std::isfinite(s.y_high[k]) ? frame.y.at(s.y_high[k]) : top;
      bars += fmt::format("M{:.1f} {:.1f}V{:.1f}", x, y0, y1);
    }
    const bool below = s.y[k] < 0.0;  // a cathodic peak
    marks += s.mark == Mark::peaks
                 ? fmt::format(R"(<path d="M{:.1f} {:.1f}l-4 {}h8z"/>)", x, y + (below ? 2.0 : -2.0), below ? 8 : -8)
                 : fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.6"/>)", x, y);
  }
  const std::string bar =
      bars.empty() ? "" : fmt::format(R"(<path class="c{} line" d="{}"/>)", s.colour % colours, bars);
  return bar + fmt::format(R"(<g class="c{} mark">{}</g>)", s.colour % colours, marks);
}

bool has_points(const Series& s, const Plot& plot) {
  for (std::size_t k = 0; k < length_of(s); ++k)
    if (drawable(s, k, plot)) return true;
  return false;
}

std::string key_of(const Plot& plot) {
  std::string key;
  for (const Series& s : plot.series) {
    if (s.label.empty() || !has_points(s, plot)) continue;
    const char* sign = s.mark == Mark::line ? "―" : s.mark == Mark::dashed ? "╌" : s.mark == Mark::peaks ? "▼" : "●";
    key +=
        fmt::format(R"(<li><span class="c{} sign">{}</span> {}</li>)", s.colour % colours, sign, escape_xml(s.label));
  }
  return key.empty() ? "" : "<ul class=\"key\">" + key + "</ul>";
}

/// What a reader hears who does not see the panel.
std::string description_of(const Plot& plot) {
  std::string text = plot.title.empty() ? plot.y.label + " against " + plot.x.label
                                        : plot.title + ": " + plot.y.label + " against " + plot.x.label;
  std::string labels;
  for (const Series& s : plot.series)
    if (!s.label.empty() && has_points(s, plot)) labels += (labels.empty() ? "; " : ", ") + s.label;
  return text + labels;
}

std::string panel_of(const Plot& plot) {
  const Frame frame = frame_of(plot);
  std::string svg = fmt::format(
      R"(<svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">)",
      canvas_width, canvas_height, escape_xml(description_of(plot)));
  svg += axes_of(plot, frame);
  for (const Series& s : plot.series) {
    if (!has_points(s, plot)) continue;
    svg += s.mark == Mark::line || s.mark == Mark::dashed ? line_of(s, plot, frame) : marks_of(s, plot, frame);
  }
  return svg + "</svg>" + key_of(plot);
}

}  // namespace

bool has_data(const Plot& plot) {
  return std::ranges::any_of(plot.series, [&](const Series& s) { return has_points(s, plot); });
}

std::string render_svg(const std::vector<Plot>& panels, int width) {
  std::string html;
  for (const Plot& plot : panels)
    if (has_data(plot)) html += "<div>" + panel_of(plot) + "</div>\n";
  if (html.empty()) return "";
  return fmt::format("<div class=\"panels\" style=\"--width:{}px\">\n{}</div>", width, html);
}

}  // namespace seccm::report
