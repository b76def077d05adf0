#include "pipeline/validation/truth_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "files/results_file.hpp"
#include "sample_validation.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::validation {
namespace {

using testing::HasSubstr;

class TruthFile : public testing::Test {
 protected:
  static Truth sample() {
    Truth t = test::sample_truth();
    t.sample_drift_x = -1.0 / 3.0 * 1e-10;
    t.scenario_text = "name = \"example\"\n[material]\nD = \"1e-13 cm^2/s\"\n";
    for (int k = 0; k < 3; ++k) {
      TrueLanding l = test::landing(k);
      l.stage_x = 1.0 / (3.0 + k);
      for (int j = 0; j < 5 * k; ++j) {
        l.particle_radius.push_back(2.5e-8 / (1 + j));
        l.particle_wetted_fraction.push_back(1.0 / (2 + j));
        l.particle_contact_resistance.push_back(1e9 * j);
      }
      t.landings.push_back(l);
    }
    return t;
  }
  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  std::string error() const {
    try {
      read_truth(path_);
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }

  const seccm::test::ScratchDirectory directory_;
  const std::filesystem::path path_ = directory_ / "truth.h5";
};

TEST_F(TruthFile, ReturnsEveryBit) {
  const Truth t = sample();
  write_truth(path_, t);
  const Truth u = read_truth(path_);
  EXPECT_EQ(u.truth_set, t.truth_set);
  EXPECT_EQ(u.scenario_text, t.scenario_text);
  EXPECT_EQ(u.seed, t.seed);
  EXPECT_EQ(u.D_deintercalation, t.D_deintercalation);
  EXPECT_EQ(u.sample_drift_x, t.sample_drift_x);
  EXPECT_EQ(u.pixel_to_stage, t.pixel_to_stage);
  ASSERT_EQ(u.landings.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(u.landings[k].stage_x, t.landings[k].stage_x);
    EXPECT_EQ(u.landings[k].cluster, t.landings[k].cluster);
    EXPECT_EQ(u.landings[k].particle_radius, t.landings[k].particle_radius);
    EXPECT_EQ(u.landings[k].particle_wetted_fraction, t.landings[k].particle_wetted_fraction);
    EXPECT_EQ(u.landings[k].particle_contact_resistance, t.landings[k].particle_contact_resistance);
  }
  const std::string first = bytes();
  write_truth(path_, u);  // every field that is written was read
  EXPECT_TRUE(bytes() == first);
}

TEST_F(TruthFile, IsTheSameWhetherItsLandingsCameOneByOneOrTogether) {
  Truth t = sample();
  write_truth(path_, t);
  const std::string together = bytes();
  TruthWriter writer(path_);
  writer.add(t.landings.at(0));
  writer.add(t.landings.at(1));
  t.landings.erase(t.landings.begin(), t.landings.begin() + 2);
  writer.write(t);
  EXPECT_TRUE(bytes() == together);
}

TEST_F(TruthFile, HoldsARunWithoutLandings) {
  write_truth(path_, test::sample_truth());
  EXPECT_TRUE(read_truth(path_).landings.empty());
}

TEST_F(TruthFile, RefusesForeignAndTruncatedFilesAndListsOfUnequalLength) {
  EXPECT_THAT(error(), HasSubstr("there is no such file"));
  files::write_results(path_, {});
  EXPECT_THAT(error(), HasSubstr("schema 'seccm-truth' version 3 is expected"));
  write_truth(path_, sample());
  const std::string whole = bytes();
  for (std::size_t cut = 0; cut + 24 < whole.size(); cut += 997) {
    std::ofstream(path_, std::ios::binary) << whole.substr(0, cut);
    EXPECT_THAT(error(), HasSubstr("truth.h5")) << cut;
  }
  Truth t = sample();
  t.landings[1].particle_radius.pop_back();
  EXPECT_THROW(write_truth(path_, t), InputError);
  t = sample();
  t.landings[1].t = std::nan("");
  EXPECT_THROW(write_truth(path_, t), InputError);
}

}  // namespace
}  // namespace seccm::validation
