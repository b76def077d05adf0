// Any bytes into the session of the light source, and into the driver's reader of its state.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "instrument/drivers/led/led_line.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "tests/wires/bench_light.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm::instrument;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  testing::BenchLight light;
  testing::BenchSeconds time;
  servers::LedSource source(light, time, {});
  servers::LedSession session(source);
  const std::size_t cut = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) % bytes.size();
  session.feed(bytes.substr(0, cut));
  session.feed(bytes.substr(cut));
  for (double intensity : {light.state.reflection, light.state.transmission}) {
    if (!(intensity >= 0.0 && intensity <= 1.0)) std::abort();
  }
  // What the server says of itself the driver must be able to read, whatever came before.
  const std::string state = source.run("CSS?");
  if (!drivers::parse_led_state(state)) std::abort();
  drivers::parse_led_state(bytes);
  return 0;
}
