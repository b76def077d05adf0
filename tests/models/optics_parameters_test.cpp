#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "models/micrograph/micrograph_parameters.hpp"
#include "models/optics/camera_parameters.hpp"
#include "models/optics/optics_parameters.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

// Looks at every declaration: known unit, matching dimension, default within its range, source and text present.
class DeclarationCheck : public ParameterVisitor {
 public:
  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension dimension, double& si) override {
    const ParsedQuantity unit = parse_unit(info.unit);
    EXPECT_EQ(unit.dimension, dimension) << info.key;
    range(info, si / unit.si);
  }
  void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) override {
    for (double& value : si) quantity(info, dimension, value);
  }
  void integer(const ParameterInfo& info, long long& value) override { range(info, static_cast<double>(value)); }
  void boolean(const ParameterInfo& info, bool&) override { described(info); }
  void text(const ParameterInfo& info, std::string&) override { described(info); }
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override {
    described(info);
    EXPECT_LT(static_cast<std::size_t>(index), names.size()) << info.key;
  }
  std::set<std::string> keys;

 private:
  void described(const ParameterInfo& info) {
    EXPECT_TRUE(keys.insert(std::string(info.key)).second) << info.key << " twice";
    EXPECT_FALSE(info.source.empty()) << info.key;
    EXPECT_FALSE(info.text.empty()) << info.key;
  }
  void range(const ParameterInfo& info, double value) {
    described(info);
    const double slack = 1e-9 * (1.0 + std::abs(value));
    EXPECT_GE(value, info.low - slack) << info.key;
    EXPECT_LE(value, info.high + slack) << info.key;
  }
};

template <class Parameters>
std::size_t declared() {
  Parameters parameters;
  DeclarationCheck check;
  Parameters::visit(check, parameters);
  return check.keys.size();
}

TEST(ImageParameters, EveryDeclarationIsCompleteAndItsDefaultInRange) {
  EXPECT_EQ(declared<OpticsParameters>(), 17U);
  EXPECT_EQ(declared<CameraParameters>(), 15U);
  EXPECT_EQ(declared<MicrographParameters>(), 13U);
}

}  // namespace
}  // namespace seccm::models
