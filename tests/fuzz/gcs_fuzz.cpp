// Any bytes into a GCS session: it must neither crash, nor leave the travel, nor answer without bound.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "instrument/servers/gcs/gcs_session.hpp"
#include "tests/wires/bench_stage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm::instrument;
  // What a request may make the device do is bounded; the number of requests bounds the time of one input.
  constexpr std::size_t most = 4096;
  if (size > most) return 0;
  testing::BenchSeconds time;
  testing::BenchStage stage(time, {0.0, 0.0, 0.0});
  servers::GcsController controller(stage, time, {.latency = 1e-4, .servo_on = true});
  servers::GcsSession session(controller);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The first byte chooses where the input is cut in two, as a network might.
  const std::size_t cut = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) % bytes.size();
  std::size_t replied = session.feed(bytes.substr(0, cut)).size() + session.feed(bytes.substr(cut)).size();
  for (int axis = 0; axis < stage.axes(); ++axis) {
    if (!(stage.target(axis) >= -1e-12 && stage.target(axis) <= 200e-6 + 1e-12)) std::abort();
    if (!(stage.velocity(axis) > 0.0 && stage.velocity(axis) <= 10e-3)) std::abort();
  }
  if (replied > 64U * 1024U * 1024U) std::abort();
  return 0;
}
