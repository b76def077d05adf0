// The network without a cell: its linear algebra beside dense solvers, what it refuses, its conductivity law.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <string>
#include <vector>

#include "models/network/kirchhoff.hpp"
#include "models/network/neck_exchange.hpp"
#include "models/network/sparse_factor.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

/// A chain with random links across, every particle within reach of the gold at the first.
NetworkSpec random_network(int particles, int extra, RandomStream& random) {
  NetworkSpec network;
  network.contacts.push_back({0, on_gold, random.lognormal(1e9, 1.5), 5e-9});
  for (int k = 1; k < particles; ++k) network.contacts.push_back({k, k - 1, random.lognormal(1e9, 1.5), 5e-9});
  for (int e = 0; e < extra; ++e) {
    const auto a = static_cast<int>(random.below(static_cast<std::size_t>(particles)));
    const auto b = static_cast<int>(random.below(static_cast<std::size_t>(particles)));
    if (std::abs(a - b) > 1) network.contacts.push_back({a, b, random.lognormal(1e9, 1.5), 5e-9});
    if (e % 5 == 0 && a > 0) network.contacts.push_back({a, on_gold, random.lognormal(1e9, 1.5), 5e-9});
  }
  return network;
}

std::vector<double> random_values(std::size_t n, double median, RandomStream& random) {
  std::vector<double> values(n);
  for (double& v : values) v = random.lognormal(median, 1.0);
  return values;
}

TEST(SparseFactor, SolvesWhatADenseSolverSolves) {
  RandomStream random(7, "sparse factor");
  constexpr int n = 60;
  std::vector<Coupling> couplings;
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(n, n);
  std::vector<double> ab, ba;
  for (int a = 0; a < n; ++a) {
    for (int b = a + 1; b < n; ++b) {
      if (random.uniform() > 0.08) continue;
      couplings.push_back(a % 2 == 0 ? Coupling{a, b} : Coupling{b, a});
      ab.push_back(-random.uniform());
      ba.push_back(-random.uniform());
      dense(couplings.back().a, couplings.back().b) = ab.back();
      dense(couplings.back().b, couplings.back().a) = ba.back();
    }
  }
  std::vector<double> diagonal(n);
  for (int k = 0; k < n; ++k) {
    dense(k, k) = 0.0;
    dense(k, k) = diagonal[static_cast<std::size_t>(k)] = 0.05 - std::min(dense.row(k).sum(), dense.col(k).sum());
  }
  SparseFactor factor(n, couplings);
  const auto worst = [&](const Eigen::MatrixXd& A) {
    Eigen::VectorXd right(n);
    for (int k = 0; k < n; ++k) right[k] = random.normal();
    std::vector<double> x(right.data(), right.data() + n);
    factor.solve(x);
    const Eigen::VectorXd exact = A.fullPivLu().solve(right);
    return (Eigen::Map<const Eigen::VectorXd>(x.data(), n) - exact).norm() / exact.norm();
  };
  ASSERT_TRUE(factor.factor(diagonal, ab, ba));
  EXPECT_LT(worst(dense), 1e-12);  // condition number of about 1e3
  ASSERT_TRUE(factor.factor(diagonal, ab));
  Eigen::MatrixXd symmetric = dense;
  for (std::size_t k = 0; k < couplings.size(); ++k) symmetric(couplings[k].b, couplings[k].a) = ab[k];
  for (int k = 0; k < n; ++k) diagonal[static_cast<std::size_t>(k)] = symmetric(k, k) = 0.05 + n * 1.0;
  ASSERT_TRUE(factor.factor(diagonal, ab));
  EXPECT_LT(worst(symmetric), 1e-13);
  diagonal[5] = -1e3;
  EXPECT_FALSE(factor.factor(diagonal, ab));
  diagonal[5] = 0.05 + n;
  ASSERT_TRUE(factor.factor(diagonal, ab));  // a refused matrix leaves nothing behind
  symmetric(5, 5) = diagonal[5];
  EXPECT_LT(worst(symmetric), 1e-13);
}

TEST(Kirchhoff, EliminatesAsADenseSolverDoesAlsoWithAnAgedFactor) {
  RandomStream random(8, "kirchhoff");
  constexpr int n = 80;
  const NetworkSpec network = random_network(n, 120, random);
  Kirchhoff kirchhoff(network, n);
  for (int age = 0; age < 12; ++age) {
    const std::vector<double> G = random_values(n, 1e-11 * std::pow(4.0, age), random);
    const std::vector<double> current = random_values(n, 1e-12, random);
    const std::vector<double> p = random_values(n, 1.0, random);
    const double phi = 1.3;
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd right(n), gold = Eigen::VectorXd::Zero(n);
    for (int k = 0; k < n; ++k) {
      A(k, k) = G[static_cast<std::size_t>(k)];
      right[k] = -current[static_cast<std::size_t>(k)];
    }
    for (const NetworkContact& c : network.contacts) {
      const double g = 1.0 / c.interface_resistance;
      const double from = c.second == on_gold ? phi : p[static_cast<std::size_t>(c.second)];
      A(c.first, c.first) += g;
      right[c.first] += g * (from - p[static_cast<std::size_t>(c.first)]);
      if (c.second == on_gold) {
        gold[c.first] += g;
        continue;
      }
      A(c.second, c.second) += g;
      A(c.first, c.second) -= g;
      A(c.second, c.first) -= g;
      right[c.second] -= g * (from - p[static_cast<std::size_t>(c.first)]);
    }
    const Eigen::VectorXd move = A.ldlt().solve(right);
    const Eigen::VectorXd follow = A.ldlt().solve(gold);
    std::vector<double> dp0(n), dpdphi(n);
    const NetworkSums sums = kirchhoff.eliminate({p, current, G, phi, false}, dp0, dpdphi);
    const Eigen::Map<const Eigen::VectorXd> slopes(G.data(), n), currents(current.data(), n);
    // What conjugate gradients stop at (kirchhoff.hpp): 1e-2 of the largest move and of the largest 1 - dpdφ <= 1, and
    // what that makes in the sums.
    EXPECT_LT((Eigen::Map<Eigen::VectorXd>(dp0.data(), n) - move).lpNorm<Eigen::Infinity>(),
              1e-2 * move.lpNorm<Eigen::Infinity>());
    EXPECT_LT((Eigen::Map<Eigen::VectorXd>(dpdphi.data(), n) - follow).lpNorm<Eigen::Infinity>(), 1e-2);
    EXPECT_NEAR(sums.conductance, slopes.dot(follow), 1e-2 * slopes.sum());
    EXPECT_NEAR(sums.current, currents.sum() + slopes.dot(move), 1e-2 * slopes.sum() * move.lpNorm<Eigen::Infinity>());
  }
  EXPECT_LT(kirchhoff.counts().factorisations, 12);  // factors did age
}

TEST(NeckExchange, EliminatesAsADenseSolverDoes) {
  RandomStream random(9, "necks");
  constexpr int n = 30;
  constexpr double c_max = 2.4e4;
  NetworkSpec network = random_network(n, 40, random);
  for (int k = 2; k < n; k += 2) network.necks.push_back({k, k - 1, random.lognormal(1e-25, 2.0)});
  Kirchhoff kirchhoff(network, n);
  NeckExchange necks(network, n, c_max);
  for (int age = 0; age < 4; ++age) {
    const std::vector<double> scale = random_values(n, 2e-5, random), m = random_values(n, 1e-8, random),
                              by_potential = random_values(n, 1e-7, random), rho = random_values(n, 1e-12, random),
                              G = random_values(n, 1e-13, random), current = random_values(n, 1e-13, random),
                              p = random_values(n, 1.5, random);
    std::vector<double> by_filling;
    for (const double v : m) by_filling.push_back(v * (0.05 + 0.9 * random.uniform()));  // N_y < m: B < 0
    Eigen::MatrixXd A = Eigen::MatrixXd::Zero(2 * n, 2 * n);
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(2 * n, 2);
    std::vector<double> inflow(n);
    kirchhoff.currents(p, 1.4, inflow);
    for (int k = 0; k < n; ++k) {
      const auto i = static_cast<std::size_t>(k);
      A(k, k) = scale[i] * m[i];
      A(k, n + k) = scale[i] * by_potential[i];
      A(n + k, k) = scale[i] * by_filling[i];
      A(n + k, n + k) = G[i] + scale[i] * by_potential[i];
      right(k, 0) = scale[i] * rho[i];
      right(n + k, 0) = inflow[i] - current[i];
    }
    const auto join = [&A](int i, int j, double g) {
      A(i, i) += g;
      A(j, j) += g;
      A(i, j) -= g;
      A(j, i) -= g;
    };
    for (const NetworkContact& c : network.contacts) {
      if (c.second != on_gold) {
        join(n + c.first, n + c.second, 1.0 / c.interface_resistance);
        continue;
      }
      A(n + c.first, n + c.first) += 1.0 / c.interface_resistance;
      right(n + c.first, 1) += 1.0 / c.interface_resistance;
    }
    for (const Neck& neck : network.necks) join(neck.first, neck.second, constants::faraday * c_max * neck.exchange);
    const Eigen::MatrixXd exact = A.fullPivLu().solve(right);
    std::vector<double> dy0(n), dydphi(n), dp0(n), dpdphi(n);
    const NetworkSums sums = necks.eliminate(kirchhoff, {scale, m, by_filling, by_potential, rho, {p, current, G, 1.4}},
                                             {dy0, dydphi, dp0, dpdphi});
    double total = 0.0, slope = 0.0;
    for (int k = 0; k < n; ++k) {
      const auto i = static_cast<std::size_t>(k);
      // Refinement stops at a correction of 1e-6 of the largest unknown; what it leaves is smaller than that.
      EXPECT_NEAR(dy0[i], exact(k, 0), 1e-6 * exact.col(0).lpNorm<Eigen::Infinity>());
      EXPECT_NEAR(dp0[i], exact(n + k, 0), 1e-6 * exact.col(0).lpNorm<Eigen::Infinity>());
      EXPECT_NEAR(dydphi[i], exact(k, 1), 1e-6 * exact.col(1).lpNorm<Eigen::Infinity>());
      EXPECT_NEAR(dpdphi[i], exact(n + k, 1), 1e-6 * exact.col(1).lpNorm<Eigen::Infinity>());
      total +=
          current[i] + (G[i] + scale[i] * by_potential[i]) * exact(n + k, 0) + scale[i] * by_filling[i] * exact(k, 0);
      slope += (G[i] + scale[i] * by_potential[i]) * exact(n + k, 1) + scale[i] * by_filling[i] * exact(k, 1);
    }
    EXPECT_NEAR(sums.current, total, 1e-5 * std::abs(total));
    EXPECT_NEAR(sums.conductance, slope, 1e-5 * std::abs(slope));
    std::vector<double> outflow(n);
    necks.outflow(m, outflow);
    double sum = 0.0, size = 0.0;
    for (const double v : outflow) {
      sum += v;
      size += std::abs(v);
    }
    EXPECT_LT(std::abs(sum), 1e-14 * size);
  }
}

TEST(ConductivityLaw, RisesFromPristineToLithiatedAndStaysThere) {
  const ConductivityLaw law{.limited = true, .pristine = 1e-10, .lithiated = 1e-2, .full_filling = 0.5};
  EXPECT_DOUBLE_EQ(law.at(-0.1), 1e-10);
  EXPECT_DOUBLE_EQ(law.at(0.0), 1e-10);
  EXPECT_NEAR(law.at(0.25), 1e-6, 1e-18);
  EXPECT_NEAR(law.at(0.5), 1e-2, 1e-14);
  EXPECT_NEAR(law.at(1.0), 1e-2, 1e-14);
}

TEST(Kirchhoff, AddsTheConstrictionsOfBothSidesToTheInterface) {
  NetworkSpec network;
  network.contacts = {{0, on_gold, 1e8, 4e-9}, {1, 0, 2e8, 5e-9}};
  network.conductivity = {.limited = true, .pristine = 1e-4, .lithiated = 1.0, .full_filling = 0.5};
  Kirchhoff kirchhoff(network, 2);
  const std::vector<double> y{0.25, 0.5};  // σ = 1e-2 and 1 S/m
  kirchhoff.set_fillings(y);
  EXPECT_NEAR(1.0 / kirchhoff.conductance(0), 1e8 + 1.0 / (4.0 * 4e-9 * 1e-2), 1.0);
  EXPECT_NEAR(1.0 / kirchhoff.conductance(1), 2e8 + 1.0 / (4.0 * 5e-9 * 1e-2) + 1.0 / (4.0 * 5e-9 * 1.0), 1.0);
}

std::string refusal(const NetworkSpec& network, std::size_t particles) {
  try {
    check_network(network, particles);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(NetworkSpec, RefusesASingularNetworkByParticle) {
  NetworkSpec network;
  network.contacts = {{0, on_gold, 1e9, 5e-9}, {1, 0, 1e9, 5e-9}, {3, 2, 1e9, 5e-9}};
  EXPECT_THAT(refusal(network, 5), testing::HasSubstr("3 of 5 particles (number 2, 3, 4) have no path"));
  EXPECT_THAT(refusal(network, 5), testing::HasSubstr("isolated = \"drop\""));
  network.necks = {{0, 1, 1e-22}, {1, 2, 1e-22}};
  remove_particles(network, isolated_particles(network.contacts, 5), 5);
  EXPECT_EQ(refusal(network, 2), "accepted");
  EXPECT_EQ(network.contacts.size(), 2U);
  EXPECT_EQ(network.necks.size(), 1U);
}

TEST(NetworkSpec, RefusesWhatIsNoContact) {
  const auto with = [](NetworkContact contact) {
    NetworkSpec network;
    network.contacts = {{0, on_gold, 1e9, 5e-9}, contact};
    return refusal(network, 2);
  };
  EXPECT_THAT(with({1, 7, 1e9, 5e-9}), testing::HasSubstr("names particle 7; accepted are 0 to 1"));
  EXPECT_THAT(with({1, 1, 1e9, 5e-9}), testing::HasSubstr("joins particle 1 with itself"));
  EXPECT_THAT(with({1, 0, 0.0, 5e-9}), testing::HasSubstr("interface resistance of contact 1 = 0 Ohm"));
  EXPECT_THAT(with({1, 0, std::nan(""), 5e-9}), testing::HasSubstr("nan"));
}

}  // namespace
}  // namespace seccm::models
