// The contacts and necks of a cluster (models/network/network_spec.hpp) as a part of the reference system. Internal to
// models/reference.
//
// The drop d_k = E - p_k of each particle is an unknown of the system; its row is Kirchhoff's law,
//
//   Σ_j g_kj (d_k - d_j) + g_k0 (d_k - (E - φ)) = i_k                             over G_k, the sum of g_k at rest
//
// g = 1/[R_interface + 1/(4aσ(y_i)) + 1/(4aσ(y_j))] with the fillings y at the surfaces. A neck adds to the flux out of
// the surface of k what it passes, w (y_k - y_j)/A_k, beside that of the electrode.
#pragma once

#include <span>
#include <vector>

#include "models/network/network_spec.hpp"
#include "models/reference/host_block.hpp"
#include "models/reference/jacobian_assembler.hpp"

namespace seccm::models {

class NetworkBlock {
 public:
  /// A particle as the network sees it.
  struct Node {
    std::size_t drop = 0;
    std::size_t surface = 0;          ///< filling of the first lattice
    const HostBlock* host = nullptr;  ///< that lattice
    double area = 0.0;                ///< m²
    double resistance = 0.0;          ///< 1/G_k, Ohm
  };

  explicit NetworkBlock(NetworkSpec network) : network_(std::move(network)) {}

  /// 1/G_k of each particle at these fillings, Ohm.
  [[nodiscard]] std::vector<double> resistances(std::span<const double> filling) const;
  void set_nodes(std::vector<Node> nodes) { nodes_ = std::move(nodes); }

  /// Sets the rows of the drops, without their currents, and adds the necks to the rows of the hosts. `metal`: φ = E +
  /// slope u.
  void rows(UnknownColumn metal, bool intercalating, std::span<const double> u, std::span<double> r) const;
  void entries(JacobianAssembler& jacobian, UnknownColumn metal, bool intercalating, std::span<const double> u) const;

 private:
  struct Conductance {
    double value = 0.0;
    double by_first = 0.0, by_second = 0.0;  ///< d/dy
  };
  [[nodiscard]] Conductance conductance(const NetworkContact& contact, double y_first, double y_second) const;
  [[nodiscard]] const Node& node(int k) const { return nodes_[static_cast<std::size_t>(k)]; }

  NetworkSpec network_;
  std::vector<Node> nodes_;
};

}  // namespace seccm::models
