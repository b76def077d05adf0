// Draws the cells of an ensemble. Counter-based streams keyed by (seed, parameter, cell): the draw of one parameter
// does not depend on what else is drawn, nor on the number of cells or threads.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/ensemble/ensemble.hpp"
#include "models/ensemble/ensemble_parameters.hpp"

namespace seccm::models {

/// What was drawn, SI.
struct DrawnCell {
  double D = 0.0, k0 = 0.0, radius = 0.0, contact_resistance = 0.0, double_layer = 0.0, scan_rate = 0.0, E0 = 0.0,
         alpha = 0.0, g = 0.0;
};

struct DrawnEnsemble {
  EnsembleSpec spec;
  std::vector<DrawnCell> drawn;
};

/// `base` carries all that is not drawn; `scan_rate` is that of the program, from which a drawn one stretches the time.
/// The mesh is shared and resolves the thinnest diffusion layer of all cells. Throws InputError for a range without two
/// rising ends, a range beside a spread, a drawn value outside what a cell accepts.
DrawnEnsemble draw_ensemble(const CellSpec& base, const EnsembleParameters& parameters, double scan_rate,
                            std::uint64_t seed);

}  // namespace seccm::models
