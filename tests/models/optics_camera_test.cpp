#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "models/optics/camera.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

CameraParameters small_camera() {
  CameraParameters camera;
  camera.width = 256;
  camera.height = 256;
  camera.prnu = 0.0;
  camera.dsnu = 0.0;
  return camera;
}

ImageF flat(const CameraParameters& camera, double rate) {
  const auto count = static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
  return {camera.width, camera.height, std::vector<float>(count, static_cast<float>(rate))};
}

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};
Moments moments(const Image16& image) {
  Moments m;
  const auto n = static_cast<double>(image.pixels.size());
  for (auto v : image.pixels) m.mean += v / n;
  for (auto v : image.pixels) m.variance += (v - m.mean) * (v - m.mean) / (n - 1.0);
  return m;
}

TEST(Camera, MeanAndVarianceFollowThePhotonTransferLaw) {
  // EMVA 1288: mean = K μ_e + offset, variance = K² (μ_e + σ_r²) + 1/12. With N = 65536 pixels the standard error is
  // σ/√N of the mean and √(2/N) = 0.55 % of the variance; five of them are allowed.
  CameraParameters camera = small_camera();
  camera.dark_current = Frequency(20.0);
  camera.read_noise = 2.5;
  const CameraSensor sensor(camera, 11);
  const double exposure = 0.05;
  for (double rate : {0.0, 300.0, 5000.0, 9500.0, 50000.0, 500000.0}) {
    const Moments m = moments(sensor.expose(flat(camera, rate), exposure, 5));
    const double electrons = camera.quantum_efficiency * rate * exposure + 20.0 * exposure;
    const double variance = camera.gain * camera.gain * (electrons + 6.25) + 1.0 / 12.0;
    EXPECT_NEAR(m.mean, camera.gain * electrons + camera.offset, 5.0 * std::sqrt(variance / 65536.0)) << rate;
    EXPECT_NEAR(m.variance / variance, 1.0, 5.0 * std::sqrt(2.0 / 65536.0)) << rate;
  }
}

TEST(Camera, FixedPatternIsTheSameInEveryFrame) {
  // The difference of two frames cancels PRNU and DSNU; their spatial variance is what a single frame has beyond half
  // of it.
  CameraParameters camera = small_camera();
  camera.prnu = 0.02;
  camera.dsnu = 5.0;
  const CameraSensor sensor(camera, 4);
  const auto a = sensor.expose(flat(camera, 4e5), 0.02, 1);
  const auto b = sensor.expose(flat(camera, 4e5), 0.02, 2);
  double temporal = 0.0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    temporal +=
        std::pow(static_cast<double>(a.pixels[i]) - b.pixels[i], 2) / 2.0 / static_cast<double>(a.pixels.size());
  }
  const double electrons = 0.82 * 4e5 * 0.02;
  const double spatial = moments(a).variance - temporal;
  const double expected = 4.0 * (std::pow(0.02 * electrons, 2) + 25.0);
  EXPECT_NEAR(temporal / (4.0 * (electrons + 0.81)), 1.0, 0.03);
  EXPECT_NEAR(spatial / expected, 1.0, 0.05) << "five standard errors of two variances over 65536 pixels";
}

TEST(Camera, SaturatesAtFullWellAndAtTheTopOfTheDigitiser) {
  CameraParameters camera = small_camera();
  const auto full = CameraSensor(camera, 1).expose(flat(camera, 1e9), 1.0, 1);
  for (auto v : full.pixels) EXPECT_EQ(v, 60100);
  camera.bits = 12;
  const auto top = CameraSensor(camera, 1).expose(flat(camera, 1e9), 1.0, 1);
  for (auto v : top.pixels) EXPECT_EQ(v, 4095);
}

TEST(Camera, LightThatIsNoNumberStillGivesADigitalNumber) {
  const CameraParameters camera = small_camera();
  const CameraSensor sensor(camera, 1);
  for (auto v : sensor.expose(flat(camera, INFINITY), 0.02, 1).pixels) EXPECT_EQ(v, 60100);
  for (auto v : sensor.expose(flat(camera, NAN), 0.02, 1).pixels) EXPECT_LT(v, 120);
}

TEST(Camera, BytesDependOnSeedAndFrameButNotOnThreads) {
  const CameraParameters camera = small_camera();
  const CameraSensor sensor(camera, 9);
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto one = sensor.expose(flat(camera, 1e5), 0.02, 3);
  omp_set_num_threads(4);
  const auto four = sensor.expose(flat(camera, 1e5), 0.02, 3);
  omp_set_num_threads(threads);
  EXPECT_EQ(one.pixels, four.pixels);
  EXPECT_NE(one.pixels, sensor.expose(flat(camera, 1e5), 0.02, 4).pixels);
  EXPECT_NE(one.pixels, CameraSensor(camera, 10).expose(flat(camera, 1e5), 0.02, 3).pixels);
}

TEST(Camera, RefusesImpossibleSensors) {
  CameraParameters camera = small_camera();
  camera.bits = 17;
  EXPECT_THROW(CameraSensor(camera, 1), InputError);
  camera = small_camera();
  camera.gain = 0.0;
  EXPECT_THROW(CameraSensor(camera, 1), InputError);
  camera = small_camera();
  camera.read_noise = std::nan("");
  EXPECT_THROW(CameraSensor(camera, 1), InputError);
  EXPECT_THROW(static_cast<void>(CameraSensor(small_camera(), 1).expose(flat(small_camera(), 1.0), -1.0, 1)),
               InputError);
  EXPECT_THROW(static_cast<void>(CameraSensor(small_camera(), 1).expose({4, 4, std::vector<float>(16)}, 0.1, 1)),
               InputError);
}

}  // namespace
}  // namespace seccm::models
