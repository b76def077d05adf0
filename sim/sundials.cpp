// The one source file that sees SUNDIALS: IDAS behind sim/dae_solver.hpp, CVODES behind sim/ode_solver.hpp.
// Longer than 500 lines: only one file sees SUNDIALS, and both of its integrators share the vectors, matrices and error
// handling.
#include <cvodes/cvodes.h>
#include <fmt/format.h>
#include <idas/idas.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_band.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_band.h>

#include <cmath>
#include <exception>
#include <type_traits>
#include <utility>

#include "sim/dae_solver.hpp"
#include "sim/error.hpp"
#include "sim/ode_solver.hpp"

namespace seccm::sim {
namespace {

// Of the error of a step, what Newton's method may leave: a surface flux is a difference of fillings over a thin cell,
// and 0.33 (the default of the library) lets that noise fail the error test.
constexpr double newton_share = 0.001;
// Within one step; behind a corner the first one may be longer than a time constant by many decades.
constexpr int most_failures = 60;

struct Freed {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
  void operator()(N_Vector v) const { N_VDestroy(v); }
  void operator()(SUNMatrix m) const { SUNMatDestroy(m); }
  void operator()(SUNLinearSolver s) const { SUNLinSolFree(s); }
};
using Context = std::unique_ptr<std::remove_pointer_t<SUNContext>, Freed>;
using Vector = std::unique_ptr<std::remove_pointer_t<N_Vector>, Freed>;
using Matrix = std::unique_ptr<std::remove_pointer_t<SUNMatrix>, Freed>;
using LinearSolver = std::unique_ptr<std::remove_pointer_t<SUNLinearSolver>, Freed>;

sunindextype index(std::size_t n) {
  return static_cast<sunindextype>(n);
}
std::span<double> values_of(N_Vector v) {
  return {NV_DATA_S(v), static_cast<std::size_t>(NV_LENGTH_S(v))};
}

constexpr int klu_order_amd = 0;  // `ordering` of KLU

Context new_context() {
  SUNContext context = nullptr;
  if (SUNContext_Create(nullptr, &context) != 0) throw SolverError("SUNDIALS: no context could be made");
  return Context(context);
}
Vector new_vector(std::size_t n, const Context& context) {
  Vector v(N_VNew_Serial(index(n), context.get()));
  N_VConst(0.0, v.get());
  return v;
}

bool finite(std::span<const double> values) {
  double sum = 0.0;
  for (const double v : values) sum += 0.0 * v;
  return sum == 0.0;
}

/// A matrix with the pattern of the system, and its factorisation.
class Linear {
 public:
  Linear(const JacobianPattern& pattern, LinearAlgebra kind, N_Vector like, const Context& context)
      : pattern_(&pattern), kind_(kind) {
    const sunindextype n = index(pattern.size);
    if (kind == LinearAlgebra::band) {
      const auto [lower, upper] = pattern.bandwidth();
      matrix_.reset(SUNBandMatrix(n, index(upper), index(lower), context.get()));
      solver_.reset(SUNLinSol_Band(like, matrix_.get(), context.get()));
    } else {
      matrix_.reset(SUNSparseMatrix(n, n, index(pattern.entries()), CSC_MAT, context.get()));
      solver_.reset(SUNLinSol_KLU(like, matrix_.get(), context.get()));
      if (kind == LinearAlgebra::klu_amd) SUNLinSol_KLUSetOrdering(solver_.get(), klu_order_amd);
    }
    SUNLinSolInitialize(solver_.get());
  }

  [[nodiscard]] SUNMatrix matrix() const { return matrix_.get(); }
  [[nodiscard]] SUNLinearSolver solver() const { return solver_.get(); }

  /// Writes values in the order of the pattern to a matrix that was made here.
  void scatter(std::span<const double> values, SUNMatrix to) const {
    if (kind_ == LinearAlgebra::band) {
      SUNMatZero(to);
      for (std::size_t j = 0; j < pattern_->size; ++j) {
        for (std::size_t n = pattern_->start[j]; n < pattern_->start[j + 1]; ++n) {
          SM_ELEMENT_B(to, index(pattern_->row[n]), index(j)) = values[n];
        }
      }
      return;
    }
    for (std::size_t j = 0; j <= pattern_->size; ++j) SM_INDEXPTRS_S(to)[j] = index(pattern_->start[j]);
    for (std::size_t n = 0; n < values.size(); ++n) {
      SM_INDEXVALS_S(to)[n] = index(pattern_->row[n]);
      SM_DATA_S(to)[n] = values[n];
    }
  }

  /// Factors what `values` hold; false if they are singular.
  bool factor(std::span<const double> values) {
    scatter(values, matrix_.get());
    if (SUNLinSolSetup(solver_.get(), matrix_.get()) == 0) return true;
    if (kind_ == LinearAlgebra::band) return false;
    // KLU keeps the pivots of its first matrix, which may be zeros of this one.
    SUNLinSol_KLUReInit(solver_.get(), matrix_.get(), index(values.size()), SUNKLU_REINIT_PARTIAL);
    return SUNLinSolSetup(solver_.get(), matrix_.get()) == 0;
  }
  bool solve(N_Vector right, N_Vector x) {
    return SUNLinSolSolve(solver_.get(), matrix_.get(), x, right, 0.0) == 0 && finite(values_of(x));
  }

 private:
  const JacobianPattern* pattern_;
  LinearAlgebra kind_;
  Matrix matrix_;
  LinearSolver solver_;
};

/// Runs a callback of the library: exceptions wait for the way back, values that are no numbers ask for a shorter step.
template <class Function>
int guarded(std::exception_ptr& caught, Function&& f) {
  try {
    return f() ? 0 : 1;
  } catch (...) {
    caught = std::current_exception();
    return -1;
  }
}

/// The unknown with the largest weighted local error.
std::size_t worst_of(N_Vector error, N_Vector weight) {
  std::size_t worst = 0;
  const auto e = values_of(error);
  const auto w = values_of(weight);
  for (std::size_t i = 0; i < e.size(); ++i) {
    if (std::abs(e[i] * w[i]) > std::abs(e[worst] * w[worst])) worst = i;
  }
  return worst;
}

/// y += matrix x, by columns.
void add_product(const JacobianPattern& pattern, std::span<const double> values, std::span<const double> x,
                 std::span<double> y) {
  for (std::size_t j = 0; j < pattern.size; ++j) {
    for (std::size_t n = pattern.start[j]; n < pattern.start[j + 1]; ++n) y[pattern.row[n]] += values[n] * x[j];
  }
}

void require_fit(std::size_t given, std::size_t wanted, const char* what) {
  if (given == wanted) return;
  throw InputError(fmt::format("integrator: {} has {} values; {} are needed, one per unknown", what, given, wanted));
}

}  // namespace

std::string DaeSystem::name(std::size_t unknown) const {
  return fmt::format("unknown {}", unknown);
}
void DaeSystem::event(double, std::span<const double>, std::span<const double>, std::span<double>) {}
void DaeSystem::by_parameter(std::size_t, double, std::span<const double>, std::span<const double>, std::span<double>) {
}
std::string OdeSystem::name(std::size_t unknown) const {
  return fmt::format("unknown {}", unknown);
}

// ---------------------------------------------------------------------------------------------------------------------

class DaeSolver::Impl {
 public:
  Impl(DaeSystem& system, DaeOptions options)
      : system_(system),
        options_(std::move(options)),
        n_(system.pattern().size),
        context_(new_context()),
        u_(new_vector(n_, context_)),
        du_(new_vector(n_, context_)),
        work_(new_vector(n_, context_)),
        step_(new_vector(n_, context_)),
        id_(new_vector(n_, context_)),
        linear_(system.pattern(), options_.linear, u_.get(), context_),
        mixed_(system.pattern(), options_.linear, u_.get(), context_),
        by_state_(system.pattern().entries()),
        by_rate_(system.pattern().entries()),
        scaled_(system.pattern().entries()) {
    require_fit(options_.absolute.size(), n_, "the absolute tolerance");
    if (options_.by_size.empty()) options_.by_size.assign(n_, 1);
    require_fit(options_.by_size.size(), n_, "the list of unknowns that are judged by their size");
    require_fit(system.differential().size(), n_, "the list of differential unknowns");
    std::copy(system.differential().begin(), system.differential().end(), values_of(id_.get()).begin());
    for (std::size_t k = 0; k < system.parameters(); ++k) {
      s_.push_back(new_vector(n_, context_));
      ds_.push_back(new_vector(n_, context_));
    }
  }
  ~Impl() { IDAFree(&ida_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start(double t, std::span<const double> u, std::span<const std::vector<double>> sensitivity) {
    require_fit(u.size(), n_, "the state");
    time_ = t;
    std::copy(u.begin(), u.end(), values_of(u_.get()).begin());
    N_VConst(0.0, du_.get());
    make_consistent();
    start_sensitivities(sensitivity);
    if (ida_ == nullptr) {
      create();
    } else {
      add_current(statistics_);  // the library's counts begin anew
      check(IDAReInit(ida_, t, u_.get(), du_.get()), "restart");
      if (!s_.empty()) {
        auto s = pointers(s_);
        auto ds = pointers(ds_);
        check(IDASensReInit(ida_, IDA_STAGGERED, s.data(), ds.data()), "restart");
      }
    }
    ++statistics_.restarts;
  }

  void limit_step(double longest) {
    longest_step_ = longest;
    if (ida_ != nullptr) IDASetMaxStep(ida_, longest);
  }

  bool advance(double t_out, double t_stop) {
    check(IDASetStopTime(ida_, t_stop), "stop time");
    const int flag = IDASolve(ida_, t_out, &time_, u_.get(), du_.get(), IDA_NORMAL);
    if (flag < 0) fail(flag);
    if (!finite(state()) || !finite(rate())) {
      throw SolverError(fmt::format("integrator (IDAS): a result at t = {:.9g} s that is no number", time_));
    }
    return flag == IDA_ROOT_RETURN;
  }

  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] std::span<const double> state() const { return values_of(u_.get()); }
  [[nodiscard]] std::span<const double> rate() const { return values_of(du_.get()); }

  std::vector<double> sensitivity(std::size_t k) {
    long steps = 0;
    IDAGetNumSteps(ida_, &steps);
    if (steps > 0) check(IDAGetSensDky1(ida_, time_, 0, static_cast<int>(k), s_[k].get()), "sensitivity");
    const auto s = values_of(s_[k].get());
    return {s.begin(), s.end()};
  }

  [[nodiscard]] IntegratorStatistics statistics() const {
    IntegratorStatistics all = statistics_;
    add_current(all);
    return all;
  }

 private:
  static std::vector<N_Vector> pointers(const std::vector<Vector>& vectors) {
    std::vector<N_Vector> all;
    for (const Vector& v : vectors) all.push_back(v.get());
    return all;
  }
  static Impl& self(void* data) { return *static_cast<Impl*>(data); }

  static int residual(realtype t, N_Vector u, N_Vector du, N_Vector r, void* data) {
    return guarded(self(data).caught_, [&] {
      if (self(data).options_.watch) self(data).options_.watch(t);
      self(data).system_.residual(t, values_of(u), values_of(du), values_of(r));
      return finite(values_of(r));
    });
  }
  static int jacobian(realtype t, realtype cj, N_Vector u, N_Vector du, N_Vector, SUNMatrix J, void* data, N_Vector,
                      N_Vector, N_Vector) {
    Impl& me = self(data);
    return guarded(me.caught_, [&] {
      me.system_.jacobian(t, values_of(u), values_of(du), 1.0, cj, me.scaled_);
      me.linear_.scatter(me.scaled_, J);
      return finite(me.scaled_);
    });
  }
  [[nodiscard]] double tolerance(std::size_t unknown, double value) const {
    const double by_size = options_.by_size[unknown] != 0 ? options_.relative * std::abs(value) : 0.0;
    return by_size + options_.absolute[unknown];
  }
  static int weights(N_Vector u, N_Vector weight, void* data) {
    const auto from = values_of(u);
    const auto to = values_of(weight);
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = 1.0 / self(data).tolerance(i, from[i]);
    return 0;
  }
  static int events(realtype t, N_Vector u, N_Vector du, realtype* g, void* data) {
    Impl& me = self(data);
    return guarded(me.caught_, [&] {
      me.system_.event(t, values_of(u), values_of(du), {g, me.system_.events()});
      return true;
    });
  }
  static int sensitivities(int count, realtype t, N_Vector u, N_Vector du, N_Vector, N_Vector* s, N_Vector* ds,
                           N_Vector* out, void* data, N_Vector, N_Vector, N_Vector) {
    Impl& me = self(data);
    return guarded(me.caught_, [&] {
      me.system_.jacobian(t, values_of(u), values_of(du), 1.0, 0.0, me.by_state_);
      me.system_.jacobian(t, values_of(u), values_of(du), 0.0, 1.0, me.by_rate_);
      bool good = true;
      for (int k = 0; k < count; ++k) {
        const auto to = values_of(out[k]);
        me.system_.by_parameter(static_cast<std::size_t>(k), t, values_of(u), values_of(du), to);
        add_product(me.system_.pattern(), me.by_state_, values_of(s[k]), to);
        add_product(me.system_.pattern(), me.by_rate_, values_of(ds[k]), to);
        good = good && finite(to);
      }
      return good;
    });
  }

  void create() {
    ida_ = IDACreate(context_.get());
    check(IDAInit(ida_, residual, time_, u_.get(), du_.get()), "start");
    IDASetErrHandlerFn(
        ida_, [](int, const char*, const char*, char*, void*) {}, nullptr);
    check(IDAWFtolerances(ida_, weights), "tolerances");
    IDASetUserData(ida_, this);
    IDASetMaxNumSteps(ida_, options_.most_steps);
    IDASetNonlinConvCoef(ida_, newton_share);
    // A flux that a known surface filling asks for is the rate of change of the unknowns: in short steps its error is
    // that of their values over the step, and a test on it would shorten them further and further.
    check(IDASetId(ida_, id_.get()), "differential unknowns");
    check(IDASetSuppressAlg(ida_, SUNTRUE), "differential unknowns");
    IDASetMaxErrTestFails(ida_, most_failures);
    IDASetMaxConvFails(ida_, most_failures);
    IDASetMaxStep(ida_, longest_step_);
    check(IDASetLinearSolver(ida_, linear_.solver(), linear_.matrix()), "linear solver");
    check(IDASetJacFn(ida_, jacobian), "Jacobian");
    if (system_.events() > 0) {
      check(IDARootInit(ida_, static_cast<int>(system_.events()), events), "events");
      IDASetNoInactiveRootWarn(ida_);
    }
    if (s_.empty()) return;
    auto s = pointers(s_);
    auto ds = pointers(ds_);
    std::vector<double> scale(s_.size(), 1.0);
    check(IDASensInit(ida_, static_cast<int>(s_.size()), IDA_STAGGERED, sensitivities, s.data(), ds.data()),
          "sensitivities");
    check(IDASetSensParams(ida_, nullptr, scale.data(), nullptr), "sensitivities");
    check(IDASensEEtolerances(ida_), "sensitivities");
    check(IDASetSensErrCon(ida_, SUNTRUE), "sensitivities");
  }

  /// The matrix whose column is dF/du' for a differential unknown and dF/du for an algebraic one.
  void factor_mixed() {
    const JacobianPattern& pattern = system_.pattern();
    const auto differential = system_.differential();
    system_.jacobian(time_, state(), rate(), 1.0, 0.0, by_state_);
    system_.jacobian(time_, state(), rate(), 0.0, 1.0, by_rate_);
    for (std::size_t j = 0; j < n_; ++j) {
      for (std::size_t n = pattern.start[j]; n < pattern.start[j + 1]; ++n) {
        scaled_[n] = differential[j] != 0 ? by_rate_[n] : by_state_[n];
      }
    }
    if (!finite(scaled_) || !mixed_.factor(scaled_)) {
      throw SolverError(
          fmt::format("consistent values at t = {:.9g} s: the system is singular there (not of index one)", time_));
    }
  }

  /// work = the residual; step = the correction it asks for. False where there is none.
  bool correction() {
    system_.residual(time_, state(), rate(), values_of(work_.get()));
    return finite(values_of(work_.get())) && mixed_.solve(work_.get(), step_.get());
  }
  void move(double share) {
    const auto differential = system_.differential();
    const auto step = values_of(step_.get());
    for (std::size_t i = 0; i < n_; ++i) {
      values_of(differential[i] != 0 ? du_.get() : u_.get())[i] -= share * step[i];
    }
  }
  /// Root mean square of the algebraic corrections in units of their tolerance.
  [[nodiscard]] double size_of_step() const {
    const auto differential = system_.differential();
    double sum = 0.0;
    for (std::size_t i = 0; i < n_; ++i) {
      if (differential[i] != 0) continue;
      const double ratio = values_of(step_.get())[i] / tolerance(i, values_of(u_.get())[i]);
      sum += ratio * ratio;
    }
    return std::sqrt(sum / static_cast<double>(n_));
  }

  /// Newton's method with the natural test of monotony: a step is shortened until the next correction, with the same
  /// matrix, is shorter than the present one.
  void make_consistent() {
    constexpr int most_iterations = 400;
    constexpr double settled = 1e-3;
    constexpr double tolerated = 0.3;
    constexpr double shortest = 1e-7;
    int polished = 0;
    double share = 1.0;
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
      factor_mixed();
      if (!correction()) break;
      const double size = size_of_step();
      if (size < settled && ++polished == 3) {
        move(1.0);
        return;
      }
      const std::vector<double> full(values_of(step_.get()).begin(), values_of(step_.get()).end());
      share = std::min(1.0, 2.0 * share);
      for (;; share *= 0.5) {
        if (share < shortest) {
          if (size < tolerated) return;  // round-off keeps the correction from falling: it is within the tolerance
          inconsistent();
        }
        move(share);
        const bool good = correction();
        if (good && (size < settled || size_of_step() <= (1.0 - 0.25 * share) * size)) break;
        std::copy(full.begin(), full.end(), values_of(step_.get()).begin());
        move(-share);
      }
    }
    inconsistent();
  }

  [[noreturn]] void inconsistent() {
    system_.residual(time_, state(), rate(), values_of(work_.get()));
    std::size_t worst = 0;
    const auto r = values_of(work_.get());
    for (std::size_t i = 0; i < n_; ++i) {
      if (!(std::abs(r[i]) <= std::abs(r[worst]))) worst = i;
    }
    throw SolverError(fmt::format("no consistent values at t = {:.9g} s: the equation of {} keeps a residual of {:.3g}",
                                  time_, system_.name(worst), r[worst]));
  }

  /// s of the algebraic unknowns and s' of the differential ones: linear in the same matrix.
  void start_sensitivities(std::span<const std::vector<double>> given) {
    if (s_.empty()) return;
    factor_mixed();
    const auto differential = system_.differential();
    for (std::size_t k = 0; k < s_.size(); ++k) {
      const auto s = values_of(s_[k].get());
      for (std::size_t i = 0; i < n_; ++i) s[i] = differential[i] != 0 && !given.empty() ? given[k][i] : 0.0;
      const auto right = values_of(work_.get());
      system_.by_parameter(k, time_, state(), rate(), right);
      add_product(system_.pattern(), by_state_, s, right);
      if (!finite(right) || !mixed_.solve(work_.get(), step_.get())) {
        throw SolverError(fmt::format("sensitivities at t = {:.9g} s: the system is singular there", time_));
      }
      for (std::size_t i = 0; i < n_; ++i) {
        values_of(differential[i] != 0 ? ds_[k].get() : s_[k].get())[i] = -values_of(step_.get())[i];
        if (differential[i] == 0) values_of(ds_[k].get())[i] = 0.0;
      }
    }
  }

  void check(int flag, const char* what) {
    if (caught_) std::rethrow_exception(std::exchange(caught_, nullptr));
    if (flag < 0) throw SolverError(fmt::format("integrator (IDAS), {}: error {}", what, flag));
  }

  [[noreturn]] void fail(int flag) {
    if (caught_) std::rethrow_exception(std::exchange(caught_, nullptr));
    double t = time_;
    IDAGetCurrentTime(ida_, &t);
    IDAGetEstLocalErrors(ida_, work_.get());
    IDAGetErrWeights(ida_, step_.get());
    const std::size_t worst = worst_of(work_.get(), step_.get());
    std::vector<double> r(n_);
    system_.residual(t, state(), rate(), r);
    const std::string reason = flag == IDA_TOO_MUCH_WORK ? fmt::format("{} steps were not enough", options_.most_steps)
                               : flag == IDA_ERR_FAIL    ? "the error test fails at the shortest step"
                               : flag == IDA_CONV_FAIL   ? "Newton's method fails at the shortest step"
                               : flag == IDA_LSETUP_FAIL ? "the Jacobian is singular"
                               : flag == IDA_REP_RES_ERR ? "the residual is no number"
                                                         : fmt::format("error {}", flag);
    throw SolverError(
        fmt::format("integrator (IDAS) at t = {:.9g} s: {}; worst is {} = {:.6g} with a residual of {:.3g}", t, reason,
                    system_.name(worst), state()[worst], r[worst]));
  }

  void add_current(IntegratorStatistics& to) const {
    if (ida_ == nullptr) return;
    long value = 0;
    const auto add = [&](auto get, long& sum) {
      value = 0;
      get(ida_, &value);
      sum += value;
    };
    add(IDAGetNumSteps, to.steps);
    add(IDAGetNumResEvals, to.residuals);
    add(IDAGetNumLinSolvSetups, to.factorisations);
    add(IDAGetNumErrTestFails, to.error_test_failures);
    add(IDAGetNumNonlinSolvConvFails, to.convergence_failures);
  }

  DaeSystem& system_;
  DaeOptions options_;
  std::size_t n_;
  Context context_;
  Vector u_, du_, work_, step_, id_;
  std::vector<Vector> s_, ds_;
  Linear linear_, mixed_;
  std::vector<double> by_state_, by_rate_, scaled_;
  void* ida_ = nullptr;
  double time_ = 0.0;
  double longest_step_ = 0.0;
  IntegratorStatistics statistics_;
  std::exception_ptr caught_;
};

DaeSolver::DaeSolver(DaeSystem& system, DaeOptions options)
    : impl_(std::make_unique<Impl>(system, std::move(options))) {}
DaeSolver::~DaeSolver() = default;
void DaeSolver::start(double t, std::span<const double> u, std::span<const std::vector<double>> sensitivity) {
  impl_->start(t, u, sensitivity);
}
void DaeSolver::limit_step(double longest) {
  impl_->limit_step(longest);
}
bool DaeSolver::advance(double t_out, double t_stop) {
  return impl_->advance(t_out, t_stop);
}
double DaeSolver::time() const {
  return impl_->time();
}
std::span<const double> DaeSolver::state() const {
  return impl_->state();
}
std::span<const double> DaeSolver::rate() const {
  return impl_->rate();
}
std::vector<double> DaeSolver::sensitivity(std::size_t k) {
  return impl_->sensitivity(k);
}
IntegratorStatistics DaeSolver::statistics() const {
  return impl_->statistics();
}

// ---------------------------------------------------------------------------------------------------------------------

class OdeSolver::Impl {
 public:
  Impl(OdeSystem& system, OdeOptions options)
      : system_(system),
        options_(std::move(options)),
        context_(new_context()),
        u_(new_vector(system.pattern().size, context_)),
        work_(new_vector(system.pattern().size, context_)),
        absolute_(new_vector(system.pattern().size, context_)),
        linear_(system.pattern(), options_.linear, u_.get(), context_),
        values_(system.pattern().entries()) {
    require_fit(options_.absolute.size(), system.pattern().size, "the absolute tolerance");
    std::copy(options_.absolute.begin(), options_.absolute.end(), values_of(absolute_.get()).begin());
  }
  ~Impl() { CVodeFree(&cvode_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void start(double t, std::span<const double> u) {
    require_fit(u.size(), system_.pattern().size, "the state");
    time_ = t;
    std::copy(u.begin(), u.end(), values_of(u_.get()).begin());
    if (cvode_ == nullptr) {
      create();
    } else {
      add_current(statistics_);
      check(CVodeReInit(cvode_, t, u_.get()), "restart");
    }
    ++statistics_.restarts;
  }

  void limit_step(double longest) {
    longest_step_ = longest;
    if (cvode_ != nullptr) CVodeSetMaxStep(cvode_, longest);
  }

  void advance(double t_out, double t_stop) {
    check(CVodeSetStopTime(cvode_, t_stop), "stop time");
    const int flag = CVode(cvode_, t_out, u_.get(), &time_, CV_NORMAL);
    if (flag < 0) fail(flag);
    if (!finite(state())) {
      throw SolverError(fmt::format("integrator (CVODES): a result at t = {:.9g} s that is no number", time_));
    }
  }

  [[nodiscard]] double time() const { return time_; }
  [[nodiscard]] std::span<const double> state() const { return values_of(u_.get()); }
  [[nodiscard]] IntegratorStatistics statistics() const {
    IntegratorStatistics all = statistics_;
    add_current(all);
    return all;
  }

 private:
  static Impl& self(void* data) { return *static_cast<Impl*>(data); }
  static int rate(realtype t, N_Vector u, N_Vector du, void* data) {
    return guarded(self(data).caught_, [&] {
      if (self(data).options_.watch) self(data).options_.watch(t);
      self(data).system_.rate(t, values_of(u), values_of(du));
      return finite(values_of(du));
    });
  }
  static int jacobian(realtype t, N_Vector u, N_Vector, SUNMatrix J, void* data, N_Vector, N_Vector, N_Vector) {
    Impl& me = self(data);
    return guarded(me.caught_, [&] {
      me.system_.jacobian(t, values_of(u), me.values_);
      me.linear_.scatter(me.values_, J);
      return finite(me.values_);
    });
  }

  void create() {
    cvode_ = CVodeCreate(CV_BDF, context_.get());
    check(CVodeInit(cvode_, rate, time_, u_.get()), "start");
    CVodeSetErrHandlerFn(
        cvode_, [](int, const char*, const char*, char*, void*) {}, nullptr);
    check(CVodeSVtolerances(cvode_, options_.relative, absolute_.get()), "tolerances");
    CVodeSetUserData(cvode_, this);
    CVodeSetMaxNumSteps(cvode_, options_.most_steps);
    CVodeSetNonlinConvCoef(cvode_, newton_share);
    CVodeSetMaxStep(cvode_, longest_step_);
    check(CVodeSetLinearSolver(cvode_, linear_.solver(), linear_.matrix()), "linear solver");
    check(CVodeSetJacFn(cvode_, jacobian), "Jacobian");
  }

  void check(int flag, const char* what) {
    if (caught_) std::rethrow_exception(std::exchange(caught_, nullptr));
    if (flag < 0) throw SolverError(fmt::format("integrator (CVODES), {}: error {}", what, flag));
  }
  [[noreturn]] void fail(int flag) {
    if (caught_) std::rethrow_exception(std::exchange(caught_, nullptr));
    double t = time_;
    CVodeGetCurrentTime(cvode_, &t);
    CVodeGetEstLocalErrors(cvode_, work_.get());
    CVodeGetErrWeights(cvode_, absolute_.get());
    const std::size_t worst = worst_of(work_.get(), absolute_.get());
    throw SolverError(
        fmt::format("integrator (CVODES) at t = {:.9g} s: error {}; worst is {} = {:.6g} with a local error of {:.3g}",
                    t, flag, system_.name(worst), state()[worst], values_of(work_.get())[worst]));
  }
  void add_current(IntegratorStatistics& to) const {
    if (cvode_ == nullptr) return;
    const auto add = [&](auto get, long& sum) {
      long value = 0;
      get(cvode_, &value);
      sum += value;
    };
    add(CVodeGetNumSteps, to.steps);
    add(CVodeGetNumRhsEvals, to.residuals);
    add(CVodeGetNumLinSolvSetups, to.factorisations);
    add(CVodeGetNumErrTestFails, to.error_test_failures);
    add(CVodeGetNumNonlinSolvConvFails, to.convergence_failures);
  }

  OdeSystem& system_;
  OdeOptions options_;
  Context context_;
  Vector u_, work_, absolute_;
  Linear linear_;
  std::vector<double> values_;
  void* cvode_ = nullptr;
  double time_ = 0.0;
  double longest_step_ = 0.0;
  IntegratorStatistics statistics_;
  std::exception_ptr caught_;
};

OdeSolver::OdeSolver(OdeSystem& system, OdeOptions options)
    : impl_(std::make_unique<Impl>(system, std::move(options))) {}
OdeSolver::~OdeSolver() = default;
void OdeSolver::start(double t, std::span<const double> u) {
  impl_->start(t, u);
}
void OdeSolver::limit_step(double longest) {
  impl_->limit_step(longest);
}
void OdeSolver::advance(double t_out, double t_stop) {
  impl_->advance(t_out, t_stop);
}
double OdeSolver::time() const {
  return impl_->time();
}
std::span<const double> OdeSolver::state() const {
  return impl_->state();
}
IntegratorStatistics OdeSolver::statistics() const {
  return impl_->statistics();
}

}  // namespace seccm::sim
