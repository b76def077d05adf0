#include "models/reference/voxel_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {

VoxelBlock::VoxelBlock(const ResolvedCluster& cluster, const CellSpec& cell, double unit, Unknowns& unknowns)
    : row_of_image_{static_cast<std::size_t>(cluster.image->nx), static_cast<std::size_t>(cluster.image->ny)},
      unit_(unit),
      f_(constants::faraday / (constants::gas * cell.temperature)),
      k0_(cell.material.k0.si()),
      alpha_(cell.material.alpha),
      E0_(cell.material.E0.si()) {
  const std::vector<std::uint8_t>& solid = cluster.grid->solid();
  std::vector<std::size_t> unknown_of(solid.size(), 0);
  first_ = unknowns.append(cluster.grid->voxels(), true);
  for (std::size_t i = 0; i < solid.size(); ++i) {
    if (solid[i] == 0) continue;
    unknown_of[i] = first_ + voxels_.size();
    voxels_.push_back(i);
  }
  first_flux_ = unknowns.append(cluster.grid->faces().size(), false);
  join(cluster, unknown_of);
  wet(cluster, cell, unknown_of);
}

void VoxelBlock::join(const ResolvedCluster& cluster, const std::vector<std::size_t>& unknown_of) {
  const LabelImage& image = *cluster.image;
  const double h = image.edge;
  const std::array<std::size_t, 3> size{row_of_image_[0], row_of_image_[1], static_cast<std::size_t>(image.nz)};
  const std::array<std::size_t, 3> stride{1, size[0], size[0] * size[1]};
  for (const std::size_t i : voxels_) {
    for (std::size_t a = 0; a < 3; ++a) {
      const std::size_t j = i + stride[a];
      if ((i / stride[a]) % size[a] + 1 == size[a] || cluster.grid->solid()[j] == 0) continue;
      const bool boundary = image.labels[i] != image.labels[j];
      const double half_cells =
          0.5 * h / cluster.grain_D[image.labels[i] - 1U][a] + 0.5 * h / cluster.grain_D[image.labels[j] - 1U][a];
      const double resistance = half_cells + (boundary ? cluster.boundary_resistance : 0.0);
      if (std::isinf(resistance)) continue;
      links_.push_back({.a = unknown_of[i], .b = unknown_of[j], .rate = 1.0 / (h * resistance)});
    }
  }
}

void VoxelBlock::wet(const ResolvedCluster& cluster, const CellSpec& cell, const std::vector<std::size_t>& unknown_of) {
  const double h = cluster.edge();
  const double charge = constants::faraday * cell.material.c_max.si();
  const BranchedIsotherm isotherm(cell.material);
  for (const WettedFace& wetted : cluster.grid->faces()) {
    const double w = wetted.weight;
    const double D = cluster.grain_D[cluster.image->labels[wetted.cell] - 1U][wetted.axis];
    const Face face{.filling = unknown_of[wetted.cell],
                    .flux = first_flux_ + faces_.size(),
                    .loss = unit_ * w / h,
                    .depth = unit_ * w * h / (2.0 * D),
                    .isotherm = isotherm};
    faces_.push_back(face);
    fluxes_.push_back({face.flux, charge * h * h * w * unit_});
  }
}

FormalRate VoxelBlock::reaction(const Around& around, double w) const {
  return butler_volmer_rate(k0_, alpha_, f_ * (around.p - E0_) - w, around.activity.log);
}

void VoxelBlock::rows(const Around& around, std::span<const double> u, std::span<const double> du,
                      std::span<double> r) const {
  for (std::size_t k = first_; k < first_ + voxels_.size(); ++k) r[k] = du[k];
  for (const Link& link : links_) {
    const double passed = link.rate * (u[link.a] - u[link.b]);
    r[link.a] += passed;
    r[link.b] -= passed;
  }
  for (const Face& face : faces_) {
    r[face.filling] += face.loss * u[face.flux];
    const double y_s = face.surface(u);
    const FormalRate rate = reaction(around, face.isotherm.excess(y_s).value);
    r[face.flux] = y_s - rate.formal - unit_ * u[face.flux] * rate.lag;
  }
}

void VoxelBlock::entries(JacobianAssembler& jacobian, const Around& around, std::span<const double> u) const {
  for (std::size_t k = first_; k < first_ + voxels_.size(); ++k) jacobian.add(k, k, 0.0, 1.0);
  for (const Link& link : links_) {
    jacobian.add(link.a, link.a, link.rate);
    jacobian.add(link.a, link.b, -link.rate);
    jacobian.add(link.b, link.a, -link.rate);
    jacobian.add(link.b, link.b, link.rate);
  }
  for (const Face& face : faces_) {
    jacobian.add(face.filling, face.flux, face.loss);
    const Excess w = face.isotherm.excess(face.surface(u));
    const FormalRate rate = reaction(around, w.value);
    const double q = unit_ * u[face.flux];
    const double by_z = rate.by_z(q);
    const double by_surface = 1.0 - by_z * w.slope;
    jacobian.add(face.flux, face.filling, by_surface);
    jacobian.add(face.flux, face.flux, -by_surface * face.depth - unit_ * rate.lag);
    jacobian.add(face.flux, around.potential.unknown, by_z * f_ * around.potential.slope);
    if (const auto& salt = around.activity.column) {
      jacobian.add(face.flux, salt->unknown, rate.by_salt(q) * salt->slope);
    }
  }
}

double VoxelBlock::filling(std::span<const double> u) const {
  double sum = 0.0;
  for (std::size_t k = first_; k < first_ + voxels_.size(); ++k) sum += u[k];
  return sum / static_cast<double>(voxels_.size());
}

void VoxelBlock::rest(double filling, std::span<double> u) const {
  for (std::size_t k = first_; k < first_ + voxels_.size(); ++k) u[k] = filling;
}

std::optional<std::string> VoxelBlock::name(std::size_t unknown) const {
  const auto place = [this](std::size_t i) {
    const auto [nx, ny] = row_of_image_;
    return fmt::format("voxel ({}, {}, {})", i % nx, i / nx % ny, i / nx / ny);
  };
  if (unknown >= first_ && unknown < first_ + voxels_.size()) {
    return fmt::format("the filling of {}", place(voxels_[unknown - first_]));
  }
  if (unknown >= first_flux_ && unknown < first_flux_ + faces_.size()) {
    const std::size_t voxel = faces_[unknown - first_flux_].filling - first_;
    return fmt::format("the flux of a wetted face of {}", place(voxels_[voxel]));
  }
  return std::nullopt;
}

std::size_t VoxelBlock::events() const {
  std::size_t n = 0;
  for (const Face& face : faces_) n += face.isotherm.events();
  return n;
}

void VoxelBlock::event(std::span<const double> u, std::span<double> g) const {
  std::size_t n = 0;
  for (const Face& face : faces_) {
    face.isotherm.event(face.surface(u), g.subspan(n));
    n += face.isotherm.events();
  }
}

bool VoxelBlock::settle_branch(std::span<const double> u) {
  bool changed = false;
  for (Face& face : faces_) changed = face.isotherm.settle(face.surface(u)) || changed;
  return changed;
}

void VoxelBlock::free_branch() {
  for (Face& face : faces_) face.isotherm.free();
}

void VoxelBlock::follow_branch(const HostBlock& other) {
  const auto* voxels = dynamic_cast<const VoxelBlock*>(&other);
  if (voxels == nullptr) return;
  for (std::size_t k = 0; k < faces_.size(); ++k) faces_[k].isotherm.follow(voxels->faces_[k].isotherm);
}

}  // namespace seccm::models
