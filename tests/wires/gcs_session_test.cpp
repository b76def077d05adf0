#include "instrument/servers/gcs/gcs_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "instrument/servers/gcs/gcs_commands.hpp"
#include "tests/wires/gcs_bench.hpp"

namespace seccm::instrument::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string dialogue =
    "SVO 1 1\nMOV 1 10\nPOS? 1 2\n\x05\x07\x09"
    "ERR?\nFOO?\nERR?\nTMX?\nSAI?\n";

TEST(GcsServer, AnswersTheSameHoweverTheBytesAreCut) {
  const std::string whole = GcsBench().session.feed(dialogue);
  ASSERT_THAT(whole, HasSubstr("1=0.000000000e+00 \n2=0.000000000e+00\n1\n\xB1\n0\n0\n2\n"));
  for (std::size_t cut = 0; cut <= dialogue.size(); ++cut) {
    GcsBench bench;
    std::string pieces = bench.session.feed(dialogue.substr(0, cut));
    pieces += bench.session.feed(dialogue.substr(cut));
    ASSERT_EQ(pieces, whole) << "cut at byte " << cut;
  }
  GcsBench single;
  std::string bytewise;
  for (char byte : dialogue) bytewise += single.session.feed({&byte, 1});
  EXPECT_EQ(bytewise, whole);
}

TEST(GcsServer, AnswersUnknownQueryWithSilenceAndError2) {
  GcsBench bench;
  EXPECT_EQ(bench.ask("QQQ?"), "");
  EXPECT_EQ(bench.ask("ERR?"), "2\n");
  EXPECT_EQ(bench.ask("ERR?"), "0\n");
}

TEST(GcsServer, SingleBytesAreAnsweredWithinALine) {
  GcsBench bench;
  EXPECT_EQ(bench.session.feed("PO\x07S? 1\n"), "\xB1\n1=0.000000000e+00\n");
}

TEST(GcsServer, DropsALineThatIsTooLongAndStaysInStep) {
  GcsBench bench;
  EXPECT_EQ(bench.session.feed(std::string(1000000, 'A')), "");
  EXPECT_EQ(bench.session.feed("\n"), "");
  EXPECT_EQ(bench.ask("ERR?"), "3\n");
  EXPECT_EQ(bench.ask("CSV?"), "2.0\n");
}

TEST(GcsServer, EveryRequestTakesItsLatencyAndNothingElseDoes) {
  GcsBench bench(2e-3);
  bench.ask("CSV?");
  EXPECT_NEAR(bench.time.now(), 2e-3, 1e-12);
  bench.session.feed("\x05\x07\nPOS");
  EXPECT_NEAR(bench.time.now(), 6e-3, 1e-12);
  bench.ask("? 1");
  EXPECT_NEAR(bench.time.now(), 8e-3, 1e-12);
}

TEST(GcsServer, HelpNamesExactlyWhatIsUnderstood) {
  GcsBench bench;
  const std::string help = bench.ask("HLP?");
  EXPECT_THAT(help, StartsWith("The following commands are valid: \n#5 "));
  EXPECT_THAT(help, EndsWith(" \nend of help\n"));
  std::istringstream lines(help);
  std::string line;
  int commands = 0;
  std::getline(lines, line);
  while (std::getline(lines, line) && line != "end of help") {
    EXPECT_THAT(line, EndsWith(" "));
    const std::string name = line.substr(0, line.find(' '));
    ++commands;
    if (name[0] == '#' || name == "ERR?") continue;
    bench.ask(name);
    EXPECT_NE(bench.ask("ERR?"), "2\n") << name;
  }
  EXPECT_GE(commands, 45);
  // What makes PIPython's start-up send commands that this controller has no use for.
  for (const char* absent : {"INI", "ONL", "EAX", "RNP", "RON", "FRF", "FPH", "CST"}) {
    EXPECT_EQ(servers::find_gcs_command(absent), nullptr) << absent;
  }
}

TEST(GcsServer, RefusesWhatTheControllerWouldRefuse) {
  GcsBench bench;
  const std::vector<std::pair<std::string, std::string>> refused{{"MOV 1 5", "5\n"},
                                                                 {"SVO 1 2", "17\n"},
                                                                 {"SVO 4 1", "15\n"},
                                                                 {"SVO 1 1 1 1", "22\n"},
                                                                 {"VEL 1 0", "8\n"},
                                                                 {"VEL 1 10001", "8\n"},
                                                                 {"VEL 1 -1", "8\n"},
                                                                 {"MOV", "1\n"},
                                                                 {"POS? 0", "15\n"},
                                                                 {"DRC 9 1 2", "57\n"},
                                                                 {"DRC 1 4 2", "59\n"},
                                                                 {"DRC 1 1 9", "58\n"},
                                                                 {"DRT 0 7 0", "17\n"},
                                                                 {"RTR 0", "17\n"},
                                                                 {"DRR? 1 1 1", "78\n"},
                                                                 {"WGO 1 1", "75\n"},
                                                                 {"WSL 4 1", "400\n"},
                                                                 {"WGO 1 2", "406\n"},
                                                                 {"WAV 9 X LIN", "401\n"},
                                                                 {"WAV 1 X CUBE 1", "402\n"},
                                                                 {"WAV 1 X LIN 1 2", "404\n"},
                                                                 {"SPA 1 0x07000000 1", "60\n"},
                                                                 {"CCL 1 guess", "56\n"},
                                                                 {"SPA 1 0x0E000200 1", "64\n"},
                                                                 {"MOV 1 nan", "1\n"},
                                                                 {"MOV 1 1e999", "1\n"},
                                                                 {"MOV 1 0x10", "1\n"},
                                                                 {"SPA? 1 0xFFFFFFFFF", "1\n"},
                                                                 {"WAV 1 X LIN 300000 1 0 10 0 0", "405\n"}};
  for (const auto& [line, code] : refused) EXPECT_EQ(bench.error_of(line), code) << line;
  for (int axis = 0; axis < 3; ++axis) EXPECT_EQ(bench.stage.target(axis), 0.0);
}

TEST(GcsServer, AMoveThatOneAxisRefusesMovesNone) {
  GcsBench bench;
  bench.ask("SVO 1 1 2 1 3 1");
  EXPECT_EQ(bench.error_of("MOV 1 10 2 200.1"), "7\n");
  EXPECT_EQ(bench.stage.target(0), 0.0);
  EXPECT_EQ(bench.error_of("MVR 1 -0.1"), "7\n");
  EXPECT_EQ(bench.error_of("MOV 1 200 2 0"), "0\n");
  EXPECT_DOUBLE_EQ(bench.stage.target(0), 200e-6);
}

TEST(GcsServer, SoftLimitsHoldOnceTheCommandLevelIsRaised) {
  GcsBench bench;
  bench.ask("SVO 1 1");
  EXPECT_EQ(bench.error_of("CCL 1 advanced"), "0\n");
  EXPECT_EQ(bench.error_of("SPA 1 0x07000001 50"), "0\n");
  EXPECT_EQ(bench.ask("TMX? 1"), "1=5.000000000e+01\n");
  EXPECT_EQ(bench.ask("SPA? 1 0x7000001"), "1 0x07000001=5.000000000e+01\n");
  EXPECT_EQ(bench.error_of("MOV 1 51"), "7\n");
  EXPECT_EQ(bench.error_of("SPA 1 0x07000001 201"), "17\n");
  EXPECT_EQ(bench.error_of("SPA 1 0x07000001 -1"), "17\n");
}

TEST(GcsServer, StopsAndServoOffHoldTheAxisWhereItIs) {
  for (const char* stop : {"HLT 1\n", "STP\n", "\x18", "SVO 1 0\n"}) {
    GcsBench bench(0.1);
    bench.session.feed("SVO 1 1\nMOV 1 100\n");
    bench.session.feed(stop);
    const double held = bench.stage.position(0);
    EXPECT_GT(held, 0.0);
    EXPECT_LT(held, 50e-6);
    bench.ask("CSV?");
    EXPECT_EQ(bench.stage.position(0), held) << stop;
  }
}

TEST(GcsServer, TheRecorderFollowsAMoveFromItsTrigger) {
  GcsBench bench(1e-3);
  bench.session.feed("SVO 2 1\nVEL 2 100\nDRC 1 2 1\nDRC 2 2 2\nDRC 3 2 3\nRTR 20\nDRT 0 1 0\n");
  EXPECT_EQ(bench.ask("DRL? 1"), "1=0\n");
  EXPECT_EQ(bench.error_of("DRR? 1 4"), "77\n");
  bench.ask("MOV 2 50");
  const std::string data = bench.ask("DRR? 1 4");
  EXPECT_THAT(data, HasSubstr("# DIM = 3 \n# SAMPLE_TIME = 1.0e-03 \n# NDATA = 4 \n"));
  EXPECT_THAT(data, HasSubstr("# NAME0 = Target Position of Axis AXIS:2 \n# NAME1 = Actual Position of Axis AXIS:2 \n"
                              "# NAME2 = Position Error of Axis AXIS:2 \n"));
  EXPECT_THAT(data, EndsWith("5.000000e+01 0.000000e+00 5.000000e+01 \n5.000000e+01 1.000000e-01 4.990000e+01 \n"
                             "5.000000e+01 2.000000e-01 4.980000e+01 \n5.000000e+01 3.000000e-01 4.970000e+01\n"));
  EXPECT_THAT(bench.ask("DRR? 2 1 2"), EndsWith("END_HEADER \n1.000000e-01\n"));
}

TEST(GcsServer, ATableThatWasConfiguredAnewHoldsNothingForTheOthersToBeReadWith) {
  GcsBench bench(1e-3);
  bench.session.feed("SVO 2 1\nVEL 2 100\nDRC 1 2 1\nDRC 2 2 2\nRTR 20\nDRT 0 1 0\n");
  bench.ask("MOV 2 50");
  bench.ask("DRR? 1 4");
  bench.session.feed("DRC 2 2 3\n");
  EXPECT_EQ(bench.error_of("DRR? 1 4 1 2"), "77\n");
  EXPECT_THAT(bench.ask("DRR? 1 4 1"), HasSubstr("# NDATA = 4 \n"));
}

TEST(GcsServer, TheRecorderStopsWhenItsTablesAreFull) {
  GcsBench bench(10.0);
  bench.session.feed("DRC 1 1 2\nDRT 0 4 0\nCSV?\n");
  EXPECT_EQ(bench.ask("DRL? 1"), "1=32768\n");
}

TEST(GcsServer, ARampOfTheWaveGeneratorIsTheTargetPointByPoint) {
  GcsBench bench(0.0);
  bench.session.feed("SVO 1 1\nVEL 1 10000\nWAV 1 X LIN 101 10 5 100 0 0\nWSL 1 1\nWGC 1 1\nWTR 0 20 0\n");
  bench.session.feed("DRC 1 1 1\nRTR 20\nDRT 0 0 0\nWGO 1 1\n");
  EXPECT_EQ(bench.error_of("MOV 1 1"), "73\n");
  const std::string data = bench.ask("DRR? 1 103 1");
  EXPECT_THAT(data, HasSubstr("END_HEADER \n5.000000e+00 \n5.100000e+00 \n"));
  EXPECT_THAT(data, EndsWith("1.490000e+01 \n1.500000e+01 \n1.500000e+01 \n1.500000e+01\n"));
  EXPECT_EQ(bench.session.feed("\x09"), "0\n");
  EXPECT_EQ(bench.error_of("MOV 1 1"), "0\n");
}

TEST(GcsServer, AWaveThatLeavesTheTravelDoesNotStart) {
  GcsBench bench;
  bench.session.feed("SVO 1 1\nWAV 1 X SIN_P 100 201 0 100 0 50\nWSL 1 1\n");
  EXPECT_EQ(bench.error_of("WGO 1 1"), "7\n");
  bench.session.feed("WAV 1 X PNT 1 3 0 100 50\nWAV 1 & RAMP 4 2 0 4 0 0 2\n");
  EXPECT_EQ(bench.error_of("WGO 1 1"), "0\n");
  EXPECT_EQ(bench.ask("WGO? 1"), "1=1\n");
  EXPECT_EQ(bench.error_of("WAV 1 X PNT 1 1 0"), "73\n");
}

TEST(GcsServer, ErrorsAreLatchedPerConnection) {
  GcsBench bench;
  servers::GcsSession other(bench.controller);
  bench.ask("FOO");
  EXPECT_EQ(other.feed("ERR?\n"), "0\n");
  EXPECT_EQ(bench.ask("ERR?"), "2\n");
}

/// Every parameter that HPA? lists has a value of the type that HPA? says; unknown ones are error 54.
TEST(GcsServer, ListsItsParametersWithTheirTypes) {
  GcsBench bench;
  std::istringstream lines(bench.ask("HPA?"));
  int parameters = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find('=') == std::string::npos) continue;
    std::istringstream words(line);
    std::string id, level, items, type;
    words >> id >> level >> items >> type;  // PIPython takes the fourth word for the type
    id.pop_back();
    ++parameters;
    const std::string value = bench.ask("SPA? 1 " + id);
    ASSERT_THAT(value, StartsWith("1 " + id + "="));
    EXPECT_TRUE(type == "INT" || type == "FLOAT") << line;
    EXPECT_EQ(value.find('.') == std::string::npos, type == "INT") << value;
  }
  EXPECT_EQ(parameters, 9);
  EXPECT_EQ(bench.ask("SPA? 1 0x16000200"), "1 0x16000200=262144\n");
  EXPECT_EQ(bench.error_of("SPA? 1 0x16000999"), "54\n");
}

TEST(GcsServer, TakesWhatTheMakersLibrarySendsAroundACommand) {
  GcsBench bench;
  for (const char* fine : {"ATZ 1 NaN 2 nan 3 NAN", "ATZ 1 0.5", "WTR 1 5 0 2 5 0 3 5 0", "WTR 0 7 0",
                           "WAV 1 X PNT 1 3 0 1 2", "WAV 1 & PNT 4 2 3 4", "WAV 1 & PNT 1 1 5"})
    EXPECT_EQ(bench.error_of(fine), "0\n") << fine;
  EXPECT_EQ(bench.ask("WTR? 2"), "2=7 0\n");
  EXPECT_EQ(bench.ask("WAV? 1 1"), "1 1=6\n");
  EXPECT_THAT(bench.ask("GWD? 3 3 1"), EndsWith("# END_HEADER \n2.000000e+00 \n3.000000e+00 \n4.000000e+00\n"));
  EXPECT_EQ(bench.ask("WMS? 1 2"), "1=262144 \n2=262144\n");
  for (const auto& [bad, error] :
       std::vector<std::pair<std::string, std::string>>{{"ATZ 1 nano", "1\n"},
                                                        {"WTR 1 5 0 2 6 0", "17\n"},  // all generators share one rate
                                                        {"WTR 1 5", "1\n"},
                                                        {"WTR 1 5 1", "17\n"},           // no interpolation
                                                        {"WAV 1 & PNT 9 1 0", "405\n"},  // a gap behind the sixth point
                                                        {"WAV 1 X PNT 2 1 0", "405\n"},  // the first point is missing
                                                        {"GWD? 1 1 9", "401\n"},
                                                        {"GWD? 7 1 1", "401\n"},
                                                        {"WAV? 1 2", "17\n"},
                                                        {"HPA? 1", "1\n"}})
    EXPECT_EQ(bench.error_of(bad), error) << bad;
}

TEST(GcsServer, SaysWhatItsRecorderCanInTheSectionsThatClientsRead) {
  GcsBench bench;
  const std::string options = bench.ask("HDR?");
  for (const char* part : {"#RecordOptions \n0=", "#TriggerOptions \n0=", "\n32768 datapoints per table \n"})
    EXPECT_THAT(options, HasSubstr(part));
}

}  // namespace
}  // namespace seccm::instrument::testing
