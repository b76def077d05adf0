#include "instrument/drivers/gcs/gcs_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "instrument/drivers/gcs/gcs_line.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

constexpr double micrometre = 1e-6;  // m
constexpr double rounding = 1e-12;   // m: what decimal numbers may lose

bool sendable(const std::string& name) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !name.empty() && name.size() <= 8 && std::all_of(name.begin(), name.end(), plain);
}

/// "(c)2015-2018 Physik Instrumente (PI) GmbH & Co. KG, E-727.3CDA, 120040681, 14.11.01.05"
Identity parse_identity(const std::string& text) {
  std::vector<std::string> parts{""};
  for (char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else if (c != ' ' || !parts.back().empty()) {
      parts.back() += c;
    }
  }
  parts.resize(4);
  return {parts[0], parts[1], parts[2], parts[3]};
}

bool refused(Errc code) {
  return code == Errc::limit_rejected || code == Errc::device_fault || code == Errc::interlock_tripped;
}

}  // namespace

GcsStage::GcsStage(Open open, GcsConfig config, const Clock& clock)
    : open_(std::move(open)), config_(std::move(config)), clock_(clock), low_(config_.axes.size()), high_(low_) {
  auto names = config_.axes;
  std::sort(names.begin(), names.end());
  const bool distinct = std::adjacent_find(names.begin(), names.end()) == names.end();
  if (names.empty() || !distinct || !std::all_of(names.begin(), names.end(), sendable)) {
    throw InputError(fmt::format("axes of the stage '{}', accepted are different names of 1 to 8 letters and digits",
                                 fmt::join(config_.axes, "', '")));
  }
}

GcsStage::~GcsStage() = default;

Error GcsStage::error(Errc code, std::string detail) const {
  return {code, "GCS stage", std::move(detail), false};
}

Health GcsStage::health() const {
  if (doubtful_) return {Health::Condition::faulted, last_seen_, trouble_};
  if (!line_) return {Health::Condition::stale, last_seen_, trouble_};
  return {Health::Condition::ok, last_seen_, ""};
}

Outcome GcsStage::ready() const {
  if (!line_) return error(Errc::disconnected, "not connected");
  if (doubtful_) return error(Errc::needs_reconnect, trouble_);
  return Done{};
}

template <class T>
Result<T> GcsStage::heard(Result<T> result) {
  if (result.ok() || refused(result.error().code)) {
    last_seen_ = clock_.now();
    return result;
  }
  trouble_ = describe(result.error());
  doubtful_ = true;
  return result;
}

Outcome GcsStage::connect(ConnectConsent consent) {
  line_.reset();
  doubtful_ = false;
  auto stream = open_();
  if (!stream.ok()) {
    trouble_ = describe(stream.error());
    return stream.error();
  }
  line_ = std::make_unique<GcsLine>(std::move(stream).value());
  auto outcome = heard(greet(consent));
  if (!outcome.ok()) {
    trouble_ = describe(outcome.error());
    line_.reset();
    doubtful_ = false;
  }
  return outcome;
}

Outcome GcsStage::greet(ConnectConsent consent) {
  // An error that somebody else left is not ours.
  if (const auto left = line_->clear_error(); !left.ok()) return left.error();
  const auto who = line_->ask("*IDN?");
  if (!who.ok()) return who.error();
  identity_ = parse_identity(who.value().front());
  const auto present = line_->ask("SAI?");
  if (!present.ok()) return present.error();
  for (const auto& axis : config_.axes) {
    if (std::find(present.value().begin(), present.value().end(), axis) != present.value().end()) continue;
    return error(Errc::protocol,
                 fmt::format("the controller has no axis '{}', it has '{}'", axis, fmt::join(present.value(), "', '")));
  }
  const auto low = line_->ask_numbers("TMN?", config_.axes);
  if (!low.ok()) return low.error();
  const auto high = line_->ask_numbers("TMX?", config_.axes);
  if (!high.ok()) return high.error();
  for (std::size_t k = 0; k < low_.size(); ++k) {
    low_[k] = low.value()[k] * micrometre;
    high_[k] = high.value()[k] * micrometre;
  }
  return servo_on(consent);
}

Outcome GcsStage::servo_on(ConnectConsent consent) {
  const auto servo = line_->ask_numbers("SVO?", config_.axes);
  if (!servo.ok()) return servo.error();
  const auto& states = servo.value();
  if (std::all_of(states.begin(), states.end(), [](double on) { return on == 1.0; })) return Done{};
  if (!consent.allow_motion) {
    return error(Errc::interlock_tripped, "the servo is off, and switching it on can move the stage: allow motion");
  }
  std::string command = "SVO";
  for (const auto& axis : config_.axes) command += " " + axis + " 1";
  return line_->command(command);
}

void GcsStage::make_safe() noexcept {
  if (!line_) return;
  try {
    static_cast<void>(stop_all());
  } catch (...) {  // out of memory while a message was written: the stop is on its way
    doubtful_ = true;
  }
}

Outcome GcsStage::stop_all() {
  if (!line_) return error(Errc::disconnected, "not connected");
  const bool doubted = doubtful_;
  auto outcome = heard(line_->stop_all());
  doubtful_ = doubtful_ || doubted;
  return outcome;
}

Outcome GcsStage::halt(int axis) {
  if (!line_) return error(Errc::disconnected, "not connected");
  // The controller confirms a halt with error 10.
  auto outcome = line_->command("HLT " + name(axis));
  if (outcome.ok() || outcome.error().code == Errc::cancelled) {
    last_seen_ = clock_.now();
    return Done{};
  }
  return heard(std::move(outcome));
}

Outcome GcsStage::move_to(std::span<const AxisTarget> targets) {
  if (auto outcome = ready(); !outcome.ok() || targets.empty()) return outcome;
  std::string command = "MOV";
  for (const auto& [axis, target] : targets) {
    if (!(target >= travel_min(axis) - rounding && target <= travel_max(axis) + rounding)) {
      return error(Errc::limit_rejected,
                   fmt::format("target {:.6f} um of axis {}, accepted are {:.6f} um to {:.6f} um", target / micrometre,
                               name(axis), travel_min(axis) / micrometre, travel_max(axis) / micrometre));
    }
    const double within = std::clamp(target, travel_min(axis), travel_max(axis));
    command += fmt::format(" {} {:.12g}", name(axis), within / micrometre);
  }
  return heard(line_->command(command));
}

Outcome GcsStage::set_velocity(int axis, double velocity) {
  if (auto outcome = ready(); !outcome.ok()) return outcome;
  if (!(velocity > 0.0 && std::isfinite(velocity))) {
    return error(Errc::limit_rejected, fmt::format("velocity {:.6g} um/s of axis {}, accepted are above 0 um/s",
                                                   velocity / micrometre, name(axis)));
  }
  return heard(line_->command(fmt::format("VEL {} {:.12g}", name(axis), velocity / micrometre)));
}

Result<double> GcsStage::velocity(int axis) {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  const auto value = heard(line_->ask_numbers("VEL?", {name(axis)}));
  if (!value.ok()) return value.error();
  return value.value().front() * micrometre;
}

Result<std::vector<double>> GcsStage::positions() {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  auto values = heard(line_->ask_numbers("POS?", config_.axes));
  if (!values.ok()) return values.error();
  std::vector<double> metres = std::move(values).value();
  for (double& value : metres) value *= micrometre;
  return metres;
}

Result<bool> GcsStage::on_target(std::span<const int> axes) {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  std::vector<std::string> names;
  for (int axis : axes) names.push_back(name(axis));
  const auto values = heard(line_->ask_numbers("ONT?", names));
  if (!values.ok()) return values.error();
  return std::all_of(values.value().begin(), values.value().end(), [](double on) { return on == 1.0; });
}

Result<bool> GcsStage::moving() {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  const auto mask = heard(line_->moving_axes());
  if (!mask.ok()) return mask.error();
  return mask.value() != 0U;
}

}  // namespace seccm::instrument::drivers
