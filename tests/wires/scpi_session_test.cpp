// The source-measure unit's SCPI: golden transcripts, syntax, errors, time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instrument/servers/scpi/scpi_settings.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "tests/wires/bench_meter.hpp"
#include "tests/wires/transcript.hpp"

namespace seccm::instrument::testing {
namespace {

using servers::ScpiDialect;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct ScpiBench {
  explicit ScpiBench(ScpiDialect dialect = ScpiDialect::keithley_2450)
      : unit(meter, time, {.dialect = dialect}), session(servers::scpi_sessions(unit)()) {}
  std::string say(const std::string& line) { return session->feed(line + "\n"); }

  BenchSeconds time;
  BenchMeter meter{time, 1e9};
  servers::ScpiSourceMeter unit;
  std::unique_ptr<servers::Session> session;
};

void expect_scpi_replay(ScpiDialect dialect, const std::string& name) {
  ScpiBench bench(dialect);
  for (const Exchange& exchange : read_transcript(std::string(SECCM_TEST_DATA) + "/scpi/" + name)) {
    if (exchange.wait > 0.0) bench.time.on_request(exchange.wait);
    EXPECT_EQ(bench.session->feed(exchange.sent), exchange.reply) << name << ":" << exchange.line;
  }
}

TEST(ScpiTranscript, PyMeasureWithA2450IsReplayedByteForByte) {
  expect_scpi_replay(ScpiDialect::keithley_2450, "pymeasure_2450.txt");
}

TEST(ScpiTranscript, PyMeasureWithA2400AndItsBufferIsReplayedByteForByte) {
  expect_scpi_replay(ScpiDialect::keithley_2400, "pymeasure_2400.txt");
}

TEST(ScpiTranscript, ASweepOfA2450IsReplayedByteForByte) {
  expect_scpi_replay(ScpiDialect::keithley_2450, "sweep_2450.txt");
}

TEST(ScpiSession, ASweepOfA2400GoesThroughItsLevels) {
  ScpiBench bench(ScpiDialect::keithley_2400);
  bench.say(":SOUR:VOLT:MODE SWE;:SOUR:VOLT:STAR -1;STOP 1;STEP 0.5;:TRIG:COUN 5;:FORM:ELEM CURR,VOLT;:OUTP ON");
  EXPECT_EQ(bench.say(":READ?"),
            "-1.000000E+00,-1.000000E-09,-5.000000E-01,-5.000000E-10,+0.000000E+00,+0.000000E+00,"
            "+5.000000E-01,+5.000000E-10,+1.000000E+00,+1.000000E-09\n");
  bench.say(":SOUR:LIST:VOLT 0.1,0.3;:SOUR:LIST:VOLT:APP 0.2;:SOUR:VOLT:MODE LIST;:TRIG:COUN 4;:FORM:ELEM VOLT");
  EXPECT_EQ(bench.say(":READ?"), "+1.000000E-01,+3.000000E-01,+2.000000E-01,+1.000000E-01\n");
  EXPECT_EQ(bench.say(":SYST:ERR?"), "0,\"No error\"\n");
}

TEST(ScpiSession, AReadingTakesDelayAndApertureAndAMessageItsLatency) {
  ScpiBench bench;
  bench.say("OUTP ON;:SENS:CURR:NPLC 2;:SOUR:VOLT:DEL 0.005");
  const double before = bench.time.now();
  bench.say(":READ?;*IDN?");
  EXPECT_NEAR(bench.time.now() - before, 1e-3 + 5e-3 + 2.0 / 50.0, 1e-12);
}

TEST(ScpiSession, TimesOfReadingsAreTheInstrumentsOwn) {
  ScpiBench bench;
  bench.say("OUTP ON");  // 1 ms
  EXPECT_EQ(bench.say(":READ? \"defbuffer1\",SEC,FRAC,REL"), "0,0.022000000,0.000000000E+00\n");
  EXPECT_EQ(bench.say(":READ? \"defbuffer1\",SEC,FRAC,REL"), "0,0.043000000,2.100000000E-02\n");
  ScpiBench other(ScpiDialect::keithley_2400);
  other.say("OUTP ON;:FORM:ELEM TIME");
  EXPECT_EQ(other.say(":READ?"), "+2.200000E-02\n");
  EXPECT_EQ(other.say(":SYST:TIME:RES;:READ?"), "+2.000000E-02\n");
}

TEST(ScpiSession, DateAndTimeOfAReadingAreThoseOfTheUnitsClock) {
  ScpiBench bench;
  bench.time.on_request(2 * 86400.0 + 3600.0);
  bench.say("OUTP ON");
  EXPECT_EQ(bench.say(":READ? \"defbuffer1\",DATE,TIME,TST"), "01/03/1970,01:00:00,01/03/1970 01:00:00.022000000\n");
}

TEST(ScpiSession, ABufferIsFilledByATriggerAndAnEmptyOneHasNoStatistics) {
  ScpiBench bench;
  const std::string statistics = ":TRAC:STAT:AVER?;MAX?;MIN?;STDD?";
  EXPECT_EQ(bench.say(statistics), "9.910000E+37;9.910000E+37;9.910000E+37;9.910000E+37\n");
  EXPECT_EQ(bench.say(":SENS:COUN 3;:SOUR:VOLT 0.5;:OUTP ON;:TRAC:TRIG 'defbuffer1'"), "");
  EXPECT_EQ(bench.say(":TRAC:ACT?;" + statistics), "3;5.000000E-10;5.000000E-10;5.000000E-10;0.000000E+00\n");
  EXPECT_EQ(bench.say(":TRAC:TRIG 'mine'"), "");
  EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("-224,"));
  ScpiBench other(ScpiDialect::keithley_2400);
  EXPECT_EQ(other.say(":CALC3:DATA?"), "+9.910000E+37,+9.910000E+37,+9.910000E+37\n");
}

TEST(ScpiSession, RefusesWithTheCodeOfTheStandardAndChangesNothing) {
  ScpiBench bench;
  bench.say(":SOUR:VOLT 0.25;:SOUR:VOLT 1e6;:SOUR:VOLT nan;:SOUR:VOLT;:NO:SUCH 1;:READ?;:SOUR:VOLT 1,2");
  EXPECT_EQ(bench.say(":SOUR:VOLT?"), "2.500000E-01\n");
  for (const char* code : {"-222", "-104", "-109", "-113", "-221", "-108", "0"}) {
    EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith(std::string(code) + ","));
  }
}

TEST(ScpiSession, RefusesWhatIsNotThere) {
  ScpiBench bench;
  const std::vector<std::pair<const char*, const char*>> refusals{
      {":SOUR:FUNC CURR", "-224"},          {":SENS:FUNC 'VOLT'", "-224"},
      {":SOUR:VOLT:DEL:AUTO ON", "-221"},   {":SOUR:CURR 1e-3", "-221"},
      {":ROUT:TERM REAR", "-224"},          {":FORM:DATA REAL", "-224"},
      {":SENS:CURR:NPLC 11", "-222"},       {":SOUR:VOLT:RANG 0.2;:SOUR:VOLT 0.3", "-222"},
      {":TRAC:MAKE 'mine', 100", "-113"},   {":TRAC:DATA? 1,1", "-222"},
      {":TRAC:DATA? 1,1,'mine'", "-224"},   {":SOUR:SWE:VOLT:LIN 0,1,5,0,1,AUTO,ON,ON", "-221"},
      {":SOUR:SWE:VOLT:LIN 0,1,1", "-222"}, {":SOUR:SWE:VOLT:LIST 1", "-221"},
      {":TRIG:LOAD 'Mine', 3", "-224"},     {":OUTP MAYBE", "-224"},
      {":STAT:MEAS:ENAB 512", "-113"},  // a 2400's
  };
  for (const auto& [line, code] : refusals) {
    EXPECT_EQ(bench.say(line), "") << line;
    EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith(std::string(code) + ",")) << line;
    bench.say("*CLS");
  }
  ScpiBench other(ScpiDialect::keithley_2400);
  EXPECT_EQ(other.say("*LANG?;:READ?;:TRIG:SOUR BUS;:SYST:ERR?"), "-113,\"Undefined header\"\n");
  EXPECT_EQ(other.say("SYST:ERR?"), "803,\"Not permitted with OUTPUT off\"\n");
  EXPECT_THAT(other.say("SYST:ERR?"), StartsWith("-224,"));
}

TEST(ScpiSession, StatusRegistersFollowErrorsAndCompletion) {
  ScpiBench bench;
  bench.say("*CLS;*ESE 49;*SRE 36");
  EXPECT_EQ(bench.say("*STB?;*ESE?;*SRE?"), "0;49;36\n");
  bench.say("NO:SUCH;:SOUR:VOLT 1e6");
  EXPECT_EQ(bench.say("*STB?"), "100\n");  // errors 4, event summary 32, service 64
  EXPECT_EQ(bench.say("*ESR?;*ESR?"), "48;0\n");
  bench.say("*CLS;:OUTP ON;:TRIG:LOAD 'SimpleLoop', 3;:INIT;*OPC");
  EXPECT_EQ(bench.say("*ESR?"), "0\n");
  bench.time.on_request(0.06);
  EXPECT_EQ(bench.say("*ESR?"), "1\n");
}

TEST(ScpiSession, OverrangeAndLimitAreSaid) {
  ScpiBench bench;  // range 10 nA
  bench.say(":OUTP ON;:SOUR:VOLT 20");
  EXPECT_EQ(bench.say(":READ?"), "9.900000E+37\n");
  bench.say(":SENS:CURR:RANG 1e-6;:SOUR:VOLT:ILIM 1e-8");
  EXPECT_EQ(bench.say(":READ?;:SOUR:VOLT:ILIM:TRIP?"), "1.000000E-08;1\n");
}

TEST(ScpiSession, AnAutomaticRangeFollowsSingleReadings) {
  ScpiBench bench;  // range 10 nA
  bench.say(":OUTP ON;:SENS:CURR:RANG:AUTO ON;:SOUR:VOLT 200");
  const double before = bench.time.now();
  EXPECT_EQ(bench.say(":READ?;:SENS:CURR:RANG?;:SENS:CURR:RANG:AUTO?"), "2.000000E-07;1.000000E-06;1\n");
  EXPECT_NEAR(bench.time.now() - before, 1e-3 + 3 * 0.02, 1e-12);  // 10 nA, 100 nA, 1 uA
  EXPECT_EQ(bench.say(":TRAC:ACT?;:SOUR:VOLT 20;:READ?;:SENS:CURR:RANG?"), "1;2.000000E-08;1.000000E-07\n");
  EXPECT_EQ(bench.say(":SENS:CURR:RANG 1e-6;:SENS:CURR:RANG:AUTO?"), "0\n");
}

TEST(ScpiSession, DropsAnEndlessLineAndGoesOn) {
  ScpiBench bench(ScpiDialect::keithley_2400);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bench.session->feed(std::string(1000, 'x')), "");
  EXPECT_EQ(bench.session->feed("\nSYST:ERR?\r\n*OPC?\n"), "-363,\"Input buffer overrun\"\n1\n");
}

TEST(ScpiSession, AnyBytesInAnyPiecesNeitherThrowNorHang) {
  ScpiBench bench;
  const std::string pieces =
      "*?;:;::?\"';,,\t[]{}\\:SOUR:VOLT:LIST 1e999,-\n:READ? a,b,c,d,e,f,g,h,i\n'\n\xff\x80\n?\n*\n";
  for (std::size_t size = 1; size < 9; ++size) {
    for (std::size_t at = 0; at < pieces.size(); at += size) (void)bench.session->feed(pieces.substr(at, size));
  }
  bench.session->feed("\n*CLS\n");
  EXPECT_THAT(bench.say("*IDN?"), StartsWith("KEITHLEY"));
}

TEST(ScpiSession, BoundsWhatOneMessageCanAskFor) {
  ScpiBench bench;
  bench.say(":OUTP ON;:SOUR:VOLT:DEL 9999");
  EXPECT_THAT(bench.say(":READ?;:READ?;:READ?;:READ?;:READ?;:READ?;:READ?;:READ?;:READ?;:SYST:ERR?"),
              HasSubstr(";-222,"));
  bench.say(":SOUR:VOLT:DEL 0;:SENS:CURR:NPLC 0.01;:TRIG:LOAD 'SimpleLoop', 100000;:INIT;*WAI");
  std::string much = ":TRAC:DATA? 1,100000";
  for (int k = 0; k < 30; ++k) much += ";:TRAC:DATA? 1,100000";
  EXPECT_LE(bench.say(much).size(), servers::ScpiSourceMeter::most_response + 1);
  EXPECT_THAT(bench.say(":SYST:ERR?"), StartsWith("-430,"));
  ScpiBench other(ScpiDialect::keithley_2400);
  EXPECT_THAT(other.say(":OUTP ON;:TRIG:COUN 2500;:ARM:COUN 2;:READ?;:SYST:ERR?"), StartsWith("-221,"));
}

/// "SENSe:CURRent[:DC]:RANGe[:UPPer]" -> "SENS:CURR:RANG"
std::string brief(std::string_view pattern) {
  std::string text;
  bool optional = false;
  for (const char c : pattern) {
    optional = c == '[' || (optional && c != ']');
    if (!optional && c != ']' && (c < 'a' || c > 'z')) text += c;
  }
  return text;
}

std::vector<ScpiDialect> dialects_of(servers::ScpiModels models) {
  if (models == servers::ScpiModels::only_2450) return {ScpiDialect::keithley_2450};
  if (models == servers::ScpiModels::only_2400) return {ScpiDialect::keithley_2400, ScpiDialect::keithley_6430};
  return {ScpiDialect::keithley_2450, ScpiDialect::keithley_2400, ScpiDialect::keithley_6430};
}

TEST(ScpiSettings, EachIsToldAndTakesWhatItWasToldTo) {
  const auto told_and_taken = [](ScpiDialect dialect, const std::string& header) {
    ScpiBench bench(dialect);
    std::string value = bench.say(header + "?");
    ASSERT_FALSE(value.empty()) << header;
    value.pop_back();
    EXPECT_EQ(bench.say(header + " " + value), "");
    EXPECT_EQ(bench.say(header + "?"), value + "\n");
    EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("0,")) << header << " " << value;
  };
  for (const auto& s : servers::scpi_settings())
    for (const ScpiDialect dialect : dialects_of(s.models)) told_and_taken(dialect, brief(s.pattern));
  for (const auto& s : servers::scpi_fixed_settings())
    for (const ScpiDialect dialect : dialects_of(s.models)) told_and_taken(dialect, brief(s.pattern));
}

TEST(ScpiSettings, NumbersHaveALeastALargestAndAUsualValueAndTakeNothingBeyond) {
  for (const auto& s : servers::scpi_settings()) {
    if (s.bounds == nullptr) continue;
    for (const ScpiDialect dialect : dialects_of(s.models)) {
      ScpiBench bench(dialect);
      const std::string header = brief(s.pattern);
      const double low = std::stod(bench.say(header + "? MIN")), high = std::stod(bench.say(header + "? MAX"));
      const double usual = std::stod(bench.say(header + "? DEF"));
      EXPECT_LE(low, usual) << header;
      EXPECT_LE(usual, high) << header;
      for (const char* word : {"MIN", "MAXimum", "DEF"}) EXPECT_EQ(bench.say(header + " " + word), "") << header;
      EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("0,")) << header;
      const std::string before = bench.say(header + "?");
      bench.say(header + " " + std::to_string(1.1 * high + 1.0));
      EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("-")) << header;
      bench.say(header + " LEAST");
      EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("-104,")) << header;
      EXPECT_EQ(bench.say(header + "?"), before) << header;
    }
  }
}

/// A meter behind the wire that could do more than the model on its label.
TEST(ScpiModel, ARangeIsOneOfTheModelOnTheLabel) {
  const auto range = [](ScpiDialect dialect, const std::string& asked) {
    BenchSeconds time;
    BenchMeter meter(time, 1e9);
    meter.set_lowest_range(1e-13);
    servers::ScpiSourceMeter unit(meter, time, {.dialect = dialect});
    return std::stod(servers::scpi_sessions(unit)()->feed(":SENS:CURR:RANG " + asked + ";:SENS:CURR:RANG?\n"));
  };
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_2450, "1e-10"), 1e-8);
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_2450, "MIN"), 1e-8);
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_2400, "1e-10"), 1e-6);
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_6430, "1e-10"), 1e-10);
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_6430, "1e-15"), 1e-12);
  EXPECT_DOUBLE_EQ(range(ScpiDialect::keithley_2450, "1.05e-7"), 1e-7);  // within its headroom
  for (const auto& [dialect, limit] : {std::pair{ScpiDialect::keithley_2450, ":SOUR:VOLT:ILIM 1e-10"},
                                       std::pair{ScpiDialect::keithley_2400, ":SENS:CURR:PROT 1e-10"},
                                       std::pair{ScpiDialect::keithley_6430, ":SENS:CURR:PROT 0.2"},
                                       std::pair{ScpiDialect::keithley_6430, ":SENS:CURR:RANG 0.2"},
                                       std::pair{ScpiDialect::keithley_2450, ":SOUR:VOLT:RANG 211"}}) {
    ScpiBench bench(dialect);
    bench.say(limit);
    EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("-222,")) << limit;
  }
}

/// The lines of hosts that ask unasked: the status, the options, the display.
TEST(ScpiSession, AnswersWhatHostsSendUnasked) {
  ScpiBench bench;
  EXPECT_EQ(bench.say("*OPT?;*LANG?;:SYST:ERR:COUN?;:OUTP:VOLT:SMOD?;:STAT:OPER:COND?"), "0;SCPI;0;NORM;0\n");
  for (const char* line : {"*LANG SCPI", "*TRG", ":DISP:CLE", ":SENS:CURR:AZER OFF", ":SENS1:CURR:RANG 1e-6",
                           ":CURR:NPLC 2", ":SOUR1:VOLT 0.1", ":SOUR:VOLT:READ:BACK OFF", ":TRIG:LOAD 'Empty'",
                           ":TRIG:LOAD:LOOP:SIMP 3", ":SOUR:SWE:VOLT:LIN:STEP 0,0.1,0.02"}) {
    EXPECT_EQ(bench.say(line), "");
    EXPECT_THAT(bench.say("SYST:ERR?"), StartsWith("0,")) << line;
  }
  EXPECT_EQ(bench.say(":SENS:CURR:NPLC?;:SENS:CURR:AZER?;:SOUR:VOLT:READ:BACK?"), "2.000000E+00;0;0\n");
  bench.say("NO:SUCH;ALSO:NOT");
  EXPECT_EQ(bench.say("SYST:ERR:COUN?"), "2\n");
  EXPECT_THAT(bench.say("SYST:ERR:ALL?;:SYST:ERR:COUN?"), ::testing::EndsWith(";0\n"));
  ScpiBench other(ScpiDialect::keithley_2400);
  EXPECT_EQ(other.say("*TRG;:SYST:ERR?"), "-211,\"Trigger ignored\"\n");
}

TEST(ScpiSession, AReadingIsTheLastOfAsManyAsCountSays) {
  ScpiBench bench;
  bench.say(":OUTP ON;:SENS:COUN 5");
  const double before = bench.time.now();
  EXPECT_EQ(bench.say(":READ?;:TRAC:ACT?;:TRAC:ACT:END?"), "0.000000E+00;5;5\n");
  EXPECT_NEAR(bench.time.now() - before, 1e-3 + 5 * 0.02, 1e-12);
  bench.say(":TRAC:POIN 3;*RST");
  EXPECT_EQ(bench.say(":TRAC:POIN?;:TRAC:ACT?;:SENS:COUN?"), "100000;0;1\n");
}

TEST(ScpiErrors, AFullQueueSaysSo) {
  servers::ScpiErrorQueue queue;
  for (int k = 0; k < 100; ++k) queue.push(servers::undefined_header);
  for (std::size_t k = 1; k < servers::ScpiErrorQueue::most; ++k) EXPECT_EQ(queue.pop().code, -113);
  EXPECT_EQ(queue.pop().code, -350);
  EXPECT_EQ(queue.pop().code, 0);
}

TEST(ScpiSyntax, ContinuesThePathOfTheUnitBefore) {
  const auto units = servers::parse_message("sens:curr:nplc 1;rang?;*CLS;rang:auto 'a;b', 2;:outp on;");
  ASSERT_EQ(units.size(), 5U);
  EXPECT_EQ(units[1].header, "SENS:CURR:RANG");
  EXPECT_TRUE(units[1].query);
  EXPECT_EQ(units[3].header, "SENS:CURR:RANG:AUTO");
  EXPECT_THAT(units[3].arguments, ::testing::ElementsAre("a;b", "2"));
  EXPECT_EQ(units[4].header, "OUTP");
}

TEST(ScpiSyntax, MatchesShortAndWholeMnemonicsOnly) {
  const servers::ScpiPattern pattern("SOURce:VOLTage[:LEVel]");
  EXPECT_TRUE(pattern.matches("SOUR:VOLTAGE"));
  EXPECT_TRUE(pattern.matches("SOURCE:VOLT:LEV"));
  EXPECT_FALSE(pattern.matches("SOURC:VOLT"));
  EXPECT_FALSE(pattern.matches("SOUR"));
  EXPECT_FALSE(pattern.matches("SOUR:VOLT:LEV:IMM"));
  EXPECT_FALSE(pattern.matches("SOUR::VOLT"));
  EXPECT_FALSE(pattern.matches(""));
}

}  // namespace
}  // namespace seccm::instrument::testing
