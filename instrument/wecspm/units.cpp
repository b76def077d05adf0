#include "instrument/wecspm/units.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::instrument::wecspm {

namespace {

constexpr double low = -32768.0, high = 32767.0;
constexpr int largest_exponent = 62;
constexpr double longest_travel = 4e15;  // ticks, 3 years: beyond, a move never ends

}  // namespace

double NativeUnits::step(Axis axis) const {
  switch (axis) {
    case axis_x:
      return x_lsb;
    case axis_y:
      return y_lsb;
    case axis_z:
      return z_lsb;
    default:
      return std::abs(E_lsb);
  }
}

double NativeUnits::value(Axis axis, std::int16_t count) const {
  switch (axis) {
    case axis_x:
      return x_lsb * count;
    case axis_y:
      return y_lsb * count;
    case axis_z:
      return z_top - z_lsb * count;
    default:
      return E_lsb * count;
  }
}

std::optional<std::int16_t> NativeUnits::count(Axis axis, double value) const {
  const double lsb = axis < axis_v1 ? step(axis) : E_lsb;
  const double counts = std::nearbyint((axis == axis_z ? z_top - value : value) / lsb);
  // Written so that NaN is refused.
  if (!(counts >= low && counts <= high)) return std::nullopt;
  return static_cast<std::int16_t>(counts);
}

std::int16_t saturated_count(double value, double lsb) {
  const double counts = std::nearbyint(value / lsb);
  return std::isnan(counts) ? std::int16_t{0} : static_cast<std::int16_t>(std::clamp(counts, low, high));
}

int velocity_exponent(double fastest) {
  if (!(fastest > 0.0)) return 0;
  return static_cast<int>(
      std::clamp(std::floor(std::log2(high / fastest)), -15.0, static_cast<double>(largest_exponent)));
}

std::int16_t velocity_word(double counts_per_tick, int exponent) {
  const double scaled = std::ldexp(counts_per_tick, exponent);
  // A speed that came from a word is that word again.
  return static_cast<std::int16_t>(std::clamp(std::floor(scaled + 1e-6), 1.0, high));
}

double velocity_of(std::int16_t word, int scaler) {
  return std::ldexp(static_cast<double>(word), std::clamp(scaler, -largest_exponent, largest_exponent));
}

std::optional<std::int64_t> travel_ticks(std::int16_t from, std::int16_t to, std::int16_t word, int scaler) {
  if (from == to) return 0;
  if (word <= 0) return std::nullopt;
  const double ticks = std::ceil(std::abs(to - from) / velocity_of(word, scaler) - 4e-5);
  if (ticks > longest_travel) return std::nullopt;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(ticks));
}

}  // namespace seccm::instrument::wecspm
