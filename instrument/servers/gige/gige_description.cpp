// The table of features as a GenICam description.
#include <fmt/format.h>

#include "instrument/servers/gige/gige_features.hpp"

namespace seccm::instrument::servers {

namespace {

constexpr std::string_view head = R"(<?xml version="1.0" encoding="utf-8"?>
<RegisterDescription ModelName="{model}" VendorName="{vendor}" ToolTip="Camera of the twin" StandardNameSpace="GEV" SchemaMajorVersion="1" SchemaMinorVersion="1" SchemaSubMinorVersion="0" MajorVersion="1" MinorVersion="0" SubMinorVersion="0" ProductGuid="7a0d3f0e-4d0e-4b57-9a0e-5ecc00000001" VersionGuid="7a0d3f0e-4d0e-4b57-9a0e-5ecc00000002" xmlns="http://www.genicam.org/GenApi/Version_1_1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.genicam.org/GenApi/Version_1_1 http://www.genicam.org/GenApi/GenApiSchema_Version_1_1.xsd">
)";

/// Features of the bootstrap registers, which the table does not hold.
constexpr std::string_view device =
    R"(<StringReg Name="DeviceVendorName"><Address>0x48</Address><Length>32</Length><AccessMode>RO</AccessMode><pPort>Device</pPort></StringReg>
<StringReg Name="DeviceModelName"><Address>0x68</Address><Length>32</Length><AccessMode>RO</AccessMode><pPort>Device</pPort></StringReg>
<StringReg Name="DeviceVersion"><Address>0x88</Address><Length>32</Length><AccessMode>RO</AccessMode><pPort>Device</pPort></StringReg>
<StringReg Name="DeviceSerialNumber"><Address>0xd8</Address><Length>16</Length><AccessMode>RO</AccessMode><pPort>Device</pPort></StringReg>
<StringReg Name="DeviceID"><Address>0xd8</Address><Length>16</Length><AccessMode>RO</AccessMode><pPort>Device</pPort></StringReg>
<StringReg Name="DeviceUserID"><Address>0xe8</Address><Length>16</Length><AccessMode>RW</AccessMode><pPort>Device</pPort></StringReg>
<Integer Name="GevTimestampTickFrequency"><Value>1000000000</Value></Integer>
<Integer Name="GevSCPSPacketSize"><pValue>PacketSizeRegister</pValue><Min>{least_packet}</Min><Max>{largest_packet}</Max><Inc>1</Inc></Integer>
<MaskedIntReg Name="PacketSizeRegister"><Address>0xd04</Address><Length>4</Length><AccessMode>RW</AccessMode><pPort>Device</pPort><LSB>31</LSB><MSB>16</MSB><Sign>Unsigned</Sign><Endianess>BigEndian</Endianess></MaskedIntReg>
<Integer Name="TLParamsLocked"><Value>0</Value><Min>0</Min><Max>1</Max></Integer>
<Port Name="Device"/>
)";
constexpr std::string_view of_device[] = {"DeviceVendorName",   "DeviceModelName", "DeviceVersion",
                                          "DeviceSerialNumber", "DeviceID",        "DeviceUserID"};
constexpr std::string_view of_transport[] = {"GevTimestampTickFrequency", "GevSCPSPacketSize", "TLParamsLocked"};

std::string register_node(const GigeFeature& f) {
  const std::string_view mode = !f.writable ? "RO" : f.kind == GigeKind::command ? "WO" : "RW";
  const bool real = f.kind == GigeKind::real;
  return fmt::format(
      "<{0} Name=\"{1}Register\"><Address>{2:#x}</Address><Length>{3}</Length><AccessMode>{4}</AccessMode>"
      "<pPort>Device</pPort>{5}{6}<Endianess>BigEndian</Endianess></{0}>\n",
      real ? "FloatReg" : "IntReg", f.name, f.address, real ? 8 : 4, mode,
      f.whole.empty() && f.name != "PayloadSize" ? "" : "<Cachable>NoCache</Cachable>",
      real ? "" : "<Sign>Unsigned</Sign>");
}

std::string integer_node(const GigeFeature& f) {
  std::string text = fmt::format("<Integer Name=\"{0}\"><pValue>{0}Register</pValue><Min>{1:.0f}</Min>", f.name, f.low);
  text += f.whole.empty() ? fmt::format("<Max>{:.0f}</Max>", f.high) : fmt::format("<pMax>{}Largest</pMax>", f.name);
  text += "<Inc>1</Inc>";
  if (!f.unit.empty()) text += fmt::format("<Unit>{}</Unit>", f.unit);
  text += "</Integer>\n";
  if (f.whole.empty()) return text;
  return text + fmt::format(
                    "<IntSwissKnife Name=\"{}Largest\"><pVariable Name=\"WHOLE\">{}</pVariable>"
                    "<pVariable Name=\"BESIDE\">{}</pVariable><Formula>WHOLE - BESIDE</Formula></IntSwissKnife>\n",
                    f.name, f.whole, f.beside);
}

std::string choice_node(const GigeFeature& f) {
  std::string text = fmt::format("<Enumeration Name=\"{}\">", f.name);
  for (const GigeChoice& c : f.choices)
    text += fmt::format("<EnumEntry Name=\"{}\"><Value>{}</Value></EnumEntry>", c.name, c.value);
  return text + fmt::format("<pValue>{}Register</pValue></Enumeration>\n", f.name);
}

std::string feature_node(const GigeFeature& f) {
  switch (f.kind) {
    case GigeKind::integer:
      return integer_node(f);
    case GigeKind::real:
      return fmt::format(
          "<Float Name=\"{0}\"><pValue>{0}Register</pValue><Min>{1}</Min><Max>{2}</Max><Unit>{3}</Unit></Float>\n",
          f.name, f.low, f.high, f.unit);
    case GigeKind::choice:
      return choice_node(f);
    case GigeKind::command:
      return fmt::format("<Command Name=\"{0}\"><pValue>{0}Register</pValue><CommandValue>1</CommandValue></Command>\n",
                         f.name);
  }
  return {};
}

std::string members(std::string_view group) {
  std::string text;
  const auto add = [&](std::string_view name) { text += fmt::format("<pFeature>{}</pFeature>", name); };
  if (group == "DeviceControl")
    for (const auto name : of_device) add(name);
  if (group == "TransportLayerControl")
    for (const auto name : of_transport) add(name);
  for (const GigeFeature& f : gige_features())
    if (f.group == group) add(f.name);
  return text;
}

}  // namespace

std::string gige_description(std::string_view vendor, std::string_view model) {
  constexpr std::string_view groups[] = {"DeviceControl", "ImageFormatControl", "AcquisitionControl", "AnalogControl",
                                         "TransportLayerControl"};
  std::string text = fmt::format(fmt::runtime(head), fmt::arg("model", model), fmt::arg("vendor", vendor));
  text += "<Category Name=\"Root\">";
  for (const auto group : groups) text += fmt::format("<pFeature>{}</pFeature>", group);
  text += "</Category>\n";
  for (const auto group : groups) text += fmt::format("<Category Name=\"{}\">{}</Category>\n", group, members(group));
  text += fmt::format(fmt::runtime(device), fmt::arg("least_packet", gige_least_packet),
                      fmt::arg("largest_packet", gige_largest_packet));
  for (const GigeFeature& f : gige_features()) text += feature_node(f) + register_node(f);
  return text + "</RegisterDescription>\n";
}

}  // namespace seccm::instrument::servers
