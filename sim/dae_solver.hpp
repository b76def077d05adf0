// Differential-algebraic systems F(t, u, u') = 0 of index one with error control: variable-order, variable-step BDF
// (IDAS of SUNDIALS) behind an interface that knows nothing of the library.
//
//   DaeSolver solver(system, {.relative = 1e-7, .absolute = {...}});
//   solver.start(0.0, u0);                        // algebraic unknowns and rates from the equations
//   while (solver.advance(t_out, t_corner)) { ... an event at solver.time() ...; solver.start(...); }
//
// The error of a step is tested on the differential unknowns; the algebraic ones follow from them to the tolerance of
// Newton's method, and between two steps by the interpolation that serves all.
//
// A corner of the data (a kink of a potential, an event) is a stop time, behind which `start` finds consistent values:
// the differential unknowns keep theirs, the algebraic ones and the rates of the differential ones are solved from F =
// 0 by a damped Newton method on exactly those columns (no step size enters). Exceptions of a callback pass through.
//
// Sensitivities s_k = du/dp_k obey F_u s + F_u' s' + F_p = 0: the products come from the Jacobian of the system, F_p
// from `by_parameter`; they take part in the error control with the tolerances of u.
//
// A. C. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/jacobian_pattern.hpp"

namespace seccm::sim {

class DaeSystem {
 public:
  virtual ~DaeSystem() = default;

  [[nodiscard]] virtual const JacobianPattern& pattern() const = 0;
  /// 1 for a differential unknown, whose value is continuous and whose rate appears; 0 for an algebraic one.
  [[nodiscard]] virtual std::span<const char> differential() const = 0;
  virtual void residual(double t, std::span<const double> u, std::span<const double> du, std::span<double> r) = 0;
  /// values = by_state dF/du + by_rate dF/du', in the order of the pattern.
  virtual void jacobian(double t, std::span<const double> u, std::span<const double> du, double by_state,
                        double by_rate, std::span<double> values) = 0;
  /// How messages call an unknown.
  [[nodiscard]] virtual std::string name(std::size_t unknown) const;

  /// Functions whose change of sign ends an `advance`.
  [[nodiscard]] virtual std::size_t events() const { return 0; }
  virtual void event(double t, std::span<const double> u, std::span<const double> du, std::span<double> g);

  [[nodiscard]] virtual std::size_t parameters() const { return 0; }
  /// dF/dp_k at fixed u and u'.
  virtual void by_parameter(std::size_t k, double t, std::span<const double> u, std::span<const double> du,
                            std::span<double> out);
};

struct DaeOptions {
  double relative = 1e-7;
  std::vector<double> absolute;  ///< one per unknown
  /// 0 where an unknown is not judged by its own size (a potential, whose zero means nothing); empty: all are.
  std::vector<char> by_size;
  LinearAlgebra linear = LinearAlgebra::klu;
  long most_steps = 1000000;  ///< between two calls of `start`
  /// Gets the time of every evaluation of the system, which may run ahead of the solution; what it throws passes
  /// through. For requests to stop.
  std::function<void(double)> watch;
};

class DaeSolver {
 public:
  /// Keeps a reference to the system.
  DaeSolver(DaeSystem& system, DaeOptions options);
  ~DaeSolver();
  DaeSolver(const DaeSolver&) = delete;
  DaeSolver& operator=(const DaeSolver&) = delete;

  /// Begins at t from the differential unknowns of u; its algebraic ones are first guesses. `sensitivity` holds s_k of
  /// the differential unknowns (others are ignored), or is empty: zero. Throws SolverError naming the worst unknown.
  void start(double t, std::span<const double> u, std::span<const std::vector<double>> sensitivity = {});

  /// Of the steps from now on, s; 0: no limit.
  void limit_step(double longest);

  /// To t_out, by dense output within steps that never pass t_stop >= t_out. True: an event came first, at `time`.
  /// Throws SolverError with the time, the unknown with the largest local error and its residual.
  bool advance(double t_out, double t_stop);

  [[nodiscard]] double time() const;
  [[nodiscard]] std::span<const double> state() const;
  [[nodiscard]] std::span<const double> rate() const;
  /// s_k at `time`.
  [[nodiscard]] std::vector<double> sensitivity(std::size_t k);
  [[nodiscard]] IntegratorStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::sim
