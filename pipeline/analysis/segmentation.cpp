#include "pipeline/analysis/segmentation.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "files/sweep_rates.hpp"
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

constexpr double ends_meet = 5e-3;     // V
constexpr double short_pause = 20e-3;  // V that the ramp would have run meanwhile
constexpr double short_gap = 0.9;      // s without frames; recordings are set apart by 1 s at least

// One or several ramps in one direction.
struct Piece {
  std::vector<const RampFrames*> ramps{};
  int cycle = 0, cycle_at_rate = 0, direction = 0;
  double scan_rate = 0.0;
  double start = 0.0, end = 0.0;  // V, of the frames
  double step = 0.0;              // V, between two frames
  double gap = 0.0;               // s without frames in front of it
  bool starts_short = false, ends_short = false;
};

double step_of(const RampFrames& ramp) {
  const auto intervals = static_cast<double>(std::max<std::size_t>(ramp.t.size() - 1, 1));
  return std::abs(ramp.E_vs_QRCE.back() - ramp.E_vs_QRCE.front()) / intervals;
}

// As far as the frames tell: a turn lies within a step of the frames on either side.
bool one_potential(double a, double b, double step) {
  return std::abs(a - b) <= std::max(ends_meet, 3.0 * step);
}

bool goes_on(const Piece& piece, const RampFrames& ramp) {
  const double pause = ramp.t.front() - piece.ramps.back()->t.back();
  const double step = std::max(piece.step, step_of(ramp));
  return piece.direction == ramp.leg.direction && files::one_rate(piece.scan_rate, ramp.leg.scan_rate) &&
         one_potential(piece.end, ramp.E_vs_QRCE.front(), step) &&
         pause * piece.scan_rate <= std::max(short_pause, 3.0 * step);
}

std::vector<Piece> pieces_of(std::span<const RampFrames> ramps) {
  std::vector<Piece> pieces;
  for (const RampFrames& ramp : ramps) {
    if (ramp.t.empty()) continue;
    if (pieces.empty() || !goes_on(pieces.back(), ramp)) {
      pieces.push_back({.direction = ramp.leg.direction, .scan_rate = ramp.leg.scan_rate});
      pieces.back().start = ramp.E_vs_QRCE.front();
      pieces.back().gap = ramp.gap;
    }
    Piece& piece = pieces.back();
    piece.ramps.push_back(&ramp);
    piece.cycle = ramp.leg.cycle;
    piece.end = ramp.E_vs_QRCE.back();
    piece.step = std::max(piece.step, step_of(ramp));
  }
  return pieces;
}

// Neighbours at one rate: one sweep turns into the other.
bool turns_into(const Piece& piece, const Piece& next) {
  return next.direction == -piece.direction && files::one_rate(piece.scan_rate, next.scan_rate) &&
         one_potential(piece.end, next.start, std::max(piece.step, next.step));
}

bool another_recording(const Piece& piece) {
  return piece.gap > short_gap && piece.gap * piece.scan_rate > std::max(short_pause, 3.0 * piece.step);
}

void count_cycles(std::vector<Piece>& pieces) {
  int first = 0;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const bool goes_on = k > 0 && files::one_rate(pieces[k - 1].scan_rate, pieces[k].scan_rate);
    if (goes_on) pieces[k].scan_rate = pieces[k - 1].scan_rate;
    if (!goes_on || another_recording(pieces[k])) first = pieces[k].cycle;
    pieces[k].cycle_at_rate = pieces[k].cycle - first + 1;
  }
}

void find_short(std::vector<Piece>& pieces) {
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    Piece& piece = pieces[k];
    const Piece* before = k > 0 && turns_into(pieces[k - 1], piece) ? &pieces[k - 1] : nullptr;
    const Piece* next = k + 1 < pieces.size() && turns_into(piece, pieces[k + 1]) ? &pieces[k + 1] : nullptr;
    // where the sweep beside it ends is a vertex only if it turns there
    const bool vertex = next != nullptr && k + 2 < pieces.size() && turns_into(*next, pieces[k + 2]);
    const auto inside = [&](double end, double other, int outwards) {
      return outwards * (other - end) > 0.0 && !one_potential(end, other, piece.step);
    };
    piece.starts_short = before == nullptr && vertex && inside(piece.start, next->end, -piece.direction);
    piece.ends_short = next == nullptr && before != nullptr && inside(piece.end, before->start, piece.direction);
  }
}

// A piece that ends short takes the one of its cycle that began there in front of all.
void join_ends(std::vector<Piece>& pieces) {
  for (Piece& last : pieces) {
    if (!last.ends_short || last.starts_short) continue;
    const auto first = std::ranges::find_if(pieces, [&](const Piece& p) {
      return p.starts_short && !p.ends_short && p.cycle == last.cycle && p.direction == last.direction &&
             p.scan_rate == last.scan_rate && one_potential(p.start, last.end, std::max(p.step, last.step));
    });
    if (first == pieces.end()) continue;
    last.ramps.insert(last.ramps.end(), first->ramps.begin(), first->ramps.end());
    last.ends_short = false;
    first->ramps.clear();
  }
  std::erase_if(pieces, [](const Piece& p) { return p.ramps.empty(); });
}

Voltammogram voltammogram_of(const Piece& piece, const ReferencePotential& reference) {
  Voltammogram v{.cycle = piece.cycle, .cycle_at_rate = piece.cycle_at_rate, .direction = piece.direction};
  v.scan_rate = piece.scan_rate;
  for (const RampFrames* ramp : piece.ramps) {
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

Sweeps to_sweeps(std::span<const RampFrames> ramps, const ReferencePotential& reference) {
  std::vector<Piece> pieces = pieces_of(ramps);
  count_cycles(pieces);
  find_short(pieces);
  join_ends(pieces);
  Sweeps out;
  for (const Piece& piece : pieces) {
    if (piece.starts_short || piece.ends_short) {
      ++out.left_out;
    } else {
      out.whole.push_back(voltammogram_of(piece, reference));
    }
  }
  std::ranges::stable_sort(out.whole, [](const Voltammogram& a, const Voltammogram& b) {
    return std::tie(a.cycle, a.scan_rate, a.direction) < std::tie(b.cycle, b.scan_rate, b.direction);
  });
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

// From the last frame of a ramp to the first of the next.
double longest_gap(const files::RunReader& run, const files::Leg& before, const files::Leg& leg) {
  if (before.frame_end == 0 || leg.frame_begin < before.frame_end) return 0.0;
  const std::vector<double> t = run.frames(before.frame_end - 1, leg.frame_begin + 1).t;
  double longest = 0.0;
  for (std::size_t k = 1; k < t.size(); ++k) longest = std::max(longest, t[k] - t[k - 1]);
  return longest;
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
  input.stated = summary.stated;
  std::vector<RampFrames> ramps;
  for (const files::Leg& leg : point.legs) {
    if (leg.kind != files::LegKind::ramp || leg.cycle < 1) continue;
    check(leg, point.index, summary.frames);
    files::FrameBlock block = run.frames(leg.frame_begin, leg.frame_end);
    RampFrames ramp{.leg = leg};
    if (!ramps.empty() && !block.t.empty()) ramp.gap = longest_gap(run, ramps.back().leg, leg);
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
  Sweeps sweeps = to_sweeps(ramps, reference);
  input.voltammograms = std::move(sweeps.whole);
  input.pieces_left_out = sweeps.left_out;
  return input;
}

}  // namespace seccm::analysis
