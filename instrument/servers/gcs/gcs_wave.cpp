#include "instrument/servers/gcs/gcs_wave.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

/// What SIN_P, LIN and RAMP have in common: <SegLength> <Amp> <Offset> <WaveLength> <StartPoint>.
struct Curve {
  int segment, wave, start;
  double amplitude, offset;
};

int count(const std::string& word, int low, int high) {
  const int value = gcs_integer(word);
  if (value < low || value > high) throw GcsFailure{GcsError::wave_parameter_range};
  return value;
}

Curve curve_of(const GcsWords& words, std::size_t expected) {
  if (words.size() != expected) throw GcsFailure{GcsError::wave_parameter_number};
  constexpr int most = GcsWaves::points_in_all;
  return {count(words[0], 1, most), count(words[3], 1, most), count(words[4], 0, most), gcs_number(words[1]),
          gcs_number(words[2])};
}

/// `shape` maps a point of the wave, 0..wave, to 0..1; before and behind the wave the ends hold.
template <class Shape>
std::vector<double> sampled(const Curve& curve, Shape shape) {
  std::vector<double> points;
  points.reserve(static_cast<std::size_t>(curve.segment));
  for (int k = 0; k < curve.segment; ++k) {
    points.push_back(curve.offset + curve.amplitude * shape(std::clamp(k - curve.start, 0, curve.wave)));
  }
  return points;
}

/// A move from 0 to 1 over `length` points that gathers and loses speed over `ramp` points each.
double eased(double at, double length, double ramp) {
  if (at >= length) return 1.0;
  const double speed = 1.0 / (length - ramp);
  if (at < ramp) return 0.5 * speed * at * at / ramp;
  if (at <= length - ramp) return speed * (at - 0.5 * ramp);
  return 1.0 - 0.5 * speed * (length - at) * (length - at) / ramp;
}

std::vector<double> sine(const GcsWords& words) {
  const Curve curve = curve_of(words, 6);
  const int centre = count(words[5], 1, std::max(1, curve.wave - 1));
  return sampled(curve, [&](int at) {
    const double phase =
        at <= centre ? double(at) / centre : 1.0 + double(at - centre) / std::max(1, curve.wave - centre);
    return 0.5 * (1.0 - std::cos(std::numbers::pi * phase));
  });
}

std::vector<double> line(const GcsWords& words) {
  const Curve curve = curve_of(words, 6);
  const int ramp = count(words[5], 0, curve.wave / 2);
  return sampled(curve, [&](int at) { return eased(at, curve.wave, ramp); });
}

std::vector<double> triangle(const GcsWords& words) {
  const Curve curve = curve_of(words, 7);
  const int centre = count(words[6], 1, std::max(1, curve.wave - 1));
  const int down = std::max(1, curve.wave - centre);
  const int ramp = count(words[5], 0, std::min(centre, down) / 2);
  return sampled(curve,
                 [&](int at) { return at <= centre ? eased(at, centre, ramp) : 1.0 - eased(at - centre, down, ramp); });
}

std::vector<double> given(const GcsWords& words, std::size_t length_before) {
  if (words.size() < 3) throw GcsFailure{GcsError::wave_parameter_number};
  // Where the points begin: counted in the segment, or in the table, behind whose end they are attached.
  const int begin = count(words[0], 1, GcsWaves::points_in_all);
  if (begin != 1 && static_cast<std::size_t>(begin) != length_before + 1)
    throw GcsFailure{GcsError::wave_parameter_range};
  const int length = count(words[1], 1, GcsWaves::points_in_all);
  if (words.size() != 2 + static_cast<std::size_t>(length)) throw GcsFailure{GcsError::wave_parameter_number};
  std::vector<double> points;
  for (const auto& word : std::span(words).subspan(2)) points.push_back(gcs_number(word));
  return points;
}

}  // namespace

std::vector<double> wave_segment(const std::string& type, const GcsWords& words, std::size_t length_before) {
  if (type == "SIN_P") return sine(words);
  if (type == "LIN") return line(words);
  if (type == "RAMP") return triangle(words);
  if (type == "PNT") return given(words, length_before);
  throw GcsFailure{GcsError::wave_type};
}

void GcsWaves::append(int table, const std::vector<double>& points, bool anew) {
  auto& kept = tables_.at(static_cast<std::size_t>(table - 1));
  std::size_t total = points.size();
  for (const auto& other : tables_) total += other.size();
  if (anew) total -= kept.size();
  if (total > points_in_all) throw GcsFailure{GcsError::wave_too_large};
  if (anew) kept.clear();
  kept.insert(kept.end(), points.begin(), points.end());
}

bool GcsWaves::in_use(int table) const {
  return std::any_of(generators_.begin(), generators_.end(),
                     [&](const Generator& g) { return g.running && g.table == table; });
}

bool GcsWaves::any_running() const {
  return std::any_of(generators_.begin(), generators_.end(), [](const Generator& g) { return g.running; });
}

double GcsWaves::play(int axis, double now) {
  Generator& g = generator(axis);
  const auto& wave = points(g.table);
  const auto length = static_cast<double>(wave.size());
  // Half a nanosecond into a point is that point: times are sums of servo periods.
  const double point = std::floor(std::max(0.0, (now - g.started + 5e-10) / point_time()));
  if (g.cycles > 0 && point >= length * g.cycles) {
    g.running = false;
    return wave.back();
  }
  return wave[static_cast<std::size_t>(std::fmod(point, length))];
}

std::optional<double> GcsWaves::until_next(double now) const {
  std::optional<double> next;
  for (const Generator& g : generators_) {
    if (!g.running) continue;
    const double point = std::floor((now - g.started + 5e-10) / point_time());
    const double due = g.started + (point + 1.0) * point_time() - now;
    next = next ? std::min(*next, due) : due;
  }
  return next;
}

}  // namespace seccm::instrument::servers
