#include "instrument/twin/twin_source_meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::instrument::twin {

namespace {

constexpr double largest_range = 1.0;  // A
constexpr double headroom = 1.05;      // of a range
constexpr double resolution = 1e-6;    // of a range
constexpr double until_changed = std::numeric_limits<double>::infinity();

Tick whole_ticks(double duration) {
  return static_cast<Tick>(std::llround(duration / tick_length));
}

}  // namespace

TwinSourceMeter::TwinSourceMeter(World& world, Timeline& timeline, std::uint64_t seed)
    : world_(world), timeline_(timeline), seed_(seed), range_(world.spec().source_meter.lowest_range.si()) {
  const auto& p = world.spec().amplifier;
  const double density = p.white_noise.si() * p.white_noise.si();
  flicker_rms_ = std::sqrt(density * p.flicker_corner.si() * std::log(10.0));
  RandomStream start(seed, "source meter flicker");
  for (double& mode : flicker_) mode = flicker_rms_ * start.normal();
  apply();
}

void TwinSourceMeter::apply() {
  Integrals step;
  world_.begin_potential(applied(), 0.0, until_changed, step, true);
  step_charge_ = (step_tick_ == world_.tick() ? step_charge_ : 0.0) + step.jump_charge;
  step_tick_ = world_.tick();
}

void TwinSourceMeter::set_level(double E) {
  if (E == level_) return;
  level_ = E;
  if (output_) apply();
}

void TwinSourceMeter::set_output(bool on) {
  if (on == output_) return;
  output_ = on;
  if (level_ != 0.0) apply();
}

double TwinSourceMeter::set_current_range(double full_scale) {
  range_ = world_.spec().source_meter.lowest_range.si();
  // A range that differs by the rounding of a decimal number is that range.
  while (range_ < full_scale * (1.0 - 1e-9) && range_ < largest_range) range_ *= 10.0;
  return range_;
}

void TwinSourceMeter::start(std::vector<bench::SourcePoint> points) {
  points_ = std::move(points);
  next_ = 0;
  readings_.clear();
  if (running()) begin_point();
  settle();
}

void TwinSourceMeter::begin_point() {
  const bench::SourcePoint& point = points_[next_];
  if (point.level) set_level(*point.level);
  aperture_begin_ = world_.tick() + whole_ticks(point.delay);
  aperture_end_ = aperture_begin_ + std::max<Tick>(1, whole_ticks(point.aperture));
  integrating_ = false;
}

void TwinSourceMeter::begin_aperture() {
  integrating_ = true;
  charge_ = step_tick_ == aperture_begin_ ? step_charge_ : 0.0;
}

void TwinSourceMeter::end_aperture() {
  const double aperture = seconds(aperture_end_ - aperture_begin_);
  const double current = charge_ / aperture + noise(aperture);
  const double step = resolution * range_;
  bench::CurrentReading reading;
  reading.level = applied();
  reading.t = seconds(aperture_end_);
  reading.overrange = std::abs(current) > headroom * range_;
  reading.current = std::clamp(step * std::nearbyint(current / step), -headroom * range_, headroom * range_);
  readings_.push_back(reading);
}

void TwinSourceMeter::settle() {
  while (running()) {
    if (!integrating_) {
      if (world_.tick() < aperture_begin_) return;
      begin_aperture();
    }
    if (world_.tick() < aperture_end_) return;
    end_aperture();
    ++next_;
    if (running()) begin_point();
  }
}

Tick TwinSourceMeter::next_event(Tick latest) const {
  return running() ? std::min(latest, integrating_ ? aperture_end_ : aperture_begin_) : latest;
}

void TwinSourceMeter::collect(const Integrals& sum) {
  if (running() && integrating_) charge_ += sum.charge;
}

void TwinSourceMeter::finish() {
  while (running()) timeline_.advance_to(seconds(integrating_ ? aperture_end_ : aperture_begin_));
}

std::vector<bench::CurrentReading> TwinSourceMeter::take() {
  return std::exchange(readings_, {});
}

double TwinSourceMeter::noise(double aperture) {
  const auto& p = world_.spec().amplifier;
  RandomStream draw(seed_, "source meter noise", count_++);
  const double t = seconds(aperture_end_);
  double flicker = 0.0;
  for (std::size_t k = 0; k < modes; ++k) {
    const double rate = 2.0 * constants::pi * p.flicker_corner.si() * std::pow(10.0, 1.0 - static_cast<double>(k));
    const double gap = t - last_t_;
    flicker_.at(k) = std::exp(-rate * gap) * flicker_.at(k) +
                     flicker_rms_ * std::sqrt(-std::expm1(-2.0 * rate * gap)) * draw.normal();
    flicker += flicker_.at(k);
  }
  last_t_ = t;
  const double white = p.white_noise.si() / std::sqrt(2.0 * aperture) * draw.normal();
  const double half = constants::pi * p.mains_frequency.si() * aperture;
  const double attenuation = half > 0.0 ? std::sin(half) / half : 1.0;
  const double phase = 2.0 * constants::pi * RandomStream(seed_, "source meter mains").uniform();
  const double middle = t - 0.5 * aperture;
  const double mains =
      p.mains_amplitude.si() * attenuation * std::sin(2.0 * constants::pi * p.mains_frequency.si() * middle + phase);
  return world_.noise_factor() * (white + flicker + mains) + p.offset.si();
}

}  // namespace seccm::instrument::twin
