#include "pipeline/report/plot.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "sim/error.hpp"

namespace seccm::report {
namespace {

constexpr std::array<const char*, 8> kPalette{"#1f5fa8", "#c8452d", "#2d8a4e", "#8d5aa8",
                                              "#c98a1b", "#3aa0a8", "#7a4a2b", "#6b6b6b"};

struct Cleaned {
  std::vector<double> x, y, e;
};

bool drawable(double value, const Axis& axis) {
  return std::isfinite(value) && (!axis.logarithmic || value > 0.0);
}

Cleaned clean(const Series& series, const Plot& plot) {
  Cleaned out;
  for (std::size_t k = 0; k < std::min(series.x.size(), series.y.size()); ++k) {
    if (!drawable(series.x[k], plot.x) || !drawable(series.y[k], plot.y)) continue;
    out.x.push_back(series.x[k]);
    out.y.push_back(series.y[k]);
    const bool has_error = k < series.y_error.size() && std::isfinite(series.y_error[k]);
    out.e.push_back(has_error ? series.y_error[k] : 0.0);
  }
  return out;
}

/// gnuplot reads a double-quoted string with escapes: keep user text inert.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '"' || c == '\\' || c == '`') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string style_of(const Series& series) {
  const char* colour = kPalette[static_cast<std::size_t>(series.colour) % kPalette.size()];
  switch (series.mark) {
    case Mark::line:
      return fmt::format("using 1:2 with lines lw 1.4 lc rgb '{}'", colour);
    case Mark::dashed:
      return fmt::format("using 1:2 with lines lw 1.2 dt 2 lc rgb '{}'", colour);
    case Mark::points:
      return fmt::format("using 1:2 with points pt 7 ps 0.45 lc rgb '{}'", colour);
    case Mark::points_with_errors:
      return fmt::format("using 1:2:3 with yerrorbars pt 7 ps 0.45 lw 1 lc rgb '{}'", colour);
  }
  return {};
}

std::string range(const Axis& axis, char name) {
  std::string text =
      axis.logarithmic ? fmt::format("set logscale {}\n", name) : fmt::format("unset logscale {}\n", name);
  text += fmt::format("set format {} '{}'\n", name, axis.logarithmic ? "10^{{%L}}" : "%g");
  text += fmt::format("set {}range [{}:{}]\n", name, axis.low ? fmt::format("{:.9g}", *axis.low) : "*",
                      axis.high ? fmt::format("{:.9g}", *axis.high) : "*");
  return text;
}

/// `id` keeps the data blocks of the panels apart.
std::string panel_script(const Plot& plot, std::size_t id) {
  std::string blocks;
  std::string commands;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const Cleaned data = clean(plot.series[s], plot);
    if (data.x.empty()) continue;
    const std::string name = fmt::format("$p{}s{}", id, s);
    blocks += name + " << EOD\n";
    for (std::size_t k = 0; k < data.x.size(); ++k) {
      blocks += fmt::format("{:.7g} {:.7g} {:.4g}\n", data.x[k], data.y[k], data.e[k]);
    }
    blocks += "EOD\n";
    const std::string& label = plot.series[s].label;
    commands += commands.empty() ? "plot " : ", ";
    commands += fmt::format("{} {} {}", name, style_of(plot.series[s]),
                            label.empty() ? std::string("notitle") : "title " + quoted(label));
  }
  std::string text = blocks;
  text += fmt::format("set title {} offset 0,-0.6\nset xlabel {} offset 0,0.4\nset ylabel {} offset 0.8,0\n",
                      quoted(plot.title), quoted(plot.x.label), quoted(plot.y.label));
  text += range(plot.x, 'x') + range(plot.y, 'y');
  text += fmt::format("set key {} samplen 1.5 spacing 1.0\n", plot.key_position);
  if (commands.empty()) {
    return text +
           "unset logscale\nset xrange [0:1]\nset yrange [0:1]\nset label 1 'no data' at graph 0.5,0.5 center\nplot "
           "NaN "
           "notitle\nunset label 1\n";
  }
  return text + commands + "\n";
}

class TemporaryFile {
 public:
  TemporaryFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "seccm-plot-XXXXXX").string();
    const int descriptor = mkstemp(pattern.data());
    if (descriptor < 0) throw InputError("report: can not create a temporary file in " + pattern);
    close(descriptor);
    path_ = pattern;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string run_gnuplot(const std::string& script) {
  const TemporaryFile source;
  const TemporaryFile drawing;
  {
    std::ofstream out(source.path());
    out << fmt::format("set output '{}'\n", drawing.path()) << script << "set output\n";
    if (!out) throw InputError("report: can not write the temporary file " + source.path());
  }
  // Both paths come from mkstemp and hold no quote.
  const int status =
      std::system(fmt::format("gnuplot '{}' >/dev/null 2>&1", source.path()).c_str());  // NOLINT(cert-env33-c)
  if (status != 0) {
    throw InputError(
        "report: gnuplot could not draw a figure; install the Debian package gnuplot-nox (scripts/setup does)");
  }
  std::ifstream in(drawing.path());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Drops the XML prologue, so that the drawing can stand inside an HTML page.
std::string inline_svg(const std::string& svg) {
  const auto start = svg.find("<svg");
  return start == std::string::npos ? svg : svg.substr(start);
}

}  // namespace

std::string render_svg(const std::vector<Plot>& panels, int columns, int width, int height) {
  if (panels.empty()) return {};
  const int used_columns = std::min(columns, static_cast<int>(panels.size()));
  const int rows = (static_cast<int>(panels.size()) + used_columns - 1) / used_columns;
  // The name keeps the ids of several drawings in one page apart; it follows from the content, not from a counter.
  static constexpr std::size_t kNameModulus = 1000003;
  std::string body;
  for (std::size_t k = 0; k < panels.size(); ++k) body += panel_script(panels[k], k);
  const std::size_t name = std::hash<std::string>{}(body) % kNameModulus;
  std::string script = fmt::format(
      "set terminal svg size {},{} font 'Helvetica,Arial,sans-serif,12' name 'figure{}' enhanced\n"
      "set border 3 lw 0.8\nset tics nomirror scale 0.6\nset grid lc rgb '#e4e4e4' lw 0.6\nset bars 0.5\n",
      used_columns * width, rows * height, name);
  if (panels.size() > 1)
    script += fmt::format("set multiplot layout {},{} margins char 9,2,3.5,2 spacing char 10,5\n", rows, used_columns);
  script += body;
  if (panels.size() > 1) script += "unset multiplot\n";
  return inline_svg(run_gnuplot(script));
}

}  // namespace seccm::report
