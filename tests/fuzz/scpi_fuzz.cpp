// Any bytes into a SCPI session of any dialect: it must neither crash, nor leave the voltages of the unit, nor
// answer without bound.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "tests/wires/bench_meter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm::instrument;
  // What a message may make the unit do is bounded; the number of messages bounds the time of one input.
  constexpr std::size_t most = 4096;
  if (size > most || size == 0) return 0;
  testing::BenchSeconds time;
  testing::BenchMeter meter(time, 1e9);
  const auto dialect = static_cast<servers::ScpiDialect>(data[0] % 3);
  servers::ScpiSourceMeter unit(meter, time, {.dialect = dialect, .latency = 1e-4});
  const auto session = servers::scpi_sessions(unit)();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The first byte chooses where the input is cut in two, as a network might.
  const std::size_t cut = static_cast<unsigned char>(bytes[0]) % bytes.size();
  std::size_t replied = session->feed(bytes.substr(0, cut)).size() + session->feed(bytes.substr(cut)).size();
  if (!(std::abs(meter.level()) <= 210.0)) std::abort();
  // A message of a few bytes can ask for a whole buffer.
  if (replied > most / 8 * servers::ScpiSourceMeter::most_response) std::abort();
  return 0;
}
