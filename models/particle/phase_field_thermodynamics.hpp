// The regular solution without gradients: g(y)/kT = y ln y + (1-y) ln(1-y) + Ω y(1-y), Ω in kT.
//
//   μ/kT = ln(y/(1-y)) + Ω(1-2y),   U = E_p - (RT/F) μ/kT
//   binodal:  Ω = ln((1-y_a)/y_a)/(1-2 y_a)      both phases at U = E_p
//   spinodal: y_s = (1 - sqrt(1 - 2/Ω))/2        a uniform particle stays uniform up to there: U = E_p ∓ hysteresis
//   chemical diffusivity D0 [1 - 2Ω y(1-y)], negative inside the spinodal
#pragma once

namespace seccm::models {

/// μ/kT of the homogeneous solution; y in (0,1).
double regular_solution_potential(double omega, double y);
/// y_a of the lithium-poor coexisting phase; 1/2 where there is no gap (Ω <= 2).
double binodal_filling(double omega);
/// Ω of a given solubility y_a in (0, 1/2).
double interaction_for_solubility(double y_a);
/// y_s of the lithium-poor side; 1/2 where there is none.
double spinodal_filling(double omega);
/// |μ(y_s)|/kT, 0 without a gap: half of the intrinsic hysteresis in RT/F.
double spinodal_barrier(double omega);
/// sqrt(κ/(ρ_s Ω kT)), m: κ J/m, site density 1/m^3.
double interface_width(double kappa, double site_density, double omega, double temperature);

}  // namespace seccm::models
