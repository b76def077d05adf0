// A three-channel LED light source of the CoolLED pE-300 kind in front of the twin's lamps.
//
// Commands end with CR or LF or both, replies with CR LF. A channel A, B or C is selected (S)
// or not (X), switched on (N) or off (F), and has a whole percentage. It shines if it is selected and on. Letters stand
// for lamps as `LedOptions` says; a letter without a lamp keeps its state and lights nothing.
//
//   CSS?                 CSS<state of A><of B><of C>, a state being letter, S|X, N|F, three digits
//   CSS<states>          sets them, any number of channels
//   CAS CAX              selects, deselects; likewise B and C
//   CAN CAF              switches a channel on, off
//   CAI50                its percentage, 0 to 100
//   CA?                  CA050
//   CSN CSF              switches all selected channels on; all channels off
//   XMODEL               model;  PORT:P=ON, PORT:P=OFF: the pod may, may not be used: echoed
//   XVER                 four lines: versions of main board, hardware, data and pod, each behind a name of eight
//                        characters with its '='; clients count lines and characters
//
// Every accepted setting is answered with the state line. Anything else is silently ignored and changes nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "instrument/bench/bench_time.hpp"
#include "instrument/roles/light.hpp"
#include "instrument/servers/wire/line_session.hpp"

namespace seccm::instrument::servers {

struct LedOptions {
  char reflection = 'A', transmission = 'B';  ///< letters of the lamps
  double latency = 5e-3;                      ///< s, of one request
  std::string model = "pE-300", version = "1.0";
};

/// The state of the source, shared by its connections. Throws InputError if both lamps have the same letter or one has
/// none of A, B, C.
class LedSource {
 public:
  /// `light` and `time` must outlive the source. The light is connected here.
  LedSource(Light& light, bench::BenchTime& time, LedOptions options);

  /// The reply to one command without its end; empty for none. Throws DeviceError if the lamps fail.
  std::string run(std::string_view command);

 private:
  struct Channel {
    bool selected = false, on = false;
    int percent = 0;
  };
  [[nodiscard]] std::string state() const;
  [[nodiscard]] std::string about(std::string_view command) const;
  bool set(std::string_view command);
  bool set_channel(Channel& channel, std::string_view what);
  bool set_states(std::string_view states);
  bool switch_all(bool on);
  void shine();
  void shine(LightChannel lamp, char letter);

  Light& light_;
  bench::BenchTime& time_;
  LedOptions options_;
  std::array<Channel, 3> channels_;
};

class LedSession final : public Session {
 public:
  static constexpr std::size_t longest_line = 64;

  /// `source` must outlive the session.
  explicit LedSession(LedSource& source) : source_(source) {}
  std::string feed(std::string_view bytes) override;

 private:
  LedSource& source_;
  std::string line_;
  bool too_long_ = false;
};

/// Sessions on one source, which must outlive them.
SessionFactory led_sessions(LedSource& source);

}  // namespace seccm::instrument::servers
