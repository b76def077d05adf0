#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/voxels/voxel_cluster.hpp"
#include "models/voxels/wetted_faces.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {
namespace {

constexpr int most_newton = 40;
constexpr int most_linear = 500;
constexpr double loose = 1e-3;  // of a linear solution that Newton will improve
constexpr double tightest = 1e-12;
constexpr double potential_tolerance = 1e-10;  // V
constexpr double longest_move = 0.05;          // V per Newton iteration
constexpr double same_step = 1e-9;             // relative difference of two step sizes that count as one
constexpr double corner = 1e-3;                // relative change of slope that counts as a corner
constexpr double smallest_kink = 1e-7;         // V per step

}  // namespace

class VoxelStepper::Impl {
 public:
  Impl(const VoxelCluster& cluster, double E, sim::GridPreconditioner preconditioner)
      : cluster_(&cluster),
        faces_(cluster.grid(), cluster.spec().material),
        solver_(cluster.grid().links(), preconditioner),
        y_(shape()),
        last_(shape()),
        before_(shape()),
        offset_(shape()),
        residual_(shape()),
        mass_(shape()),
        move_(shape()),
        response_(cluster.spec().series_resistance > 0.0 ? sim::GridVector<double>(shape())
                                                         : sim::GridVector<double>()),
        sums_(shape().cells()),
        E_(E),
        phi_(E),
        phi_before_(E) {
    const VoxelSpec& spec = cluster.spec();
    for (std::size_t i = 0; i < y_.size(); ++i) last_[i] = solid(i) ? spec.initial_filling : 0.0;
    before_ = last_;
    y_ = last_;
    const double h = cluster.grid().edge();
    amount_ = constants::faraday * spec.material.c_max.si() * h * h * h;
    f_ = constants::faraday / (constants::gas * spec.temperature);
    capacitance_ = spec.layer_capacitance * cluster.grid().wetted_area() + spec.gold_capacitance;
  }

  void watch(std::function<void()> watch) { watch_ = std::move(watch); }

  void advance(double E, double dt) {
    if (!std::isfinite(E) || !(std::isfinite(dt) && dt > 0.0))
      throw InputError(fmt::format("voxels: a step of {} s to {} V; finite values above 0 s are needed", dt, E));
    const double slope = (E - E_) / dt;
    if (smooth_ && (is_corner(slope, dt) || dt > (1.0 + same_step) * sim::longest_bdf2_ratio * last_advance_)) {
      smooth_ = false;
    }
    if (!smooth_) since_corner_ = 0.0;
    const double since = since_corner_;
    since_corner_ += dt;
    last_advance_ = dt;
    const int per_doubling = cluster_->spec().numerics.steps_per_row;
    if (sim::is_grown(since, dt, per_doubling)) {
      step(E, dt, slope, sim::bdf2_after(dt / last_step_));
      return;
    }
    const double from = E_, t_start = time_;
    sim::in_growing_steps(
        dt,
        [&](double done, double length) {
          step(done < 1.0 ? from + (E - from) * done : E, length, slope,
               smooth_ ? sim::bdf2_after(length / last_step_) : sim::backward_euler);
        },
        since, per_doubling);
    time_ = t_start + dt;
  }

  void jump(double E) {
    if (!std::isfinite(E)) throw InputError(fmt::format("voxels: a jump to {} V; a finite potential is needed", E));
    const double charge = cluster_->spec().stray_capacitance * (E - E_);
    charge_.stray += charge;
    charge_.total += charge;
    if (cluster_->spec().series_resistance == 0.0) {  // nothing delays the layer
      const double layer = capacitance_ * (E - phi_);
      charge_.double_layer += layer;
      charge_.total += layer;
      phi_ = phi_before_ = E;
    }
    E_ = E;
    smooth_ = false;
  }

  [[nodiscard]] double lithium() const { return amount_ / constants::faraday * sums_.sum(last_); }

  [[nodiscard]] const sim::GridVector<double>& filling() const { return last_; }
  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] double potential() const { return E_; }
  [[nodiscard]] const CellCurrents& currents() const { return currents_; }
  [[nodiscard]] const CellCurrents& charge() const { return charge_; }
  [[nodiscard]] Counts counts() const { return counts_; }

 private:
  [[nodiscard]] const sim::GridShape& shape() const { return cluster_->grid().links().shape; }
  [[nodiscard]] bool solid(std::size_t i) const { return cluster_->grid().solid()[i] != 0; }

  [[nodiscard]] bool is_corner(double slope, double dt) const {
    const double change = std::abs(slope - last_slope_);
    return change * dt > smallest_kink && change > corner * std::max(std::abs(slope), std::abs(last_slope_));
  }

  template <class Function>
  void for_cells(const Function& f) const {
    sim::for_blocks(last_.size(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) f(i);
    });
  }

  void step(double E, double dt, double slope, const sim::StepScheme& scheme) {
    begin(smooth_ ? dt / last_step_ : 0.0, scheme);
    smooth_ = false;
    solve(E, dt, scheme);
    accept(E, dt, slope, scheme);
  }

  /// ahead: of the step over the last one; 0 without history.
  void begin(double ahead, const sim::StepScheme& scheme) {
    for_cells([&](std::size_t i) {
      offset_[i] = scheme.last * last_[i] + scheme.before * before_[i];
      y_[i] = last_[i] + ahead * (last_[i] - before_[i]);
    });
  }

  /// What the electrode's node still lacks at φ, A, and the sum of its own derivatives.
  struct Node {
    double lack = 0.0;
    double slope = 0.0;
  };

  [[nodiscard]] Node node(double E, double phi, double dt, const sim::StepScheme& scheme, double insertion,
                          double insertion_slope) const {
    const double R = cluster_->spec().series_resistance;
    const double layer = capacitance_ * (scheme.now * phi + scheme.last * phi_ + scheme.before * phi_before_) / dt;
    return {.lack = (phi - E) / R + insertion + layer,
            .slope = 1.0 / R + capacitance_ * scheme.now / dt + insertion_slope};
  }

  void solve(double E, double dt, const sim::StepScheme& scheme) {
    const VoxelSpec& spec = cluster_->spec();
    const bool resistive = spec.series_resistance > 0.0;
    const bool linear = spec.material.law == IsothermKind::ideal && !resistive;
    if (resistive) for_cells([&](std::size_t i) { response_[i] = 0.0; });
    phi_now_ = resistive ? phi_ : E;
    double left = 0.0;
    for (int k = 0; k < most_newton; ++k) {
      evaluate(dt, scheme);
      left = sums_.largest(residual_);
      const Node node = resistive ? this->node(E, phi_now_, dt, scheme, insertion_, insertion_slope_) : Node{};
      const bool at_rest = !resistive || std::abs(node.lack) <= potential_tolerance * node.slope;
      if (left <= balance_tolerance && at_rest && faces_.solved()) return;
      if (!std::isfinite(left) || !faces_.solved()) break;
      const double enough = 0.3 * balance_tolerance / std::max(left, balance_tolerance);
      improve(dt, scheme, node, std::clamp(linear ? enough : std::max(enough, loose), tightest, 0.3));
      ++counts_.newton_iterations;
    }
    throw SolverError(fmt::format(
        "voxels: no solution for the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ in {:.4g} s: after {} Newton "
        "iterations the balance of the worst voxel lacks {:.3g} of its capacity ({:.1g} accepted){}; lower [numerics] "
        "potential_step",
        time_, E, dt, most_newton, left, balance_tolerance, faces_.solved() ? "" : ", a wetted face has no root"));
  }

  /// Residual of every voxel's balance at y_ and φ, and the insertion current with its derivative by φ alone.
  void evaluate(double dt, const sim::StepScheme& scheme) {
    const auto& spec = cluster_->spec();
    faces_.evaluate(y_.data(), f_ * (phi_now_ - spec.material.E0.si()));
    sim::balance(cluster_->grid().links(), dt, scheme.now, offset_, y_, residual_);
    double loss = 0.0;
    double slope = 0.0;
    const auto cells = faces_.cells();
    const auto losses = faces_.losses();
    for (std::size_t c = 0; c < cells.size(); ++c) {
      residual_[cells[c]] += dt * losses[c].loss;
      loss += losses[c].loss;
      slope += losses[c].by_potential;
    }
    insertion_ = amount_ * loss;
    insertion_slope_ = amount_ * f_ * slope;
  }

  void improve(double dt, const sim::StepScheme& scheme, const Node& node, double tolerance) {
    const auto cells = faces_.cells();
    const auto losses = faces_.losses();
    for_cells([&](std::size_t i) { mass_[i] = solid(i) ? scheme.now : 0.0; });
    for (std::size_t c = 0; c < cells.size(); ++c) mass_[cells[c]] += dt * losses[c].by_filling;
    solver_.prepare(mass_, dt);
    for_cells([&](std::size_t i) { move_[i] = 0.0; });
    linear_solve(residual_, move_, tolerance, dt);
    if (response_.size() == 0) {
      for_cells([&](std::size_t i) { y_[i] -= move_[i]; });
      return;
    }
    // dy = -move - response dφ, and the node's balance with it.
    for_cells([&](std::size_t i) { residual_[i] = 0.0; });
    for (std::size_t c = 0; c < cells.size(); ++c) residual_[cells[c]] = dt * f_ * losses[c].by_potential;
    linear_solve(residual_, response_, loose, dt);
    double from_move = 0.0;
    double from_response = 0.0;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      from_move += losses[c].by_filling * move_[cells[c]];
      from_response += losses[c].by_filling * response_[cells[c]];
    }
    const double slope = std::max(node.slope - amount_ * from_response, 1e-3 * node.slope);
    const double dphi = std::clamp(-(node.lack - amount_ * from_move) / slope, -longest_move, longest_move);
    phi_now_ += dphi;
    for_cells([&](std::size_t i) { y_[i] -= move_[i] + dphi * response_[i]; });
  }

  void linear_solve(const sim::GridVector<double>& b, sim::GridVector<double>& x, double tolerance, double dt) {
    const auto result = solver_.solve(b, x, tolerance, most_linear, watch_);
    counts_.linear_iterations += result.iterations;
    if (result.converged) return;
    throw SolverError(
        fmt::format("voxels: conjugate gradients stopped after {} iterations at a residual of {:.3g} ({:.3g} asked "
                    "for) in the step "
                    "of {:.4g} s from t = {:.9g} s",
                    result.iterations, result.residual, tolerance, dt, time_));
  }

  void accept(double E, double dt, double slope, const sim::StepScheme& scheme) {
    const double part = 1.0 / scheme.now;
    for_cells([&](std::size_t i) {
      before_[i] = last_[i];
      last_[i] = y_[i] - part * residual_[i];
    });
    CellCurrents i;
    i.intercalation = insertion_;
    i.double_layer = capacitance_ * (scheme.now * phi_now_ + scheme.last * phi_ + scheme.before * phi_before_) / dt;
    i.stray = cluster_->spec().stray_capacitance * (E - E_) / dt;
    i.total = i.intercalation + i.double_layer + i.stray;
    if (!std::isfinite(i.total)) {
      throw SolverError(
          fmt::format("voxels: the current of the step from t = {:.9g} s to E = {:.6g} V vs Li/Li+ is "
                      "not finite",
                      time_, E));
    }
    const auto pass = [&](double current, double& step, double& total) {
      step = dt * part * current + scheme.carry * step;
      total += step;
    };
    pass(i.intercalation, step_charge_.intercalation, charge_.intercalation);
    pass(i.double_layer, step_charge_.double_layer, charge_.double_layer);
    pass(i.stray, step_charge_.stray, charge_.stray);
    pass(i.total, step_charge_.total, charge_.total);
    currents_ = i;
    phi_before_ = phi_;
    phi_ = phi_now_;
    E_ = E;
    time_ += dt;
    last_step_ = dt;
    last_slope_ = slope;
    smooth_ = true;
    ++counts_.steps;
  }

  const VoxelCluster* cluster_;
  std::function<void()> watch_;
  WettedFaces faces_;
  sim::GridConjugateGradients solver_;
  sim::GridVector<double> y_, last_, before_, offset_, residual_, mass_, move_, response_;
  mutable sim::GridSum sums_;
  double E_, phi_, phi_before_, phi_now_ = 0.0;
  double amount_ = 0.0;  ///< C per voxel at y = 1
  double f_ = 0.0;       ///< F/RT
  double capacitance_ = 0.0;
  double insertion_ = 0.0, insertion_slope_ = 0.0;
  double time_ = 0.0, last_step_ = 0.0, last_slope_ = 0.0;
  double since_corner_ = 0.0, last_advance_ = 0.0;  // s
  bool smooth_ = false;
  CellCurrents currents_, charge_, step_charge_;
  Counts counts_;
};

VoxelStepper::VoxelStepper(const VoxelCluster& cluster, double E_vs_Li, sim::GridPreconditioner preconditioner)
    : impl_(std::make_unique<Impl>(cluster, E_vs_Li, preconditioner)) {}
VoxelStepper::~VoxelStepper() = default;
VoxelStepper::VoxelStepper(VoxelStepper&&) noexcept = default;
VoxelStepper& VoxelStepper::operator=(VoxelStepper&&) noexcept = default;

void VoxelStepper::watch(std::function<void()> watch) {
  impl_->watch(std::move(watch));
}
void VoxelStepper::advance(double E_vs_Li_end, double dt) {
  impl_->advance(E_vs_Li_end, dt);
}
void VoxelStepper::jump(double E_vs_Li) {
  impl_->jump(E_vs_Li);
}
double VoxelStepper::time() const {
  return impl_->time();
}
double VoxelStepper::potential() const {
  return impl_->potential();
}
const CellCurrents& VoxelStepper::currents() const {
  return impl_->currents();
}
const CellCurrents& VoxelStepper::charge() const {
  return impl_->charge();
}
double VoxelStepper::lithium() const {
  return impl_->lithium();
}
const double* VoxelStepper::filling() const {
  return impl_->filling().data();
}
VoxelStepper::Counts VoxelStepper::counts() const {
  return impl_->counts();
}

}  // namespace seccm::models
