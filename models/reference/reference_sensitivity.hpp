// The reference system together with its neighbours in parameter space, from whose residuals come F_p and the
// sensitivities of rest, jumps and events. Internal to models/reference.
//
// Parameters are scaled, π = p/p0 (p0 the value, or 1 where it is 0). F_p is a central difference of the residual with
// π ± 1e-5: truncation and round-off leave 1e-10 of its terms. The mesh and the units do not move with a parameter.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/reference/reference_system.hpp"

namespace seccm::models {

class SensitiveSystem final : public sim::DaeSystem {
 public:
  SensitiveSystem(const ReferenceSpec& spec, double scan_rate, std::span<const std::string> paths);

  [[nodiscard]] ReferenceSystem& base() { return *base_; }
  [[nodiscard]] const ReferenceSystem& base() const { return *base_; }
  void set_ramp(const Ramp& ramp);
  void set_direction(bool intercalating);
  bool settle_branches(std::span<const double> u);
  void free_branches();

  [[nodiscard]] const sim::JacobianPattern& pattern() const override { return base_->pattern(); }
  [[nodiscard]] std::span<const char> differential() const override { return base_->differential(); }
  void residual(double t, std::span<const double> u, std::span<const double> du, std::span<double> r) override {
    base_->residual(t, u, du, r);
  }
  void jacobian(double t, std::span<const double> u, std::span<const double> du, double by_state, double by_rate,
                std::span<double> values) override {
    base_->jacobian(t, u, du, by_state, by_rate, values);
  }
  [[nodiscard]] std::string name(std::size_t unknown) const override { return base_->name(unknown); }
  [[nodiscard]] std::size_t events() const override { return base_->events(); }
  void event(double t, std::span<const double> u, std::span<const double> du, std::span<double> g) override {
    base_->event(t, u, du, g);
  }
  [[nodiscard]] std::size_t parameters() const override { return neighbours_.size(); }
  void by_parameter(std::size_t k, double t, std::span<const double> u, std::span<const double> du,
                    std::span<double> out) override;

  /// du/dπ at rest.
  [[nodiscard]] std::vector<std::vector<double>> rest(double E) const;
  /// du/dπ behind a jump, from u and du/dπ before it.
  [[nodiscard]] std::vector<std::vector<double>> jump(double t, double E_before, double E_after,
                                                      const std::vector<double>& u,
                                                      const std::vector<std::vector<double>>& s) const;
  /// dt/dπ of the change of direction at u.
  [[nodiscard]] std::vector<double> event_delay(const std::vector<double>& u, const std::vector<double>& du,
                                                const std::vector<std::vector<double>>& s) const;
  /// di/dp, A per SI unit, stray capacitance included; and the same of the charge (without the stray's).
  [[nodiscard]] double current_sensitivity(std::size_t k, std::span<const double> s) const;
  [[nodiscard]] double charge_sensitivity(std::size_t k, std::span<const double> s) const;

 private:
  struct Neighbours {
    double scale = 1.0;  ///< p0
    double stray = 0.0;  ///< dC_stray/dπ
    std::unique_ptr<ReferenceSystem> above, below;
  };
  std::unique_ptr<ReferenceSystem> base_;
  std::vector<Neighbours> neighbours_;
  std::vector<double> work_;
};

}  // namespace seccm::models
