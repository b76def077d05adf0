#include "sim/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& text) {
  try {
    parse_quantity(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

template <Dimension D>
void expect_reads(const std::string& text, Quantity<D> expected) {
  const ParsedQuantity parsed = parse_quantity(text);
  EXPECT_TRUE(parsed.dimension == D) << text << " read as " << to_string(parsed.dimension);
  EXPECT_DOUBLE_EQ(parsed.si, expected.si()) << text;
}

TEST(Units, ReadsTheQuantitiesOfAScenario) {
  expect_reads("3e-15 cm^2/s", 3e-15 * unit::cm2_per_s);
  expect_reads("50 mV/s", 50.0 * unit::mV_per_s);
  expect_reads("2 um", 2.0 * unit::um);
  expect_reads("2 µm", 2.0 * unit::um);  // U+00B5
  expect_reads("2 μm", 2.0 * unit::um);  // U+03BC
  expect_reads("1 GΩ", 1.0 * unit::GOhm);
  expect_reads("0.95 S/m", 0.95 * unit::S_per_m);
  expect_reads("1 M", 1.0 * unit::mol_per_L);
  expect_reads("1 mol/L", 1.0 * unit::mol_per_L);
  expect_reads("0.024 mol/cm^3", 0.024 * unit::mol_per_cm3);
  expect_reads("10 uF/cm^2", 10.0 * unit::uF_per_cm2);
  expect_reads("50 uC/cm^2", 50.0 * unit::uC_per_cm2);
  expect_reads("3.5e-10 cm/s", 3.5e-10 * unit::cm_per_s);
  expect_reads("3 fA/rtHz", 3.0 * unit::fA_per_rtHz);
  expect_reads("3 fA/Hz^1/2", 3.0 * unit::fA_per_rtHz);
  expect_reads("1 V/nA", Resistance(1e9));
  expect_reads("1 mV/h", ScanRate(1e-3 / 3600.0));
  expect_reads("2 min", 2.0 * unit::minute);
  expect_reads("25 %", Dimensionless(0.25));
  expect_reads("25 percent", Dimensionless(0.25));
  expect_reads("7.5 deg", Dimensionless(7.5 * constants::pi / 180.0));
  expect_reads("0.5 mrad", Dimensionless(0.5e-3));
  expect_reads("100 e-", Dimensionless(100.0));
  expect_reads("0.5", Dimensionless(0.5));
}

TEST(Units, AcceptsTheSpellingsOfPeople) {
  expect_reads("  -1.5e0\tV ", -1.5 * unit::V);
  expect_reads("+1.5 V", 1.5 * unit::V);
  expect_reads("5V", 5.0 * unit::V);
  expect_reads("5%", Dimensionless(0.05));
  expect_reads("5 m*s^-1", 5.0 * unit::m_per_s);
  expect_reads("5 m s^-1", 5.0 * unit::m_per_s);
  expect_reads("5 1/s", 5.0 * unit::Hz);
  expect_reads(".5 um", 0.5 * unit::um);
}

TEST(Units, SlashBindsToOneFactor) {
  const ParsedQuantity parsed = parse_unit("F/m^2 s");
  EXPECT_TRUE(parsed.dimension == (ArealCapacitance::dimension + Time::dimension));
}

TEST(Units, ExactSymbolsWinOverPrefixes) {
  EXPECT_EQ(parse_unit("min").si, 60.0);  // not milli-inch
  EXPECT_EQ(parse_unit("Pa").si, 1.0);    // not peta-annum
  EXPECT_EQ(parse_unit("mol").si, 1.0);   // not milli-ol
  EXPECT_DOUBLE_EQ(parse_unit("cm").si, 0.01);
  EXPECT_EQ(parse_unit("h").si, 3600.0);
}

TEST(Units, DerivedUnitsAgreeWithTheirDefinitions) {
  const auto same = [](const std::string& a, const std::string& b) {
    const ParsedQuantity x = parse_unit(a);
    const ParsedQuantity y = parse_unit(b);
    EXPECT_TRUE(x.dimension == y.dimension) << a << " against " << b;
    EXPECT_DOUBLE_EQ(x.si, y.si) << a << " against " << b;
  };
  same("J", "V A s");
  same("W", "J/s");
  same("N", "J/m");
  same("Pa", "N/m^2");
  same("kg", "J s^2/m^2");
  same("F", "C/V");
  same("C", "A s");
  same("S", "1/Ohm");
  same("Hz", "s^-1");
}

TEST(Units, EverySymbolWithEveryPrefixScalesByThePrefix) {
  const std::vector<std::pair<std::string, double>> prefixes{{"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                                                             {"m", 1e-3},  {"c", 1e-2},  {"k", 1e3},  {"M", 1e6},
                                                             {"G", 1e9},   {"T", 1e12}};
  for (const std::string symbol :
       {"m", "s", "V", "A", "F", "C", "Ohm", "S", "Hz", "K", "mol", "L", "g", "eV", "J", "W", "N"}) {
    const ParsedQuantity base = parse_unit(symbol);
    for (const auto& [prefix, factor] : prefixes) {
      const ParsedQuantity scaled = parse_unit(prefix + symbol);
      EXPECT_DOUBLE_EQ(scaled.si, factor * base.si) << prefix << symbol;
      EXPECT_TRUE(scaled.dimension == base.dimension) << prefix << symbol;
    }
  }
}

TEST(Units, HalfPowersSquareToTheirUnit) {
  const ParsedQuantity half = parse_unit("V^1/2 s^-1/2");
  EXPECT_TRUE(half.dimension == (Dimension{.time = -1, .potential = 1}));
  EXPECT_TRUE(parse_unit("mV/h^1/2").dimension == (Dimension{.time = -1, .potential = 2}));
  EXPECT_DOUBLE_EQ(parse_unit("mV/h^1/2").si, 1e-3 / 60.0);
  EXPECT_DOUBLE_EQ(std::pow(parse_unit("um^1/2").si, 2), 1e-6);
}

TEST(Units, EveryDimensionNamesItselfSoThatItReadsBack) {
  RandomStream random(1, "dimensions");
  const auto exponent = [&] { return static_cast<int>(random.below(23)) - 11; };
  for (int k = 0; k < 2000; ++k) {
    const Dimension d{exponent(), exponent(), exponent(), exponent(), exponent(), exponent()};
    const ParsedQuantity back = parse_unit(to_string(d));
    EXPECT_TRUE(back.dimension == d) << to_string(d);
    EXPECT_EQ(back.si, 1.0);
  }
  EXPECT_EQ(to_string(Dimension{}), "1");
  EXPECT_EQ(to_string(Diffusivity::dimension), "m^2 s^-1");
}

TEST(Units, EveryDoubleReadsBackExactlyInEveryUnit) {
  RandomStream random(2, "doubles");
  for (const std::string unit :
       {"1", "um", "cm^2/s", "mV/s", "deg", "%", "uF/cm^2", "fA/rtHz", "mol/cm^3", "h", "MOhm"}) {
    const ParsedQuantity parsed = parse_unit(unit);
    for (int k = 0; k < 2000; ++k) {
      const double si = (random.uniform() < 0.5 ? -1.0 : 1.0) * std::pow(10.0, 40.0 * random.uniform() - 20.0);
      const ParsedQuantity back = parse_quantity(format_quantity(si, unit));
      EXPECT_EQ(back.si, si) << format_quantity(si, unit) << " in " << unit;
      EXPECT_TRUE(back.dimension == parsed.dimension);
    }
  }
}

TEST(Units, WritesWhatAPersonWouldWrite) {
  EXPECT_EQ(format_quantity((3e-15 * unit::cm2_per_s).si(), "cm^2/s"), "3e-15 cm^2/s");
  EXPECT_EQ(format_quantity((50.0 * unit::mV_per_s).si(), "mV/s"), "50 mV/s");
  EXPECT_EQ(format_quantity((1.1 * unit::um).si(), "um"), "1.1 um");
  EXPECT_EQ(format_quantity(0.6, "1"), "0.6");
  EXPECT_EQ(format_quantity(0.6, ""), "0.6");
  EXPECT_EQ(format_quantity(0.0, "um"), "0 um");
}

TEST(Units, RefusesWhatItDoesNotUnderstandAndSaysWhich) {
  EXPECT_THAT(error_of("5 furlong"), HasSubstr("furlong"));
  EXPECT_THAT(error_of("5 um/fortnight"), HasSubstr("fortnight"));
  EXPECT_THAT(error_of("5 m^1.5"), HasSubstr("1.5"));
  EXPECT_THAT(error_of("5 m^99"), HasSubstr("between -12 and 12"));
  EXPECT_THAT(error_of("um 5"), HasSubstr("finite number"));
  EXPECT_THAT(error_of("5 rtHz^1/2"), HasSubstr("finer than 1/2"));
  EXPECT_THAT(error_of("1e300 Tm"), HasSubstr("too large"));
}

TEST(Units, RefusesHostileStrings) {
  for (const std::string text :
       {"",        " ",        "\t",         "V",       "nan V",  "inf V",   "-inf",
        "1e999 m", "0x10 m",   "5 5 V",      "5 V V^",  "5 /s",   "5 m/",    "5 m//s",
        "5 *m",    "5 m^",     "5 m^^2",     "5 m^2^3", "5 m^+2", "5 m^2/3", "5 m^99999999999999999999",
        "+-5 V",   "--5 V",    "++5 V",      "+",       "-",      "+ 5 V",   "5,0 V",
        "5 V;",    "5 V\n",    "5 \xff\xfe", "5 V!",    "5 mmV",  "5 kmin",  "5 ppm",
        "1e V",    "5 e-15 m", "5 (m)",      "5 V=",    "5 Vs"}) {
    EXPECT_NE(error_of(text), "") << '"' << text << '"';
  }
  EXPECT_NE(error_of(std::string("5 V\0", 4)), "");
  EXPECT_NE(error_of(std::string("5 ") + std::string(100000, 'm')), "");
  EXPECT_NE(error_of(std::string(100000, '9')), "");
}

TEST(Units, RandomTextIsReadAsAFiniteNumberOrRefused) {
  const std::string alphabet = "0123456789+-.eE ^/*mVAsFCu%hPag\xc2\xb5\xce\xa9\n\t1";
  RandomStream random(3, "fuzz");
  int accepted = 0;
  for (int k = 0; k < 50000; ++k) {
    std::string text;
    const std::uint64_t length = random.below(14);
    for (std::uint64_t i = 0; i < length; ++i) text += alphabet[random.below(alphabet.size())];
    try {
      EXPECT_TRUE(std::isfinite(parse_quantity(text).si)) << text;
      ++accepted;
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(accepted, 100);  // the alphabet does reach the accepting paths
}

}  // namespace
}  // namespace seccm
