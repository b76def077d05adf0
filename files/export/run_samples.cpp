#include "files/export/run_samples.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::uint64_t block_frames = 65536;

/// A stretch of frames and what it belongs to.
struct Stretch {
  std::uint64_t begin = 0, end = 0;
  int point = -1, cycle = 0;
};

void play(const RunReader& run, const Stretch& stretch, const std::function<void(const RunSample&)>& take) {
  for (std::uint64_t begin = stretch.begin; begin < stretch.end;) {
    const std::uint64_t end = std::min(stretch.end, begin + block_frames);
    const FrameBlock b = run.frames(begin, end);
    for (std::size_t k = 0; k < b.t.size(); ++k)
      take(
          {b.t[k], b.x[k], b.y[k], b.z[k], b.E1[k], b.i1[k], b.E2[k], b.i2[k], b.tag[k], stretch.point, stretch.cycle});
    begin = end;
  }
}

/// The ramps of a point, and (all) everything between them.
void add_point(const PointRecord& point, bool all, std::uint64_t& at, std::vector<Stretch>& out) {
  const auto fill = [&](std::uint64_t until, int index) {
    if (all && until > at) out.push_back({at, until, index, 0});
    at = std::max(at, until);
  };
  fill(point.frame_begin, -1);
  for (const Leg& leg : point.legs) {
    if (leg.kind != LegKind::ramp || leg.cycle < 1 || leg.frame_begin < at) continue;
    fill(leg.frame_begin, point.index);
    out.push_back({leg.frame_begin, leg.frame_end, point.index, leg.cycle});
    at = leg.frame_end;
  }
  fill(point.frame_end, point.index);
}

}  // namespace

const PointRecord& point_of(const RunReader& run, int index) {
  const auto& points = run.summary().points;
  const auto found = std::find_if(points.begin(), points.end(), [&](const PointRecord& p) { return p.index == index; });
  if (found == points.end())
    throw InputError(points.empty() ? fmt::format("point {}: the run holds no points", index)
                                    : fmt::format("point {}: the run holds no such point; accepted are {} to {}", index,
                                                  points.front().index, points.back().index));
  return *found;
}

bool has_voltammogram(const PointRecord& point) {
  for (const Leg& leg : point.legs)
    if (leg.kind == LegKind::ramp && leg.cycle >= 1 && leg.frame_end > leg.frame_begin) return true;
  return false;
}

void require_voltammogram(const RunReader& run, int index) {
  const PointRecord& point = point_of(run, index);
  if (has_voltammogram(point)) return;
  std::string accepted;
  for (const PointRecord& p : run.summary().points)
    if (has_voltammogram(p)) accepted += fmt::format("{}{}", accepted.empty() ? "" : ", ", p.index);
  throw InputError(fmt::format("point {}: no voltammogram was recorded there (a {} point, verdict '{}'); {}", index,
                               to_string(point.kind), point.verdict,
                               accepted.empty() ? "no point of the run holds one" : "accepted are " + accepted));
}

const ReferenceCalibration* calibration_of(const RunSummary& summary) {
  for (const ReferenceCalibration& c : summary.reference_calibrations)
    if (c.valid) return &c;
  return nullptr;
}

void for_each_sample(const RunReader& run, std::optional<int> point,
                     const std::function<void(const RunSample&)>& take) {
  std::vector<Stretch> stretches;
  std::uint64_t at = 0;
  if (point) {
    add_point(point_of(run, *point), false, at, stretches);
  } else {
    auto points = run.summary().points;
    std::stable_sort(points.begin(), points.end(),
                     [](const PointRecord& a, const PointRecord& b) { return a.frame_begin < b.frame_begin; });
    for (const PointRecord& p : points) add_point(p, true, at, stretches);
    if (at < run.summary().frames) stretches.push_back({at, run.summary().frames, -1, 0});
  }
  for (const Stretch& stretch : stretches) play(run, stretch, take);
}

}  // namespace seccm::files
