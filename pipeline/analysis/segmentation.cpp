#include "pipeline/analysis/segmentation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::analysis {

namespace {

constexpr std::uint16_t saturated_flag = 1;  // of a frame: the amplifier left its range

void check(const files::Leg& leg, int point, std::uint64_t frames) {
  if (leg.frame_begin > leg.frame_end || leg.frame_end > frames) {
    throw InputError(fmt::format("run file, point {}, leg with tag {}: frames {} to {} of a run of {} frames", point,
                                 leg.tag, leg.frame_begin, leg.frame_end, frames));
  }
  if (!(leg.scan_rate > 0.0) || !std::isfinite(leg.scan_rate)) {
    throw InputError(fmt::format("run file, point {}, ramp with tag {}: scan rate {} V/s; accepted: above 0", point,
                                 leg.tag, leg.scan_rate));
  }
  if (leg.direction != 1 && leg.direction != -1) {
    throw InputError(fmt::format("run file, point {}, ramp with tag {}: direction {}; accepted: +1 or -1", point,
                                 leg.tag, leg.direction));
  }
}

Voltammogram join(std::vector<const RampFrames*> ramps, const ReferencePotential& reference) {
  const files::Leg& leg = ramps.front()->leg;
  std::stable_sort(ramps.begin(), ramps.end(), [&](const RampFrames* a, const RampFrames* b) {
    return leg.direction * a->leg.E_start_vs_QRCE < leg.direction * b->leg.E_start_vs_QRCE;
  });
  Voltammogram v{.cycle = leg.cycle, .direction = leg.direction, .scan_rate = leg.scan_rate};
  for (const RampFrames* ramp : ramps) {
    for (std::size_t k = 0; k < ramp->t.size(); ++k) {
      const ReferenceOffset offset = reference.known() ? reference.at(ramp->t[k]) : ReferenceOffset{};
      v.E_vs_Li.push_back(ramp->E_vs_QRCE[k] + offset.offset_vs_Li);
      v.i.push_back(ramp->i[k]);
      v.t.push_back(ramp->t[k]);
      v.E_standard_error = offset.standard_error;
    }
  }
  return v;
}

}  // namespace

std::vector<Voltammogram> to_voltammograms(std::span<const RampFrames> ramps, const ReferencePotential& reference) {
  std::map<std::tuple<int, double, int>, std::vector<const RampFrames*>> sweeps;
  for (const RampFrames& ramp : ramps) {
    if (!ramp.t.empty()) sweeps[{ramp.leg.cycle, ramp.leg.scan_rate, ramp.leg.direction}].push_back(&ramp);
  }
  std::vector<Voltammogram> out;
  for (auto& [key, pieces] : sweeps) out.push_back(join(std::move(pieces), reference));
  return out;
}

// From the last frame of the last ramp of the cycles to the first frame of the leg that lifts the tip.
double hold_behind(const files::RunReader& run, const files::PointRecord& point, double last_ramp_time) {
  bool behind = false;
  for (const files::Leg& leg : point.legs) {
    if (leg.kind == files::LegKind::ramp && leg.cycle >= 1) behind = true;
    if (!behind || leg.kind != files::LegKind::retract || leg.frame_begin == leg.frame_end) continue;
    const files::FrameBlock first = run.frames(leg.frame_begin, leg.frame_begin + 1);
    return std::max(0.0, first.t.front() - last_ramp_time);
  }
  return 0.0;
}

PointInput read_point(const files::RunReader& run, const files::PointRecord& point,
                      const ReferencePotential& reference) {
  const files::RunSummary& summary = run.summary();
  PointInput input{.index = point.index,
                   .kind = point.kind,
                   .contact = point.contact,
                   .complete = point.complete,
                   .verdict = point.verdict,
                   .reference_known = reference.known()};
  input.image_area = point.image_area;
  input.pipette_diameter = summary.header.pipette_diameter;
  std::vector<RampFrames> ramps;
  for (const files::Leg& leg : point.legs) {
    if (leg.kind != files::LegKind::ramp || leg.cycle < 1) continue;
    check(leg, point.index, summary.frames);
    files::FrameBlock block = run.frames(leg.frame_begin, leg.frame_end);
    RampFrames ramp{.leg = leg};
    for (std::size_t k = 0; k < block.t.size(); ++k) {
      if (block.tag[k] != leg.tag) continue;
      if ((block.flags[k] & saturated_flag) != 0) ++input.saturated_frames;
      ramp.t.push_back(block.t[k]);
      ramp.E_vs_QRCE.push_back(block.E1[k]);
      ramp.i.push_back(block.i1[k]);
    }
    ramps.push_back(std::move(ramp));
  }
  if (!ramps.empty() && !ramps.back().t.empty()) input.hold_after = hold_behind(run, point, ramps.back().t.back());
  input.voltammograms = to_voltammograms(ramps, reference);
  return input;
}

}  // namespace seccm::analysis
