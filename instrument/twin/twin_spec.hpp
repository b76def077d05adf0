// Everything a simulated rig is made of: one parameter struct per section of a scenario.
#pragma once

#include "instrument/twin/alignment_parameters.hpp"
#include "instrument/twin/amplifier_parameters.hpp"
#include "instrument/twin/stage_parameters.hpp"
#include "models/meniscus/meniscus_parameters.hpp"
#include "models/pipette/pipette_parameters.hpp"
#include "models/qrce/qrce.hpp"
#include "models/sample/sample_parameters.hpp"

namespace seccm::instrument::twin {

struct TwinSpec {
  models::SampleParameters sample;
  models::PipetteParameters pipette;
  models::ElectrolyteParameters electrolyte;
  models::MeniscusParameters meniscus;
  models::QrceParameters qrce;
  StageParameters stage;
  AmplifierParameters amplifier;
  AlignmentParameters alignment;
};

}  // namespace seccm::instrument::twin
