#include "files/import/segmentation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace seccm::files {
namespace {

constexpr double reversal = 5e-3, least_ramp = 20e-3, least_jump = 5e-3;  // V
constexpr double least_z = 50e-9, least_xy = 100e-9;                      // m

struct Range {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

double span_of(const std::vector<double>& values, Range r) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(r.begin);
  const auto [low, high] = std::minmax_element(first, values.begin() + static_cast<std::ptrdiff_t>(r.end));
  return *high - *low;
}

/// Monotonic pieces of the potential: cut where it comes back by at least `reversal` from an extremum.
std::vector<Range> monotonic(const std::vector<double>& E, Range r) {
  std::vector<Range> pieces;
  std::size_t begin = r.begin, low = r.begin, high = r.begin;
  int direction = 0;
  const auto cut = [&](std::size_t at) {
    pieces.push_back({begin, at + 1});
    begin = at + 1;
  };
  for (std::size_t k = r.begin; k < r.end; ++k) {
    if (E[k] < E[low]) low = k;
    if (E[k] >= E[high]) high = k;
    if (direction >= 0 && E[high] - E[k] >= reversal) {
      if (direction > 0) cut(high);
      direction = -1;
      low = k;
    } else if (direction <= 0 && E[k] - E[low] >= reversal) {
      if (direction < 0) cut(low);
      direction = 1;
      high = k;
    }
    if (direction > 0 && E[k] >= E[high]) high = k;
    if (direction < 0 && E[k] <= E[low]) low = k;
  }
  if (begin < r.end) pieces.push_back({begin, r.end});
  return pieces;
}

/// Without the plateaus on both sides.
Range sloped_part(const std::vector<double>& E, Range r, double step) {
  const double first = E[r.begin], last = E[r.end - 1];
  Range out = r;
  while (out.size() > 2 && std::abs(E[out.begin + 1] - first) < 1.5 * step) ++out.begin;
  while (out.size() > 2 && std::abs(E[out.end - 2] - last) < 1.5 * step) --out.end;
  return out;
}

struct Line {
  double rate = 0.0, start = 0.0, end = 0.0;  // V/s, V, V
  double worst = 0.0;                         // largest distance from it, V
};

Line fit_line(const ForeignRecording& f, Range r) {
  const auto n = static_cast<double>(r.size());
  double t_mean = 0.0, E_mean = 0.0, tt = 0.0, tE = 0.0;
  for (std::size_t k = r.begin; k < r.end; ++k) {
    t_mean += f.t[k] / n;
    E_mean += f.E1[k] / n;
  }
  for (std::size_t k = r.begin; k < r.end; ++k) {
    tt += (f.t[k] - t_mean) * (f.t[k] - t_mean);
    tE += (f.t[k] - t_mean) * (f.E1[k] - E_mean);
  }
  Line line;
  if (!(tt > 0.0)) return line;
  line.rate = tE / tt;
  const auto at = [&](std::size_t k) { return E_mean + line.rate * (f.t[k] - t_mean); };
  line.start = at(r.begin);
  line.end = at(r.end - 1);
  for (std::size_t k = r.begin; k < r.end; ++k) line.worst = std::max(line.worst, std::abs(f.E1[k] - at(k)));
  return line;
}

/// Turns ranges of samples into the legs of one point.
class PointBuilder {
 public:
  PointBuilder(const ForeignRecording& recording, double step, PointRecord& point)
      : f_(recording), step_(step), point_(point) {}

  void add(Range tagged) {
    if (span_of(f_.E1, tagged) < least_ramp) return add_still(tagged);
    for (const Range piece : monotonic(f_.E1, tagged)) add_piece(piece);
  }

  void finish() {
    for (const Leg& leg : point_.legs) {
      if (leg.kind != LegKind::ramp) continue;
      const auto k = static_cast<std::size_t>(leg.frame_begin);
      if (!point_.contact) {
        point_.contact = true;
        point_.t_contact = f_.t[k];
        if (!f_.x.empty()) point_.contact_x = f_.x[k];
        if (!f_.y.empty()) point_.contact_y = f_.y[k];
        if (!f_.z.empty()) point_.contact_z = f_.z[k];
      }
      point_.complete = cycle_ > 0 && std::abs(leg.E_end_vs_QRCE - first_start_) < closing();
    }
    point_.attempts = point_.contact ? 1 : 0;
    point_.verdict = !point_.contact    ? "no voltammogram in the recording"
                     : !point_.complete ? "the voltammogram does not come back to its start"
                                        : "ok";
  }

 private:
  [[nodiscard]] double closing() const { return std::max(4.0 * step_, least_jump); }

  void add_piece(Range piece) {
    if (std::abs(f_.E1[piece.end - 1] - f_.E1[piece.begin]) < least_ramp || piece.size() < 4) return add_still(piece);
    const Range slope = sloped_part(f_.E1, piece, step_);
    const Line line = fit_line(f_, slope);
    const double height = std::abs(line.end - line.start);
    if (slope.size() < 4 || height < least_ramp || line.worst > 3.0 * step_ + 0.01 * height) return add_still(piece);
    if (slope.begin > piece.begin) add_still({piece.begin, slope.begin});
    add_ramp(slope, line);
    if (slope.end < piece.end) add_still({slope.end, piece.end});
  }

  Leg& append(Range r, LegKind kind) {
    Leg leg;
    leg.tag = f_.line_number.empty() ? 0 : f_.line_number[r.begin];
    leg.kind = kind;
    leg.E_start_vs_QRCE = f_.E1[r.begin];
    leg.E_end_vs_QRCE = f_.E1[r.end - 1];
    leg.frame_begin = r.begin;
    leg.frame_end = r.end;
    point_.legs.push_back(leg);
    return point_.legs.back();
  }

  void add_ramp(Range r, const Line& line) {
    Leg& leg = append(r, LegKind::ramp);
    leg.direction = line.rate > 0.0 ? 1 : -1;
    leg.scan_rate = std::abs(line.rate);
    leg.E_start_vs_QRCE = line.start;
    leg.E_end_vs_QRCE = line.end;
    if (cycle_ == 0) {
      first_start_ = line.start;
      first_direction_ = leg.direction;
    }
    const bool begins = leg.direction == first_direction_ && std::abs(line.start - first_start_) < closing();
    if (begins) ++cycle_;
    leg.cycle = cycle_;
  }

  void add_still(Range r) {
    const bool stepped =
        span_of(f_.E1, r) >= least_jump || (r.begin > 0 && std::abs(f_.E1[r.begin] - f_.E1[r.begin - 1]) >= least_jump);
    const auto change = [&](const std::vector<double>& axis) {
      return axis.empty() ? 0.0 : axis[r.end - 1] - axis[r.begin];
    };
    const double dz = change(f_.z);
    LegKind kind = stepped ? LegKind::jump : LegKind::settle;
    if (std::hypot(change(f_.x), change(f_.y)) > least_xy) kind = LegKind::move;
    if (std::abs(dz) > least_z) kind = dz < 0.0 ? LegKind::approach : LegKind::retract;
    append(r, kind);
  }

  const ForeignRecording& f_;
  double step_;
  PointRecord& point_;
  int cycle_ = 0, first_direction_ = 0;
  double first_start_ = 0.0;
};

std::int32_t value_at(const std::vector<std::int32_t>& values, std::size_t k) {
  return values.empty() ? 0 : values[k];
}

void close(const ForeignRecording& f, PointRecord& point, std::size_t end) {
  point.frame_end = end;
  point.t_end = f.t[end - 1];
}

}  // namespace

std::vector<PointRecord> find_points(const ForeignRecording& f, double E1_step) {
  std::map<std::int32_t, const ForeignRecording::Pixel*> places;
  for (const auto& pixel : f.pixels) places[pixel.index] = &pixel;
  // A pixel that comes a second time is another visit: it gets a number behind all pixels.
  std::int32_t behind = f.pixel.empty() ? 0 : *std::max_element(f.pixel.begin(), f.pixel.end());
  std::set<std::int32_t> visited;
  std::vector<PointRecord> points;
  for (std::size_t begin = 0; begin < f.t.size();) {
    const std::int32_t pixel = value_at(f.pixel, begin);
    PointRecord point;
    point.frame_begin = begin;
    point.t_start = f.t[begin];
    PointBuilder builder(f, E1_step, point);
    std::size_t end = begin;
    while (end < f.t.size() && value_at(f.pixel, end) == pixel) {
      const std::size_t leg = end;
      const std::int32_t tag = value_at(f.line_number, leg);
      while (end < f.t.size() && value_at(f.pixel, end) == pixel && value_at(f.line_number, end) == tag) ++end;
      if (pixel >= 0) builder.add({leg, end});
    }
    if (pixel >= 0) {
      builder.finish();
      close(f, point, end);
      point.index = visited.insert(pixel).second ? pixel : ++behind;
      point.kind = f.pixels.empty() ? PointKind::target : PointKind::grid;
      point.target_x = point.contact_x;
      point.target_y = point.contact_y;
      if (const auto place = places.find(pixel); place != places.end()) {
        point.kind = place->second->kind;
        point.target_x = place->second->x;
        point.target_y = place->second->y;
      }
      points.push_back(std::move(point));
    }
    begin = end;
  }
  return points;
}

}  // namespace seccm::files
