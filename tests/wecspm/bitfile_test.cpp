#include "instrument/wecspm/bitfile.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "sim/error.hpp"

namespace seccm::instrument::wecspm {
namespace {

std::string message(const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_refused(const std::string& xml, const std::string& part) {
  EXPECT_NE(message([&] { (void)parse_bitfile(xml, "t.lvbitx"); }).find(part), std::string::npos)
      << message([&] { (void)parse_bitfile(xml, "t.lvbitx"); });
}

TEST(Bitfile, TheSyntheticImageFulfilsTheContract) {
  const Bitfile bitfile = parse_bitfile(synthetic_bitfile(), "synthetic");
  EXPECT_EQ(bitfile.signature, synthetic_signature);
  EXPECT_EQ(bitfile.registers.size(), register_count);
  const ImageMap map = map_image(bitfile, "synthetic");
  EXPECT_EQ(map.of(Reg::external_stop), 0x8000U);
  EXPECT_EQ(map.waypoints, 0U);
  EXPECT_EQ(map.samples, 1U);
}

// Spelling and types of the open host (REGISTER_CONTRACT in echemtips/ni_protocol.py), where numbers stand behind a
// blank.
TEST(Bitfile, TheContractIsThatOfTheOpenHost) {
  EXPECT_EQ(register_count, 49U);
  EXPECT_EQ(rule(Reg::feedback_type2).name, "FeedBackType 2");
  EXPECT_EQ(rule(Reg::threshold2).name, "Feedback_Threshold 2");
  EXPECT_EQ(rule(Reg::greater_than2).name, "GreaterThan 2");
  EXPECT_EQ(rule(Reg::distance_to_bulk3).name, "DistanceToBulk 3");
  for (const Reg reg : {Reg::upper_limit_dz, Reg::p2_avg_whole, Reg::p2_avg_minus, Reg::feedback_error})
    EXPECT_EQ(rule(reg).type, DataType::i32) << rule(reg).name;
  for (const Reg reg :
       {Reg::current3, Reg::current4, Reg::external_amplitude, Reg::external_phase, Reg::feedback_error})
    EXPECT_TRUE(rule(reg).indicator) << rule(reg).name;
  EXPECT_FALSE(rule(Reg::v2_on_fly).indicator);
  EXPECT_FALSE(rule(Reg::change_v2_on_fly).indicator);
}

TEST(Bitfile, AddressesCountFromTheBaseAndCarryTheTimeoutBit) {
  std::string xml = replaced(synthetic_bitfile(), "OnDevice>0<", "OnDevice>4096<");
  xml = replaced(xml, "<AccessMayTimeout>false", "<AccessMayTimeout>true");
  EXPECT_EQ(map_image(parse_bitfile(xml, "x"), "x").of(Reg::external_stop), 0x80009000U);
}

TEST(Bitfile, EveryDeviationFromTheContractIsNamed) {
  std::string xml = replaced(synthetic_bitfile(), "<Name>WaitingForWayPoints<", "<Name>Waiting<");
  xml = replaced(xml, "<Name>LineNumber</Name><Hidden>false</Hidden><Indicator>true</Indicator><Datatype><U64>",
                 "<Name>LineNumber</Name><Hidden>false</Hidden><Indicator>true</Indicator><Datatype><U32>");
  xml = replaced(xml, "</U64></Datatype><Offset>32984", "</U32></Datatype><Offset>32984");
  xml = replaced(xml, "TargetToHost", "HostToTarget");
  const std::string what = message([&] { (void)map_image(parse_bitfile(xml, "t.lvbitx"), "t.lvbitx"); });
  EXPECT_NE(what.find("\"WaitingForWayPoints\" is missing"), std::string::npos) << what;
  EXPECT_NE(what.find("\"LineNumber\" is U32 indicator, wanted U64 indicator"), std::string::npos) << what;
  EXPECT_NE(what.find("\"FPGA_To_Host_FIFO\" is I16 to the target"), std::string::npos) << what;
}

TEST(Bitfile, HostileFilesAreRefusedWithTheReason) {
  const std::string good = synthetic_bitfile();
  expect_refused("", "not XML");
  expect_refused("<Bitfile>", "not XML at byte");
  expect_refused("<Other/>", "no <Bitfile>");
  expect_refused("<Bitfile/>", "has no <SignatureRegister>");
  expect_refused(replaced(good, "5EC0C0DE", "5EC0C0D"), "32 hexadecimal digits");
  expect_refused(replaced(good, "5EC0C0DE", "5EC0C0DG"), "32 hexadecimal digits");
  expect_refused(replaced(good, "<Offset>32768<", "<Offset>-1<"), "accepted are 0 to 2147483647");
  expect_refused(replaced(good, "<Offset>32768<", "<Offset>99999999999999999999<"), "accepted are 0 to");
  expect_refused(replaced(good, "<Offset>32768<", "<Offset>12x<"), "\"12x\"");
  expect_refused(replaced(good, "<Indicator>false<", "<Indicator>perhaps<"), "accepted are true and false");
  expect_refused(replaced(good, "External Pause", "External Stop"), "two registers are named \"External Stop\"");
  expect_refused(replaced(good, "External Stop", std::string(300, 'x')), "300 characters");
  expect_refused(replaced(good, "HostToTarget", "Sideways"), "\"Sideways\"");
  for (std::size_t size = 0; size < good.size(); size += 97) {
    EXPECT_THROW((void)map_image(parse_bitfile(std::string_view(good).substr(0, size), "cut"), "cut"), InputError);
  }
}

TEST(Bitfile, AMissingFileIsNamed) {
  EXPECT_NE(message([] { (void)read_bitfile("/nowhere/image.lvbitx"); }).find("/nowhere/image.lvbitx"),
            std::string::npos);
}

}  // namespace
}  // namespace seccm::instrument::wecspm
