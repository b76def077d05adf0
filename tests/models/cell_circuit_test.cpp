// The parts around the particles, each against its closed form.
#include "models/cell/water_reservoir.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

/// A slab that takes no lithium: an electrode of surface processes only.
CellSpec blocking() {
  CellSpec spec = Case{}.spec();
  spec.material.k0 = Velocity(0.0);
  spec.numerics.cells = 3;
  spec.numerics.grading = 1.0;
  return spec;
}

TEST(CellCircuit, TriangleOnACapacitorBehindAResistor) {
  // After the turn at t_l: i/(vC) = -1 + 2 e^(-(t-t_l)/RC) - e^(-t/RC).
  CellSpec spec = blocking();
  spec.gold_area = 1e-10;
  spec.water.enabled = false;
  const double C = spec.double_layer.gold.si() * spec.gold_area;
  spec.series_resistance = 0.2 / (scan_rate * C);
  const double RC = spec.series_resistance * C;
  const Cell cell(spec);
  const Trace trace = simulate(cell, sim::Waveform::at(1.0).ramp_to(1.5, scan_rate).ramp_to(1.0, scan_rate));
  const double turn = 0.5 / scan_rate;
  for (std::size_t k = 510; k < trace.size(); ++k) {
    const double t = trace.time[k];
    const double exact = -1.0 + 2.0 * std::exp(-(t - turn) / RC) - std::exp(-t / RC);
    EXPECT_NEAR(trace.current[k] / (scan_rate * C), exact, 6e-5) << t;
  }
}

TEST(CellCircuit, DoubleLayersWithoutResistanceTurnAtTheCorner) {
  CellSpec spec = blocking();
  spec.double_layer.titania = 10.0 * unit::uF_per_cm2;
  spec.gold_area = 1e-12;
  spec.water.enabled = false;
  spec.stray_capacitance = 1e-12;
  const double C = (spec.double_layer.titania.si() + spec.double_layer.gold.si()) * 1e-12 + 1e-12;
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(1.0).ramp_to(1.5, 0.1).ramp_to(1.0, 0.1));
  for (std::size_t k = 1; k < trace.size(); ++k) {
    EXPECT_NEAR(trace.current[k], (k <= 500 ? 0.1 : -0.1) * C, 1e-9 * C) << k;
  }
}

TEST(CellCircuit, WaterReductionIsAGaussianThatDecaysFromCycleToCycle) {
  CellSpec spec = blocking();
  spec.gold_area = 1e-12;
  spec.double_layer.gold = ArealCapacitance(0.0);
  const double Q = spec.water.charge.si() * spec.gold_area;
  for (const double rate : {0.02, 0.5}) {
    const Trace trace = simulate(Cell(spec), sim::Waveform::at(3.0).cyclic(1.0, 3.0, rate, 3));
    std::vector<double> peaks;
    std::vector<double> charges;
    for (int cycle = 1; cycle <= 3; ++cycle) {
      std::size_t deepest = 0;
      double first = 0.0;
      double last = 0.0;
      for (std::size_t k = 1; k < trace.size(); ++k) {
        if (trace.cycle[k] != cycle) continue;
        if (first == 0.0 && trace.cycle[k - 1] != cycle) first = trace.charge[k - 1];
        if (trace.current[k] < trace.current[deepest]) deepest = k;
        last = trace.charge[k];
        EXPECT_LE(trace.current[k], 1e-18);  // never anodic
      }
      EXPECT_NEAR(trace.E_vs_Li[deepest], cycle == 1 ? 2.0 : trace.E_vs_Li[deepest], 1.5e-3);
      peaks.push_back(-trace.current[deepest]);
      charges.push_back(last - first);
    }
    const double sigma = 0.3 / 2.354820045;
    EXPECT_NEAR(peaks[0] / (rate * Q * (6.0 / 7.0) / (sigma * std::sqrt(2.0 * constants::pi))), 1.0, 1e-4);
    EXPECT_NEAR(charges[0] / -Q, 6.0 / 7.0, 1e-9);
    EXPECT_NEAR(charges[1] / charges[0], 1.0 / 7.0, 1e-9);
    EXPECT_NEAR(charges[2] / charges[1], 1.0 / 7.0, 1e-9);
  }
}

TEST(CellCircuit, FerroceneWaveIsTheSteadyStateOne) {
  CellSpec spec = blocking();
  spec.ferrocene = {.i_lim = 20e-12, .E0_vs_Li = 3.25, .m_over_k0 = 0.0, .alpha = 0.5};
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.9).ramp_to(3.6, 0.02));
  for (std::size_t k = 1; k < trace.size(); ++k) {
    const double exact = 20e-12 / (1.0 + std::exp(-f * (trace.E_vs_Li[k] - 3.25)));
    EXPECT_NEAR(trace.current[k], exact, 1e-12 * 20e-12);
  }
  spec.ferrocene.m_over_k0 = 2.0;  // at E0: i_lim/(m/k0 + 1 + 1)
  const Trace slow = simulate(Cell(spec), sim::Waveform::at(2.9).ramp_to(3.25, 0.02));
  EXPECT_NEAR(slow.current.back(), 20e-12 / 4.0, 1e-20);
}

TEST(CellCircuit, FerroceneBehindAResistorIsShiftedByTheDrop) {
  CellSpec spec = blocking();
  spec.ferrocene.i_lim = 20e-12;
  spec.series_resistance = 1e9;  // 20 mV at the limiting current
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.9).ramp_to(3.6, 0.02));
  for (std::size_t k = 1; k < trace.size(); ++k) {
    const double phi = trace.E_vs_Li[k] - 1e9 * trace.current[k];
    EXPECT_NEAR(trace.current[k], 20e-12 / (1.0 + std::exp(-f * (phi - 3.25))), 1e-9 * 20e-12);
  }
}

TEST(CellCircuit, TwoPhasePlateauBehindAResistorGivesASquareRootWithoutDiffusion) {
  // i_p = sqrt(2 Q v/R) at E_p = E0 - sqrt(2 Q R v) between the ends of the plateau: charge runs from y_a to 1 - y_a.
  Case c{.geometry = sim::Geometry::sphere, .w = 1e-6, .lam = 1e10, .potential_step = 0.2e-3};
  CellSpec spec = c.spec();
  spec.material.law = IsothermKind::anatase_plateau;
  spec.material.plateau_solubility = 1e-3;
  const double Q = c.full_charge() * (1.0 - 2e-3);
  const double R = 2.0 / (Q * scan_rate);  // peak 2 V below E0: the ends, some 0.2 V wide, shift it by ~1e-3 only
  spec.series_resistance = R;
  const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.3).ramp_to(-0.5, scan_rate));
  std::size_t k = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) k = trace.current[i] < trace.current[k] ? i : k;
  // The lithium-poor end takes in 1e-3 of the charge before E0 is reached: half of that is the relative error.
  EXPECT_NEAR(-trace.current[k] / std::sqrt(2.0 * Q * scan_rate / R), 1.0, 2e-3);
  EXPECT_NEAR((E0 - trace.E_vs_Li[k]) / std::sqrt(2.0 * Q * R * scan_rate), 1.0, 3e-3);
}

TEST(CellCircuit, ThinLayerPeakIsFSquaredVVolumeOverFourRT) {
  Case c{.geometry = sim::Geometry::sphere, .w = 1e-4, .lam = 1e9};
  const Peak peak = peak_of(cathodic_sweep(c, c.spec(), -16.0, 16.0));
  const double volume = 4.0 / 3.0 * constants::pi * radius * radius * radius;
  const double expected = F * F * scan_rate * volume * 2.4e4 / (4.0 * R_gas * temperature);
  EXPECT_NEAR(peak.p * c.current_unit() / expected, 1.0, 4e-4);  // BDF2 on θ(ξ): (1/25.7)²/6
}

TEST(CellCircuit, ThinLayerFluxIsAThirdOfTheWidthAndIntegratesToTheFilling) {
  // w = 0.1: j_p = 0.0833316 w in units of F A D C/R; 3 ∫ j dξ/w = change of filling.
  Case c{.geometry = sim::Geometry::sphere, .w = 0.1, .lam = 1e8};
  const Wave wave = cathodic_sweep(c, c.spec(), -20.0, 20.0);
  const Peak peak = peak_of(wave);
  EXPECT_NEAR(peak.p / std::sqrt(c.w) / 0.0833316, 1.0, 1e-3);
  double integral = 0.0;
  for (std::size_t k = 1; k < wave.p.size(); ++k) {
    integral += 0.5 * (wave.p[k] + wave.p[k - 1]) * (wave.xi[k] - wave.xi[k - 1]);
  }
  EXPECT_NEAR(3.0 * integral / std::sqrt(c.w), 1.0, 1e-6);
}

}  // namespace
}  // namespace seccm::models::test
