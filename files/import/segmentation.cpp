#include "files/import/segmentation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "files/import/linear_pieces.hpp"
#include "files/import/potential_grain.hpp"
#include "files/import/sweep_cycles.hpp"

namespace seccm::files {
namespace {

constexpr double least_jump = 5e-3;                   // V
constexpr double least_z = 50e-9, least_xy = 100e-9;  // m
constexpr double ends_meet = 5e-3;                    // V

/// Turns ranges of samples into the legs of one point.
class PointBuilder {
 public:
  PointBuilder(const ForeignRecording& recording, const PotentialGrain& grain, PointRecord& point)
      : f_(recording), grain_(grain), point_(point) {}

  /// `swept`: the source does not exclude that these samples belong to a voltammogram.
  void add(SampleRange tagged, bool swept) {
    if (!swept || span_of(f_.E1, tagged) < least_ramp(grain_, tagged.size())) return add_still(tagged);
    for (const LinearPiece& piece : linear_pieces(f_, tagged, grain_)) {
      if (piece.ramp) {
        add_ramp(piece);
      } else {
        add_still(piece.samples);
      }
    }
  }

  /// Returns what a user has to know of the cycles; "" for nothing.
  std::string finish() {
    const Leg *first = nullptr, *last = nullptr;
    for (const Leg& leg : point_.legs) {
      if (leg.kind != LegKind::ramp) continue;
      if (first == nullptr) first = &leg;
      last = &leg;
    }
    if (first != nullptr) take_contact(static_cast<std::size_t>(first->frame_begin));
    point_.complete = first != nullptr && first != last &&
                      std::abs(last->E_end_vs_QRCE - first->E_start_vs_QRCE) < closing(*first, *last);
    point_.attempts = point_.contact ? 1 : 0;
    point_.verdict = !point_.contact    ? "no voltammogram in the recording"
                     : !point_.complete ? "the voltammogram does not come back to its start"
                                        : "ok";
    return number_sweeps(f_, point_);
  }

 private:
  /// What the samples leave open of where ramps begin and end: a step of each.
  [[nodiscard]] double closing(const Leg& first, const Leg& last) const {
    const auto step = [](const Leg& leg) {
      return std::abs(leg.E_end_vs_QRCE - leg.E_start_vs_QRCE) / static_cast<double>(leg.frame_end - leg.frame_begin);
    };
    return std::max(ends_meet, 1.5 * (step(first) + step(last)) + 4.0 * grain_.noise);
  }

  void take_contact(std::size_t k) {
    point_.contact = true;
    point_.t_contact = f_.t[k];
    if (!f_.x.empty()) point_.contact_x = f_.x[k];
    if (!f_.y.empty()) point_.contact_y = f_.y[k];
    if (!f_.z.empty()) point_.contact_z = f_.z[k];
  }

  Leg& append(SampleRange r, LegKind kind) {
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

  void add_ramp(const LinearPiece& piece) {
    Leg& leg = append(piece.samples, LegKind::ramp);
    leg.direction = piece.rate > 0.0 ? 1 : -1;
    leg.scan_rate = std::abs(piece.rate);
    leg.E_start_vs_QRCE = piece.start;
    leg.E_end_vs_QRCE = piece.end;
  }

  void add_still(SampleRange r) {
    const double jump = std::max(least_jump, 2.0 * grain_.tolerance(r.size()));
    const bool stepped =
        span_of(f_.E1, r) >= jump || (r.begin > 0 && std::abs(f_.E1[r.begin] - f_.E1[r.begin - 1]) >= jump);
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
  PotentialGrain grain_;
  PointRecord& point_;
};

std::int32_t value_at(const std::vector<std::int32_t>& values, std::size_t k) {
  return values.empty() ? 0 : values[k];
}

void close(const ForeignRecording& f, PointRecord& point, std::size_t end) {
  point.frame_end = end;
  point.t_end = f.t[end - 1];
}

std::size_t end_of_pixel(const ForeignRecording& f, std::size_t begin) {
  const std::int32_t pixel = value_at(f.pixel, begin);
  std::size_t end = begin;
  while (end < f.t.size() && value_at(f.pixel, end) == pixel) ++end;
  return end;
}

/// Samples with one tag, of one recording.
std::size_t end_of_leg(const ForeignRecording& f, std::size_t begin, std::size_t end) {
  const std::int32_t tag = value_at(f.line_number, begin), section = value_at(f.section, begin);
  std::size_t k = begin;
  while (k < end && value_at(f.line_number, k) == tag && value_at(f.section, k) == section) ++k;
  return k;
}

}  // namespace

std::vector<PointRecord> find_points(const ForeignRecording& f, double E1_step, std::vector<std::string>* notes) {
  std::map<std::int32_t, const ForeignRecording::Pixel*> places;
  for (const auto& pixel : f.pixels) places[pixel.index] = &pixel;
  // A pixel that comes a second time is another visit: it gets a number behind all pixels.
  std::int32_t behind = f.pixel.empty() ? 0 : *std::max_element(f.pixel.begin(), f.pixel.end());
  std::set<std::int32_t> visited;
  std::set<std::string> remarks;
  std::vector<PointRecord> points;
  for (std::size_t begin = 0, end = 0; begin < f.t.size(); begin = end) {
    end = end_of_pixel(f, begin);
    const std::int32_t pixel = value_at(f.pixel, begin);
    if (pixel < 0) continue;
    PointRecord point;
    point.frame_begin = begin;
    point.t_start = f.t[begin];
    PointBuilder builder(f, potential_grain(f, begin, end, E1_step), point);
    for (std::size_t leg = begin; leg < end;) {
      const std::size_t behind_leg = end_of_leg(f, leg, end);
      builder.add({leg, behind_leg}, value_at(f.section, leg) >= 0);
      leg = behind_leg;
    }
    if (std::string remark = builder.finish(); !remark.empty()) remarks.insert(std::move(remark));
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
  if (notes != nullptr) notes->insert(notes->end(), remarks.begin(), remarks.end());
  return points;
}

}  // namespace seccm::files
