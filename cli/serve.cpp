// `seccm serve`: the twin of a scenario on the wire, until it is interrupted.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "rigs/served_rig.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

using Json = nlohmann::ordered_json;

Json listening_json(const scenarios::Scenario& scenario, const rigs::ServedRig& rig) {
  Json json{{"scenario", scenario.name}, {"seed", scenario.seed}, {"speed", scenario.serve.speed}};
  json["listeners"] = Json::array();
  for (const auto& l : rig.listeners())
    json["listeners"].push_back({{"instrument", l.instrument}, {"protocol", l.protocol}, {"where", l.where}});
  return json;
}

std::string listening_text(const scenarios::Scenario& scenario, const rigs::ServedRig& rig) {
  const double speed = scenario.serve.speed;
  std::string text = fmt::format("The twin of \"{}\", seed {}, {}:\n", scenario.name, scenario.seed,
                                 speed == 1.0  ? std::string("in real time")
                                 : speed > 0.0 ? fmt::format("{:g} times as fast as the wall clock", speed)
                                               : std::string("its time stepped by requests"));
  for (const auto& l : rig.listeners()) text += fmt::format("  {:<12} {:<30} {}\n", l.instrument, l.protocol, l.where);
  return text + "Ctrl-C ends it.\n";
}

}  // namespace

int run(const ServeOptions& options) {
  const InterruptWatch interrupt;
  const auto scenario =
      scenarios::load_scenario(scenarios::resolve_scenario(options.scenario), options.common.overrides());
  if (scenario.job != scenarios::Job::scan) {
    throw InputError("job = \"" + std::string(scenarios::job_names[static_cast<std::size_t>(scenario.job)]) +
                     "\" has no rig to serve; accepted is a scenario with job = \"scan\"");
  }
  if (!options.ready.empty()) files::require_writable(options.ready);
  rigs::ServedRig rig(scenario, [&](const std::string& text) { note(options.common, text); });
  const std::string json = listening_json(scenario, rig).dump(2) + "\n";
  print(options.common.json ? json : listening_text(scenario, rig));
  if (!options.ready.empty()) files::write_atomically(options.ready, json);
  rig.run(interrupt.token());
  note(options.common,
       fmt::format("stopped at {:.3f} s of the rig's time; the camera made {} frames", rig.now(), rig.camera_frames()));
  return success;
}

}  // namespace seccm::cli
