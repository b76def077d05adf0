#include "sim/parameter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/error.hpp"

namespace seccm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

enum class Shape { plane, sphere };

struct Inner {
  Length radius = 25.0 * unit::nm;
  static void visit(ParameterVisitor& v, Inner& p) {
    v({.key = "radius", .unit = "nm", .low = 1, .high = 1000, .grade = Grade::paper}, p.radius);
  }
};

struct Outer {
  Diffusivity D = 1e-13 * unit::cm2_per_s;
  double ratio = 0.5;
  int count = 3;
  long long long_count = 4;
  bool on = true;
  std::string name = "anatase";
  Shape shape = Shape::sphere;
  std::vector<ScanRate> rates{20.0 * unit::mV_per_s, 50.0 * unit::mV_per_s};
  Inner inner;

  static void visit(ParameterVisitor& v, Outer& p) {
    v({.key = "D", .unit = "cm^2/s"}, p.D);
    v({.key = "ratio"}, p.ratio);
    v({.key = "count"}, p.count);
    v({.key = "long_count"}, p.long_count);
    v({.key = "on"}, p.on);
    v({.key = "name"}, p.name);
    v({.key = "shape"}, std::array<std::string_view, 2>{"plane", "sphere"}, p.shape);
    v({.key = "rates", .unit = "mV/s"}, p.rates);
    v.section("inner", "a part", p.inner);
  }
};

/// Writes down what it is shown; with `change` set it also assigns.
class Recorder : public ParameterVisitor {
 public:
  bool change = false;
  long long integer_to_assign = 9;
  std::vector<std::string> seen;
  std::vector<Dimension> dimensions;

  void begin_section(std::string_view key, std::string_view) override { path_ += std::string(key) + "."; }
  void end_section() override { path_.clear(); }
  void quantity(const ParameterInfo& info, Dimension dimension, double& si) override {
    note(info);
    dimensions.push_back(dimension);
    if (change) si *= 2.0;
  }
  void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) override {
    note(info);
    dimensions.push_back(dimension);
    if (change) si = {1.0, 2.0, 3.0};
  }
  void integer(const ParameterInfo& info, long long& value) override {
    note(info);
    if (change) value = integer_to_assign;
  }
  void boolean(const ParameterInfo& info, bool& value) override {
    note(info);
    if (change) value = false;
  }
  void text(const ParameterInfo& info, std::string& value) override {
    note(info);
    if (change) value = "rutile";
  }
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override {
    note(info);
    EXPECT_EQ(names[static_cast<std::size_t>(index)], "sphere");
    if (change) index = 0;
  }

 private:
  void note(const ParameterInfo& info) { seen.push_back(path_ + std::string(info.key)); }
  std::string path_;
};

TEST(Parameters, AVisitorSeesEveryKeyInOrderOfDeclaration) {
  Outer parameters;
  Recorder recorder;
  Outer::visit(recorder, parameters);
  EXPECT_THAT(recorder.seen,
              ElementsAre("D", "ratio", "count", "long_count", "on", "name", "shape", "rates", "inner.radius"));
  ASSERT_EQ(recorder.dimensions.size(), 4U);
  EXPECT_TRUE(recorder.dimensions[0] == Diffusivity::dimension);
  EXPECT_TRUE(recorder.dimensions[1] == Dimension{});
  EXPECT_TRUE(recorder.dimensions[2] == ScanRate::dimension);
  EXPECT_TRUE(recorder.dimensions[3] == Length::dimension);
}

TEST(Parameters, LookingChangesNothing) {
  Outer parameters;
  Recorder recorder;
  Outer::visit(recorder, parameters);
  EXPECT_EQ(parameters.D.si(), 1e-17);
  EXPECT_EQ(parameters.count, 3);
  EXPECT_EQ(parameters.rates.size(), 2U);
  EXPECT_EQ(parameters.rates[1].si(), 0.05);
  EXPECT_EQ(parameters.shape, Shape::sphere);
  EXPECT_DOUBLE_EQ(parameters.inner.radius.si(), 25e-9);
}

TEST(Parameters, AReadingVisitorAssignsEveryKind) {
  Outer parameters;
  Recorder recorder;
  recorder.change = true;
  Outer::visit(recorder, parameters);
  EXPECT_EQ(parameters.D.si(), 2e-17);
  EXPECT_EQ(parameters.ratio, 1.0);
  EXPECT_EQ(parameters.count, 9);
  EXPECT_EQ(parameters.long_count, 9);
  EXPECT_FALSE(parameters.on);
  EXPECT_EQ(parameters.name, "rutile");
  EXPECT_EQ(parameters.shape, Shape::plane);
  ASSERT_EQ(parameters.rates.size(), 3U);
  EXPECT_EQ(parameters.rates[2].si(), 3.0);
  EXPECT_DOUBLE_EQ(parameters.inner.radius.si(), 50e-9);
}

TEST(Parameters, AWholeNumberThatDoesNotFitIsRefusedNotCut) {
  Outer parameters;
  Recorder recorder;
  recorder.change = true;
  recorder.integer_to_assign = 4294967297LL;  // 2^32 + 1: its low half is 1
  try {
    Outer::visit(recorder, parameters);
    FAIL() << "accepted, count = " << parameters.count;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("count"));
    EXPECT_THAT(error.what(), HasSubstr("4294967297"));
  }
}

TEST(Parameters, GradesHaveTheirLetters) {
  EXPECT_EQ(letter(Grade::verified), "V");
  EXPECT_EQ(letter(Grade::computed), "C");
  EXPECT_EQ(letter(Grade::recalled), "R");
  EXPECT_EQ(letter(Grade::paper), "P");
  EXPECT_EQ(letter(Grade::standard), "S");
  EXPECT_EQ(letter(Grade::choice), "D");
}

TEST(Quantities, ArithmeticKeepsDimensions) {
  const Length R = 25.0 * unit::nm;
  const Diffusivity D = 1e-13 * unit::cm2_per_s;
  static_assert(decltype(R * R / D)::dimension == Time::dimension);
  EXPECT_DOUBLE_EQ((R * R / D).si(), 62.5);
  static_assert(decltype(unit::V / unit::Ohm)::dimension == Current::dimension);
  static_assert(decltype(unit::F * unit::V)::dimension == Charge::dimension);
  EXPECT_DOUBLE_EQ(R.in(unit::um), 0.025);
  EXPECT_LT(R, 1.0 * unit::um);
}

}  // namespace
}  // namespace seccm
