// The insertion reaction at the surface of one host of every particle, one Newton step in lanes.
//
// A host answers y_s = a + B q (B < 0; exact for a constant diffusivity, linearised otherwise). Its flux q (m/s, over
// the whole surface, outwards) passes the reaction and, in series, a film of resistance ρ:
//
//   q = N(y_s, p - ρ q),      ρ = F c_max R_film / (wetted fraction)       V per (m/s)
//
// with R_film in Ohm m² per true wetted area: i_wetted = F c_max q / (wetted fraction). The double layer and the
// surface redox sit at the particle's surface, before the film: they do not see it. Linearised at (y_s, p),
//
//   δy_s = dy0 + dyp δp,      current = scale (y_s + δy_s - a)/B.
//
// The moves of the film's voltage are limited like those of every potential: the rate law is exponential in it.
#pragma once

#include <cstddef>
#include <memory>

#include "models/material/marcus_hush_chidsey.hpp"
#include "models/material/material_parameters.hpp"
#include "models/material/open_circuit.hpp"
#include "models/material/rate_law.hpp"

namespace seccm::models {

struct ExchangeLanes {
  std::size_t lanes;
  const double* a;
  const double* B;
  const double* k;      ///< k0 times the wetted fraction, m/s
  const double* scale;  ///< current per flux, A per (m/s)
  const double* film;   ///< ρ, V per (m/s); null: no lane has a film
  double* y;
  double* dy0;
  double* dyp;
  double E0;
  double f;                           ///< F/(RT), 1/V
  double electrolyte_activity = 1.0;  ///< a_e of the cathodic branch
  double last_bits = 4e-15;           ///< what round-off leaves of y
};

/// The law and the kinetics that a material names, with the table of Marcus-Hush-Chidsey where it is wanted. Immutable;
/// copies share the table.
class SurfaceReaction {
 public:
  /// Throws InputError for kinetics that can not be: an α other than 1/2 or a reorganisation energy outside its range
  /// with marcus_hush_chidsey, a negative film resistance.
  SurfaceReaction(const MaterialParameters& material, double temperature);
  /// Any law and kinetics: for a second lattice, a surface redox.
  SurfaceReaction(IsothermKind law, double law_parameter, double alpha);

  /// Adds the host's linearised current (A) and its slope (A/V) at the particle potentials p; fills dy0 and dyp.
  void linearise(const ExchangeLanes& host, const double* p, double* current, double* conductance) const;
  /// N of one lane at the reaction's own potential (behind the film).
  [[nodiscard]] double flux(double k0, double electrolyte_activity, double reduced_potential, double y) const {
    return rate(k0, electrolyte_activity, reduced_potential, y).flux;
  }
  /// The same with its slopes.
  [[nodiscard]] Rate rate(double k0, double electrolyte_activity, double reduced_potential, double y) const;
  /// N is linear in y at a given potential: the ideal law.
  [[nodiscard]] bool linear() const { return law_ == IsothermKind::ideal; }

 private:
  template <class Function>
  auto with_reaction(Function&& f) const;

  IsothermKind law_;
  FrumkinLaw frumkin_;
  AnatasePlateauLaw plateau_;
  double alpha_;
  std::shared_ptr<const MarcusHushChidsey> marcus_;  ///< null: Butler-Volmer
};

/// Brackets y_s of one lane at its potential p: q = N(y_s, p - ρ q) has a root, for the rate is continuous in y_s.
void bracket_surface(const SurfaceReaction& reaction, const ExchangeLanes& host, std::size_t lane, double p);
/// Moves y_s by at most `limit`, and by no more than moves the film's voltage by `longest_drop` (V); returns the
/// largest.
double update_surface(const ExchangeLanes& host, const double* dp, double limit, double longest_drop);
/// flux = (y - a)/B, and returns Σ scale flux.
double surface_fluxes(const ExchangeLanes& host, double* flux);

/// ρ of one particle.
double film_of(const MaterialParameters& material, double wetted_fraction);

}  // namespace seccm::models
