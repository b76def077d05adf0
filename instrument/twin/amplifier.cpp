#include "instrument/twin/amplifier.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <cmath>
#include <span>

#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::instrument::twin {

namespace {

constexpr double converter_range = 10.0;  // V
constexpr double counts = 32768.0;

double mains_attenuation(double frequency, double sample, int n) {
  const double step = constants::pi * frequency * sample;
  return std::abs(std::sin(step)) < 1e-12 ? 1.0 : std::sin(n * step) / (n * std::sin(step));
}

/// Chance that a standard normal variable exceeds z.
double upper_tail(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

}  // namespace

Amplifier::Amplifier(const AmplifierParameters& p, std::uint64_t seed)
    : seed_(seed),
      timing_{p.sample_interval.si() * (p.samples_averaged + 1), p.sample_interval.si() * p.samples_averaged},
      lsb_(converter_range / counts / p.sensitivity.si()),
      lag_(1.0 / (2.0 * constants::pi * p.bandwidth.si())),
      bandwidth_(p.bandwidth.si()),
      mains_phase_(2.0 * constants::pi * RandomStream(seed, "mains phase").uniform()),
      mains_step_(2.0 * constants::pi * p.mains_frequency.si() * timing_.interval),
      offset_(p.offset.si()),
      filter_time_(p.filter_time.si()),
      slow_level_(offset_) {
  const double density = p.white_noise.si() * p.white_noise.si();
  white_rms_ = std::sqrt(density / (2.0 * timing_.averaging));
  comparator_rms_ = std::sqrt(density * 0.5 * constants::pi * bandwidth_);
  flicker_rms_ = std::sqrt(density * p.flicker_corner.si() * std::log(10.0));
  mains_amplitude_ =
      p.mains_amplitude.si() * mains_attenuation(p.mains_frequency.si(), p.sample_interval.si(), p.samples_averaged);
  for (std::size_t k = 0; k < modes; ++k) {
    rate_[k] = 2.0 * constants::pi * p.flicker_corner.si() * std::pow(10.0, 1.0 - static_cast<double>(k));
    keep_[k] = std::exp(-rate_[k] * timing_.interval);
    kick_[k] = flicker_rms_ * std::sqrt(-std::expm1(-2.0 * rate_[k] * timing_.interval));
  }
  // The flicker starts from its stationary distribution, not from zero.
  RandomStream start(seed, "flicker start");
  for (double& mode : flicker_) mode = flicker_rms_ * start.normal();
  poles_.fill(offset_);
}

void Amplifier::load(std::uint64_t block_index) {
  RandomStream(seed_, "amplifier noise", block_index).normals(std::span(normals_));
  loaded_ = block_index;
}

double Amplifier::noise(std::uint64_t frame) {
  if (frame / block != loaded_) load(frame / block);
  const double* z = normals_.data() + (frame % block) * draws;
  const bool next = frame == last_frame_ + 1;
  double flicker = 0.0;
  for (std::size_t k = 0; k < modes; ++k) {
    if (next) {
      flicker_[k] = keep_[k] * flicker_[k] + kick_[k] * z[k + 1];
    } else {
      const double gap = static_cast<double>(frame - (last_frame_ == UINT64_MAX ? 0 : last_frame_)) * timing_.interval;
      flicker_[k] = std::exp(-rate_[k] * gap) * flicker_[k] +
                    flicker_rms_ * std::sqrt(-std::expm1(-2.0 * rate_[k] * gap)) * z[k + 1];
    }
    flicker += flicker_[k];
  }
  last_frame_ = frame;
  const double mains = mains_amplitude_ * std::sin(mains_step_ * static_cast<double>(frame) + mains_phase_);
  slow_level_ = offset_ + flicker + mains;
  return white_rms_ * z[0] + flicker + mains;
}

double Amplifier::clipped_pulse(double jump_charge) const {
  // The lag turns a jump's charge into a pulse Q/τ e^{-t/τ}; the rail cuts off what is above it.
  const double rail = full_scale();
  const double magnitude = std::abs(jump_charge);
  const double peak = magnitude / lag_;
  if (peak <= rail) return jump_charge;
  return std::copysign(rail * lag_ * (1.0 + std::log(peak / rail)), jump_charge);
}

double Amplifier::filter(double input) {
  using State = std::array<double, 8>;
  if (filter_time_ <= 0.0) return input;
  const double rate = 8.0 / filter_time_;
  const auto ladder = [&](const State& y, State& dy, double) {
    double before = input;
    for (std::size_t k = 0; k < y.size(); ++k) {
      dy[k] = rate * (before - y[k]);
      before = y[k];
    }
  };
  // Substeps of at most a quarter of a section's time constant: relative error (1/4)^5/120 = 8e-6 each.
  const auto substeps = static_cast<int>(std::ceil(4.0 * rate * timing_.interval));
  const double h = timing_.interval / substeps;
  boost::numeric::odeint::runge_kutta4<State> stepper;
  for (int i = 0; i < substeps; ++i) stepper.do_step(ladder, poles_, 0.0, h);
  return poles_.back();
}

Amplifier::Reading Amplifier::read(std::uint64_t frame, double charge, double jump_charge, double noise_factor) {
  const double disturbance = noise_factor * noise(frame) + offset_;
  const double rail = full_scale();
  const double mean = (charge + clipped_pulse(jump_charge)) / timing_.interval + disturbance;
  const double count = std::clamp(std::nearbyint(filter(mean) / lsb_), -counts, counts - 1.0);
  output_ = count * lsb_;
  return {output_, std::abs(mean) > rail || std::abs(jump_charge) / lag_ > rail};
}

double Amplifier::false_contact_probability(double level, double threshold, double noise_factor) const {
  const double rms = comparator_rms_ * noise_factor;
  if (!(rms > 0.0)) return std::abs(level) > threshold ? 1.0 : 0.0;
  const double once = upper_tail((threshold - level) / rms) + upper_tail((threshold + level) / rms);
  const double looks = std::max(1.0, 2.0 * bandwidth_ * timing_.interval);
  return -std::expm1(looks * std::log1p(-std::min(once, 1.0 - 1e-16)));
}

double Amplifier::crossing_time(double amplitude, double threshold) const {
  const double ratio = threshold / std::abs(amplitude);
  return ratio < 1.0 ? -lag_ * std::log1p(-ratio) : -1.0;
}

}  // namespace seccm::instrument::twin
