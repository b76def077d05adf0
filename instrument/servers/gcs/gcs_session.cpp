#include "instrument/servers/gcs/gcs_session.hpp"

#include <fmt/format.h>

#include <utility>

#include "instrument/servers/gcs/gcs_commands.hpp"

namespace seccm::instrument::servers {

namespace {

constexpr char ask_motion = 5, ask_ready = 7, ask_waves = 9, stop_all = 24;

template <class Flag>
std::string axis_mask(int axes, Flag flag) {
  unsigned mask = 0;
  for (int axis = 0; axis < axes; ++axis) mask |= flag(axis) ? 1U << static_cast<unsigned>(axis) : 0U;
  return fmt::format("{:X}\n", mask);
}

}  // namespace

std::string GcsSession::feed(std::string_view bytes) {
  std::string replies;
  for (char byte : bytes) {
    if (byte == ask_motion || byte == ask_ready || byte == ask_waves || byte == stop_all) {
      replies += single(byte);
    } else if (byte == '\n') {
      replies += line();
    } else if (line_.size() < longest_line) {
      line_ += byte;
    } else {
      too_long_ = true;
    }
  }
  return replies;
}

std::string GcsSession::single(char byte) {
  GcsController& c = controller_;
  c.request(false);
  if (byte == ask_motion) return axis_mask(c.axes(), [&](int axis) { return c.moving(axis); });
  if (byte == ask_waves) return axis_mask(c.axes(), [&](int axis) { return c.waves().generator(axis).running; });
  if (byte == ask_ready) return "\xB1\n";
  for (int axis = 0; axis < c.axes(); ++axis) c.halt(axis);
  error_ = GcsError::stopped;
  return {};
}

std::string GcsSession::line() {
  const std::string text = std::exchange(line_, {});
  if (std::exchange(too_long_, false)) {
    controller_.request(true);
    error_ = GcsError::command_too_long;
    return {};
  }
  std::string_view content = text;
  if (content.ends_with('\r')) content.remove_suffix(1);
  GcsWords words = split_words(content);
  if (words.empty()) return {};
  const std::string name = std::move(words.front());
  words.erase(words.begin());
  controller_.request(true);
  return run(name, words);
}

std::string GcsSession::run(const std::string& name, const GcsWords& words) {
  try {
    if (gcs_word(name, "ERR?")) {
      gcs_expect(words, 0, 0);
      return fmt::format("{}\n", static_cast<int>(std::exchange(error_, GcsError::none)));
    }
    const GcsCommand* command = find_gcs_command(name);
    if (command == nullptr) throw GcsFailure{GcsError::unknown_command};
    return command->run(controller_, words);
  } catch (const GcsFailure& failure) {
    error_ = failure.code;
    return {};
  }
}

SessionFactory gcs_sessions(GcsController& controller) {
  return [&controller] { return std::make_unique<GcsSession>(controller); };
}

}  // namespace seccm::instrument::servers
