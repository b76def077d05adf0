#include "models/material/exchange_lanes.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/bracketed_root.hpp"
#include "sim/error.hpp"
#include "sim/multiversion.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

/// Without a film its terms, and the divisions that limit its moves, are left out: they cost a sixth of a cluster.
template <bool HasFilm, OpenCircuitLaw Law, RateLaw Kinetics>
SECCM_INLINE void linearise_lanes(const Law& law_given, const Kinetics& kinetics_given, const ExchangeLanes& h,
                                  const double* p, double* current, double* conductance) {
  const Law law = law_given;
  const Kinetics kinetics = kinetics_given;
  const double* a = h.a;
  const double* B = h.B;
  const double* k = h.k;
  const double* scale = h.scale;
  const double* film = h.film;
  double* y = h.y;
  double* dy0 = h.dy0;
  double* dyp = h.dyp;
  const double E0 = h.E0;
  const double f = h.f;
  const double activity = h.electrolyte_activity;
#pragma omp simd
  for (std::size_t l = 0; l < h.lanes; ++l) {
    const double stiffness = 1.0 / B[l];
    const double q = (y[l] - a[l]) * stiffness;
    const double resistance = HasFilm ? film[l] : 0.0;
    const Rate rate = insertion_rate(law, kinetics, k[l], activity, f * (p[l] - E0 - resistance * q), y[l]);
    const double by_potential = f * rate.by_potential;
    const double inverse = 1.0 / (rate.by_filling - stiffness - resistance * by_potential * stiffness);
    const double constant = (q - rate.flux) * inverse;
    const double slope = -by_potential * inverse;
    dy0[l] = constant;
    dyp[l] = slope;
    current[l] += scale[l] * (q + constant * stiffness);
    conductance[l] += scale[l] * slope * stiffness;
  }
}

SECCM_INLINE double absolute(double value) {
  return value < 0.0 ? -value : value;
}

SECCM_CLONES void run(const IdealLaw& law, const ButlerVolmerRate& kinetics, const ExchangeLanes& host, const double* p,
                      double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const IdealLaw& law, const ButlerVolmerRate& kinetics, const ExchangeLanes& host,
                                const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run(const FrumkinLaw& law, const ButlerVolmerRate& kinetics, const ExchangeLanes& host,
                      const double* p, double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const FrumkinLaw& law, const ButlerVolmerRate& kinetics, const ExchangeLanes& host,
                                const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run(const AnatasePlateauLaw& law, const ButlerVolmerRate& kinetics, const ExchangeLanes& host,
                      const double* p, double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const AnatasePlateauLaw& law, const ButlerVolmerRate& kinetics,
                                const ExchangeLanes& host, const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run(const IdealLaw& law, const MarcusHushChidseyRate& kinetics, const ExchangeLanes& host,
                      const double* p, double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const IdealLaw& law, const MarcusHushChidseyRate& kinetics, const ExchangeLanes& host,
                                const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run(const FrumkinLaw& law, const MarcusHushChidseyRate& kinetics, const ExchangeLanes& host,
                      const double* p, double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const FrumkinLaw& law, const MarcusHushChidseyRate& kinetics, const ExchangeLanes& host,
                                const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run(const AnatasePlateauLaw& law, const MarcusHushChidseyRate& kinetics, const ExchangeLanes& host,
                      const double* p, double* current, double* conductance) {
  linearise_lanes<false>(law, kinetics, host, p, current, conductance);
}
SECCM_CLONES void run_with_film(const AnatasePlateauLaw& law, const MarcusHushChidseyRate& kinetics,
                                const ExchangeLanes& host, const double* p, double* current, double* conductance) {
  linearise_lanes<true>(law, kinetics, host, p, current, conductance);
}

SECCM_CLONES double move_with_film(const ExchangeLanes& host, const double* dp, double limit, double longest_drop) {
  double* y = host.y;
  const double* B = host.B;
  const double* film = host.film;
  const double* dy0 = host.dy0;
  const double* dyp = host.dyp;
  const double f = host.f;
  const double last_bits = host.last_bits;
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t l = 0; l < host.lanes; ++l) {
    const double wanted = dy0[l] + dyp[l] * dp[l];
    // |film δq| <= longest_drop, without a division by a film that may be 0.
    const double drop = film[l] * absolute(wanted);
    const double allowed = longest_drop * absolute(B[l]);
    const double shortened = drop > allowed ? wanted * (allowed / drop) : wanted;
    const double low = shortened < -limit ? -limit : shortened;
    const double move = low > limit ? limit : low;
    y[l] += move;
    const double filled = absolute(move);
    // Volts of a thick film behind the last bits of a filling are no move.
    const double told = filled > last_bits ? filled - last_bits : 0.0;
    const double dropped = f * film[l] * told / absolute(B[l]);
    const double moved = filled > dropped ? filled : dropped;
    largest = moved > largest ? moved : largest;
  }
  return largest;
}

SECCM_CLONES double move(const ExchangeLanes& host, const double* dp, double limit) {
  double* y = host.y;
  const double* dy0 = host.dy0;
  const double* dyp = host.dyp;
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t l = 0; l < host.lanes; ++l) {
    const double wanted = dy0[l] + dyp[l] * dp[l];
    const double low = wanted < -limit ? -limit : wanted;
    const double moved = low > limit ? limit : low;
    y[l] += moved;
    largest = absolute(moved) > largest ? absolute(moved) : largest;
  }
  return largest;
}

SECCM_CLONES double flux_lanes(const ExchangeLanes& host, double* flux) {
  const double* a = host.a;
  const double* B = host.B;
  const double* y = host.y;
  const double* scale = host.scale;
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t l = 0; l < host.lanes; ++l) {
    flux[l] = (y[l] - a[l]) / B[l];
    sum += scale[l] * flux[l];
  }
  return sum;
}

void check_kinetics(const MaterialParameters& material) {
  const double film = material.film_resistance.si();
  if (!(std::isfinite(film) && film >= 0.0)) {
    throw InputError(fmt::format("[material] film_resistance = {} Ohm m^2; a finite value from 0 on is needed", film));
  }
  if (material.kinetics == KineticsKind::marcus_hush_chidsey && material.alpha != 0.5) {
    throw InputError(
        fmt::format("[material] alpha = {} with kinetics = \"marcus_hush_chidsey\": the law is symmetric, alpha = 0.5. "
                    "For another transfer coefficient take kinetics = \"butler_volmer\"",
                    material.alpha));
  }
}

}  // namespace

SurfaceReaction::SurfaceReaction(const MaterialParameters& material, double temperature)
    : SurfaceReaction(material.law,
                      material.law == IsothermKind::anatase_plateau ? material.plateau_solubility : material.g,
                      material.alpha) {
  check_kinetics(material);
  if (material.kinetics == KineticsKind::marcus_hush_chidsey) {
    marcus_ = std::make_shared<const MarcusHushChidsey>(material.reorganisation_energy.si() /
                                                        (constants::boltzmann * temperature));
  }
}

SurfaceReaction::SurfaceReaction(IsothermKind law, double law_parameter, double alpha) : law_(law), alpha_(alpha) {
  if (law == IsothermKind::frumkin) frumkin_.g = law_parameter;
  if (law == IsothermKind::anatase_plateau) plateau_ = AnatasePlateauLaw::with_solubility(law_parameter);
}

template <class Function>
auto SurfaceReaction::with_reaction(Function&& f) const {
  const auto with_kinetics = [&](const auto& law) {
    return marcus_ ? f(law, marcus_->rate()) : f(law, ButlerVolmerRate{alpha_});
  };
  switch (law_) {
    case IsothermKind::frumkin:
      return with_kinetics(frumkin_);
    case IsothermKind::anatase_plateau:
      return with_kinetics(plateau_);
    case IsothermKind::ideal:
      break;
  }
  return with_kinetics(IdealLaw{});
}

void SurfaceReaction::linearise(const ExchangeLanes& host, const double* p, double* current,
                                double* conductance) const {
  with_reaction([&](const auto& law, const auto& kinetics) {
    if (host.film == nullptr) {
      run(law, kinetics, host, p, current, conductance);
    } else {
      run_with_film(law, kinetics, host, p, current, conductance);
    }
  });
}

Rate SurfaceReaction::rate(double k0, double electrolyte_activity, double reduced_potential, double y) const {
  return with_reaction([&](const auto& law, const auto& kinetics) {
    return insertion_rate(law, kinetics, k0, electrolyte_activity, reduced_potential, y);
  });
}

void bracket_surface(const SurfaceReaction& reaction, const ExchangeLanes& host, std::size_t lane, double p) {
  const double film = host.film == nullptr ? 0.0 : host.film[lane];
  const auto left = [&](double y) {
    const double q = (y - host.a[lane]) / host.B[lane];
    return q - reaction.flux(host.k[lane], host.electrolyte_activity, host.f * (p - host.E0 - film * q), y);
  };
  host.y[lane] = sim::bracketed_root(left, 0.0, 1.0, 1e-14);
}

double update_surface(const ExchangeLanes& host, const double* dp, double limit, double longest_drop) {
  return host.film == nullptr ? move(host, dp, limit) : move_with_film(host, dp, limit, longest_drop);
}

double surface_fluxes(const ExchangeLanes& host, double* flux) {
  return flux_lanes(host, flux);
}

double film_of(const MaterialParameters& material, double wetted_fraction) {
  if (!(wetted_fraction > 0.0)) return 0.0;
  return constants::faraday * material.c_max.si() * material.film_resistance.si() / wetted_fraction;
}

}  // namespace seccm::models
