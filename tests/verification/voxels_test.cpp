// Grains resolved in voxels against exact solutions, the radial engine, orders and identities.
// Longer than 500 lines: one record page; its cases share their images.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "models/cell.hpp"
#include "models/reference/reference_simulate.hpp"
#include "models/voxels/voxel_cluster.hpp"
#include "tests/verification/compared_traces.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models {
namespace {

using verification::check;
using verification::check_order;

constexpr double temperature = 298.15;
constexpr double thermal = constants::gas * temperature / constants::faraday;
constexpr double E0 = 2.0;
constexpr double length = 25e-9;
constexpr double scan_rate = 0.05;
constexpr double D = 4e-18;  // a layer of 1.43 nm at 50 mV/s

VoxelSpec grains(LabelImage image) {
  VoxelSpec spec;
  spec.grain_D.assign(largest_label(image), {D, D, D});
  spec.image = std::move(image);
  spec.border = ImageBorder::top;
  spec.material.k0 = 1e-9 * unit::cm_per_s;
  spec.material.E0 = Potential(E0);
  spec.numerics.potential_step = 4.0 * unit::mV;
  return spec;
}

sim::Waveform cycle() {
  return sim::Waveform::at(E0 + 0.4).ramp_to(E0 - 0.4, scan_rate).ramp_to(E0 + 0.4, scan_rate);
}

/// The radial engine on the same electrode, its mesh far finer than the voxels and the same steps.
Trace radial(const VoxelSpec& spec, sim::Geometry geometry, double face_area, double diffusivity = D) {
  CellSpec cell;
  cell.geometry = geometry;
  cell.face_area = face_area;
  cell.material = spec.material;
  cell.material.D = Diffusivity(diffusivity);
  cell.double_layer.titania = ArealCapacitance(spec.layer_capacitance);
  cell.series_resistance = spec.series_resistance;
  cell.numerics = spec.numerics;
  cell.numerics.fastest_scan_rate = ScanRate(scan_rate);
  cell.numerics.cells = 400;
  cell.numerics.grading = 0.05;
  cell.particles = {{.radius = length}};
  return simulate(Cell(cell), cycle());
}

double largest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

/// Largest difference of two traces of the same program over the largest current of the second.
double difference(const Trace& a, const Trace& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
    most = std::max(most, std::abs(a.current[k] - b.current[k]));
  return a.size() == b.size() ? most / largest(b.current) : std::nan("");
}

TEST(OrderVoxels, SlabAgainstTheRadialEngine) {
  std::vector<double> size;
  std::vector<double> error;
  for (const int n : {50, 100, 200}) {
    const double h = length / n;
    const VoxelSpec spec = grains(box_image({2, 1, n}, h));
    const Trace trace = simulate(VoxelCluster(spec), cycle());
    size.push_back(h);
    error.push_back(difference(trace, radial(spec, sim::Geometry::slab, 2.0 * h * h)));
  }
  check_order({.name = "box with one wetted face = slab",
               .quantity = "worst current of a cycle over the peak",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.3,
               .pairs = 2,
               .note = "Two-point fluxes on a uniform mesh are of second order; the radial mesh is graded and its own "
                       "error below 1e-4."});
  const double layer = std::sqrt(D * thermal / scan_rate);
  check({.name = "box of 200 voxels",
         .quantity = "worst current over the peak",
         .exact = 0.0,
         .computed = error.back(),
         .bound = size.back() * size.back() / (12.0 * layer * layer),
         .note = "Truncation of the two-point flux: h²/12 of the fourth derivative, 1/layer² of the current."});
}

TEST(CrossVoxels, SeriesResistanceAndDoubleLayerOfASlab) {
  const double h = length / 100;
  VoxelSpec spec = grains(box_image({2, 1, 100}, h));
  spec.layer_capacitance = 0.1;
  const double area = 2.0 * h * h;
  // 30 mV at the peak.
  spec.series_resistance = 0.03 / largest(simulate(VoxelCluster(spec), cycle()).current);
  const Trace trace = simulate(VoxelCluster(spec), cycle());
  const Trace other = radial(spec, sim::Geometry::slab, area);
  check({.name = "slab behind a resistance of 30 mV at the peak, 10 uF/cm^2",
         .quantity = "worst current over the peak",
         .exact = 0.0,
         .computed = difference(trace, other),
         .bound = 3e-3,
         .note = "(h/layer)²/12 = 2.5e-3 of the voxels."});
}

/// Uptake of a slab of thickness a from both faces held at 1, as a share of what is left: Σ 8/(π² m²) e^(-m² π² D
/// t/a²).
double left_in_slab(double a, double diffusivity, double time) {
  double left = 0.0;
  for (int m = 1; m < 400; m += 2)
    left += 8.0 / (constants::pi * constants::pi * m * m) *
            std::exp(-m * m * constants::pi * constants::pi * diffusivity * time / (a * a));
  return left;
}

/// Reversible and far cathodic: y_s = 1.
VoxelSpec filled_from_outside(LabelImage image) {
  VoxelSpec spec = grains(std::move(image));
  spec.material.k0 = Velocity(1.0);
  spec.border = ImageBorder::all;
  return spec;
}

double mean_filling_after(const VoxelSpec& spec, double time, int steps) {
  const VoxelCluster cluster(spec);
  VoxelStepper stepper(cluster, E0 - 1.0);
  for (int k = 0; k < steps; ++k) stepper.advance(E0 - 1.0, time / steps);
  return stepper.lithium() / cluster.capacity();
}

TEST(ExactVoxels, StepOfPotentialOnAnAnisotropicBox) {
  // Product of three slab solutions.
  const std::array<double, 3> edge{16e-9, 24e-9, 32e-9};
  const std::array<double, 3> D_axis{1e-18, 4e-18, 16e-18};
  const double time = 4.0;
  double left = 1.0;
  for (std::size_t a = 0; a < 3; ++a) left *= left_in_slab(edge[a], D_axis[a], time);
  std::vector<double> size;
  std::vector<double> error;
  for (const int n : {8, 16, 32}) {
    const double h = edge[0] / n;
    VoxelSpec spec = filled_from_outside(box_image({n, 3 * n / 2, 2 * n}, h));
    spec.grain_D = {D_axis};
    const double filled = mean_filling_after(spec, time, 25 * n / 8);  // step and voxel fall together
    size.push_back(h);
    error.push_back(std::abs(filled - (1.0 - left)));
  }
  check_order({.name = "box of 16 x 24 x 32 nm, D of 1, 4 and 16e-14 cm^2/s",
               .quantity = "lithium after 4 s, three-fold series",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.4,
               .pairs = 2,
               .note = "BDF2 with steps proportional to the voxel; the corner between faces that fill at once and the "
                       "jump at t = 0 are part of the error."});
  check({.name = "32 x 48 x 64 voxels, 100 steps",
         .quantity = "lithium after 4 s over capacity",
         .exact = 1.0 - left,
         .computed = error.back() + 1.0 - left,
         .bound = 2e-3,
         .relative = true,
         .note = "h²/(12 D t) over the three axes at the slowest one: 5e-9² gives 0.5 to 2e-3."});
  verification::plot({.name = "anisotropic box",
                      .x_label = "voxel / m",
                      .y_label = "error of the lithium / capacity",
                      .curves = {{.label = "|computed - series|", .x = size, .y = error, .points = true}},
                      .log_x = true,
                      .log_y = true});
}

TEST(ExactVoxels, CurrentBehindAStepOfPotentialOnASlab) {
  // i(t) = F c A (2D/L) Σ e^(-(m+1/2)² π² D t/L²) of a slab closed at its back.
  const int n = 100;
  const double h = length / n;
  VoxelSpec spec = filled_from_outside(box_image({1, 1, n}, h));
  spec.border = ImageBorder::top;
  const double time = 0.2 * length * length / D;
  double series = 0.0;
  for (int m = 0; m < 100; ++m) series += std::exp(-(m + 0.5) * (m + 0.5) * constants::pi * constants::pi * 0.2);
  const double exact = -constants::faraday * 2.4e4 * h * h * 2.0 * D / length * series;
  const VoxelCluster cluster(spec);
  VoxelStepper stepper(cluster, E0 - 1.0);
  for (int k = 0; k < 400; ++k) stepper.advance(E0 - 1.0, time / 400);
  check({.name = "slab of 100 voxels, 400 steps to D t/L² = 0.2",
         .quantity = "current",
         .unit = "A",
         .exact = exact,
         .computed = stepper.currents().total,
         .bound = 2e-4,
         .relative = true,
         .note = "(π/2)² (h/L)²/12 = 2e-5 of the voxels; the Euler step behind the jump leaves about (1/400)² of the "
                 "first modes, amplified by their number."});
}

TEST(IdentityVoxels, GrainBoundaryBetweenItsLimits) {
  LabelImage image = box_image({2, 2, 20}, 1e-9);
  VoxelSpec spec = grains(image);
  const Trace one = simulate(VoxelCluster(spec), cycle());
  for (std::size_t i = 0; i < 2 * 2 * 10; ++i) image.labels[i] = 2;  // the lower half
  VoxelSpec two = grains(image);
  check({.name = "two grains, boundary without resistance",
         .quantity = "worst current against one grain, over the peak",
         .exact = 0.0,
         .computed = difference(simulate(VoxelCluster(two), cycle()), one),
         .bound = 1e-14,
         .note = "The same links."});
  two.boundary_resistance = std::numeric_limits<double>::infinity();
  const VoxelCluster sealed(two);
  VoxelStepper stepper(sealed, E0 - 0.4);
  for (int k = 0; k < 20; ++k) stepper.advance(E0 - 0.4, 0.5);
  double behind = 0.0;
  for (std::size_t i = 0; i < 2 * 2 * 10; ++i) behind += stepper.filling()[i];
  check({.name = "sealed boundary",
         .quantity = "lithium in the grain behind it, in voxels",
         .exact = 0.0,
         .computed = behind,
         .bound = 1e-13,
         .note = "No link at all: the sum over the grain is conserved to round-off."});
  const Trace half = simulate(VoxelCluster(grains(box_image({2, 2, 10}, 1e-9))), cycle());
  check({.name = "sealed boundary",
         .quantity = "worst current against the outer grain alone, over the peak",
         .exact = 0.0,
         .computed = difference(simulate(sealed, cycle()), half),
         .bound = 1e-6,
         .note = "balance_tolerance 1e-8 of each voxel and step, against fillings of some per cent."});
}

TEST(ExactVoxels, GrainFilledThroughItsBoundary) {
  // Diffusion within the grains 1e6 times faster than across: 1 - e^(-P t/L) of the grain behind.
  LabelImage image = box_image({1, 1, 20}, 1e-9);
  for (std::size_t i = 0; i < 10; ++i) image.labels[i] = 2;
  VoxelSpec spec = filled_from_outside(image);
  spec.border = ImageBorder::top;
  const double P = 1e-9;
  const double L = 10e-9;
  spec.grain_D.assign(2, {1e6 * P * L, 1e6 * P * L, 1e6 * P * L});
  spec.boundary_resistance = 1.0 / P;
  const VoxelCluster cluster(spec);
  VoxelStepper stepper(cluster, E0 - 1.0);
  const double time = L / P;
  for (int k = 0; k < 400; ++k) stepper.advance(E0 - 1.0, time / 400);
  check({.name = "permeability of a boundary",
         .quantity = "filling of the grain behind it after L/P",
         .exact = 1.0 - std::exp(-1.0),
         .computed = stepper.filling()[5],
         .bound = 1e-5,
         .note = "Steps: e^(-1) (1/400)²/3 = 1e-6 plus the Euler step of the same size; diffusion 1e-6."});
}

TEST(OrderVoxels, AreaOfAVoxelisedSphere) {
  std::vector<double> size;
  std::vector<double> error;
  double staircase = 0.0;
  for (const int n : {6, 12, 24, 48}) {
    const VoxelGrid grid(grains(sphere_image(length, length / n, {0.13, 0.29, 0.41})));
    const double exact = 4.0 * constants::pi * length * length;
    size.push_back(length / n);
    error.push_back(std::abs(grid.wetted_area() / exact - 1.0));
    staircase = grid.voxel_area() / exact;
  }
  check({.name = "voxel sphere, R = 48 voxels",
         .quantity = "voxelised over true area",
         .exact = 1.5,
         .computed = staircase,
         .bound = 0.01,
         .note = "Mean of |n_x| + |n_y| + |n_z| over directions; a lattice of faces leaves a few per mille."});
  check({.name = "voxel sphere, R = 48 voxels",
         .quantity = "weighted over true area",
         .exact = 1.0,
         .computed = error.back() + 1.0,
         .bound = 5e-3,
         .note =
             "Σ w h² with the estimated normals: the estimate is good to a few degrees, cos of it to some per mille."});
  verification::plot({.name = "area of a voxel sphere",
                      .x_label = "voxel / m",
                      .y_label = "relative error of the wetted area",
                      .curves = {{.label = "weighted", .x = size, .y = error, .points = true}},
                      .log_x = true,
                      .log_y = true});
}

TEST(OrderVoxels, SphereAgainstTheRadialEngine) {
  std::vector<double> size;
  std::vector<double> error;
  Trace finest;
  Trace exact;
  for (const int n : {5, 10, 20}) {
    VoxelSpec spec = grains(sphere_image(length, length / n, {0.13, 0.29, 0.41}));
    const double D_wide = 9.0 * D;
    spec.grain_D = {{D_wide, D_wide, D_wide}};
    spec.numerics.potential_step = 20.0 * unit::mV;
    const Trace trace = simulate(VoxelCluster(spec), cycle());
    VoxelSpec same = spec;
    exact = radial(same, sim::Geometry::sphere, 1e-12, D_wide);
    size.push_back(length / n);
    error.push_back(difference(trace, exact));
    finest = trace;
  }
  check_order({.name = "voxel sphere -> radial sphere",
               .quantity = "worst current of a cycle over the peak",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.5,
               .pairs = 2,
               .note =
                   "The half cells of the weighted faces put the surface where the volume has it: second order, less "
                   "the scatter of the lattice (volume of a voxelised ball: order 1.5)."});
  check({.name = "voxel sphere, R = 20 voxels",
         .quantity = "worst current over the peak",
         .exact = 0.0,
         .computed = error.back(),
         .bound = 5e-3,
         .note = "Area to 1e-3 (see its case), volume to (h/R)^1.5 / 4 = 3e-3, (h/layer)²/12 = 4e-4."});
  verification::plot({.name = "voxel sphere",
                      .x_label = "E / V vs Li/Li+",
                      .y_label = "current / A",
                      .curves = {{.label = "20 voxels to the radius", .x = finest.E_vs_Li, .y = finest.current},
                                 {.label = "radial engine", .x = exact.E_vs_Li, .y = exact.current}}});
}

TEST(IdentityVoxels, ChargeOfAPackingIsItsLithium) {
  const std::vector<Sphere> spheres{{0, 0, 5e-9, 5e-9}, {10e-9, 0, 5e-9, 5e-9}, {5e-9, 8.66e-9, 5e-9, 5e-9}};
  for (const IsothermKind law : {IsothermKind::ideal, IsothermKind::frumkin, IsothermKind::anatase_plateau}) {
    VoxelSpec spec = grains(packing_image(spheres, 1e-9, {.neck_ratio = 0.4, .neck_gap = 1e-11}));
    spec.border = ImageBorder::above_gold;
    spec.material.law = law;
    spec.material.g = 2.0;
    spec.boundary_resistance = 1e9;
    spec.layer_capacitance = 0.1;
    spec.series_resistance = 5e11;
    const VoxelCluster cluster(spec);
    VoxelStepper stepper(cluster, E0 + 0.4);
    double passed = 0.0;
    double worst = 0.0;
    for (int k = 1; k <= 80; ++k) {
      stepper.advance(E0 + 0.4 - 0.02 * (k <= 40 ? k : 80 - k), 0.4);
      const double stored = constants::faraday * stepper.lithium();
      passed = std::max(passed, stored);
      worst = std::max(worst, std::abs(stepper.charge().intercalation + stored));
    }
    check({.name = "three sintered spheres, isotherm " + std::to_string(static_cast<int>(law)),
           .quantity = "worst ∫ i dt + F ΔN of a cycle over the charge passed",
           .exact = 0.0,
           .computed = worst / passed,
           .bound = 1e-10,
           .note = "Round-off: 2e3 voxels, 80 steps."});
  }
}

// --- against the reference engine -----------------------------------------------------------------------------------

/// Half a ball of six grains without pores, each with axes of its own, and boundaries that resist.
VoxelSpec dense_grains() {
  RandomStream random(11, "dense");
  VoxelSpec spec = grains(polycrystal_image(12e-9, 6, 2e-9, random));
  for (std::size_t k = 0; k < spec.grain_D.size(); ++k) {
    for (std::size_t a = 0; a < 3; ++a) spec.grain_D[k][a] = 2.0 * D * static_cast<double>(1U << ((k + a) % 3));
  }
  spec.border = ImageBorder::above_gold;
  spec.boundary_resistance = 1e9;  // that of 4 to 16 nm inside the grains
  return spec;
}

/// Three sintered spheres, wet all around, behind a resistance that drops 50 mV at the peak, with double layers.
VoxelSpec porous_spheres() {
  const std::vector<Sphere> spheres{{0, 0, 4e-9, 4e-9}, {8e-9, 0, 4e-9, 4e-9}, {4e-9, 6.93e-9, 4e-9, 4e-9}};
  VoxelSpec spec = grains(packing_image(spheres, 1e-9, {.neck_ratio = 0.4, .neck_gap = 1e-11}));
  spec.border = ImageBorder::above_gold;
  spec.boundary_resistance = 1e8;
  spec.layer_capacitance = 0.1;
  spec.gold_capacitance = 2e-17;
  spec.initial_filling = 0.01;
  spec.series_resistance = 1.0;
  spec.numerics.potential_step = 4.0 * unit::mV;
  spec.series_resistance = 0.05 / largest(simulate(VoxelCluster(spec), cycle()).current);
  return spec;
}

Trace in_steps_of(VoxelSpec spec, double step) {
  spec.numerics.potential_step = Potential(step);
  return simulate(VoxelCluster(spec), cycle());
}

/// Worst of ∫ i dt = -F ΔN + C (φ - φ_0) over F times the capacity.
double balance_of(const VoxelCluster& cluster, const Trace& trace) {
  const VoxelSpec& spec = cluster.spec();
  const double C = spec.layer_capacitance * cluster.grid().wetted_area() + spec.gold_capacitance;
  const double capacity = constants::faraday * cluster.capacity();
  double worst = 0.0;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    const double taken = constants::faraday * (trace.lithium[k] - trace.lithium.front());
    const double phi = trace.E_vs_Li[k] - spec.series_resistance * trace.current[k];
    worst = std::max(worst, std::abs(trace.charge[k] + taken - C * (phi - trace.E_vs_Li.front())) / capacity);
  }
  return worst;
}

TEST(CrossVoxels, FastEngineTendsToTheReferenceInSecondOrder) {
  // Left out of the order: a tenth of a volt behind the start, where the spheres lose at once what they were filled
  // with, a flux that falls as t^(-1/2); and ten rows behind the turn, where one step is of backward Euler and RC is
  // far shorter than a step.
  constexpr verification::Rows start{1, 25};
  constexpr verification::Rows turn{200, 210};
  struct Case {
    std::string name;
    VoxelSpec spec;
  };
  for (const Case& c : {Case{"dense, anisotropic, boundaries", dense_grains()},
                        Case{"porous, necks, resistance and double layers", porous_spheres()}}) {
    constexpr double tolerance = 1e-9;
    const std::vector<double> steps{4e-3, 2e-3, 1e-3};
    VoxelSpec coarsest = c.spec;
    coarsest.numerics.potential_step = Potential(steps.front());
    const VoxelCluster cluster(coarsest);
    ReferenceOptions options;
    options.relative = tolerance;
    const ReferenceRun exact = run_reference(reference_spec(cluster), cycle(), options);
    const double peak = largest(exact.trace.current);
    std::vector<Trace> fast;
    std::vector<double> errors;
    for (const double step : steps) {
      fast.push_back(in_steps_of(c.spec, step));
      errors.push_back(verification::difference(exact.trace, fast.back(), start, turn) / peak);
    }
    // The change on halving, of the lowest order 1/2; what the iterations may leave of every balance in a step.
    const double dt = exact.trace.time[1];
    const double stated = 3.42 * verification::difference(fast[0], fast[1]) +
                          balance_tolerance * constants::faraday * cluster.capacity() / dt +
                          1000.0 * tolerance * exact.current_unit;
    check({.name = c.name + ", steps of 4 mV",
           .quantity = "worst sample over the stated error of both engines",
           .exact = 0.0,
           .computed = verification::difference(fast[0], exact.trace) / stated,
           .bound = 1.0,
           .note = "3.42 times the change on halving the steps, 1e-8 of each balance, 1000 tolerances of 1e-9"});
    check_order({.name = c.name,
                 .quantity = "worst sample over the peak, fast against reference",
                 .size = steps,
                 .error = errors,
                 .expected = 2.0,
                 .tolerance = 0.2,
                 .pairs = 2,
                 .note = "BDF2, without 25 rows behind the start and ten behind the turn"});
    check({.name = c.name,
           .quantity = "worst ∫ i dt + F ΔN - C Δφ of the reference over F times the capacity",
           .exact = 0.0,
           .computed = balance_of(cluster, exact.trace),
           .bound = 1e-10,
           .note = "The rows of voxels, current and charge add up to zero: what Newton's method leaves."});
    verification::plot(
        {.name = c.name,
         .x_label = "E / V vs Li/Li+",
         .y_label = "current / A",
         .curves = {{.label = "reference engine", .x = exact.trace.E_vs_Li, .y = exact.trace.current},
                    {.label = "fast engine, 4 mV", .x = fast[0].E_vs_Li, .y = fast[0].current, .points = true}}});
  }
}

TEST(CrossVoxels, SphereInVoxelsAndInShellsByTheReference) {
  // Both under error control: what is left is that of the voxels alone.
  const int n = 6;
  VoxelSpec spec = grains(sphere_image(length, length / n, {0.13, 0.29, 0.41}));
  spec.grain_D = {{9.0 * D, 9.0 * D, 9.0 * D}};
  spec.numerics.potential_step = 20.0 * unit::mV;
  const Trace voxels = run_reference(reference_spec(VoxelCluster(spec)), cycle()).trace;
  CellSpec cell;
  cell.material = spec.material;
  cell.material.D = Diffusivity(9.0 * D);
  cell.double_layer.titania = ArealCapacitance(0.0);
  cell.water.enabled = false;
  cell.numerics = spec.numerics;
  cell.numerics.cells = 200;
  cell.particles = {{.radius = length}};
  const Trace exact = simulate_reference(Cell(cell), cycle());
  const double h = length / n;
  const double layer = std::sqrt(9.0 * D * thermal / scan_rate);
  check({.name = "voxel sphere, R = 6 voxels, reference engine of both",
         .quantity = "worst current over the peak",
         .exact = 0.0,
         .computed = difference(voxels, exact),
         .bound = h * h / (12.0 * layer * layer) + 0.25 * std::pow(1.0 / n, 1.5),
         .note = "(h/layer)²/12 of the two-point flux, (h/R)^1.5 / 4 of the volume of a voxelised ball"});
}

TEST(IdentityVoxels, TwoSpheresThatDoNotTouchAreTwiceOne) {
  const std::vector<Sphere> two{{0, 0, 8e-9, 5e-9}, {20e-9, 0, 8e-9, 5e-9}};
  VoxelSpec pair = grains(packing_image(two, 1e-9, {}));
  VoxelSpec single = grains(packing_image(std::vector<Sphere>{two[0]}, 1e-9, {}));
  for (VoxelSpec* spec : {&pair, &single}) spec->numerics.potential_step = 10.0 * unit::mV;
  Trace one = simulate(VoxelCluster(single), cycle());
  for (double& i : one.current) i *= 2.0;
  check({.name = "two spheres apart",
         .quantity = "worst current against twice one sphere, over the peak",
         .exact = 0.0,
         .computed = difference(simulate(VoxelCluster(pair), cycle()), one),
         .bound = 1e-6,
         .note = "balance_tolerance 1e-8 of each voxel and step, against fillings of some per cent."});
}

TEST(IdentityVoxels, IterationsStayBoundedAsTheMeshIsRefined) {
  std::vector<double> iterations;
  for (const int n : {14, 24, 44}) {
    VoxelSpec spec = grains(sphere_image(length, 2.0 * length / (n - 4)));
    spec.grain_D = {{100.0 * D, 100.0 * D, 100.0 * D}};
    const VoxelCluster cluster(spec);
    VoxelStepper stepper(cluster, E0);
    for (int k = 0; k < 3; ++k) stepper.advance(E0 - 0.02 * k, 0.2);
    iterations.push_back(static_cast<double>(stepper.counts().linear_iterations) / 3.0);
  }
  check({.name = "sphere of 5, 10, 20 voxels to the radius",
         .quantity = "iterations per step of the finest over those of the coarsest",
         .exact = 1.0,
         .computed = iterations.back() / iterations.front(),
         .bound = 1.0,
         .note = "Multigrid: bounded; without it four times fewer nm to a voxel take four times the iterations. From " +
                 std::to_string(iterations.front()) + " to " + std::to_string(iterations.back()) + "."});
}

}  // namespace
}  // namespace seccm::models
