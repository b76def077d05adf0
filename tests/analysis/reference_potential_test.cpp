#include "pipeline/analysis/reference_potential.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace seccm::analysis {
namespace {

files::ReferenceCalibration calibration(double t, double offset, double error, bool valid = true) {
  files::ReferenceCalibration c;
  c.t = t;
  c.offset_vs_Li = offset;
  c.standard_error = error;
  c.valid = valid;
  return c;
}

TEST(ReferencePotential, IsLinearInTimeBetweenCalibrationsAndConstantBeyond) {
  const std::vector<files::ReferenceCalibration> list{calibration(1000, 3.06, 3e-3), calibration(0, 3.05, 4e-3)};
  const ReferencePotential reference(list);
  EXPECT_DOUBLE_EQ(reference.at(250).offset_vs_Li, 3.0525);
  EXPECT_DOUBLE_EQ(reference.at(250).standard_error, std::hypot(0.75 * 4e-3, 0.25 * 3e-3));
  EXPECT_DOUBLE_EQ(reference.at(-5).offset_vs_Li, 3.05);
  EXPECT_DOUBLE_EQ(reference.at(5000).offset_vs_Li, 3.06);
  EXPECT_DOUBLE_EQ(reference.at(1000).offset_vs_Li, 3.06);
}

TEST(ReferencePotential, LeavesOutWhatIsNotValid) {
  const std::vector<files::ReferenceCalibration> list{calibration(0, 3.05, 1e-3), calibration(10, 9.0, 1e-3, false),
                                                      calibration(20, std::numeric_limits<double>::quiet_NaN(), 1e-3)};
  EXPECT_DOUBLE_EQ(ReferencePotential(list).at(15).offset_vs_Li, 3.05);
  EXPECT_FALSE(ReferencePotential({}).known());
}

}  // namespace
}  // namespace seccm::analysis
