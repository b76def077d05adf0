// How the particles of a cluster are joined: electrical contacts with one another and with the gold, and sintered necks
// through which lithium passes.
//
// A contact is a fixed interface resistance in series with the constriction of the current towards a spot of radius a
// (Holm: 1/(4σa) on each side, 1/(2σa) in all for two equal sides; the gold side has none):
//
//   1/g = R_interface + 1/(4 a σ_i) + 1/(4 a σ_j),      σ(y) = σ0 (σ1/σ0)^s,   s = min(max(y/y1, 0), 1)
//
// with y the filling at the surface of the particle, where the current crowds. A neck passes lithium from i to j,
//
//   J_ij = w c_max (y_s,i - y_s,j)        mol/s,    w = D_neck π a²/(l + π a/2),
//
// l the length (or an equivalent grain boundary) of the neck and π a/2 what the constriction on both sides adds: w = 2
// a D_neck for l = 0. Driven by the surface fillings: ideal mixing inside the neck.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace seccm::models {

inline constexpr int on_gold = -1;

/// Ohm: below it differences of potential drown in round-off.
inline constexpr double least_resistance = 1.0;

struct NetworkContact {
  int first = 0;
  int second = on_gold;             ///< a particle, or on_gold
  double interface_resistance = 0;  ///< Ohm, > 0
  double radius = 0;                ///< a, m
};

struct Neck {
  int first = 0;
  int second = 0;
  double exchange = 0;  ///< w, m³/s
};

/// σ(y), S/m.
struct ConductivityLaw {
  bool limited = false;       ///< false: the constrictions have no resistance
  double pristine = 1e-10;    ///< σ0
  double lithiated = 1.0;     ///< σ1
  double full_filling = 0.5;  ///< y1: σ1 from there on

  [[nodiscard]] double at(double y) const;
};

struct NetworkSpec {
  std::vector<NetworkContact> contacts;
  std::vector<Neck> necks;
  ConductivityLaw conductivity;
};

/// Throws InputError for a contact or neck of a particle that is not there, a value outside its range, and a particle
/// without a path to the gold: its potential would be undetermined. The message names such particles and the remedy.
void check_network(const NetworkSpec& network, std::size_t particles);

/// Particles without a path of contacts to the gold, ascending.
std::vector<int> isolated_particles(std::span<const NetworkContact> contacts, std::size_t particles);

/// Takes the given particles (ascending) and their contacts and necks out, and renumbers the others.
void remove_particles(NetworkSpec& network, std::span<const int> removed, std::size_t particles);

}  // namespace seccm::models
