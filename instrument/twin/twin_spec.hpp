// Everything a simulated rig is made of: one parameter struct per section of a scenario.
#pragma once

#include "instrument/twin/alignment_parameters.hpp"
#include "instrument/twin/amplifier_parameters.hpp"
#include "instrument/twin/source_meter_parameters.hpp"
#include "instrument/twin/stage_parameters.hpp"
#include "instrument/twin/tip_parameters.hpp"
#include "models/cell/cell_spec.hpp"
#include "models/material/material_parameters.hpp"
#include "models/meniscus/meniscus_parameters.hpp"
#include "models/micrograph/micrograph_parameters.hpp"
#include "models/network/cluster_parameters.hpp"
#include "models/optics/camera_parameters.hpp"
#include "models/optics/optics_parameters.hpp"
#include "models/particle/particle_parameters.hpp"
#include "models/particle/phase_field_parameters.hpp"
#include "models/pipette/pipette_parameters.hpp"
#include "models/qrce/qrce.hpp"
#include "models/sample/sample_parameters.hpp"

namespace seccm::instrument::twin {

struct TwinSpec {
  models::SampleParameters sample;
  models::MaterialParameters material;
  models::ParticleParameters particle;
  models::PhaseFieldParameters phase_field;
  models::ClusterParameters cluster;  ///< wiring of the particles
  models::DoubleLayerParameters double_layer;
  models::SurfaceRedoxParameters surface_redox;
  models::WaterReductionParameters water_reduction;
  models::NumericsParameters numerics;  ///< fastest_scan_rate: of the programs that will run
  models::PipetteParameters pipette;
  models::ElectrolyteParameters electrolyte;
  models::MeniscusParameters meniscus;
  models::QrceParameters qrce;
  models::OpticsParameters optics;
  models::CameraParameters camera;
  models::MicrographParameters micrograph;
  StageParameters stage;
  AmplifierParameters amplifier;
  SourceMeterParameters source_meter;
  TipParameters tip;
  AlignmentParameters alignment;
};

}  // namespace seccm::instrument::twin
