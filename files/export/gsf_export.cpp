// Gwyddion Simple Field 1.0: a text header, NUL up to a multiple of four bytes (at least one), float32 little-endian
// rows from the top.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "files/atomic_file.hpp"
#include "files/export/export_run.hpp"
#include "files/export/run_samples.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;
static_assert(std::endian::native == std::endian::little, "floats are written in the byte order of the machine");

struct Field {
  std::size_t width = 0, height = 0;
  double pitch_x = 1.0, pitch_y = 1.0, left = 0.0, top = 0.0;  ///< m
  std::string unit, title;
  std::vector<float> values;  ///< row-major, top row first
};

void write_field(const Field& f, const fs::path& target) {
  std::string bytes = fmt::format(
      "Gwyddion Simple Field 1.0\nXRes = {}\nYRes = {}\nXReal = {:.12g}\nYReal = {:.12g}\nXOffset = {:.12g}\nYOffset = "
      "{:.12g}\nXYUnits = m\nZUnits = {}\nTitle = {}\n",
      f.width, f.height, f.pitch_x * static_cast<double>(f.width), f.pitch_y * static_cast<double>(f.height), f.left,
      f.top, f.unit, f.title);
  bytes.append(4 - bytes.size() % 4, '\0');
  const std::size_t at = bytes.size();
  bytes.resize(at + f.values.size() * sizeof(float));
  std::memcpy(bytes.data() + at, f.values.data(), f.values.size() * sizeof(float));
  write_atomically(target, bytes);
}

Field image_field(const RunReader& run, const std::string& name) {
  const auto image = run.image(name);
  if (!image) {
    const auto names = run.image_names();
    throw InputError(
        fmt::format("image '{}': the run holds no such image; accepted are {}", name,
                    names.empty() ? "none: it holds no images" : fmt::format("{}", fmt::join(names, ", "))));
  }
  Field f;
  f.width = static_cast<std::size_t>(image->width);
  f.height = static_cast<std::size_t>(image->height);
  const double pixel = run.summary().header.nominal_pixel_size;
  f.pitch_x = f.pitch_y = pixel > 0.0 ? pixel : 1.0;
  f.title = image->name;
  f.values.assign(image->pixels.begin(), image->pixels.end());
  return f;
}

/// Extremes of the current over the voltammograms of a point.
std::pair<double, double> current_range(const RunReader& run, const PointRecord& point) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for_each_sample(run, point.index, [&](const RunSample& s) {
    low = std::min(low, s.i1);
    high = std::max(high, s.i1);
  });
  return {low, high};
}

double value_of(const RunReader& run, const PointRecord& point, const std::string& quantity) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  if (!point.contact) return nothing;
  if (quantity == "contact_z") return point.contact_z;
  const auto [low, high] = current_range(run, point);
  if (low > high) return nothing;
  return quantity == "current_min" ? low : high;
}

/// Distinct coordinates that differ by more than a tenth of a micrometre, ascending and evenly spaced.
std::vector<double> lines_of(std::vector<double> values, const char* axis) {
  constexpr double same = 1e-7;  // m
  std::sort(values.begin(), values.end());
  std::vector<double> lines;
  for (const double v : values)
    if (lines.empty() || v - lines.back() > same) lines.push_back(v);
  const double pitch = lines.size() > 1 ? (lines.back() - lines.front()) / static_cast<double>(lines.size() - 1) : 0.0;
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (std::abs(lines[k] - lines.front() - pitch * static_cast<double>(k)) > 0.1 * pitch)
      throw InputError(
          fmt::format("the points lie on no regular array ({} = {:.4f} um is off a pitch of {:.4f} um); "
                      "accepted is the run of a grid, or --image",
                      axis, 1e6 * lines[k], 1e6 * pitch));
  return lines;
}

Field array_field(const RunReader& run, const std::string& quantity) {
  if (quantity != "contact_z" && quantity != "current_min" && quantity != "current_max")
    throw InputError(fmt::format("quantity '{}': accepted are contact_z, current_min and current_max", quantity));
  std::vector<const PointRecord*> points;
  std::vector<double> xs, ys;
  for (const PointRecord& p : run.summary().points) {
    if (p.kind != PointKind::grid) continue;
    points.push_back(&p);
    xs.push_back(p.target_x);
    ys.push_back(p.target_y);
  }
  if (points.empty())
    throw InputError("the run holds no points of a regular array; accepted is the run of a grid, or --image");
  const std::vector<double> columns = lines_of(xs, "x"), rows = lines_of(ys, "y");
  constexpr std::size_t most_nodes = 1 << 24;
  if (columns.size() > most_nodes / rows.size())
    throw InputError(fmt::format("{} x {} lines through {} points are no regular array", columns.size(), rows.size(),
                                 points.size()));
  Field f;
  f.width = columns.size();
  f.height = rows.size();
  f.pitch_x = f.width > 1 ? columns[1] - columns[0] : 1e-6;
  f.pitch_y = f.height > 1 ? rows[1] - rows[0] : f.pitch_x;
  f.left = columns.front() - 0.5 * f.pitch_x;
  f.top = rows.front() - 0.5 * f.pitch_y;
  f.unit = std::string(1, quantity == "contact_z" ? 'm' : 'A');
  f.title = quantity;
  f.values.assign(f.width * f.height, std::numeric_limits<float>::quiet_NaN());
  for (const PointRecord* p : points) {
    const auto nearest = [](const std::vector<double>& lines, double v) {
      const auto at = std::lower_bound(lines.begin(), lines.end(), v - 1e-7);
      return static_cast<std::size_t>(std::min(at - lines.begin(), static_cast<std::ptrdiff_t>(lines.size()) - 1));
    };
    // The top row is the largest y.
    const std::size_t row = f.height - 1 - nearest(rows, p->target_y);
    f.values[row * f.width + nearest(columns, p->target_x)] = static_cast<float>(value_of(run, *p, quantity));
  }
  return f;
}

}  // namespace

std::vector<fs::path> export_gsf(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  if (options.image.empty() == options.quantity.empty())
    throw InputError(
        "gsf holds one map: accepted is either --image NAME or --quantity contact_z|current_min|current_max");
  write_field(options.image.empty() ? array_field(run, options.quantity) : image_field(run, options.image), target);
  return {target};
}

}  // namespace seccm::files
