#include "fake_rig.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace seccm::test {

using instrument::Errc;
using instrument::Error;
using instrument::Frame;
using instrument::RunState;

namespace {
constexpr double frame_interval = 1.028e-3;
constexpr double counts_per_second = 4e6;

Error fault(Errc code, const char* device, const char* detail, bool retryable = false) {
  return {.code = code, .device = device, .detail = detail, .retryable = retryable};
}

double approach_value(double from, double to, double most) {
  return std::abs(to - from) <= most ? to : from + std::copysign(most, to - from);
}
}  // namespace

FakeWorld::FakeWorld(FakeConfig the_config)
    : config(std::move(the_config)),
      x(0.5 * config.range),
      y(0.5 * config.range),
      z(0.9 * config.range),
      noise(config.seed, "fake current") {}

double FakeWorld::surface(double at_x, double at_y) const {
  return config.surface_z + config.tilt_x * (at_x - 0.5 * config.range) + config.tilt_y * (at_y - 0.5 * config.range);
}

double FakeWorld::current() {
  double i = config.current_offset + config.stray_capacitance * slope + config.current_noise * noise.normal();
  i += config.air_transient * std::exp(-(t - t_jump) / config.air_transient_time);
  if (contact && t - t_contact < config.detach_after) {
    if (t - t_contact > 0.5) i += config.late_current;
    i += config.transient * std::exp(-(t - t_contact) / config.transient_time);
    i += config.limiting_current /
         (1.0 + std::exp(-(E - config.lag * slope - config.half_wave_vs_QRCE) / config.wave_width));
    i += config.contact_capacitance * slope;
  }
  if (spike) i += 100e-12;
  return i;
}

void FakeClock::sleep_until(double time, const std::stop_token& stop) {
  if (!stop.stop_requested()) world_.t = std::max(world_.t, time);
}

instrument::Outcome FakeSequencer::connect(instrument::ConnectConsent) {
  return instrument::Done{};
}

void FakeSequencer::make_safe() noexcept {
  world_.calls.emplace_back("sequencer.make_safe");
  state_ = RunState::aborted;
  world_.z = 0.98 * world_.config.range;
  world_.contact = false;
}

instrument::Limits FakeSequencer::limits() const {
  const double r = world_.config.range;
  return {0, r, 0, r, 0, r, 200e-6, 100e-6, -2.5, 2.5, 10.0, 100e-12, 32767};
}

instrument::Capabilities FakeSequencer::capabilities() const {
  instrument::Capabilities c;
  c.frame_interval = frame_interval;
  const double position = world_.config.range / 32768.0;
  c.x = c.y = c.z = {position, 0.0};
  c.E1 = c.E2 = {2.5 / 32768.0, 0.0};
  c.i1 = c.i2 = {100e-12 / 32768.0, 0.0};
  c.contact_latency = world_.config.contact_latency;
  return c;
}

double FakeSequencer::leg_time(const instrument::Waypoint& w, double& at_x, double& at_y, double& at_z,
                               double& at_E) const {
  double longest = 0.0;
  if (w.x) longest = std::max(longest, std::abs(*w.x - at_x) / w.speed_xy);
  if (w.y) longest = std::max(longest, std::abs(*w.y - at_y) / w.speed_xy);
  if (w.z) longest = std::max(longest, std::abs(*w.z - at_z) / w.speed_z);
  if (w.E1 && !w.jump_E1) longest = std::max(longest, std::abs(*w.E1 - at_E) / w.rate_E1);
  at_x = w.x.value_or(at_x);
  at_y = w.y.value_or(at_y);
  at_z = w.z.value_or(at_z);
  at_E = w.E1.value_or(at_E);
  return longest + w.hold;
}

instrument::Result<instrument::DryRun> FakeSequencer::check(const instrument::Program& program) const {
  const instrument::Limits l = limits();
  double x = world_.x, y = world_.y, z = world_.z, E = world_.E, total = 0.0;
  for (const instrument::Waypoint& w : program.waypoints) {
    if (w.tag < 1 || w.tag > 32767) return fault(Errc::limit_rejected, "sequencer", "tag out of range");
    if (w.E1 && (*w.E1 < l.E_min || *w.E1 > l.E_max))
      return fault(Errc::limit_rejected, "sequencer", "E1 out of range");
    if (w.E1 && !w.jump_E1 && !(w.rate_E1 > 0.0 && w.rate_E1 <= l.rate_E_max))
      return fault(Errc::limit_rejected, "sequencer", "rate of E1 out of range");
    for (const auto& axis : {w.x, w.y, w.z})
      if (axis && (*axis < 0.0 || *axis > world_.config.range))
        return fault(Errc::limit_rejected, "sequencer", "position out of range");
    total += leg_time(w, x, y, z, E) + frame_interval;
  }
  return instrument::DryRun{total, static_cast<std::size_t>(total / frame_interval) + 1};
}

instrument::Outcome FakeSequencer::start(const instrument::Program& program) {
  if (auto checked = check(program); !checked) return checked.error();
  if (state_ == RunState::running) return fault(Errc::limit_rejected, "sequencer", "a program is running");
  bool ramp = false;
  for (const instrument::Waypoint& w : program.waypoints) {
    if (w.stop == instrument::StopRule::on_contact) {
      world_.approached = true;
      world_.descents_in_contact += world_.contact ? 1 : 0;
    }
    ramp = ramp || w.rate_E1 > 0.0;
  }
  if (ramp && world_.approached && !world_.contact) ++world_.ramps_without_contact;
  world_.calls.emplace_back(ramp ? "sequencer.start ramp" : "sequencer.start");
  program_ = program;
  state_ = RunState::running;
  leg_ = 0;
  begin_leg();
  return instrument::Done{};
}

void FakeSequencer::begin_leg() {
  held_ = 0.0;
  frames_in_leg_ = 0;
  world_.slope = 0.0;
  if (leg_ >= program_.waypoints.size()) return;
  const instrument::Waypoint& w = leg();
  if ((w.x && *w.x != world_.x) || (w.y && *w.y != world_.y))
    if (world_.z < world_.surface(world_.x, world_.y) + 2e-6) ++world_.lateral_without_clearance;
  if (w.E1 && w.jump_E1) {
    if (*w.E1 != world_.E) world_.t_jump = world_.t;
    world_.E = *w.E1;
  }
  if (w.rate_E1 > 0.0 && world_.contact) ++ramps_in_contact_;
}

bool FakeSequencer::step(Frame& frame) {
  FakeWorld& s = world_;
  while (leg_ < program_.waypoints.size()) {
    const instrument::Waypoint& w = leg();
    const bool arrived =
        (!w.x || s.x == *w.x) && (!w.y || s.y == *w.y) && (!w.z || s.z == *w.z) && (!w.E1 || s.E == *w.E1);
    if (!(arrived && held_ >= w.hold && frames_in_leg_ > 0)) break;
    ++leg_;
    begin_leg();
  }
  if (leg_ >= program_.waypoints.size()) {
    const bool approached = program_.waypoints.back().stop == instrument::StopRule::on_contact;
    state_ = approached ? RunState::limit_reached : RunState::completed;
    s.slope = 0.0;
    return false;
  }
  const instrument::Waypoint& w = leg();
  s.t += frame_interval;
  const bool still = (!w.x || s.x == *w.x) && (!w.y || s.y == *w.y) && (!w.z || s.z == *w.z) && (!w.E1 || s.E == *w.E1);
  if (still) held_ += frame_interval;
  if (w.x) s.x = approach_value(s.x, *w.x, w.speed_xy * frame_interval);
  if (w.y) s.y = approach_value(s.y, *w.y, w.speed_xy * frame_interval);
  if (w.z) s.z = approach_value(s.z, *w.z, w.speed_z * frame_interval);
  s.slope = 0.0;
  if (w.E1 && !w.jump_E1 && s.E != *w.E1) {
    const double before = s.E;
    s.E = approach_value(s.E, *w.E1, w.rate_E1 * frame_interval);
    s.slope = (s.E - before) / frame_interval;
  }
  if (!s.config.no_surface && !s.contact && s.z <= s.surface(s.x, s.y)) {
    s.contact = true;
    s.t_contact = s.t;
    ++s.landings;
  }
  if (s.contact && s.z > s.surface(s.x, s.y) + s.config.detachment_height) {
    s.contact = false;
    s.footprints.push_back({s.x - s.config.drift_x * s.t, s.y - s.config.drift_y * s.t,
                            0.5 * s.config.footprint_diameter, s.config.footprint_contrast});
  }
  s.spike =
      w.stop == instrument::StopRule::on_contact && s.config.false_contacts > 0 && s.z < s.surface(s.x, s.y) + 1.5e-6;
  if (s.spike) --s.config.false_contacts;
  const bool in_air = w.stop == instrument::StopRule::on_contact && s.z > s.surface(s.x, s.y) + 20e-6;
  if (in_air && s.config.air_spikes > 0) {
    s.spike = true;
    --s.config.air_spikes;
  }
  last_current_ = s.current();
  s.spike = false;
  frame = {.t = s.t,
           .x = s.x,
           .y = s.y,
           .z = s.z,
           .E1 = s.E,
           .E2 = 0,
           .i1 = last_current_,
           .i2 = 0,
           .tag = w.tag,
           .flags = 0};
  const bool in_contact_ramp = w.rate_E1 > 0.0 && s.contact;
  if (in_contact_ramp && ramps_in_contact_ == s.config.saturated_ramp && frames_in_leg_ < s.config.saturated_frames)
    frame.flags = Frame::current_saturated;
  ++frames_in_leg_;
  if (w.stop == instrument::StopRule::on_contact &&
      std::abs(last_current_ - program_.contact.baseline) > program_.contact.threshold) {
    frame.flags |= Frame::contact;
    state_ = RunState::contact;
  }
  return true;
}

instrument::Result<instrument::SequencerStatus> FakeSequencer::status() {
  return instrument::SequencerStatus{state_, leg_, world_.t, world_.x, world_.y, world_.z, world_.E, last_current_};
}

instrument::Result<std::size_t> FakeSequencer::read(std::span<Frame> out, double deadline) {
  std::size_t count = 0;
  while (count < out.size() && state_ == RunState::running) {
    const bool ramp = leg_ < program_.waypoints.size() && leg().rate_E1 > 0.0 && world_.contact && frames_in_leg_ > 100;
    if (ramp && ramps_in_contact_ == world_.config.fault_in_ramp) {
      if (count > 0) return count;
      world_.calls.emplace_back("sequencer fault");
      return fault(Errc::framing_lost, "sequencer", "injected");
    }
    if (ramp && ramps_in_contact_ == world_.config.stall_in_ramp) {
      if (count == 0) world_.t = std::max(world_.t, deadline);
      return count;
    }
    if (step(out[count])) ++count;
  }
  return count;
}

instrument::Outcome FakeSequencer::abort() {
  world_.calls.emplace_back("sequencer.abort");
  state_ = RunState::aborted;
  return instrument::Done{};
}

instrument::Outcome FakeCamera::connect(instrument::ConnectConsent) {
  return instrument::Done{};
}

instrument::CameraProperties FakeCamera::properties() const {
  return {world_.config.pixels, world_.config.pixels, 16, world_.config.nominal_pixel_size};
}

instrument::Outcome FakeCamera::configure(const instrument::CameraConfig& config) {
  config_ = config;
  return instrument::Done{};
}

std::vector<float> render(const FakeConfig& config, const std::vector<FakeDisc>& discs) {
  constexpr int sub = 4;  // samples per pixel and axis
  const int n = config.pixels;
  std::vector<float> image(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), 0.0F);
  const auto& a = config.pixel_to_stage;
  const double determinant = a[1] * a[5] - a[2] * a[4];
  const double scale = std::sqrt(std::abs(determinant));
  for (const FakeDisc& disc : discs) {
    const double u = disc.x - a[0], v = disc.y - a[3];
    const double px = (a[5] * u - a[2] * v) / determinant, py = (a[1] * v - a[4] * u) / determinant;
    const double r = disc.radius / scale;
    const int x0 = std::max(0, static_cast<int>(px - r - 2)), x1 = std::min(n - 1, static_cast<int>(px + r + 2));
    const int y0 = std::max(0, static_cast<int>(py - r - 2)), y1 = std::min(n - 1, static_cast<int>(py + r + 2));
    for (int y = y0; y <= y1; ++y)
      for (int x = x0; x <= x1; ++x) {
        int inside = 0;
        for (int j = 0; j < sub; ++j)
          for (int i = 0; i < sub; ++i)
            inside += std::hypot(x + (i + 0.5) / sub - 0.5 - px, y + (j + 0.5) / sub - 0.5 - py) < r ? 1 : 0;
        image[static_cast<std::size_t>(y) * static_cast<std::size_t>(n) + static_cast<std::size_t>(x)] +=
            static_cast<float>(disc.contrast * inside / (sub * sub));
      }
  }
  cv::Mat view(n, n, CV_32F, image.data());
  cv::GaussianBlur(view, view, cv::Size(0, 0), config.blur, config.blur, cv::BORDER_REFLECT_101);
  for (int y = 0; y < n; ++y)
    for (int x = 0; x < n; ++x) {
      const double cx = 2.0 * x / n - 1.0, cy = 2.0 * y / n - 1.0;
      float& value = image[static_cast<std::size_t>(y) * static_cast<std::size_t>(n) + static_cast<std::size_t>(x)];
      value = static_cast<float>((1.0 + static_cast<double>(value)) * (1.0 - 0.1 * (cx * cx + cy * cy) + 0.05 * cx));
    }
  return image;
}

instrument::Result<instrument::Image> FakeCamera::grab(double deadline) {
  if (world_.config.camera_dead) {
    world_.calls.emplace_back("camera fault");
    return fault(Errc::disconnected, "camera", "injected");
  }
  if (dropped_ < world_.config.camera_drops) {
    ++dropped_;
    return fault(Errc::timeout, "camera", "injected", true);
  }
  if (world_.t + config_.exposure * config_.average > deadline)
    return fault(Errc::timeout, "camera", "the image is not there by the deadline", true);
  std::vector<FakeDisc> all = world_.config.discs;
  all.insert(all.end(), world_.footprints.begin(), world_.footprints.end());
  for (FakeDisc& disc : all) {
    disc.x += world_.config.drift_x * world_.t;
    disc.y += world_.config.drift_y * world_.t;
  }
  const std::vector<float> seen = render(world_.config, all);
  const double light = counts_per_second * config_.exposure * (world_.lamp[0] + 0.5 * world_.lamp[1]);
  const double noise = world_.config.image_noise / std::sqrt(static_cast<double>(config_.average));
  instrument::Image image;
  image.width = image.height = world_.config.pixels;
  image.t_start = world_.t;
  world_.t += config_.exposure * config_.average;
  image.t_end = world_.t;
  image.pixels.resize(seen.size());
  for (std::size_t k = 0; k < seen.size(); ++k) {
    const double counts =
        world_.config.dark_level + light * (static_cast<double>(seen[k]) + noise * world_.noise.normal());
    image.pixels[k] = static_cast<std::uint16_t>(std::clamp(std::nearbyint(counts), 0.0, 65535.0));
  }
  return image;
}

instrument::Outcome FakeLight::connect(instrument::ConnectConsent) {
  return instrument::Done{};
}

void FakeLight::make_safe() noexcept {
  world_.calls.emplace_back("light.make_safe");
  world_.lamp[0] = world_.lamp[1] = 0.0;
}

instrument::Outcome FakeLight::set(instrument::LightChannel channel, double intensity) {
  world_.lamp[static_cast<int>(channel)] = intensity;
  return instrument::Done{};
}

instrument::Result<instrument::LightState> FakeLight::get() const {
  return instrument::LightState{world_.lamp[0], world_.lamp[1]};
}

std::vector<FakeDisc> scattered_discs(int columns, int rows, std::uint64_t seed) {
  RandomStream random(seed, "fake discs");
  std::vector<FakeDisc> discs;
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      FakeDisc disc;
      disc.x = (10.0 + 80.0 * (i + 0.5) / columns + 2.0 * (random.uniform() - 0.5)) * 1e-6;
      disc.y = (10.0 + 80.0 * (j + 0.5) / rows + 2.0 * (random.uniform() - 0.5)) * 1e-6;
      disc.radius = (0.3 + 0.9 * random.uniform()) * 1e-6;
      disc.contrast = (random.uniform() < 0.5 ? -1.0 : 1.0) * (0.15 + 0.4 * random.uniform());
      discs.push_back(disc);
    }
  return discs;
}

files::RunHeader header_of(const FakeRig& rig) {
  files::RunHeader header;
  const instrument::Capabilities c = rig.sequencer.capabilities();
  header.x = header.y = header.z = {c.x.lsb, c.x.offset};
  header.E1 = {c.E1.lsb, c.E1.offset};
  header.i1 = {c.i1.lsb, c.i1.offset};
  header.current_range = 100e-12;
  header.pipette_diameter = 1e-6;
  header.nominal_pixel_size = rig.world.config.nominal_pixel_size;
  header.camera_bits = 16;
  return header;
}

}  // namespace seccm::test
