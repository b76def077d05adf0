// From a landing to the electrochemical cell under it.
//
//   particles     those that are wet and electrically connected, each with its wetted share, its contact resistance and
//                 the mean filling that it kept from earlier landings. Wired as a network: all connected ones of their
//                 clusters, for the dry ones conduct as well, and take lithium through necks
//   gold          the wetted gold area
//   series R      truncated cone + the liquid between opening and surface (models/pipette); where salt moves in the
//                 cone that is the liquid's, which then has the footprint of the landing
//   ferrocene     i_lim of the cone, m/k0 = i_lim/(F π a_f² c k0)
// Stray capacitance is the amplifier's and not part of the cell. Failed wetting leaves no cell.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "instrument/twin/truth.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "models/cell/cell_spec.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/meniscus/landing.hpp"
#include "models/sample/sample_field.hpp"

namespace seccm::instrument::twin {

/// Mean y that a particle holds before the landing.
using FillingOf = std::function<double(int cluster, int particle)>;

/// A particle of the sample.
struct ParticleId {
  int cluster = 0;
  int particle = 0;
};

struct LandedCell {
  models::CellSpec cell;
  std::vector<ParticleId> particles;              ///< that the cell's are, in their order
  double wet_capacity = 0.0;                      ///< mol, of one lattice of the wet ones at y = 1
  double wet_filling = 0.0;                       ///< mean y of the wet ones, by volume
  std::optional<models::ElectrolyteSpec> liquid;  ///< where it changes
};

/// What every landing of a twin shares: laws, kinds and numerics, without particles, gold and liquid.
models::CellSpec cell_of_sample(const TwinSpec& spec);

/// Throws InputError where no landing could have a cell: laws and kinds that do not go together, or a size of particle
/// that they do not describe. Of the smallest and the largest particle that 99.7 % of the sample lie between.
void require_cell(const TwinSpec& spec);

/// Nothing when the contact wets nothing that lasts. `seed`: of the sample, for the necks of its clusters.
std::optional<LandedCell> landed_cell(const TwinSpec& spec, const models::SampleField& field,
                                      const models::Landing& landing, std::uint64_t seed, const FillingOf& filling);

/// Whether a wet particle has a place in the cell.
bool takes_part(const models::SampleField& field, const models::WettedParticle& wet);

/// The record of a landing as far as geometry knows it; times, potentials and x follow later.
LandingRecord landing_record(const TwinSpec& spec, const models::SampleField& field, const models::Landing& landing);

/// Share of the area of disc (x1, y1, d1) that disc (x2, y2, d2) covers; exact lens area.
double covered_share(double x1, double y1, double d1, double x2, double y2, double d2);

}  // namespace seccm::instrument::twin
