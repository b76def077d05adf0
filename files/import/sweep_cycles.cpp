#include "files/import/sweep_cycles.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "files/sweep_rates.hpp"

namespace seccm::files {
namespace {

struct ImportedSweep {
  std::vector<Leg*> ramps{};
  int direction = 0;
  double rate = 0.0;              // V/s
  double start = 0.0, end = 0.0;  // V
  double step = 0.0;              // V, between two samples
  std::int32_t section = 0;
  int stated = 0;  // cycle of the source
  int cycle = 0;
  bool whole = true;

  [[nodiscard]] double height() const { return std::abs(end - start); }
};

using Block = std::vector<ImportedSweep*>;

double step_of(const Leg& leg) {
  return std::abs(leg.E_end_vs_QRCE - leg.E_start_vs_QRCE) /
         static_cast<double>(std::max<std::uint64_t>(leg.frame_end - leg.frame_begin - 1, 1));
}

/// One potential, as far as the samples tell: a turn lies within a step of each of the two samples about it.
bool one_potential(double a, double b, double step) {
  return std::abs(a - b) <= std::max(5e-3, 3.0 * step);
}

/// The number that most samples of the sweep carry.
int stated_cycle(const ForeignRecording& f, const ImportedSweep& sweep) {
  std::map<std::int32_t, std::uint64_t> samples;
  for (const Leg* leg : sweep.ramps)
    for (std::uint64_t k = leg->frame_begin; k < leg->frame_end; ++k) ++samples[f.cycle[k]];
  return std::ranges::max_element(samples, {}, [](const auto& entry) { return entry.second; })->first;
}

bool goes_on(const ImportedSweep& sweep, const Leg& leg, std::int32_t section) {
  return section == sweep.section && leg.direction == sweep.direction && one_rate(leg.scan_rate, sweep.rate) &&
         one_potential(leg.E_start_vs_QRCE, sweep.end, std::max(step_of(leg), sweep.step));
}

std::vector<ImportedSweep> sweeps_of(const ForeignRecording& f, PointRecord& point) {
  std::vector<ImportedSweep> sweeps;
  for (Leg& leg : point.legs) {
    if (leg.kind != LegKind::ramp) continue;
    const std::int32_t section = f.section.empty() ? 0 : f.section[leg.frame_begin];
    if (sweeps.empty() || !goes_on(sweeps.back(), leg, section)) {
      sweeps.push_back({.direction = leg.direction,
                        .rate = leg.scan_rate,
                        .start = leg.E_start_vs_QRCE,
                        .step = step_of(leg),
                        .section = section});
    }
    ImportedSweep& sweep = sweeps.back();
    sweep.ramps.push_back(&leg);
    sweep.end = leg.E_end_vs_QRCE;
    sweep.step = std::max(sweep.step, step_of(leg));
  }
  return sweeps;
}

std::vector<Block> blocks_of(std::vector<ImportedSweep>& sweeps) {
  std::vector<Block> blocks;
  for (ImportedSweep& sweep : sweeps) {
    const bool same = !blocks.empty() && blocks.back().front()->section == sweep.section &&
                      one_rate(blocks.back().front()->rate, sweep.rate);
    if (!same) blocks.emplace_back();
    blocks.back().push_back(&sweep);
  }
  return blocks;
}

void set_rate(const ForeignRecording& f, const Block& block) {
  double weighted = 0.0, heights = 0.0;
  for (const ImportedSweep* sweep : block) {
    for (const Leg* leg : sweep->ramps) {
      const double height = std::abs(leg->E_end_vs_QRCE - leg->E_start_vs_QRCE);
      weighted += height * leg->scan_rate;
      heights += height;
    }
  }
  const double fitted = weighted / heights;
  double rate = fitted, nearest = HUGE_VAL;
  for (const double stated : f.stated_rates) {
    if (!(stated > 0.0) || !one_rate(stated, fitted) || !(std::abs(stated - fitted) < nearest)) continue;
    rate = stated;
    nearest = std::abs(stated - fitted);
  }
  for (const ImportedSweep* sweep : block)
    for (Leg* leg : sweep->ramps) leg->scan_rate = rate;
}

/// The first and the last sweep of a block may end between the vertices: short of the one that its neighbour shows.
void find_whole(const Block& block) {
  if (block.size() < 2) return;
  const auto shorter = [](double end, double vertex, int outwards, double step) {
    return outwards * (vertex - end) > 0.0 && !one_potential(end, vertex, step);
  };
  ImportedSweep &first = *block.front(), &last = *block.back();
  const ImportedSweep &second = *block[1], &before = *block[block.size() - 2];
  const double step = std::max(first.step, last.step);
  first.whole = !shorter(first.start, second.end, -first.direction, step) || block.size() == 2;
  last.whole = !shorter(last.end, before.start, last.direction, step);
}

/// A block that began between its vertices ends there: its last piece belongs to the cycle before it.
bool closes(const Block& block, const ImportedSweep* sweep) {
  return block.size() > 1 && sweep == block.back() && !sweep->whole && !block.front()->whole;
}

bool stated_cycles_fit(const Block& block) {
  std::map<std::pair<int, int>, int> sweeps;
  int last = block.front()->stated;
  for (const ImportedSweep* sweep : block) {
    if (sweep->stated < last) return false;
    last = sweep->stated;
    if (!closes(block, sweep) && ++sweeps[{sweep->stated, sweep->direction}] > 1) return false;
  }
  return true;
}

/// Numbers the cycles of a block from `first` on; returns the next free number.
int number(const Block& block, bool stated, int first) {
  int cycle = first - 1;
  if (stated) {
    for (ImportedSweep* sweep : block) sweep->cycle = cycle = first + sweep->stated - block.front()->stated;
    return cycle + 1;
  }
  for (ImportedSweep* sweep : block) {
    if (sweep->direction == block.front()->direction && !closes(block, sweep)) ++cycle;
    sweep->cycle = cycle;
  }
  return cycle + 1;
}

}  // namespace

std::string number_sweeps(const ForeignRecording& f, PointRecord& point) {
  std::vector<ImportedSweep> sweeps = sweeps_of(f, point);
  const std::vector<Block> blocks = blocks_of(sweeps);
  const bool cycles = std::ranges::any_of(blocks, [](const Block& block) { return block.size() > 1; });
  int next = 1;
  bool recounted = false;
  for (const Block& block : blocks) {
    if (cycles && block.size() == 1) continue;
    set_rate(f, block);
    find_whole(block);
    bool stated = !f.cycle.empty();
    if (stated) {
      for (ImportedSweep* sweep : block) sweep->stated = stated_cycle(f, *sweep);
      stated = stated_cycles_fit(block);
      recounted = recounted || !stated;
    }
    next = number(block, stated, next);
  }
  for (const ImportedSweep& sweep : sweeps)
    for (Leg* leg : sweep.ramps) leg->cycle = sweep.cycle;
  return recounted ? "the cycle numbers of the source do not go from vertex to vertex: cycles are counted anew from "
                     "the first sweep of each scan rate"
                   : "";
}

}  // namespace seccm::files
