// The whole differential-algebraic system of a small cluster through SUNDIALS IDA, with error control, against the fast
// engine. The residual is written from the equations of models/cell/cell_spec.hpp, in its own words: only the mesh
// geometry and the parameters are shared. (That the mesh converges to the exact solutions is shown in
// tests/verification/cross_engines_test.cpp.)
#include <ida/ida.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "models/cell/cell_layout.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

constexpr int particles = 3;
constexpr int cells = 24;
constexpr int per_particle = cells + 3;  // y_1..y_N, q R/D, p, θ
constexpr int unknowns = particles * per_particle + 1;
constexpr double ampere = 1e-12;  // unit of the current equations

CellSpec cluster() {
  CellSpec spec;
  spec.material.law = IsothermKind::frumkin;
  spec.material.g = 1.5;
  spec.material.k0 = 2e-9 * unit::cm_per_s;
  spec.double_layer.titania = 20.0 * unit::uF_per_cm2;
  spec.double_layer.gold = 10.0 * unit::uF_per_cm2;
  spec.surface_redox.enabled = true;
  spec.surface_redox.rate = Frequency(0.05);
  spec.surface_redox.g = 8.0;
  spec.water.enabled = false;
  spec.numerics.cells = cells;
  spec.numerics.grading = 0.1;
  spec.gold_area = 5e-14;
  spec.series_resistance = 2e11;  // large, so that the particles feel each other
  spec.particles = {{.radius = 20e-9, .contact_resistance = 1e11},
                    {.radius = 30e-9, .wetted_fraction = 0.6, .contact_resistance = 1e12},
                    {.radius = 26e-9, .contact_resistance = 1e10, .initial_filling = 0.05}};
  return spec;
}

struct Problem {
  CellSpec spec = cluster();
  sim::RadialMesh mesh{sim::Geometry::sphere, mesh_for(spec)};
  double E_start = 2.6;
  double t_start = 0.0;
  double slope = -0.1;
};

/// Outward flux of the mapped Butler-Volmer law with the Frumkin isotherm, m/s; the same form for the surface redox,
/// 1/s.
double frumkin_rate(double k, double alpha, double g, double E0_law, double p, double y) {
  const double eta = f * (p - E0_law) + g * (y - 0.5);
  return k * (y * std::exp((1.0 - alpha) * eta) - (1.0 - y) * std::exp(-alpha * eta));
}

/// Residual of one particle; returns its current.
double particle_residual(const Problem& problem, int index, const double* u, const double* du, double phi, double* r) {
  const CellSpec& spec = problem.spec;
  const CellParticle& particle = spec.particles[static_cast<std::size_t>(index)];
  const sim::RadialMesh& mesh = problem.mesh;
  const double D = spec.material.D.si();
  const double R = particle.radius;
  const double q_scaled = u[cells];
  const double q = q_scaled * D / R;
  const double p = u[cells + 1];
  const double theta = u[cells + 2];
  for (int k = 0; k < cells; ++k) {
    const auto j = static_cast<std::size_t>(k);
    const double in = k > 0 ? mesh.conductance()[j] * (u[k] - u[k - 1]) : 0.0;
    const double out = k + 1 < cells ? mesh.conductance()[j + 1] * (u[k + 1] - u[k]) : -q_scaled;
    r[k] = du[k] - D / (R * R) * (out - in) / mesh.volume()[j];
  }
  const double y_s =
      u[cells - 1] - mesh.slope_weight() * q_scaled + mesh.inner_weight() * (u[cells - 1] - u[cells - 2]);
  const double wet = particle.wetted_fraction;
  const double bv =
      wet * frumkin_rate(spec.material.k0.si(), spec.material.alpha, spec.material.g, spec.material.E0.si(), p, y_s);
  r[cells] = q_scaled - bv * R / D;
  const SurfaceRedoxParameters& redox = spec.surface_redox;
  r[cells + 2] = du[cells + 2] + frumkin_rate(redox.rate.si(), redox.alpha, redox.g, redox.E0.si(), p, theta);
  const double area = 4.0 * constants::pi * R * R;
  const double current = F * spec.material.c_max.si() * area * q +
                         spec.double_layer.titania.si() * area * wet * du[cells + 1] -
                         redox.charge.si() * area * wet * du[cells + 2];
  r[cells + 1] = ((phi - p) / particle.contact_resistance - current) / ampere;
  return (phi - p) / particle.contact_resistance;
}

int residual(realtype t, N_Vector state, N_Vector derivative, N_Vector out, void* data) {
  const auto& problem = *static_cast<const Problem*>(data);
  const double* u = NV_DATA_S(state);
  const double* du = NV_DATA_S(derivative);
  double* r = NV_DATA_S(out);
  const int last = unknowns - 1;
  const double phi = u[last];
  double sum = problem.spec.double_layer.gold.si() * problem.spec.gold_area * du[last];
  for (int k = 0; k < particles; ++k) {
    const int first = k * per_particle;
    sum += particle_residual(problem, k, u + first, du + first, phi, r + first);
  }
  const double E = problem.E_start + problem.slope * (t - problem.t_start);
  r[last] = ((E - phi) / problem.spec.series_resistance - sum) / ampere;
  return 0;
}

/// Total currents of a triangle 2.6 -> 1.0 -> 2.6 V at the ends of `count` equal pieces of each sweep.
class ReferenceEngine {
 public:
  explicit ReferenceEngine(double coverage) {
    SUNContext_Create(nullptr, &context_);
    state_ = N_VNew_Serial(unknowns, context_);
    derivative_ = N_VClone(state_);
    tolerance_ = N_VClone(state_);
    N_VConst(0.0, state_);
    N_VConst(0.0, derivative_);
    N_VConst(1e-10, tolerance_);
    double* u = NV_DATA_S(state_);
    for (int k = 0; k < particles; ++k) {
      for (int j = 0; j < cells; ++j) {
        u[k * per_particle + j] = problem_.spec.particles[static_cast<std::size_t>(k)].initial_filling;
      }
      u[k * per_particle + cells + 1] = problem_.E_start;
      u[k * per_particle + cells + 2] = coverage;
    }
    u[unknowns - 1] = problem_.E_start;
  }
  ~ReferenceEngine() {
    IDAFree(&ida_);
    SUNLinSolFree(solver_);
    SUNMatDestroy(matrix_);
    for (N_Vector v : {state_, derivative_, tolerance_, id_}) N_VDestroy(v);
    SUNContext_Free(&context_);
  }
  ReferenceEngine(const ReferenceEngine&) = delete;
  ReferenceEngine& operator=(const ReferenceEngine&) = delete;

  std::vector<double> run(int count) {
    start();
    std::vector<double> currents;
    const double sweep = 16.0;
    double t = 0.0;
    for (int half = 0; half < 2; ++half) {
      if (half == 1) {
        problem_.E_start = 1.0;
        problem_.t_start = sweep;
        problem_.slope = 0.1;
        EXPECT_EQ(IDAReInit(ida_, t, state_, derivative_), IDA_SUCCESS);
      }
      EXPECT_EQ(IDASetStopTime(ida_, sweep * (half + 1)), IDA_SUCCESS);
      for (int k = 1; k <= count; ++k) {
        EXPECT_GE(IDASolve(ida_, sweep * (half + static_cast<double>(k) / count), &t, state_, derivative_, IDA_NORMAL),
                  0);
        const double E = problem_.E_start + problem_.slope * (t - problem_.t_start);
        currents.push_back((E - NV_DATA_S(state_)[unknowns - 1]) / problem_.spec.series_resistance);
      }
    }
    return currents;
  }

 private:
  void start() {
    id_ = N_VClone(state_);
    N_VConst(1.0, id_);
    for (int k = 0; k < particles; ++k) NV_DATA_S(id_)[k * per_particle + cells] = 0.0;
    ida_ = IDACreate(context_);
    IDAInit(ida_, residual, 0.0, state_, derivative_);
    IDASVtolerances(ida_, 1e-9, tolerance_);
    IDASetUserData(ida_, &problem_);
    IDASetMaxNumSteps(ida_, 1000000);
    matrix_ = SUNDenseMatrix(unknowns, unknowns, context_);
    solver_ = SUNLinSol_Dense(state_, matrix_, context_);
    IDASetLinearSolver(ida_, solver_, matrix_);
    IDASetId(ida_, id_);
    EXPECT_EQ(IDACalcIC(ida_, IDA_YA_YDP_INIT, 1e-3), IDA_SUCCESS);
  }

  Problem problem_;
  SUNContext context_ = nullptr;
  N_Vector state_ = nullptr;
  N_Vector derivative_ = nullptr;
  N_Vector tolerance_ = nullptr;
  N_Vector id_ = nullptr;
  void* ida_ = nullptr;
  SUNMatrix matrix_ = nullptr;
  SUNLinearSolver solver_ = nullptr;
};

TEST(CellAgainstIda, AClusterWithAllItsResistancesAndCapacitancesAgrees) {
  constexpr int count = 160;           // every 10 mV
  constexpr std::size_t settled = 20;  // behind the jump that the half-filled third particle starts with
  const Problem problem;
  const Cell cell(problem.spec);
  const double coverage = cell.coverage(cell.rest(2.6)).front();
  const std::vector<double> exact = ReferenceEngine(coverage).run(count);
  double peak = 0.0;
  for (const double i : exact) peak = std::max(peak, std::abs(i));
  std::vector<double> errors;
  for (const double step : {2e-3, 1e-3, 0.5e-3}) {
    CellSpec spec = problem.spec;
    spec.numerics.potential_step = Potential(step);
    const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.6).ramp_to(1.0, 0.1).ramp_to(2.6, 0.1));
    const std::size_t stride = (trace.size() - 1) / exact.size();
    double worst = 0.0;
    for (std::size_t k = settled; k < exact.size(); ++k) {
      worst = std::max(worst, std::abs(trace.current[(k + 1) * stride] - exact[k]));
    }
    errors.push_back(worst / peak);
  }
  // BDF2 with steps of h = 2 mV on waves that the resistances spread over L ~ 0.25 V: (h/L)²/3 = 2e-5 of the peak; each
  // halving divides it by four. IDA itself is good to 1e-7.
  EXPECT_LT(errors[0], 4e-5);
  EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2.0, 0.2);
  EXPECT_NEAR(std::log2(errors[1] / errors[2]), 2.0, 0.2);
}

}  // namespace
}  // namespace seccm::models::test
