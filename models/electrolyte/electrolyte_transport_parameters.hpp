// The keys of [electrolyte] that say how salt moves in the pipette and what the meniscus does meanwhile.
#pragma once

#include <array>
#include <string_view>

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

enum class SaltTransport {
  none,  ///< concentration, activity and resistance never change
  cone,  ///< binary salt in the truncated cone and the droplet (models/electrolyte/salt_column.hpp)
};
inline constexpr std::array<std::string_view, 2> salt_transport_names{"none", "cone"};

/// Laws of D, κ, t+ and the thermodynamic factor (models/electrolyte/salt_properties.hpp).
enum class SaltLaw { constant, dilute, landesfeind };
inline constexpr std::array<std::string_view, 3> salt_law_names{"constant", "dilute", "landesfeind"};

/// Where the cone ends: R1, R2, R3 of docs/physics-electrolyte.md.
enum class ConeEnd { cap, flat, below_meniscus };
inline constexpr std::array<std::string_view, 3> cone_end_names{"cap", "flat", "below_meniscus"};

enum class Spreading { none, exponential, power };
inline constexpr std::array<std::string_view, 3> spreading_names{"none", "exponential", "power"};

struct SaltTransportParameters {
  SaltTransport transport = SaltTransport::none;
  SaltLaw properties = SaltLaw::landesfeind;
  double thermodynamic_factor = 2.15;  ///< 1 + dln f/dln c of the law `constant`
  ConeEnd cone_end = ConeEnd::cap;
  Concentration solubility = 3.5 * unit::mol_per_L;
  double evaporation = 0.0;  ///< m^3/s of solvent lost at the rim; "0.02 pL/s" in a scenario
  int cells = 80;            ///< of the cone's mesh
  Spreading spreading = Spreading::none;
  double spreading_ratio = 1.5;  ///< a_f(∞)/a_f(0) of `exponential`
  Time spreading_time = 60.0 * unit::s;
  double spreading_exponent = 0.1;  ///< n of `power`
  Potential gold_pzc{3.2};          ///< of the freshly wetted gold, vs Li/Li+

  static void visit(ParameterVisitor& v, SaltTransportParameters& p);
};

}  // namespace seccm::models
