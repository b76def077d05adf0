#include <gtest/gtest.h>

#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {
namespace {

std::string adjusted_text() {
  return load_scenario(library_directory() / "paper.toml").campaign.adjusted;
}

// What the sample and the material are takes from the paper wherever a declaration names it as its source: a reader of
// the comparison must see it.
TEST(AdjustedToThePaper, NamesEveryKeyOfSampleAndMaterialWithThePaperAsItsSource) {
  const std::string adjusted = adjusted_text();
  int named = 0;
  for (const config::ParameterRow& row : parameters_of({}).rows) {
    const bool from_paper =
        row.source.find("Tetteh 2023") != std::string::npos || row.source.find("Fig. ") != std::string::npos;
    if (!from_paper || (row.section != "sample" && row.section != "material")) continue;
    EXPECT_NE(adjusted.find(row.key), std::string::npos) << row.path;
    ++named;
  }
  EXPECT_GE(named, 6);  // sizes (3) and shapes (3) of the clusters at least
}

TEST(AdjustedToThePaper, NamesTheArrayAndWhatTheRunsSetOfTheirSamples) {
  const std::string adjusted = adjusted_text();
  for (const char* item : {"625", "[80, 400, 1200]", "[389]", "footprint_ratio = 1.22", "particle_diameter"})
    EXPECT_NE(adjusted.find(item), std::string::npos) << item;
}

}  // namespace
}  // namespace seccm::scenarios
