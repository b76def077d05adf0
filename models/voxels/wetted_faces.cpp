#include "models/voxels/wetted_faces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "models/material/rate_law.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int most_iterations = 100;
constexpr double converged = 1e-14;

void check_material(const MaterialParameters& m) {
  const auto refuse = [](const char* what, const char* remedy) {
    throw InputError(fmt::format("voxels: {}: resolved voxels do not have it; {}", what, remedy));
  };
  if (m.kinetics != KineticsKind::butler_volmer)
    refuse("[material] kinetics other than \"butler_volmer\"", "accepted is \"butler_volmer\"");
  if (m.diffusion != DiffusionKind::single)
    refuse("[material] diffusion other than \"single\"", "accepted is \"single\", with one D per grain in [voxels]");
  if (m.film_resistance.si() != 0.0) refuse("[material] film_resistance above 0", "accepted is 0");
  if (m.second_process) refuse("[material] second_process", "accepted is false");
  if (m.law == IsothermKind::frumkin && !(m.g > -4.0)) {
    throw InputError(
        fmt::format("voxels: g = {}: the chemical diffusivity is below 0 inside the spinodal; accepted is "
                    "g > -4, or a phase field ([particle] model)",
                    m.g));
  }
}

struct FaceRate {
  double surface = 0.0;
  Rate rate{};
  bool found = false;
};

/// f(y_s) = y - y_s - ρ rate(y_s): above 0 at min(0, y), below 0 at max(1, y).
template <class Law>
FaceRate solve_face(const Law& law, const ButlerVolmerRate& kinetics, double k0, double u, double y, double rho,
                    double start) {
  double low = std::min(0.0, y);
  double high = std::max(1.0, y);
  FaceRate face{.surface = std::clamp(start, low, high)};
  for (int k = 0; k < most_iterations; ++k) {
    face.rate = insertion_rate(law, kinetics, k0, 1.0, u, face.surface);
    const double f = y - face.surface - rho * face.rate.flux;
    const double slope = -1.0 - rho * face.rate.by_filling;
    (f > 0.0 ? low : high) = face.surface;
    double next = face.surface - f / slope;
    if (!(slope < 0.0) || !(next > low && next < high)) next = 0.5 * (low + high);
    const double move = std::abs(next - face.surface);
    if (std::abs(f) <= converged * -slope || move <= converged * std::max(face.surface, 1e-300)) {
      face.found = true;
      return face;
    }
    face.surface = next;
  }
  return face;
}

}  // namespace

WettedFaces::WettedFaces(const VoxelGrid& grid, const MaterialParameters& material)
    : material_(material), per_edge_(1.0 / grid.edge()), faces_(grid.faces()), surface_(faces_.size(), 0.5) {
  check_material(material);
  for (std::size_t k = 0; k < faces_.size(); ++k) {
    if (k > 0 && faces_[k].cell == faces_[k - 1].cell) continue;
    cells_.push_back(faces_[k].cell);
    first_.push_back(static_cast<std::uint32_t>(k));
  }
  first_.push_back(static_cast<std::uint32_t>(faces_.size()));
  losses_.resize(cells_.size());
}

template <class Law>
bool WettedFaces::evaluate_with(const Law& law, const double* y, double u) {
  const ButlerVolmerRate kinetics{material_.alpha};
  const double k0 = material_.k0.si();
  bool all = true;
  const auto cells = static_cast<long>(cells_.size());
#pragma omp parallel for schedule(static) reduction(&& : all) if (cells > 10000)
  for (long c = 0; c < cells; ++c) {
    const auto at = static_cast<std::size_t>(c);
    FaceLoss sum;
    for (std::size_t k = first_[at]; k < first_[at + 1]; ++k) {
      const auto rho = static_cast<double>(faces_[k].resistance);
      const FaceRate face = solve_face(law, kinetics, k0, u, y[cells_[at]], rho, surface_[k]);
      all = all && face.found;
      surface_[k] = face.surface;
      const double through = static_cast<double>(faces_[k].weight) * per_edge_;
      const double damped = through / std::max(1.0 + rho * face.rate.by_filling, 1e-3);
      // Where the half cell decides, the flux is the small difference of large rates: it follows from the profile.
      const bool transport = rho * face.rate.by_filling > 1.0;
      sum.loss += through * (transport ? (y[cells_[at]] - face.surface) / rho : face.rate.flux);
      sum.by_filling += damped * face.rate.by_filling;
      sum.by_potential += damped * face.rate.by_potential;
    }
    sum.by_filling = std::max(sum.by_filling, 0.0);
    losses_[at] = sum;
  }
  return all;
}

void WettedFaces::evaluate(const double* y, double reduced_potential) {
  solved_ = with_law(material_, [&](const auto& law) { return evaluate_with(law, y, reduced_potential); });
}

}  // namespace seccm::models
