#include "tests/analysis/planar_wave.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "pipeline/analysis/estimator_registry.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::analysis::test {

namespace {

constexpr double f = constants::faraday / (constants::gas * 298.15);

// Weights of the Abel integral of a piecewise-linear function by lag, in units of (4/3) √(h/π).
std::vector<double> abel_weights(std::size_t n) {
  std::vector<double> w(n, 1.0);
  for (std::size_t j = 1; j < n; ++j) {
    const auto x = static_cast<double>(j);
    w[j] = std::pow(x + 1, 1.5) - 2 * std::pow(x, 1.5) + std::pow(x - 1, 1.5);
  }
  return w;
}

}  // namespace

Trace planar_cycle(const PlanarHost& host, double v, double E_high, double E_low, double step) {
  const double sigma = f * v;
  const auto half = static_cast<std::size_t>(std::ceil((E_high - E_low) * f / step));
  const double h = (E_high - E_low) * f / static_cast<double>(half);
  const std::size_t n = 2 * half + 1;
  const double unit = 4.0 / 3.0 * std::sqrt(h / std::numbers::pi);
  const auto w = abel_weights(n);
  const double Lambda = host.k0 / std::sqrt(host.D * sigma);
  const double scale = constants::faraday * host.area * host.concentration * std::sqrt(host.D * sigma);
  std::vector<double> p(n, 0.0);
  Trace trace{.turn = half + 1};
  for (std::size_t k = 0; k < n; ++k) {
    const double along = h * static_cast<double>(k <= half ? k : 2 * half - k);
    const double E = E_high - along / f, xi = f * (host.E0 - E);
    double history = 0;
    for (std::size_t j = 1; j < k; ++j) history += w[j] * p[k - j];
    history *= unit;
    if (k > 0) {
      if (host.k0 > 0.0) {
        const double forward = Lambda * std::exp(host.alpha * xi), back = Lambda * std::exp((host.alpha - 1) * xi);
        p[k] = (forward * (1 - history) - back * history) / (1 + unit * (forward + back));
      } else {
        p[k] = (1 / (1 + std::exp(-xi)) - history) / unit;
      }
    }
    const double direction = k <= half ? -1.0 : 1.0;
    trace.E.push_back(E);
    trace.i.push_back(-scale * p[k] + host.offset + direction * host.capacitance * v);
    trace.t.push_back(h * static_cast<double>(k) / sigma);
  }
  return trace;
}

std::vector<Voltammogram> frames_of(const Trace& trace, double v, int first_cycle, int cycles,
                                    const FrameNoise& noise) {
  constexpr double interval = 1.028e-3;
  std::vector<Voltammogram> out;
  const double period = trace.t.back();
  const double whiten = std::sqrt(1 - noise.correlation * noise.correlation);
  for (int c = 0; c < cycles; ++c) {
    RandomStream random(noise.seed, "test frame noise",
                        static_cast<std::uint64_t>(1e6 * v) * 100 + static_cast<std::uint64_t>(c));
    Voltammogram sweeps[2];
    double error = random.normal();
    std::size_t at = 0;
    for (double t = interval; t < period; t += interval) {
      while (at + 2 < trace.t.size() && trace.t[at + 1] < t) ++at;
      const double x = (t - trace.t[at]) / (trace.t[at + 1] - trace.t[at]);
      const bool anodic = t > 0.5 * period;
      // the current jumps at the turn by the capacitor: no interpolation across it
      const std::size_t left = at + 1 == trace.turn && anodic ? at + 1 : at;
      const std::size_t right = at + 1 == trace.turn && !anodic ? at : at + 1;
      Voltammogram& s = sweeps[anodic ? 1 : 0];
      s.E_vs_Li.push_back((1 - x) * trace.E[at] + x * trace.E[at + 1]);
      s.i.push_back((1 - x) * trace.i[left] + x * trace.i[right] + noise.sigma * error);
      s.t.push_back(t + c * period);
      error = noise.correlation * error + whiten * random.normal();
    }
    for (int d : {0, 1}) {
      sweeps[d].cycle = first_cycle + c;
      sweeps[d].direction = d == 0 ? -1 : 1;
      sweeps[d].scan_rate = v;
      out.push_back(std::move(sweeps[d]));
    }
  }
  return out;
}

PointInput target(std::vector<Voltammogram> voltammograms, double image_area) {
  PointInput input;
  input.index = 7;
  input.contact = input.complete = input.reference_known = true;
  input.verdict = "ok";
  input.voltammograms = std::move(voltammograms);
  input.image_area = image_area;
  input.pipette_diameter = 3e-6;
  return input;
}

PointInput multi_rate(const PlanarHost& host, const std::vector<double>& scan_rates, const FrameNoise& noise) {
  std::vector<Voltammogram> all;
  int cycle = 2;
  for (const double v : scan_rates) {
    for (auto& s : frames_of(planar_cycle(host, v), v, cycle, 1, noise)) all.push_back(std::move(s));
    ++cycle;
  }
  return target(std::move(all), host.area);
}

AnalysisParameters plain_parameters() {
  AnalysisParameters p;
  p.background = BackgroundMethod::none;
  p.particle_radius = 0.0 * unit::nm;  // a flat front has none
  p.anodic_window_low = 1.2 * unit::V;
  p.anodic_window_high = 2.9 * unit::V;
  p.cathodic_window_low = 1.1 * unit::V;
  p.cathodic_window_high = 2.8 * unit::V;
  return p;
}

Background no_background() {
  return {BackgroundMethod::none, {}, {}};
}

files::Estimate row(const std::vector<files::Estimate>& rows, std::string_view estimator, std::string_view quantity,
                    int direction, double scan_rate) {
  std::vector<files::Estimate> found;
  for (const auto& e : rows) {
    if (e.estimator == estimator && e.quantity == quantity && e.direction == direction && e.cycle == 0 &&
        std::abs(e.scan_rate - scan_rate) < 1e-9) {
      found.push_back(e);
    }
  }
  EXPECT_EQ(found.size(), 1U) << estimator << " " << quantity << " direction " << direction << " at " << scan_rate;
  return found.empty() ? files::Estimate{} : found.front();
}

std::vector<files::Estimate> estimate_all(const PointAnalysis& point, const AnalysisParameters& parameters) {
  std::vector<files::Estimate> rows;
  for (const Estimator& e : estimators()) run_estimator(e, point, parameters, rows);
  return rows;
}

std::vector<std::vector<double>> read_table(const std::string& name) {
  std::ifstream file(std::string(SECCM_TEST_DATA) + "/" + name);
  EXPECT_TRUE(file.good()) << name;
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<double> values;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      try {
        values.push_back(std::stod(cell));
      } catch (const std::exception&) {
        values.push_back(0.0);  // a name
      }
    }
    rows.push_back(std::move(values));
  }
  return rows;
}

}  // namespace seccm::analysis::test
