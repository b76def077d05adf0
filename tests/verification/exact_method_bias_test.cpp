// What established ways of reading a voltammogram return on electrodes whose truth is known (tables l1, l2 and l3 of
// tests/data): the exponent b, the utilisation, the semi-integral, Trasatti's extrapolation. The bias of a method is a
// property of the physics; the simulated waves have to show the tabulated one.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

using verification::check;

/// Of 20, 50, 100, 200, 500 mV/s, in units of 100 mV/s.
constexpr std::array<double, 5> rates{0.2, 0.5, 1.0, 2.0, 5.0};
constexpr double digits = 1e-3;  ///< accuracy of the tables

/// Slope of the straight line through points.
double slope_of(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0.0;
  double xx = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xy += (x[k] - mx) * (y[k] - my);
    xx += (x[k] - mx) * (x[k] - mx);
  }
  return xy / xx;
}

double intercept_of(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  return (std::accumulate(y.begin(), y.end(), 0.0) - slope_of(x, y) * std::accumulate(x.begin(), x.end(), 0.0)) / n;
}

/// b of the forward peaks of five scan rates. The groups of the case change with the rate: w ∝ v, Lam ∝ v^(-1/2),
/// ρ ∝ v^(1/2); the current unit ∝ v^(1/2).
double exponent(const Case& at_100, double rho) {
  std::vector<double> ln_v, ln_i;
  for (const double v : rates) {
    Case c = at_100;
    c.w *= v;
    c.lam /= std::sqrt(v);
    CellSpec spec = c.spec();
    spec.series_resistance = rho * std::sqrt(v) / (f * c.current_unit());
    const Peak peak = peak_of(cathodic_sweep(c, spec, -16.0, 12.0));
    ln_v.push_back(std::log(v));
    ln_i.push_back(std::log(peak.p * std::sqrt(v)));
  }
  return slope_of(ln_v, ln_i);
}

TEST(ExactMethodBias, ExponentOfKnownTruths) {
  const auto rows = table("l1_b_and_dunn_on_known_truths.csv");
  for (std::size_t k = 0; k < 6; ++k) {  // the rows that end in +cap are pure arithmetic (tests/analysis)
    const double value = rows[k][1];
    Case c{.geometry = k < 3 ? sim::Geometry::sphere : sim::Geometry::slab, .w = k < 3 ? value : 1e5};
    double rho = 0.0;
    if (k == 3) c.lam = value * std::sqrt(constants::pi);
    if (k > 3) rho = value;
    const std::string truth = k < 3    ? fmt::format("sphere, reversible, w = {}", value)
                              : k == 3 ? fmt::format("planar, psi = {}", value)
                                       : fmt::format("planar, rho = {}", value);
    check({.name = "b of five scan rates, " + truth + " at 100 mV/s (table l1)",
           .quantity = "b of the forward peak",
           .exact = rows[k][2],
           .computed = exponent(c, rho),
           .bound = digits,
           .note = "peaks within 1e-3 move b by less than 1e-3/ln(25)"});
  }
}

/// Semi-integral of p over τ for samples in equal steps, product integration with p linear between samples:
///   m(τ) = π^(-1/2) ∫ p(u) (τ-u)^(-1/2) du.
std::vector<double> semi_integral(const std::vector<double>& p, double h) {
  const std::size_t n = p.size();
  std::vector<double> weight(n + 1);
  for (std::size_t j = 0; j <= n; ++j) weight[j] = std::pow(static_cast<double>(j), 1.5);
  std::vector<double> m(n, 0.0);
  const double scale = 4.0 / 3.0 * std::sqrt(h / std::numbers::pi);
  for (std::size_t k = 1; k < n; ++k) {
    const double x = static_cast<double>(k);
    double sum = p[k] + p[0] * (weight[k - 1] - weight[k] + 1.5 * std::sqrt(x));
    for (std::size_t j = 1; j < k; ++j) sum += p[k - j] * (weight[j + 1] - 2.0 * weight[j] + weight[j - 1]);
    m[k] = scale * sum;
  }
  return m;
}

/// Share of the capacity that has passed at ξ.
double utilisation(const Wave& wave, const Case& c, double xi) {
  // ∫ p dξ over the full charge: i dt = p (F A C sqrt(Dσ)) dξ/σ, cell full at R A C F/m.
  const double h = wave.xi[1] - wave.xi[0];
  Wave charge{wave.xi, {0.0}};
  for (std::size_t k = 1; k < wave.p.size(); ++k) {
    charge.p.push_back(charge.p.back() + 0.5 * h * (wave.p[k] + wave.p[k - 1]));
  }
  return value_at(charge, xi, 0, charge.p.size()) * sim::dimension_of(c.geometry) / std::sqrt(c.w);
}

TEST(ExactMethodBias, UtilisationAndSemiIntegralOfSpheres) {
  const auto rows = table("l2_utilisation_and_semiintegral.csv");
  constexpr std::array<double, 5> potentials{1.1, 5.0, 10.0, 19.46, 38.9};
  for (const auto& row : rows) {
    Case c{.geometry = sim::Geometry::sphere, .w = row[0], .potential_step = 1e-4};
    c.lam = reversible * std::max(1.0, 1.0 / std::sqrt(c.w));
    const Wave wave = cathodic_sweep(c, c.spec(), -16.0, 39.2);
    const std::string name = fmt::format("sphere, reversible, w = {} (table l2)", row[0]);
    for (std::size_t k = 0; k < potentials.size(); ++k) {
      check({.name = name,
             .quantity = fmt::format("utilisation at xi = {}", potentials[k]),
             .exact = row[k + 1],
             .computed = utilisation(wave, c, potentials[k]),
             .bound = k == 0 ? 3.0 * digits : digits,
             .note = k == 0 ? "xi of the column is rounded, +-0.01 on a slope of up to 0.2: 2e-3 more"
                            : "the table starts at -infinity: e^-16 before the first sample"});
    }
    const auto last = static_cast<std::size_t>((16.0 + 12.0) / (wave.xi[1] - wave.xi[0]));
    const std::vector<double> p(wave.p.begin(), wave.p.begin() + static_cast<std::ptrdiff_t>(last));
    const std::vector<double> m = semi_integral(p, wave.xi[1] - wave.xi[0]);
    const double largest = *std::max_element(m.begin(), m.end());
    const double at_8 = value_at({wave.xi, m}, 8.0, 0, m.size());
    check({.name = name, .quantity = "largest semi-integral", .exact = row[6], .computed = largest, .bound = digits});
    check({.name = name, .quantity = "semi-integral at xi = 8", .exact = row[8], .computed = at_8, .bound = digits});
    check({.name = name,
           .quantity = "log10 of D_app/D from the semi-integral",
           .exact = row[9],
           .computed = 2.0 * std::log10(largest),
           .bound = 2.0 * digits / std::numbers::ln10 / row[6] + digits,
           .note = "d(2 log10 m) = 2 dm/(m ln 10)"});
  }
}

TEST(ExactMethodBias, TrasattisExtrapolationFindsAnOuterChargeThatIsNotThere) {
  for (const auto& row : table("l3_trasatti.csv")) {
    std::vector<double> charge, root, inverse_root, inverse_charge;
    for (std::size_t k = 0; k < rates.size(); ++k) {
      Case c{.geometry = sim::Geometry::sphere, .w = row[0] * rates[k]};
      c.lam = reversible * std::max(1.0, 1.0 / std::sqrt(c.w));
      charge.push_back(utilisation(cathodic_sweep(c, c.spec(), -16.0, 19.6), c, 19.46));
      root.push_back(std::sqrt(rates[k]));
      inverse_root.push_back(1.0 / root.back());
      inverse_charge.push_back(1.0 / charge.back());
      check({.name = fmt::format("sphere, reversible, w = {} at 100 mV/s (table l3)", row[0]),
             .quantity = fmt::format("q/q_max at {} mV/s", 100.0 * rates[k]),
             .exact = row[k + 1],
             .computed = charge.back(),
             .bound = digits});
    }
    check({.name = fmt::format("Trasatti, w = {} (table l3)", row[0]),
           .quantity = "outer charge over q_max (truth 0)",
           .exact = row[6],
           .computed = intercept_of(inverse_root, charge),
           .bound = 2.0 * digits,
           .note = "an intercept of five charges, each good to 1e-3"});
    check({.name = fmt::format("Trasatti, w = {} (table l3)", row[0]),
           .quantity = "total charge over q_max (truth 1)",
           .exact = row[7],
           .computed = 1.0 / intercept_of(root, inverse_charge),
           .bound = 3.0 * digits * row[7] * row[7],
           .note = "d(1/a) = da/a², a an intercept of five inverse charges"});
  }
}

}  // namespace
}  // namespace seccm::models::test
