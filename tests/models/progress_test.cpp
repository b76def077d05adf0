// A request to stop is served within a step of every engine, however few rows the program asks for, and the fraction
// that a run tells never falls.
#include "models/cell/progress.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "models/engine/simulate.hpp"
#include "models/ensemble/ensemble.hpp"
#include "models/reference/reference_simulate.hpp"
#include "models/voxels/voxel_cluster.hpp"
#include "sim/error.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models {
namespace {

using Callback = std::function<bool(double)>;

/// One segment that is a single row: 1000 s at rest off equilibrium.
const sim::Waveform one_row = sim::Waveform::at(1.7).hold(1000.0);

CellSpec one_particle() {
  CellSpec spec = test::Case{.lam = 1.0}.spec();
  spec.numerics.hold_step = Time(1000.0);
  return spec;
}

struct Told {
  std::vector<double> fractions;
  bool cancelled = false;
};

/// What a callback hears that says no once a tenth of the program has passed.
Told stopped_at_a_tenth(const std::function<void(const Callback&)>& run) {
  Told told;
  try {
    run([&](double done) {
      told.fractions.push_back(done);
      return done < 0.1;
    });
  } catch (const Cancelled&) {
    told.cancelled = true;
  }
  return told;
}

/// It is asked many times before the first row and not again behind its no. The steps of an integrator grow by at most
/// a factor of two, on their way from micro- to kiloseconds: the one that passes a tenth ends before four tenths.
void expect_served_within_the_row(const Told& told) {
  EXPECT_TRUE(told.cancelled);
  ASSERT_GT(told.fractions.size(), 10U);
  EXPECT_LT(told.fractions.back(), 0.4);
  EXPECT_LT(told.fractions[told.fractions.size() - 2], 0.1);
  for (std::size_t k = 1; k < told.fractions.size(); ++k) EXPECT_GE(told.fractions[k], told.fractions[k - 1]);
}

TEST(Progress, NeverFallsAndEndsAtOne) {
  std::vector<double> heard;
  const Callback callback = [&](double done) {
    heard.push_back(done);
    return true;
  };
  Progress progress(callback, 2.0);
  for (const double time : {0.5, 1.0, 0.7, 3.0}) progress.at(time);
  EXPECT_EQ(heard, (std::vector<double>{0.25, 0.5, 0.5, 1.0}));
}

TEST(Progress, OfTheReferenceEngineIsAskedBetweenItsOwnSteps) {
  expect_served_within_the_row(
      stopped_at_a_tenth([](const Callback& ask) { run_reference(Cell(one_particle()), one_row, {}, ask); }));
}

TEST(Progress, OfTheReferenceEngineWithAlgebraicUnknownsIsAskedBetweenItsOwnSteps) {
  ReferenceOptions algebraic;
  algebraic.as_algebraic = true;
  expect_served_within_the_row(
      stopped_at_a_tenth([&](const Callback& ask) { run_reference(Cell(one_particle()), one_row, algebraic, ask); }));
}

TEST(Progress, OfACellInALiquidIsAskedEveryStep) {
  CellSpec spec = one_particle();
  spec.numerics.hold_step = Time(1.0);
  ElectrolyteSpec liquid;
  liquid.electrolyte.salt.spreading = Spreading::power;
  const Told told = stopped_at_a_tenth([&](const Callback& ask) { simulate(Cell(spec), liquid, one_row, ask); });
  EXPECT_TRUE(told.cancelled);
  EXPECT_EQ(told.fractions.size(), 100U);
}

TEST(Progress, OfVoxelsIsAskedBetweenLinearIterations) {
  VoxelSpec spec;
  spec.image = box_image({6, 6, 6}, 1e-9);
  spec.grain_D = {{1e-17, 1e-17, 1e-17}};
  spec.border = ImageBorder::top;
  spec.numerics.hold_step = Time(10.0);
  const VoxelCluster cluster(spec);
  const sim::Waveform program = sim::Waveform::at(1.7).hold(10.0);
  std::size_t asked = 0;
  EXPECT_THROW(simulate(cluster, program, [&](double) { return ++asked < 3; }), Cancelled);
  EXPECT_EQ(asked, 3U);
}

TEST(Progress, OfAnEnsembleIsAskedWithinABlock) {
  class Nothing final : public EnsembleObserver {
    void rows(const EnsembleRows&) override {}
  };
  CellSpec spec = one_particle();
  spec.numerics.hold_step = Time(0.5);
  const EnsembleSpec ensemble{.frame = ensemble_frame(spec), .cells = {ensemble_cell(spec)}};
  const EnsembleProgram program(one_row, spec.numerics);
  Nothing nothing;
  const Told told = stopped_at_a_tenth([&](const Callback& ask) { Ensemble(ensemble).run(program, nothing, ask); });
  EXPECT_TRUE(told.cancelled);
  EXPECT_EQ(told.fractions.size(), 4U);  // 2000 steps, 64 at a time
}

}  // namespace
}  // namespace seccm::models
