#include "models/micrograph/micrograph_parameters.hpp"

namespace seccm::models {
namespace {

void visit_beam(ParameterVisitor& v, MicrographParameters& p) {
  v({.key = "pixel_size",
     .unit = "nm",
     .low = 1,
     .high = 100,
     .grade = Grade::choice,
     .source = "resolves 50 nm particles",
     .text = "Pixel size"},
    p.pixel_size);
  v({.key = "beam_diameter",
     .unit = "nm",
     .low = 0,
     .high = 100,
     .grade = Grade::recalled,
     .source = "field-emission microscopes: 1-5 nm",
     .text = "Full width at half maximum of the beam"},
    p.beam_diameter);
  v({.key = "edge_limit",
     .low = 1,
     .high = 20,
     .grade = Grade::choice,
     .source = "escape depth against radius of curvature",
     .text = "Largest 1/cos of the surface tilt that still adds brightness"},
    p.edge_limit);
  v({.key = "electrons_per_grey",
     .low = 0.1,
     .high = 1e4,
     .grade = Grade::choice,
     .source = "signal to noise of a slow scan",
     .text = "Detected electrons per grey level: shot noise"},
    p.electrons_per_grey);
}

void visit_everhart_thornley(ParameterVisitor& v, MicrographParameters& p) {
  v({.key = "grey_gold",
     .low = 0,
     .high = 255,
     .grade = Grade::choice,
     .source = "thin film on glass",
     .text = "Everhart-Thornley grey of bare gold"},
    p.grey_gold);
  v({.key = "grey_thick",
     .low = 0,
     .high = 255,
     .grade = Grade::choice,
     .source = "free",
     .text = "Everhart-Thornley grey of TiO2 thick against thickness_scale"},
    p.grey_thick);
  v({.key = "thickness_scale",
     .unit = "nm",
     .low = 50,
     .high = 5000,
     .grade = Grade::recalled,
     .source = "a fifth of the Kanaya-Okayama range of 2.3 um in TiO2 at 20 kV",
     .text = "Thickness of dense TiO2 over which the Everhart-Thornley grey saturates"},
    p.thickness_scale);
  v({.key = "edge_gain",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "topographic contrast is weak at 20 kV",
     .text = "Everhart-Thornley brightness per (1/cos tilt - 1), over grey_thick - grey_gold"},
    p.edge_gain);
}

void visit_in_lens(ParameterVisitor& v, MicrographParameters& p) {
  v({.key = "in_lens_gold",
     .low = 0,
     .high = 255,
     .grade = Grade::choice,
     .source = "free",
     .text = "In-lens grey of clean gold"},
    p.in_lens_gold);
  v({.key = "in_lens_titania",
     .low = 0,
     .high = 255,
     .grade = Grade::choice,
     .source = "free",
     .text = "In-lens grey of a level TiO2 surface"},
    p.in_lens_titania);
  v({.key = "in_lens_residue",
     .low = 0,
     .high = 255,
     .grade = Grade::choice,
     .source = "the paper: the in-lens detector highlights the residue; the sign is a choice",
     .text = "In-lens grey of thick residue"},
    p.in_lens_residue);
  v({.key = "in_lens_edge_gain",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "secondary electron yield grows as 1/cos tilt",
     .text = "In-lens brightness per (1/cos tilt - 1), over the grey of the surface"},
    p.in_lens_edge_gain);
  v({.key = "residue_scale",
     .unit = "nm",
     .low = 0.5,
     .high = 100,
     .grade = Grade::recalled,
     .source = "escape depth and range at 1 kV",
     .text = "Residue thickness over which the in-lens grey saturates"},
    p.residue_scale);
}

}  // namespace

void MicrographParameters::visit(ParameterVisitor& v, MicrographParameters& p) {
  visit_beam(v, p);
  visit_everhart_thornley(v, p);
  visit_in_lens(v, p);
}

}  // namespace seccm::models
