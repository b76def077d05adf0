// The five roles of one rig, as the pipeline gets them: twin, hardware or replay behind each.
#pragma once

#include "instrument/roles/camera.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument {

struct Rig {
  Clock& clock;
  ProbeSequencer& sequencer;
  Camera& camera;
  Light& light;
};

}  // namespace seccm::instrument
