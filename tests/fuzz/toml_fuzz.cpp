// A scenario file: text -> TOML -> every parameter -> the scenario as a whole.
#include "scenarios/consistency.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    const scenarios::Scenario scenario = scenarios::parse_scenario(fuzz::text_of(data, size), "fuzz.toml");
    scenarios::require_consistent(scenario);
    // What was accepted is written in full and reads back.
    (void)scenarios::parse_scenario(scenarios::write_scenario(scenario), "written.toml");
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
