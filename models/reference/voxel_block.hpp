// A cluster of grains resolved in voxels as a part of the reference system: the equations of
// models/voxels/voxel_spec.hpp on its finite volumes in time, written anew. Shared with the fast engine is the geometry
// of the grid: which voxels are grains, which faces are wet, and the share w of a face h² that is true area. Internal
// to models/reference.
//
// Unknowns: the filling y_i of each voxel, and the flux q_f (over q0) out of each wetted face. Equations, h the edge:
//
//   y_i' = Σ_j l_ij (y_j - y_i) - Σ_f w_f q_f/h,      1/l = h [h/(2 D_i) + R_b + h/(2 D_j)]   D along the axis of the
//   pair y_s  = σ(ln a_e - z) + q_f h_k(z),  y_s = y_i - q_f w_f h/(2 D_i),   z = F(p - E0)/RT - w(y_s)
//
// R_b = 1/P between two grains, 0 within one; no link where it is infinite. h_k = 1/(k0 (κ_out + a_e κ_in)), as in
// formal_rate.hpp. The current is F c_max h² Σ w_f q_f.
#pragma once

#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/reference/branched_isotherm.hpp"
#include "models/reference/formal_rate.hpp"
#include "models/reference/host_block.hpp"
#include "models/reference/resolved_cluster.hpp"

namespace seccm::models {

class VoxelBlock final : public HostBlock {
 public:
  /// `unit`: q0, m/s.
  VoxelBlock(const ResolvedCluster& cluster, const CellSpec& cell, double unit, Unknowns& unknowns);

  void rows(const Around& around, std::span<const double> u, std::span<const double> du,
            std::span<double> r) const override;
  void entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const override;
  [[nodiscard]] double filling(std::span<const double> u) const override;
  void rest(double filling, std::span<double> u) const override;
  [[nodiscard]] std::optional<std::string> name(std::size_t unknown) const override;
  [[nodiscard]] std::size_t events() const override;
  void event(std::span<const double> u, std::span<double> g) const override;
  bool settle_branch(std::span<const double> u) override;
  void free_branch() override;
  void follow_branch(const HostBlock& other) override;

 private:
  struct Link {
    std::size_t a = 0, b = 0;  ///< unknowns
    double rate = 0.0;         ///< l, 1/s
  };
  struct Face {
    std::size_t filling = 0, flux = 0;  ///< unknowns
    double loss = 0.0;                  ///< q0 w/h, 1/s: what its voxel loses per unknown
    double depth = 0.0;                 ///< q0 w h/(2D): y_i - y_s per unknown
    BranchedIsotherm isotherm;
    [[nodiscard]] double surface(std::span<const double> u) const { return u[filling] - depth * u[flux]; }
  };
  void join(const ResolvedCluster& cluster, const std::vector<std::size_t>& unknown_of);
  void wet(const ResolvedCluster& cluster, const CellSpec& cell, const std::vector<std::size_t>& unknown_of);
  [[nodiscard]] FormalRate reaction(const Around& around, double w) const;

  std::array<std::size_t, 2> row_of_image_;  ///< nx, ny
  std::vector<std::size_t> voxels_;          ///< their places in the image
  std::vector<Link> links_;
  std::vector<Face> faces_;
  std::size_t first_ = 0, first_flux_ = 0;
  double unit_ = 1.0, f_, k0_, alpha_, E0_;
};

}  // namespace seccm::models
