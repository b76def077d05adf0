#include "sim/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/quantity.hpp"

// Statistical bounds are 5 standard errors of the estimator unless stated: one false alarm in 1.7 million, and the
// streams are fixed.

namespace seccm {
namespace {

__extension__ using Wide = unsigned __int128;
using Block = std::array<std::uint64_t, 4>;

/// Philox4x64-10 written from the paper (Salmon et al. 2011, section 4.3), independent of the library in use.
Block philox(Block c, std::uint64_t k0, std::uint64_t k1) {
  for (int round = 0; round < 10; ++round) {
    const Wide p0 = static_cast<Wide>(0xD2E7470EE14C6C93ULL) * c[0];
    const Wide p1 = static_cast<Wide>(0xCA5A826395121157ULL) * c[2];
    c = {static_cast<std::uint64_t>(p1 >> 64) ^ c[1] ^ k0, static_cast<std::uint64_t>(p1),
         static_cast<std::uint64_t>(p0 >> 64) ^ c[3] ^ k1, static_cast<std::uint64_t>(p0)};
    k0 += 0x9E3779B97F4A7C15ULL;
    k1 += 0xBB67AE8584CAA73BULL;
  }
  return c;
}

double to_uniform(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1.0p-52;
}

TEST(Philox, PaperFormReproducesTheKnownAnswersOfRandom123) {
  // kat_vectors of Random123, "philox4x64 10": zeros, ones, digits of pi.
  EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0),
            (Block{0x16554d9eca36314cULL, 0xdb20fe9d672d0fdcULL, 0xd7e772cee186176bULL, 0x7e68b68aec7ba23bULL}));
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(philox({ones, ones, ones, ones}, ones, ones),
            (Block{0x87b092c3013fe90bULL, 0x438c3c67be8d0224ULL, 0x9cc7d7c69cd777b6ULL, 0xa09caebf594f0ba0ULL}));
  EXPECT_EQ(philox({0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL, 0xa4093822299f31d0ULL, 0x082efa98ec4e6c89ULL},
                   0x452821e638d01377ULL, 0xbe5466cf34e90c6cULL),
            (Block{0xa528f45403e61d95ULL, 0x38c72dbd566e9788ULL, 0xa5a1610e72fd18b5ULL, 0x57bd43b5e52b7fe6ULL}));
}

TEST(RandomStream, IsPhiloxOfSeedPurposeEntityAndBlock) {
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    for (std::uint64_t entity : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
      RandomStream stream(seed, "read noise", entity);
      for (std::uint64_t block = 0; block < 5; ++block) {
        const Block words = philox({block, entity, 0, 0}, seed, purpose_id("read noise"));
        for (std::uint64_t word : words) EXPECT_EQ(stream.uniform(), to_uniform(word));
      }
    }
  }
}

TEST(RandomStream, PurposeIsFnv1a) {
  // Offset basis, and the published FNV-1a test vectors for "a" and "foobar".
  EXPECT_EQ(purpose_id(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(purpose_id("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(purpose_id("foobar"), 0x85944171f73967e8ULL);
}

TEST(RandomStream, UniformNeverReachesItsEnds) {
  // The map from words to numbers is checked above; here are its ends.
  EXPECT_GT(to_uniform(0), 0.0);
  EXPECT_LT(to_uniform(~std::uint64_t{0}), 1.0);
}

TEST(RandomStream, UniformIsUniform) {
  constexpr int n = 1 << 20;
  RandomStream stream(1, "uniform test");
  std::vector<double> values(n);
  double sum = 0.0;
  double sum2 = 0.0;
  for (double& v : values) {
    v = stream.uniform();
    sum += v - 0.5;
    sum2 += (v - 0.5) * (v - 0.5);
  }
  EXPECT_LT(std::abs(sum / n), 5.0 * std::sqrt(1.0 / 12.0 / n));
  EXPECT_LT(std::abs(sum2 / n - 1.0 / 12.0), 5.0 * std::sqrt(1.0 / 180.0 / n));  // Var[(u-1/2)^2] = 1/80 - 1/144
  std::sort(values.begin(), values.end());
  double distance = 0.0;
  for (int k = 0; k < n; ++k)
    distance = std::max(distance, std::abs(values[static_cast<std::size_t>(k)] - (k + 0.5) / n));
  EXPECT_LT(distance * std::sqrt(n), 2.7);  // Kolmogorov: 2 exp(-2 * 2.7^2) = 9e-7
}

struct Moments {
  double mean, variance, third, fourth;
};

template <class Draw>
Moments central_moments(int n, Draw&& draw) {
  std::vector<double> values(static_cast<std::size_t>(n));
  double mean = 0.0;
  for (double& v : values) mean += (v = draw()) / n;
  Moments m{mean, 0.0, 0.0, 0.0};
  for (double v : values) {
    const double d = v - mean;
    m.variance += d * d / n;
    m.third += d * d * d / n;
    m.fourth += d * d * d * d / n;
  }
  return m;
}

TEST(RandomStream, NormalHasTheMomentsOfANormal) {
  constexpr int n = 1000000;
  RandomStream stream(2, "normal test");
  const Moments m = central_moments(n, [&] { return stream.normal(); });
  // Standard errors of the central moments of a normal sample: 1, 2, 6 and 96 over n.
  EXPECT_LT(std::abs(m.mean), 5.0 * std::sqrt(1.0 / n));
  EXPECT_LT(std::abs(m.variance - 1.0), 5.0 * std::sqrt(2.0 / n));
  EXPECT_LT(std::abs(m.third), 5.0 * std::sqrt(6.0 / n));
  EXPECT_LT(std::abs(m.fourth - 3.0), 5.0 * std::sqrt(96.0 / n));
}

TEST(RandomStream, NormalHasTheDistributionFunctionOfANormal) {
  constexpr int n = 1 << 18;
  RandomStream stream(3, "normal distribution test");
  std::vector<double> values(n);
  stream.normals(values);
  std::sort(values.begin(), values.end());
  double distance = 0.0;
  for (int k = 0; k < n; ++k) {
    const double phi = 0.5 * std::erfc(-values[static_cast<std::size_t>(k)] / std::sqrt(2.0));
    distance = std::max(distance, std::abs(phi - (k + 0.5) / n));
  }
  EXPECT_LT(distance * std::sqrt(n), 2.7);
}

TEST(RandomStream, LogOfLognormalIsNormalAroundTheLogOfItsMedian) {
  constexpr int n = 200000;
  RandomStream stream(4, "lognormal test");
  const Moments m = central_moments(n, [&] { return std::log(stream.lognormal(50e-9, 0.2)); });
  EXPECT_LT(std::abs(m.mean - std::log(50e-9)), 5.0 * 0.2 / std::sqrt(n));
  EXPECT_LT(std::abs(m.variance - 0.04), 5.0 * 0.04 * std::sqrt(2.0 / n));
}

class PoissonMoments : public testing::TestWithParam<double> {};

TEST_P(PoissonMoments, MeanVarianceAndSkewnessAreThoseOfPoisson) {
  const double mean = GetParam();
  constexpr int n = 400000;
  RandomStream stream(5, "poisson test", static_cast<std::uint64_t>(mean * 1000.0));
  const Moments m = central_moments(n, [&] { return static_cast<double>(stream.poisson(mean)); });
  // Var[s²] = (κ4 + 2κ2²)/n and Var[m3] = (κ6 + 9κ2κ4 + 9κ3² + 6κ2³)/n with every cumulant equal to the mean.
  EXPECT_LT(std::abs(m.mean - mean), 5.0 * std::sqrt(mean / n));
  EXPECT_LT(std::abs(m.variance - mean), 5.0 * std::sqrt((mean + 2.0 * mean * mean) / n));
  const double third_error = std::sqrt((mean + 18.0 * mean * mean + 6.0 * mean * mean * mean) / n);
  const double approximation = mean > 30.0 ? 0.01 * mean : 0.0;  // stated in the header
  EXPECT_LT(std::abs(m.third - mean), 5.0 * third_error + approximation);
}

INSTANTIATE_TEST_SUITE_P(Means, PoissonMoments,
                         testing::Values(0.01, 0.7, 5.0, 29.9, 30.0, 30.1, 60.0, 583.0, 3e4, 1e7));

TEST(RandomStream, PoissonProbabilitiesAtASmallMean) {
  constexpr int n = 500000;
  constexpr double mean = 3.0;
  RandomStream stream(6, "poisson pmf");
  std::array<int, 60> counts{};
  for (int k = 0; k < n; ++k) ++counts.at(stream.poisson(mean));
  double p = std::exp(-mean);
  for (int k = 0; k < 15; ++k) {
    EXPECT_LT(std::abs(counts[static_cast<std::size_t>(k)] - n * p), 5.0 * std::sqrt(n * p * (1.0 - p)) + 1.0) << k;
    p *= mean / (k + 1);
  }
}

TEST(RandomStream, PoissonOfNothingIsZero) {
  RandomStream stream(7, "poisson zero");
  EXPECT_EQ(stream.poisson(0.0), 0U);
  EXPECT_EQ(stream.poisson(-1.0), 0U);
  EXPECT_EQ(stream.poisson(std::nan("")), 0U);
}

TEST(RandomStream, BelowIsEvenOverItsRange) {
  constexpr int n = 700000;
  RandomStream stream(8, "below");
  std::array<int, 7> counts{};
  for (int k = 0; k < n; ++k) ++counts.at(stream.below(7));
  for (int c : counts) EXPECT_LT(std::abs(c - n / 7.0), 5.0 * std::sqrt(n * (1.0 / 7.0) * (6.0 / 7.0)));
  EXPECT_EQ(stream.below(0), 0U);
  EXPECT_EQ(stream.below(1), 0U);
  // Just above half the range almost every second word is refused: an unrejected modulo would favour the low half two
  // to one.
  const std::uint64_t large = (std::uint64_t{1} << 63) + 1;
  int low = 0;
  for (int k = 0; k < 10000; ++k) low += stream.below(large) < large / 2 ? 1 : 0;
  EXPECT_LT(std::abs(low - 5000), 5.0 * 50.0);
}

TEST(RandomStream, NamesKeepStreamsApart) {
  constexpr int n = 100000;
  const std::vector<RandomStream> streams{RandomStream(1, "a", 0), RandomStream(2, "a", 0), RandomStream(1, "b", 0),
                                          RandomStream(1, "a", 1)};
  std::vector<std::vector<double>> values(streams.size(), std::vector<double>(n));
  for (std::size_t k = 0; k < streams.size(); ++k) RandomStream(streams[k]).normals(values[k]);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double product = 0.0;
      for (std::size_t k = 0; k < n; ++k) product += values[i][k] * values[j][k];
      EXPECT_LT(std::abs(product / n), 5.0 / std::sqrt(n)) << i << " against " << j;
    }
  }
}

TEST(RandomStream, ACopyContinuesWhereTheOriginalStood) {
  RandomStream stream(9, "copy");
  stream.normal();  // leaves a spare normal and a partly used block behind
  RandomStream copy = stream;
  for (int k = 0; k < 20; ++k) EXPECT_EQ(stream.normal(), copy.normal());
}

TEST(RandomStream, FillingEqualsDrawingOneByOne) {
  RandomStream one(10, "fill");
  RandomStream many(10, "fill");
  std::array<double, 17> filled{};
  many.normals(filled);
  for (double v : filled) EXPECT_EQ(v, one.normal());
}

}  // namespace
}  // namespace seccm
