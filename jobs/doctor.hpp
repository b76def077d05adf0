// Looks at the instruments that a scenario's [hardware] and [wecspm] name: who they are, what they can, how steady and
// how quick they are. Each is examined by itself; one that fails does not keep the others from it.
//
// Without consent nothing is sent that can move anything: a stage whose servo is off, and the sequencer (whose
// connection moves it), are then looked at from outside only.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace seccm::jobs {

struct Examination {
  enum class Verdict { fine, not_examined, failed };
  std::string instrument;  ///< "sequencer", "stage", "source meter", "camera", "light"
  Verdict verdict = Verdict::fine;
  std::string reason;                 ///< why it was not examined or what failed
  std::vector<std::string> findings;  ///< one sentence each, up to where it failed
};

/// Every instrument that the scenario names, in the order of a rig; none named: InputError, as for values that a driver
/// does not accept.
std::vector<Examination> examine_rig(const scenarios::Scenario& scenario, bool allow_motion,
                                     const std::stop_token& stop);

}  // namespace seccm::jobs
