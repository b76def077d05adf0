#include "pipeline/scan/imaging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace seccm::scan {
namespace {

constexpr double first_exposure = 10e-3;    // s
constexpr double longest_exposure = 1.0;    // s
constexpr double shortest_exposure = 1e-5;  // s

double percentile(std::vector<std::uint16_t> values, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(place)]);
}

files::RunImage record_of(std::string_view name, const instrument::Image& image, const instrument::CameraConfig& config,
                          const instrument::LightState& lamps) {
  files::RunImage entry;
  entry.name = std::string(name);
  entry.width = image.width;
  entry.height = image.height;
  entry.t = image.t_end;
  entry.illumination = lamps.reflection > 0.0 ? "reflection" : lamps.transmission > 0.0 ? "transmission" : "dark";
  entry.pixels = image.pixels;
  entry.t_start = image.t_start;
  entry.exposure = config.exposure;
  entry.average = config.average;
  entry.reflection = lamps.reflection;
  entry.transmission = lamps.transmission;
  return entry;
}

}  // namespace

Imaging::Imaging(const instrument::Rig& rig, const ProtocolParameters& parameters, files::RunRecorder& recorder,
                 ProgramRunner& runner)
    : rig_(rig), parameters_(parameters), recorder_(recorder), runner_(runner) {
  reflection_.exposure = transmission_.exposure = parameters.exposure.si();
}

void Imaging::set_lamp(instrument::LightChannel channel, double intensity) {
  if (const auto done = rig_.light.set(channel, intensity); !done) runner_.fail(done.error());
  (channel == instrument::LightChannel::reflection ? lamps_.reflection : lamps_.transmission) = intensity;
}

instrument::Image Imaging::grab(std::string_view name, double exposure, int average) {
  constexpr int most_attempts = 4;
  if (const auto done = rig_.camera.configure({.exposure = exposure, .average = average}); !done)
    runner_.fail(done.error());
  for (int attempt = 1;; ++attempt) {
    runner_.throw_if_stopped();
    auto image = rig_.camera.grab(rig_.clock.now() + exposure * average + 30.0);
    if (image) {
      recorder_.add(record_of(name, image.value(), {.exposure = exposure, .average = average}, lamps_));
      return std::move(image).value();
    }
    if (!image.error().retryable || attempt == most_attempts) runner_.fail(image.error());
  }
}

double Imaging::find_exposure() {
  const double full_scale = std::ldexp(1.0, rig_.camera.properties().bits) - 1.0;
  const double wanted = 0.7 * full_scale;
  double exposure = first_exposure;
  for (int k = 0; k < 8; ++k) {
    const double signal = percentile(grab(fmt::format("exposure_{}", ++trials_), exposure, 1).pixels, 0.999) - dark_;
    const double ratio = (wanted - dark_) / std::max(signal, 1.0);
    if (ratio > 0.85 && ratio < 1.2) break;
    // A saturated frame tells only that it was too long.
    exposure =
        std::clamp(exposure * std::clamp(ratio < 1.45 && signal + dark_ > 0.97 * full_scale ? 0.4 : ratio, 0.1, 10.0),
                   shortest_exposure, longest_exposure);
  }
  return exposure;
}

void Imaging::measure_dark() {
  set_lamp(instrument::LightChannel::reflection, 0.0);
  set_lamp(instrument::LightChannel::transmission, 0.0);
  dark_ = percentile(grab("dark", first_exposure, 1).pixels, 0.5);
}

instrument::Image Imaging::record(std::string_view name, instrument::LightChannel light) {
  if (dark_ < 0.0) measure_dark();
  set_lamp(light, 1.0);
  Channel& channel = light == instrument::LightChannel::reflection ? reflection_ : transmission_;
  if (!(channel.exposure > 0.0)) channel.exposure = find_exposure();
  instrument::Image image = grab(name, channel.exposure, parameters_.average);
  set_lamp(light, 0.0);
  return image;
}

ContrastImage Imaging::take(std::string_view name, instrument::LightChannel channel) {
  const instrument::Image image = record(name, channel);
  try {
    return contrast_image(image.width, image.height, image.pixels, dark_);
  } catch (const InputError& error) {
    runner_.fail(
        {.code = instrument::Errc::device_fault, .device = "camera", .detail = error.what(), .retryable = false});
  }
}

}  // namespace seccm::scan
