// What the twin knows -> the records of the truth file.
#pragma once

#include "instrument/twin/truth.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

/// The position of a landing is where its footprint truly lies, expressed as the commanded stage position that pointed
/// there at t = 0; drift and stage errors are in the difference to the commanded one.
validation::TrueLanding landing_of(const instrument::twin::LandingRecord& landing,
                                   const instrument::twin::Affine& stage_to_field);

/// With the landings that `truth` holds, in the order of their contact.
validation::Truth truth_of(const scenarios::Scenario& scenario, const instrument::twin::TwinTruth& truth);

}  // namespace seccm::jobs
