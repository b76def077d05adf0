// Section [cluster]: how the particles of an electrode are joined.
#pragma once

#include <array>
#include <string_view>

#include "models/network/network_spec.hpp"
#include "sim/parameter.hpp"

namespace seccm::models {

/// alike: [cell] particles, each as [cell] says. packed: a pile grown from [sample], its median radius that of [cell].
enum class ParticleArrangement { alike, packed };
inline constexpr std::array<std::string_view, 2> arrangement_names{"alike", "packed"};

/// star: each particle behind one resistance of its own, that of its best chain of contacts to the gold. network: all
/// contacts, Kirchhoff's law.
enum class WiringKind { star, network };
inline constexpr std::array<std::string_view, 2> wiring_names{"star", "network"};

/// What to do with particles that no chain of contacts joins to the gold.
enum class IsolatedParticles { refuse, drop };
inline constexpr std::array<std::string_view, 2> isolated_names{"refuse", "drop"};

/// unlimited: contacts have their interface resistance only. lithiation: and the constriction in both particles, whose
/// conductivity rises with the filling at the surface.
enum class ConductionKind { unlimited, lithiation };
inline constexpr std::array<std::string_view, 2> conduction_names{"unlimited", "lithiation"};

struct ClusterParameters {
  ParticleArrangement particles = ParticleArrangement::alike;
  WiringKind wiring = WiringKind::star;
  IsolatedParticles isolated = IsolatedParticles::refuse;
  long long number = 0;  ///< which pile of the seed
  ConductionKind conduction = ConductionKind::unlimited;
  Conductivity conductivity_pristine{1e-10};
  Conductivity conductivity_lithiated{1e-2};
  double full_conduction_filling = 0.2;
  double neck_share = 0.0;  ///< of the particle-particle contacts
  Diffusivity neck_diffusivity = 1e-13 * unit::cm2_per_s;
  Length neck_length{0.0};

  static void visit(ParameterVisitor& v, ClusterParameters& p);
};

ConductivityLaw conductivity_law(const ClusterParameters& parameters);

/// w = D π a²/(l + π a/2), m³/s, of a neck of radius a.
double neck_exchange(const ClusterParameters& parameters, double radius);

}  // namespace seccm::models
