// The electrochemical cell under one meniscus: everything another box needs.
#pragma once

#include "models/cell/cell_model.hpp"
#include "models/cell/cell_scenario.hpp"
#include "models/cell/cell_spec.hpp"
#include "models/cell/cell_state.hpp"
#include "models/cell/cell_stepper.hpp"
#include "models/cell/program_parameters.hpp"
#include "models/engine/simulate.hpp"
