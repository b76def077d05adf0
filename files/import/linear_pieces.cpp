#include "files/import/linear_pieces.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::files {
namespace {

constexpr double reversal = 5e-3, lowest_ramp = 20e-3;  // V
constexpr double curvature = 0.01;                      // of the height
constexpr std::size_t fewest_samples = 4;
constexpr std::size_t work_per_sample = 64;  // a part that needs more is no programme of ramps,
constexpr std::size_t most_bends = 64;       // nor one with more

/// Monotonic parts: cut where the potential comes back by at least `back` from an extremum.
std::vector<SampleRange> monotonic(const std::vector<double>& E, SampleRange r, double back) {
  std::vector<SampleRange> parts;
  std::size_t begin = r.begin, low = r.begin, high = r.begin;
  int direction = 0;
  const auto cut = [&](std::size_t at) {
    parts.push_back({begin, at + 1});
    begin = at + 1;
  };
  for (std::size_t k = r.begin; k < r.end; ++k) {
    if (E[k] < E[low]) low = k;
    if (E[k] >= E[high]) high = k;
    if (direction >= 0 && E[high] - E[k] >= back) {
      if (direction > 0) cut(high);
      direction = -1;
      low = k;
    } else if (direction <= 0 && E[k] - E[low] >= back) {
      if (direction < 0) cut(low);
      direction = 1;
      high = k;
    }
    if (direction > 0 && E[k] >= E[high]) high = k;
    if (direction < 0 && E[k] <= E[low]) low = k;
  }
  if (begin < r.end) parts.push_back({begin, r.end});
  return parts;
}

struct Line {
  double rate = 0.0, t = 0.0, E = 0.0;  // V/s; through (t, E)
  [[nodiscard]] double at(double time) const { return E + rate * (time - t); }
};

Line chord(const ForeignRecording& f, SampleRange r) {
  const double dt = f.t[r.end - 1] - f.t[r.begin];
  return {dt > 0.0 ? (f.E1[r.end - 1] - f.E1[r.begin]) / dt : 0.0, f.t[r.begin], f.E1[r.begin]};
}

Line fit_line(const ForeignRecording& f, SampleRange r) {
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
  return {tt > 0.0 ? tE / tt : 0.0, t_mean, E_mean};
}

struct Furthest {
  std::size_t at = 0;
  double distance = 0.0;  // V
};

Furthest furthest_from(const Line& line, const ForeignRecording& f, SampleRange r) {
  Furthest out{r.begin, 0.0};
  for (std::size_t k = r.begin; k < r.end; ++k) {
    const double distance = std::abs(f.E1[k] - line.at(f.t[k]));
    if (distance > out.distance) out = {k, distance};
  }
  return out;
}

/// Divides `r` at its bends. Neighbours share the sample of the bend while the chords are drawn; it then belongs to
/// the earlier one.
std::vector<SampleRange> bent_parts(const ForeignRecording& f, SampleRange r, double tolerance) {
  std::vector<SampleRange> waiting{r}, done;
  std::size_t work = work_per_sample * r.size();
  while (!waiting.empty()) {
    const SampleRange part = waiting.back();
    waiting.pop_back();
    const bool affordable = work >= part.size();
    work -= affordable ? part.size() : work;
    const Furthest bend = affordable ? furthest_from(chord(f, part), f, part) : Furthest{};
    if (bend.distance <= tolerance || bend.at == part.begin || bend.at + 1 == part.end) {
      done.push_back(part);
      continue;
    }
    waiting.push_back({bend.at, part.end});
    waiting.push_back({part.begin, bend.at + 1});
  }
  for (std::size_t k = 1; k < done.size(); ++k) ++done[k].begin;
  std::erase_if(done, [](SampleRange part) { return part.size() == 0; });
  return done;
}

/// Neighbours that lie on one line within the tolerance become one.
std::vector<SampleRange> merged(const ForeignRecording& f, const std::vector<SampleRange>& parts, double tolerance) {
  if (parts.size() > most_bends) return parts;
  std::vector<SampleRange> out;
  for (const SampleRange part : parts) {
    if (!out.empty()) {
      const SampleRange both{out.back().begin, part.end};
      if (furthest_from(fit_line(f, both), f, both).distance <= tolerance) {
        out.back() = both;
        continue;
      }
    }
    out.push_back(part);
  }
  return out;
}

/// Without the samples at either end that still stand where the ramp begins or ends: ahead of its line.
SampleRange sloped_part(const ForeignRecording& f, SampleRange r, double noise) {
  const std::size_t fifth = r.size() / 5;
  const Line line = fit_line(f, {r.begin + fifth, r.end - fifth});
  const double sign = line.rate > 0.0 ? 1.0 : -1.0;
  const std::size_t most = r.size() / 20;
  SampleRange out = r;
  while (out.begin - r.begin < most && sign * (f.E1[out.begin] - line.at(f.t[out.begin])) > noise) ++out.begin;
  while (r.end - out.end < most && sign * (line.at(f.t[out.end - 1]) - f.E1[out.end - 1]) > noise) --out.end;
  return out;
}

void add_part(const ForeignRecording& f, SampleRange part, const PotentialGrain& grain, std::vector<LinearPiece>& out) {
  const double noise = grain.tolerance(part.size());
  const auto still = [&out](std::size_t begin, std::size_t end) {
    if (begin < end) out.push_back({.samples = {begin, end}});
  };
  const double height = std::abs(f.E1[part.end - 1] - f.E1[part.begin]);
  if (height < least_ramp(grain, part.size()) || part.size() < fewest_samples) return still(part.begin, part.end);
  const SampleRange slope = sloped_part(f, part, noise);
  const Line line = fit_line(f, slope);
  const double start = line.at(f.t[slope.begin]), end = line.at(f.t[slope.end - 1]);
  const bool straight =
      furthest_from(line, f, slope).distance <= noise + curvature * std::abs(end - start) && line.rate != 0.0;
  if (!straight || slope.size() < fewest_samples) return still(part.begin, part.end);
  still(part.begin, slope.begin);
  out.push_back({.samples = slope, .ramp = true, .rate = line.rate, .start = start, .end = end});
  still(slope.end, part.end);
}

}  // namespace

double span_of(std::span<const double> values, SampleRange r) {
  const auto [low, high] = std::ranges::minmax(values.subspan(r.begin, r.size()));
  return high - low;
}

double least_ramp(const PotentialGrain& grain, std::size_t samples) {
  return std::max(lowest_ramp, 4.0 * (grain.tolerance(samples) - grain.step));
}

std::vector<LinearPiece> linear_pieces(const ForeignRecording& f, SampleRange r, const PotentialGrain& grain) {
  std::vector<LinearPiece> out;
  const double noise = grain.tolerance(r.size());
  for (const SampleRange part : monotonic(f.E1, r, std::max(reversal, 2.0 * (noise - grain.step)))) {
    const double tolerance = noise + curvature * span_of(f.E1, part);
    for (const SampleRange piece : merged(f, bent_parts(f, part, tolerance), tolerance)) add_part(f, piece, grain, out);
  }
  return out;
}

}  // namespace seccm::files
