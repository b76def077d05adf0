// The [micrograph] section: the scanning electron microscope that looks at the sample after the measurement.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

struct MicrographParameters {
  Length pixel_size = 8.0 * unit::nm;
  Length beam_diameter = 5.0 * unit::nm;  ///< full width at half maximum

  double grey_gold = 60.0;
  double grey_thick = 220.0;
  Length thickness_scale = 400.0 * unit::nm;
  double edge_gain = 0.02;

  double in_lens_gold = 120.0;
  double in_lens_titania = 165.0;
  double in_lens_residue = 60.0;
  double in_lens_edge_gain = 0.15;
  Length residue_scale = 5.0 * unit::nm;

  double edge_limit = 4.0;
  double electrons_per_grey = 10.0;

  static void visit(ParameterVisitor& v, MicrographParameters& p);
};

}  // namespace seccm::models
