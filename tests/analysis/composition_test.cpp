#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "files/quantities.hpp"
#include "pipeline/analysis/estimator_registry.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

using test::row;

struct Measurement {
  PointAnalysis point;
  AnalysisParameters p = test::plain_parameters();
  std::vector<files::Estimate> rows;
};
Measurement measure(double volume) {
  Measurement m;
  test::PlanarHost host;
  host.D = 1e-17;
  host.k0 = 3.5e-12;
  host.area = 1e-12;
  PointInput input = test::multi_rate(host, {0.1});
  if (volume > 0) {
    input.micrograph.emplace();
    input.micrograph->cluster_area.reason = input.micrograph->footprint_area.reason = "not drawn";
    input.micrograph->volume = {.value = volume, .error = 0, .known = true, .reason = ""};
  }
  m.point = analyse_point(input, test::no_background(), m.p);
  EXPECT_TRUE(m.point.accepted) << m.point.reason;
  m.rows = test::estimate_all(m.point, m.p);
  return m;
}

// x = Q/(F V c_1) with c_1 = 0.048 mol/cm³; its error is that of the volume (its thickness scale, 2 %) and of the
// charge, and what the line under the peak may have cut off bounds it from above.
TEST(Composition, IsChargePerSite) {
  const double V = 0.05e-18;
  const Measurement m = measure(V);
  for (const int d : {1, -1}) {
    const auto q = row(m.rows, "charge_intercalation", "charge", d, 0.1), x = row(m.rows, "composition", "x", d, 0.1);
    EXPECT_NEAR(x.value, q.value / (constants::faraday * V * 4.8e4), 1e-12 * x.value);
    EXPECT_NEAR(x.standard_error / x.value, std::hypot(m.p.micrograph_volume_error, q.standard_error / q.value), 1e-9);
    const auto total = row(m.rows, "composition_total", "x", d, 0.1);
    EXPECT_GT(total.value, x.value);
  }
}

// One voltammogram does not tell a diffusive tail from surface storage: the charge above the line may be as much as the
// total, what is below the line nothing. The relative error of the upper limit is that of the total, or that above the
// line where it is larger.
TEST(Charges, AboveTheLineReachUpToTheTotalAndBelowItDownToNothing) {
  const Measurement m = measure(0.05e-18);
  for (const int d : {1, -1}) {
    const auto above = row(m.rows, "charge_intercalation", "charge", d, 0.1),
               total = row(m.rows, "charge_total", "charge", d, 0.1),
               below = row(m.rows, "charge_surface", "charge", d, 0.1);
    EXPECT_LT(above.value, 0.95 * total.value);
    EXPECT_LT(above.lower, above.value);
    EXPECT_GE(above.upper, total.upper * (1 - 1e-9));
    EXPECT_LT(above.upper, total.value * (above.value / above.lower) * (1 + 1e-9));
    EXPECT_EQ(below.verdict, files::Verdict::one_sided);
    EXPECT_EQ(below.lower, 0.0);
    EXPECT_NEAR(below.value, total.value - above.value, 1e-9 * total.value);
  }
}

// 30 % of the capacity at x = 1 in 10 s is 108 C: the reference measurement's number.
TEST(CRate, OfTheReferenceMeasurementIsOneHundredAndEight) {
  Measurement m = measure(0.05e-18);
  DirectionAnalysis& d = m.point.rates[0].anodic;
  d.window = 1.0;
  d.span = 2.0;
  d.intercalation.value = 0.3 * constants::faraday * m.point.volume.value * 4.8e4;
  const auto rows = test::estimate_all(m.point, m.p);
  EXPECT_NEAR(row(rows, "c_rate", "C_rate", 1, 0.1).value, 108, 1e-9);
  EXPECT_NEAR(row(rows, "c_rate_sweep", "C_rate", 1, 0.1).value, 0.3 / 0.5 * 3600 / 20, 1e-9);
  EXPECT_NEAR(row(rows, "c_rate_inverse_time", "C_rate", 1, 0.1).value, 360, 1e-9);
}

TEST(Composition, WithoutAMicrographSaysSo) {
  const auto x = row(measure(0).rows, "composition", "x", 1, 0.1);
  EXPECT_EQ(x.verdict, files::Verdict::refused);
  EXPECT_EQ(x.reason, "no micrograph");
}

// x_cap 0.5; the volume is known to 30 %: a factor exp(0.588) = 1.8.
TEST(Composition, AboveItsCapIsNoValidNumber) {
  const auto x_of = [](double x) {
    Measurement m = measure(0.05e-18);
    DirectionAnalysis& d = m.point.rates.front().anodic;
    const double sites = constants::faraday * m.point.volume.value * 4.8e4;
    d.intercalation.value = x * sites;
    d.intercalation.error = 0.0;
    m.point.volume.error = 0.0;
    m.point.volume.log_error = 0.3;
    const auto rows = test::estimate_all(m.point, m.p);
    return std::pair(row(rows, "composition", "x", 1, 0.1), row(rows, "c_rate", "C_rate", 1, 0.1));
  };
  EXPECT_EQ(x_of(0.45).first.reason, "");
  const auto above = x_of(0.7).first;
  EXPECT_EQ(above.verdict, files::Verdict::caveat);
  EXPECT_EQ(above.reason, "x = 0.70 is above its cap 0.5, within the error");
  const auto [x, c] = x_of(3.81);
  EXPECT_EQ(x.verdict, files::Verdict::refused);
  EXPECT_EQ(x.reason, "x = 3.81 is above its cap 0.5 beyond the error: volume or charge is wrong");
  EXPECT_EQ(c.verdict, files::Verdict::refused) << "a C-rate of an x that can not be";
}

TEST(Estimators, HaveUniqueNamesAndFiniteRows) {
  std::set<std::string_view> names;
  for (const Estimator& e : estimators()) {
    EXPECT_TRUE(names.insert(e.name).second) << e.name;
    EXPECT_FALSE(e.text.empty() || e.unit.empty() || e.quantity.empty() || e.needs.empty());
    EXPECT_NE(files::find_quantity(e.quantity), nullptr) << e.name << ": no question asks for " << e.quantity;
  }
  for (const auto& r : measure(0.05e-18).rows) {
    EXPECT_TRUE(names.contains(r.estimator)) << r.estimator;
    EXPECT_NE(files::find_quantity(r.quantity), nullptr) << r.estimator << " " << r.quantity;
    EXPECT_TRUE(std::isfinite(r.value) && std::isfinite(r.standard_error));
    EXPECT_TRUE(r.verdict == files::Verdict::valid || !r.reason.empty() || !r.leaves_out.empty()) << r.estimator;
  }
}

}  // namespace
}  // namespace seccm::analysis
