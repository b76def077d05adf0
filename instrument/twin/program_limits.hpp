// What the twin's controller accepts: the hard limits of a program, before anything moves.
#pragma once

#include <optional>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/twin/program_run.hpp"
#include "instrument/twin/stage_parameters.hpp"

namespace seccm::instrument::twin {

/// Height above which lateral moves are allowed, m: last contact + clearance, never more than the top minus
/// free_travel.
double lateral_height(const StageParameters& stage, std::optional<double> last_contact_z);

/// The first offence of a program that starts from `from`, naming waypoint, value and what is accepted.
std::optional<Error> program_offence(const Program& program, const Limits& limits, const Applied& from,
                                     double safe_height);
/// Duration of an acceptable program.
DryRun program_cost(const Program& program, const Applied& from, const TimeBase& base);

}  // namespace seccm::instrument::twin
