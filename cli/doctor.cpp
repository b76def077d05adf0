// `seccm doctor`: what stands on the other end of a rig's wires.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "jobs/doctor.hpp"
#include "scenarios/library.hpp"

namespace seccm::cli {
namespace {

using Json = nlohmann::ordered_json;
using jobs::Examination;

constexpr std::array verdict_names{"fine", "not examined", "failed"};

const char* name_of(Examination::Verdict verdict) {
  return verdict_names.at(static_cast<std::size_t>(verdict));
}

Json examination_json(const Examination& e) {
  return {
      {"instrument", e.instrument}, {"verdict", name_of(e.verdict)}, {"reason", e.reason}, {"findings", e.findings}};
}

std::string examination_text(const Examination& e) {
  std::string text = fmt::format("{:<12} {}\n", e.instrument, name_of(e.verdict));
  for (const std::string& finding : e.findings) text += fmt::format("  {}\n", finding);
  if (!e.reason.empty()) text += fmt::format("  {}\n", e.reason);
  if (e.verdict == Examination::Verdict::not_examined) text += "  with --allow-motion it is\n";
  return text;
}

}  // namespace

int run(const DoctorOptions& options) {
  const InterruptWatch interrupt;
  const auto scenario =
      scenarios::load_scenario(scenarios::resolve_scenario(options.scenario), options.common.overrides());
  const auto all = jobs::examine_rig(scenario, options.allow_motion, interrupt.token());
  if (options.common.json) {
    Json json = Json::array();
    for (const Examination& e : all) json.push_back(examination_json(e));
    print(json.dump(2) + "\n");
  } else {
    for (const Examination& e : all) print(examination_text(e));
  }
  const bool failed = std::any_of(all.begin(), all.end(),
                                  [](const Examination& e) { return e.verdict == Examination::Verdict::failed; });
  if (interrupt.requested()) return interrupted_status;
  return failed ? device_fault : success;
}

}  // namespace seccm::cli
