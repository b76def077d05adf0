#include "instrument/drivers/led/led_light.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "instrument/drivers/led/led_line.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

std::size_t index(char letter) {
  return static_cast<std::size_t>(letter - 'A');
}

bool shines(const LedChannel& channel) {
  return channel.selected && channel.on && channel.percent > 0;
}

double intensity(const LedChannel& channel) {
  return shines(channel) ? channel.percent / 100.0 : 0.0;
}

/// What brings one channel to a percentage. CSN switches on whatever is selected, so that comes last.
std::string commands(char letter, int percent) {
  if (percent == 0) return fmt::format("C{}X\r", letter);
  return fmt::format("C{}I{:03}\rC{}S\rCSN\r", letter, percent, letter);
}

}  // namespace

struct LedLight::Talk {
  std::unique_ptr<LedLine> line;
  double last_seen = 0.0;
  std::string trouble = "not connected";

  /// Nothing more is said on a line whose state is doubtful.
  Error lost(Error error) {
    trouble = error.detail;
    faulted = true;
    return error;
  }
  bool faulted = false;
};

LedLight::LedLight(Open open, LedConfig config, const Clock& clock)
    : open_(std::move(open)), config_(config), clock_(clock), talk_(std::make_unique<Talk>()) {
  for (char letter : {config.reflection, config.transmission}) {
    if (letter >= 'A' && letter <= 'C') continue;
    throw InputError(fmt::format("LED channel '{}', accepted are A, B, C", letter));
  }
  if (config.reflection == config.transmission) {
    throw InputError(fmt::format("LED channel {} for both lamps, accepted are two of A, B, C", config.reflection));
  }
}

LedLight::~LedLight() = default;

Error LedLight::error(Errc code, std::string detail) const {
  return {code, "LED light source", std::move(detail), false};
}

Health LedLight::health() const {
  if (talk_->faulted) return {Health::Condition::faulted, talk_->last_seen, talk_->trouble};
  if (!talk_->line) return {Health::Condition::stale, talk_->last_seen, talk_->trouble};
  return {Health::Condition::ok, talk_->last_seen, ""};
}

Outcome LedLight::connect(ConnectConsent) {
  talk_->line.reset();
  auto stream = open_();
  if (!stream.ok()) return talk_->lost(stream.error());
  talk_->line = std::make_unique<LedLine>(std::move(stream).value());
  auto outcome = greet();
  if (!outcome.ok()) {
    talk_->lost(outcome.error());
    talk_->line.reset();
    return outcome;
  }
  talk_->faulted = false;
  talk_->last_seen = clock_.now();
  return Done{};
}

Outcome LedLight::greet() {
  const auto model = talk_->line->ask("XMODEL", "XMODEL=");
  if (!model.ok()) return model.error();
  identity_.model = model.value().substr(7);
  if (identity_.model.find("pE-300") == std::string::npos) {
    return error(Errc::protocol, fmt::format("'{}' is no pE-300", identity_.model));
  }
  const auto version = talk_->line->ask("XVER", "X");
  if (!version.ok()) return version.error();
  identity_.firmware = version.value().substr(version.value().find('=') + 1);
  const auto state = talk_->line->settle("", [](const LedChannels&) { return true; });
  if (!state.ok()) return state.error();
  return Done{};
}

void LedLight::make_safe() noexcept {
  if (!talk_->line) return;
  try {
    const auto off = talk_->line->settle("CSF\r", [](const LedChannels& channels) {
      return !shines(channels[0]) && !shines(channels[1]) && !shines(channels[2]);
    });
    if (off.ok()) {
      talk_->last_seen = clock_.now();
    } else {
      talk_->lost(off.error());
    }
  } catch (...) {  // out of memory while a message was written
    talk_->faulted = true;
  }
}

Outcome LedLight::set(LightChannel channel, double asked) {
  if (!talk_->line) return error(Errc::disconnected, "not connected");
  if (talk_->faulted) return error(Errc::needs_reconnect, talk_->trouble);
  if (!(asked >= 0.0 && asked <= 1.0)) {
    return error(Errc::limit_rejected, fmt::format("intensity {:.6g}, accepted are 0 to 1", asked));
  }
  const int percent = static_cast<int>(std::lround(100.0 * asked));
  const char lamp = letter(channel);
  const auto state = talk_->line->settle(commands(lamp, percent), [&](const LedChannels& channels) {
    const LedChannel& c = channels.at(index(lamp));
    return percent == 0 ? !shines(c) : shines(c) && c.percent == percent;
  });
  if (!state.ok()) return talk_->lost(state.error());
  talk_->last_seen = clock_.now();
  return Done{};
}

Result<LightState> LedLight::get() const {
  if (!talk_->line) return error(Errc::disconnected, "not connected");
  if (talk_->faulted) return error(Errc::needs_reconnect, talk_->trouble);
  const auto state = talk_->line->settle("", [](const LedChannels&) { return true; });
  if (!state.ok()) return talk_->lost(state.error());
  talk_->last_seen = clock_.now();
  return LightState{intensity(state.value().at(index(config_.reflection))),
                    intensity(state.value().at(index(config_.transmission)))};
}

}  // namespace seccm::instrument::drivers
