// Going on with a rig that has to be connected again: after a device fault that the policy lives with, and where a
// resumed run takes over from its journal.
#pragma once

#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// After a device fault: safe by now, and nothing may move before the rig has been connected again. Then parks.
void connect_again(ScanSession& session);

/// Behind a whole point, where the recorder says so: the journal of the run that ended is used up, or an earlier resume
/// took over here. Leaves a fault `files::taken_over`, connects, parks, and forgets where the surface is: the
/// tip comes down slowly from the top of the travel, as before the first contact. The places on the sample stay, and
/// a smart scan looks at its drift. A fault meanwhile ends the scan: no point is to be measured again for it.
void take_over_if_due(ScanSession& session);

}  // namespace seccm::scan
