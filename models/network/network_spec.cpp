#include "models/network/network_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

void require(bool fine, const std::string& message) {
  if (!fine) throw InputError(message);
}

void require_particle(int k, std::size_t particles, std::string_view what, std::size_t number) {
  require(k >= 0 && static_cast<std::size_t>(k) < particles,
          fmt::format("network: {} {} names particle {}; accepted are 0 to {}", what, number, k, particles - 1));
}

void check_contact(const NetworkContact& c, std::size_t number, std::size_t particles, const ConductivityLaw& law) {
  require_particle(c.first, particles, "contact", number);
  if (c.second != on_gold) require_particle(c.second, particles, "contact", number);
  require(c.first != c.second, fmt::format("network: contact {} joins particle {} with itself", number, c.first));
  require(c.interface_resistance >= least_resistance && c.interface_resistance <= 1e30,
          fmt::format("network: interface resistance of contact {} = {:.6g} Ohm; accepted are {} to 1e30 Ohm", number,
                      c.interface_resistance, least_resistance));
  require(!law.limited || (c.radius > 0.0 && c.radius < 1.0),
          fmt::format("network: radius of contact {} = {:.6g} m; a value above 0 and below 1 m is needed for its "
                      "constriction (conduction = \"lithiation\")",
                      number, c.radius));
}

void check_neck(const Neck& neck, std::size_t number, std::size_t particles) {
  require_particle(neck.first, particles, "neck", number);
  require_particle(neck.second, particles, "neck", number);
  require(neck.first != neck.second, fmt::format("network: neck {} joins particle {} with itself", number, neck.first));
  require(neck.exchange >= 0.0 && std::isfinite(neck.exchange),
          fmt::format("network: exchange of neck {} = {:.6g} m^3/s; a finite value of at least 0 is needed", number,
                      neck.exchange));
}

std::string list_of(std::span<const int> particles) {
  std::string names;
  for (std::size_t k = 0; k < std::min<std::size_t>(particles.size(), 8); ++k)
    names += (k > 0 ? ", " : "") + std::to_string(particles[k]);
  return particles.size() > 8 ? names + ", ..." : names;
}

/// The representative of the set that k belongs to (union-find).
int root_of(std::vector<int>& parent, int k) {
  auto at = [&parent](int i) -> int& { return parent[static_cast<std::size_t>(i)]; };
  while (at(k) != k) {
    at(k) = at(at(k));
    k = at(k);
  }
  return k;
}

}  // namespace

double ConductivityLaw::at(double y) const {
  const double s = std::clamp(y / full_filling, 0.0, 1.0);
  return pristine * std::pow(lithiated / pristine, s);
}

std::vector<int> isolated_particles(std::span<const NetworkContact> contacts, std::size_t particles) {
  std::vector<int> parent(particles + 1);  // the last one is the gold
  std::iota(parent.begin(), parent.end(), 0);
  const auto gold = static_cast<int>(particles);
  for (const NetworkContact& c : contacts) {
    const int a = root_of(parent, c.first);
    const int b = root_of(parent, c.second == on_gold ? gold : c.second);
    parent[static_cast<std::size_t>(a)] = b;
  }
  std::vector<int> isolated;
  for (int k = 0; k < gold; ++k) {
    if (root_of(parent, k) != root_of(parent, gold)) isolated.push_back(k);
  }
  return isolated;
}

void check_network(const NetworkSpec& network, std::size_t particles) {
  const ConductivityLaw& law = network.conductivity;
  if (law.limited) {
    require(law.pristine > 0.0 && law.lithiated > 0.0 && law.pristine < 1e12 && law.lithiated < 1e12,
            fmt::format("network: conductivity from {:.6g} to {:.6g} S/m; values above 0 and below 1e12 are needed",
                        law.pristine, law.lithiated));
    require(
        law.full_filling > 0.0 && law.full_filling <= 1.0,
        fmt::format("network: filling of full conductivity = {:.6g}; accepted is a value in (0, 1]", law.full_filling));
  }
  for (std::size_t k = 0; k < network.contacts.size(); ++k) check_contact(network.contacts[k], k, particles, law);
  for (std::size_t k = 0; k < network.necks.size(); ++k) check_neck(network.necks[k], k, particles);
  const std::vector<int> isolated = isolated_particles(network.contacts, particles);
  if (isolated.empty()) return;
  throw InputError(fmt::format(
      "network: {} of {} particles (number {}) have no path of contacts to the gold, so that their potential is "
      "undetermined and Kirchhoff's equations are singular; accepted is a network in which every particle reaches the "
      "gold: take the others out with [cluster] isolated = \"drop\", or set [sample] dead_fraction = 0 and a dense "
      "packing",
      isolated.size(), particles, list_of(isolated)));
}

void remove_particles(NetworkSpec& network, std::span<const int> removed, std::size_t particles) {
  std::vector<int> number(particles, 0);
  for (const int k : removed) number[static_cast<std::size_t>(k)] = -2;
  int next = 0;
  for (int& k : number) {
    if (k == 0) k = next++;
  }
  const auto renumber = [&number](int k) { return k == on_gold ? on_gold : number[static_cast<std::size_t>(k)]; };
  const auto apply = [&renumber](auto& links) {
    for (auto& link : links) {
      link.first = renumber(link.first);
      link.second = renumber(link.second);
    }
    std::erase_if(links, [](const auto& link) { return link.first == -2 || link.second == -2; });
  };
  apply(network.contacts);
  apply(network.necks);
}

}  // namespace seccm::models
