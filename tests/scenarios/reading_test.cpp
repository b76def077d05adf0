// The machinery on small structs of its own: what is read, what is refused, and the words of each refusal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "config/overrides.hpp"
#include "config/parameter_table.hpp"
#include "config/reading_visitor.hpp"
#include "config/spelling.hpp"
#include "config/toml_source.hpp"
#include "config/toml_writer.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/random.hpp"

namespace seccm::scenarios {
namespace {

using ::testing::HasSubstr;

enum class Shape { slab, cylinder, sphere };
constexpr std::array<std::string_view, 3> kShapes{"slab", "cylinder", "sphere"};

struct Tip {
  Length diameter = 1.0 * unit::um;
  double angle = 7.5 * constants::pi / 180.0;
  double ratio = 1.4;
  std::vector<ScanRate> rates{50.0 * unit::mV_per_s};

  static void visit(ParameterVisitor& v, Tip& p) {
    v({.key = "diameter", .unit = "um", .low = 0.05, .high = 5, .grade = Grade::paper, .source = "Tetteh 2023"},
      p.diameter);
    v({.key = "angle", .unit = "deg", .low = 1, .high = 45, .grade = Grade::verified, .source = "Anderson 2023"},
      p.angle);
    v({.key = "ratio", .low = 1, .high = 3}, p.ratio);
    v({.key = "rates", .unit = "mV/s", .low = 0.1, .high = 1e5}, p.rates);
  }
};

struct Sheet {
  std::string name = "unnamed";
  int cycles = 2;
  bool noise = true;
  Shape shape = Shape::sphere;
  Tip tip;

  static void visit(ParameterVisitor& v, Sheet& p) {
    v({.key = "name"}, p.name);
    v({.key = "cycles", .low = 1, .high = 100}, p.cycles);
    v({.key = "noise"}, p.noise);
    v({.key = "shape"}, kShapes, p.shape);
    v.section("tip", "the tip", p.tip);
  }
};

Sheet read_tree(const config::ValueNode& tree) {
  Sheet sheet;
  Sheet plain;
  config::ReadingVisitor reader(
      tree, config::collect_parameters([&](ParameterVisitor& v) { Sheet::visit(v, plain); }).paths());
  Sheet::visit(reader, sheet);
  reader.finish();
  return sheet;
}

Sheet read(std::string_view text) {
  return read_tree(config::parse_toml(text, "x.toml"));
}

Sheet read_with(std::string_view assignment) {
  config::ValueNode tree = config::parse_toml("name = \"a\"\n[tip]\nratio = 2\n", "x.toml");
  config::apply_override(tree, assignment);
  return read_tree(tree);
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string refusal_of_text(std::string_view text) {
  return message_of([&] { (void)read(text); });
}

std::string write(Sheet sheet) {
  return config::write_toml([&](ParameterVisitor& v) { Sheet::visit(v, sheet); });
}

TEST(Reading, KeepsTheDefaultOfEveryKeyThatIsNotWritten) {
  const Sheet sheet = read("");
  EXPECT_EQ(sheet.tip.diameter.si(), 1e-6);
  EXPECT_EQ(sheet.cycles, 2);
  EXPECT_EQ(sheet.shape, Shape::sphere);
}

TEST(Reading, TakesQuantitiesInAnyUnitOfTheRightDimension) {
  const Sheet sheet = read(
      "name = \"run\"\ncycles = 4\nnoise = false\nshape = \"slab\"\n"
      "[tip]\ndiameter = \"500 nm\"\nangle = \"0.2 rad\"\nratio = 2\nrates = [\"20 mV/s\", \"0.5 V/s\"]\n");
  EXPECT_EQ(sheet.name, "run");
  EXPECT_EQ(sheet.cycles, 4);
  EXPECT_FALSE(sheet.noise);
  EXPECT_EQ(sheet.shape, Shape::slab);
  EXPECT_DOUBLE_EQ(sheet.tip.diameter.si(), 500e-9);
  EXPECT_DOUBLE_EQ(sheet.tip.angle, 0.2);
  EXPECT_EQ(sheet.tip.ratio, 2.0);
  ASSERT_EQ(sheet.tip.rates.size(), 2U);
  EXPECT_DOUBLE_EQ(sheet.tip.rates[1].si(), 0.5);
}

TEST(Reading, AcceptsBothEndsOfTheRangeInWhateverUnit) {
  EXPECT_NO_THROW(read("[tip]\ndiameter = \"5 um\""));
  EXPECT_NO_THROW(read("[tip]\ndiameter = \"5000 nm\""));  // 5000 * 1e-9 is not the same double as 5 * 1e-6
  EXPECT_NO_THROW(read("[tip]\ndiameter = \"50 nm\""));
}

TEST(Reading, RangeErrorSaysPlaceValueRangeDefaultAndSource) {
  EXPECT_EQ(refusal_of_text("name = \"a\"\n[tip]\ndiameter = \"50 um\"\n"),
            "x.toml:3: tip.diameter = \"50 um\": out of range; accepted 0.05 um to 5 um (default 1 um; Tetteh 2023, "
            "grade P)");
}

TEST(Reading, RefusesABareNumberWhereAUnitIsNeeded) {
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = 1.5\n"),
              HasSubstr("x.toml:2: tip.diameter = 1.5: a number without its unit"));
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = \"1.5\"\n"), HasSubstr("write \"1.5 um\""));
  // An angle is dimensionless, but a bare number could be degrees or radians.
  EXPECT_THAT(refusal_of_text("[tip]\nangle = 7.5\n"), HasSubstr("write \"7.5 deg\""));
}

TEST(Reading, RefusesAWrongUnitAndNamesBothDimensions) {
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = \"50 mV\"\n"),
              HasSubstr("wrong unit: has the dimension of V, not of um"));
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = \"1 parsec\"\n"), HasSubstr("do not know \"parsec\""));
  EXPECT_THAT(refusal_of_text("[tip]\nratio = \"2 um\"\n"), HasSubstr("wrong unit"));
}

TEST(Reading, RefusesNonFiniteNumbers) {
  EXPECT_THAT(refusal_of_text("[tip]\nratio = nan\n"), HasSubstr("not finite"));
  EXPECT_THAT(refusal_of_text("[tip]\nratio = inf\n"), HasSubstr("not finite"));
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = \"inf um\"\n"), HasSubstr("does not start with a finite number"));
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = \"1e400 um\"\n"), HasSubstr("does not start with a finite number"));
}

TEST(Reading, UnknownKeyNamesTheNearestKnownOne) {
  EXPECT_THAT(refusal_of_text("[tip]\n\ndiametre = \"1 um\"\n"),
              HasSubstr("x.toml:3: tip.diametre = \"1 um\": unknown key; did you mean \"tip.diameter\"?"));
  EXPECT_THAT(refusal_of_text("ratio = 2\n"), HasSubstr("did you mean \"tip.ratio\"?"));  // in another section
  EXPECT_THAT(refusal_of_text("[tpi]\nratio = 2\n"), HasSubstr("unknown section; did you mean \"tip\"?"));
  EXPECT_THAT(refusal_of_text("[tip]\nxyzzyqwert = 1\n"), HasSubstr("known there: diameter, angle, ratio, rates"));
}

TEST(Reading, ErrorsFollowTheOrderOfTheFile) {
  EXPECT_THAT(refusal_of_text("zz = 1\naa = 2\n"), HasSubstr("x.toml:1: zz"));
}

TEST(Reading, RefusesTheWrongKindOfValue) {
  EXPECT_THAT(refusal_of_text("cycles = 2.5\n"),
              HasSubstr("is a number, not a whole number; accepted a whole number, 1 to 100"));
  EXPECT_THAT(refusal_of_text("cycles = 0\n"), HasSubstr("out of range; accepted a whole number, 1 to 100 (default 2"));
  EXPECT_THAT(refusal_of_text("noise = \"yes\"\n"), HasSubstr("accepted true or false"));
  EXPECT_THAT(refusal_of_text("name = 3\n"), HasSubstr("is a whole number, not text"));
  EXPECT_THAT(refusal_of_text("tip = 3\n"), HasSubstr("is a whole number, not a section; accepted [tip] with keys"));
  EXPECT_THAT(refusal_of_text("shape = \"spehre\"\n"),
              HasSubstr("did you mean \"sphere\"?; accepted slab, cylinder or sphere (default sphere"));
  EXPECT_THAT(refusal_of_text("[tip]\nrates = \"20 mV/s\"\n"), HasSubstr("is a string, not a list"));
  EXPECT_THAT(refusal_of_text("[tip]\ndiameter = 1979-05-27\n"), HasSubstr("is a date or time, not a quantity"));
}

TEST(Reading, NamesTheElementOfAListThatIsWrong) {
  EXPECT_THAT(refusal_of_text("[tip]\nrates = [\"20 mV/s\", \"5 V\"]\n"),
              HasSubstr("tip.rates[1] = \"5 V\": wrong unit"));
}

TEST(Reading, MalformedAndDuplicateTomlNameTheLine) {
  EXPECT_THAT(refusal_of_text("name = \"a\"\nname = \"b\"\n"), HasSubstr("x.toml:2: not valid TOML"));
  EXPECT_THAT(refusal_of_text("name = \n"), HasSubstr("x.toml:1: not valid TOML"));
  EXPECT_THAT(refusal_of_text("[tip\n"), HasSubstr("x.toml:1: not valid TOML"));
  EXPECT_THAT(refusal_of_text("a\xCE\xBC = 1\n"), HasSubstr("x.toml:1: not valid TOML"));  // a micro sign
  EXPECT_THAT(refusal_of_text(std::string_view("\xff\xfe\x00name", 7)), HasSubstr("not valid TOML"));
  EXPECT_THAT(refusal_of_text(std::string(100000, '[')), HasSubstr("not valid TOML"));
  EXPECT_THAT(refusal_of_text("x = " + std::string(100000, '[')), HasSubstr("not valid TOML"));
}

TEST(Reading, MangledTextIsRefusedOrReadButNeverCrashes) {
  const std::string good =
      "name = \"run\"\ncycles = 4\nshape = \"slab\"\n[tip]\ndiameter = \"500 nm\"\nrates = [\"20 mV/s\", \"1 V/s\"]\n";
  const std::string_view letters = "[]{}=\".,#\n\\'0eE+-_:\x01\xff ";
  RandomStream random(1, "mangled scenario text");
  int read_well = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text = good;
    for (std::uint64_t k = 0; k <= random.below(4); ++k) {
      const std::size_t at = random.below(text.size());
      const char letter = letters[random.below(letters.size())];
      if (random.below(2) == 0) {
        text[at] = letter;
      } else {
        text.insert(at, 1 + random.below(3), letter);
      }
    }
    try {
      const Sheet sheet = read(text);
      ASSERT_TRUE(std::isfinite(sheet.tip.diameter.si()));
      ++read_well;
    } catch (const InputError& error) {
      ASSERT_FALSE(std::string(error.what()).empty());
    }
  }
  EXPECT_GT(read_well, 100);    // some changes are harmless (a blank, a digit of the name)
  EXPECT_LT(read_well, 19000);  // and most are not
}

TEST(Overrides, TakeTomlValuesAndBareShellWords) {
  EXPECT_DOUBLE_EQ(read_with("tip.diameter=\"2 um\"").tip.diameter.si(), 2e-6);
  EXPECT_DOUBLE_EQ(read_with("tip.diameter=2 um").tip.diameter.si(), 2e-6);
  EXPECT_DOUBLE_EQ(read_with(" tip.diameter = 2um ").tip.diameter.si(), 2e-6);
  EXPECT_EQ(read_with("tip.ratio=2.5").tip.ratio, 2.5);
  EXPECT_EQ(read_with("cycles=7").cycles, 7);
  EXPECT_FALSE(read_with("noise=false").noise);
  EXPECT_EQ(read_with("name=12").name, "12");
  EXPECT_EQ(read_with("shape=slab").shape, Shape::slab);
  EXPECT_EQ(read_with("tip.rates=[\"1 V/s\", \"2 V/s\"]").tip.rates.size(), 2U);
  EXPECT_EQ(read_with("tip.rates=[1 V/s, 2 V/s]").tip.rates.size(), 2U);
  EXPECT_EQ(read_with("tip.rates=[]").tip.rates.size(), 0U);
}

TEST(Overrides, AreCheckedLikeTheFileAndNameTheirOrigin) {
  EXPECT_THAT(message_of([] { read_with("tip.diameter=50 um"); }),
              HasSubstr("--set: tip.diameter = \"50 um\": out of range; accepted 0.05 um to 5 um"));
  EXPECT_THAT(message_of([] { read_with("tip.diametre=1 um"); }), HasSubstr("did you mean \"tip.diameter\"?"));
  EXPECT_THAT(message_of([] { read_with("tip.diameter=2"); }), HasSubstr("write \"2 um\""));
}

TEST(Overrides, RefuseWhatIsNotAnAssignment) {
  EXPECT_THAT(message_of([] { read_with("tip.diameter"); }), HasSubstr("write section.key=value"));
  EXPECT_THAT(message_of([] { read_with("=3"); }), HasSubstr("write section.key=value"));
  EXPECT_THAT(message_of([] { read_with("tip.=3"); }), HasSubstr("behind the last dot"));
  EXPECT_THAT(message_of([] { read_with("name.first=3"); }), HasSubstr("\"name\" is a string, not a section"));
}

TEST(Writing, ReadsBackBitForBit) {
  Sheet sheet;
  sheet.name = "a \"quoted\" name\\ with\nlines\tand \x01";
  sheet.cycles = 17;
  sheet.noise = false;
  sheet.shape = Shape::cylinder;
  // Doubles of no special form: 1/3 um has no short decimal, and x * 1e-6 need not hit every double.
  for (int k = 1; k < 500; ++k) {
    sheet.tip.diameter = Length(5e-6 / (1.0 + std::sqrt(static_cast<double>(k))));
    sheet.tip.angle = 0.1 + 1.0 / (k + 2.0);
    sheet.tip.ratio = 1.0 + 1.0 / k;
    sheet.tip.rates = {ScanRate(1.0 / 3.0 / k), ScanRate(0.02)};
    const Sheet again = read(write(sheet));
    ASSERT_EQ(again.tip.diameter.si(), sheet.tip.diameter.si()) << write(sheet);
    ASSERT_EQ(again.tip.angle, sheet.tip.angle);
    ASSERT_EQ(again.tip.ratio, sheet.tip.ratio);
    ASSERT_EQ(again.tip.rates[0].si(), sheet.tip.rates[0].si());
    ASSERT_EQ(write(again), write(sheet));
  }
  const Sheet again = read(write(sheet));
  EXPECT_EQ(again.name, sheet.name);
  EXPECT_EQ(again.cycles, 17);
  EXPECT_FALSE(again.noise);
  EXPECT_EQ(again.shape, Shape::cylinder);
}

TEST(Writing, LeavesOutTheSectionsThatItIsToldTo) {
  Sheet sheet;
  constexpr std::array<std::string_view, 1> without{"tip"};
  const std::string text = config::write_toml([&](ParameterVisitor& v) { Sheet::visit(v, sheet); }, without);
  EXPECT_THAT(text, ::testing::Not(HasSubstr("diameter")));
  EXPECT_THAT(text, HasSubstr("cycles = 2"));
}

TEST(Table, HoldsDefaultRangeSourceAndGradeOfEveryParameter) {
  Sheet sheet;
  const config::ParameterTable table = config::collect_parameters([&](ParameterVisitor& v) { Sheet::visit(v, sheet); });
  const config::ParameterRow* row = table.find("tip.diameter");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->value, "\"1 um\"");
  EXPECT_EQ(row->accepted, "0.05 um to 5 um");
  EXPECT_EQ(row->source, "Tetteh 2023");
  EXPECT_EQ(row->grade, 'P');
  EXPECT_EQ(table.rows.size(), 8U);
  EXPECT_EQ(table.find("tip.nothing"), nullptr);
}

TEST(Spelling, CountsSwapsInsertionsDeletionsAndReplacements) {
  EXPECT_EQ(config::edit_distance("", "abc"), 3U);
  EXPECT_EQ(config::edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(config::edit_distance("seed", "sede"), 1U);
  EXPECT_EQ(config::edit_distance("same", "same"), 0U);
}

TEST(Spelling, FindsNothingWhereNothingIsNear) {
  const std::vector<std::string> known{"diameter", "angle"};
  EXPECT_EQ(config::nearest("diameter_um", known), "diameter");
  EXPECT_FALSE(config::nearest("qqqqqqqq", known).has_value());
}

}  // namespace
}  // namespace seccm::scenarios
