// What a replay accepts: programs within the recorded limits that ask for what was recorded next.
//
// Numbers agree when they differ by at most 1e-9 of the larger: what another compiler or machine may make of the same
// frames, and a thousandth of the last bit of any channel.
#pragma once

#include <optional>
#include <string>

#include "files/records.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::replay {

/// The first difference in words, with units: "waypoint 2: z = 12 um, recorded 12.5 um"; nothing when they agree.
std::optional<std::string> first_difference(const Program& asked, const files::ProgramRecord& recorded);

/// True when `recorded` and `asked` agree as above.
bool agree(double asked, double recorded);

/// Duration (upper bound) and frames of a program that starts at `from`; `limit_rejected` names waypoint, value and
/// what is accepted. Lateral moves near the surface are the interlock guard's business.
Result<DryRun> dry_run(const Program& program, const Limits& limits, const SequencerStatus& from,
                       double frame_interval);

}  // namespace seccm::instrument::replay
