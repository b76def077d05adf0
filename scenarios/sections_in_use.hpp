// Which of the optional sections a scenario makes use of, and those that make a cell.
#pragma once

#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// voxels.source is not "none": the cluster is a label image.
bool has_voxels(const Scenario& scenario);

/// A run has to be made with the liquid of [electrolyte]: its transport or spreading is not "none".
bool has_electrolyte(const Scenario& scenario);

/// The sections that make a cell of a `simulate` job.
models::CellSections cell_sections(const Scenario& scenario);

}  // namespace seccm::scenarios
