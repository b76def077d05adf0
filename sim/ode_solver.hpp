// Ordinary differential systems u' = f(t, u) with error control: variable-order, variable-step BDF (CVODES of SUNDIALS)
// behind an interface that knows nothing of the library. See sim/dae_solver.hpp for systems with algebraic equations.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/jacobian_pattern.hpp"

namespace seccm::sim {

class OdeSystem {
 public:
  virtual ~OdeSystem() = default;

  [[nodiscard]] virtual const JacobianPattern& pattern() const = 0;
  virtual void rate(double t, std::span<const double> u, std::span<double> du) = 0;
  /// df/du in the order of the pattern, which holds every diagonal entry.
  virtual void jacobian(double t, std::span<const double> u, std::span<double> values) = 0;
  [[nodiscard]] virtual std::string name(std::size_t unknown) const;
};

struct OdeOptions {
  double relative = 1e-7;
  std::vector<double> absolute;  ///< one per unknown
  LinearAlgebra linear = LinearAlgebra::band;
  long most_steps = 1000000;  ///< between two calls of `start`
  /// Gets the time of every evaluation of the system, which may run ahead of the solution; what it throws passes
  /// through. For requests to stop.
  std::function<void(double)> watch;
};

class OdeSolver {
 public:
  /// Keeps a reference to the system.
  OdeSolver(OdeSystem& system, OdeOptions options);
  ~OdeSolver();
  OdeSolver(const OdeSolver&) = delete;
  OdeSolver& operator=(const OdeSolver&) = delete;

  void start(double t, std::span<const double> u);
  /// Of the steps from now on, s; 0: no limit.
  void limit_step(double longest);
  /// To t_out, by dense output within steps that never pass t_stop >= t_out. Throws SolverError with the time and the
  /// unknown with the largest local error.
  void advance(double t_out, double t_stop);

  [[nodiscard]] double time() const;
  [[nodiscard]] std::span<const double> state() const;
  [[nodiscard]] IntegratorStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::sim
