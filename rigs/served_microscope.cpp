#include "rigs/served_microscope.hpp"

#include <fmt/format.h>

#include <utility>

#include "sim/error.hpp"

namespace seccm::rigs {

namespace servers = instrument::servers;

int listen_at(servers::WireServer& wire, const char* key, const std::string& address, int port,
              servers::SessionFactory sessions) {
  try {
    return wire.add_tcp(address, port, std::move(sessions));
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("serve.address = \"{}\", {} = {}: {}; accepted are an address of this machine and a "
                    "port that nobody listens on, or port 0 for any free one",
                    address, key, port, error.what()));
  }
}

Listener ServedMicroscope::serve(instrument::Light& light, const scenarios::ServeParameters& serve,
                                 servers::WireServer& wire) {
  lamps_.emplace(light, time_, servers::LedOptions{});
  const int port = listen_at(wire, "serve.light_port", serve.address, serve.light_port, servers::led_sessions(*lamps_));
  return {"light", "LED light source, pE-300 kind", fmt::format("{}:{}", serve.address, port)};
}

Listener ServedMicroscope::serve_lamps_on_a_line(servers::WireServer& wire) {
  return {"light", "LED light source, serial line", wire.add_pseudo_terminal(servers::led_sessions(*lamps_))};
}

Listener ServedMicroscope::serve(instrument::Camera& camera, const scenarios::ServeParameters& serve, WireNote note) {
  servers::GigeOptions options{.address = serve.address, .world = &world_, .note = std::move(note)};
  const std::string serial = options.serial;
  camera_.emplace(camera, time_, std::move(options));
  return {"camera", "GigE Vision, serial " + serial, serve.address + ":3956 (UDP)"};
}

}  // namespace seccm::rigs
