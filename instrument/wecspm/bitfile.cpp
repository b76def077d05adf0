#include "instrument/wecspm/bitfile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "sim/error.hpp"

namespace seccm::instrument::wecspm {

namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20U;
constexpr std::size_t most_registers = 4096, most_channels = 64, longest_name = 256;

[[noreturn]] void refuse(const std::string& origin, const std::string& what) {
  throw InputError(fmt::format("{}: {}", origin, what));
}

std::string text_of(const pugi::xml_node& parent, const char* child, const std::string& origin) {
  const pugi::xml_node node = parent.child(child);
  if (!node) refuse(origin, fmt::format("<{}> has no <{}>", parent.name(), child));
  std::string text = node.text().get();
  if (text.size() > longest_name) {
    refuse(origin, fmt::format("<{}> has {} characters, accepted are at most {}", child, text.size(), longest_name));
  }
  return text;
}

std::uint32_t number_of(const pugi::xml_node& parent, const char* child, const std::string& origin) {
  const std::string text = text_of(parent, child, origin);
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || value > 0x7FFFFFFFU) {
    refuse(origin, fmt::format("<{}> = \"{}\": accepted are 0 to {}", child, text, 0x7FFFFFFF));
  }
  return value;
}

bool flag_of(const pugi::xml_node& parent, const char* child, const std::string& origin) {
  const std::string text = text_of(parent, child, origin);
  if (text != "true" && text != "false") {
    refuse(origin, fmt::format("<{}> = \"{}\": accepted are true and false", child, text));
  }
  return text == "true";
}

std::optional<DataType> type_named(std::string_view name) {
  for (int k = 0; k <= static_cast<int>(DataType::fixed_point); ++k) {
    if (to_string(static_cast<DataType>(k)) == name) return static_cast<DataType>(k);
  }
  return std::nullopt;
}

void add_register(const pugi::xml_node& node, std::uint32_t base, const std::string& origin, Bitfile& bitfile) {
  BitfileRegister found;
  found.name = text_of(node, "Name", origin);
  const auto type = type_named(node.child("Datatype").first_child().name());
  if (!type) return;
  found.type = *type;
  found.indicator = flag_of(node, "Indicator", origin);
  const std::uint64_t address = std::uint64_t{base} + number_of(node, "Offset", origin);
  if (address > 0x7FFFFFFFU)
    refuse(origin, fmt::format("register \"{}\": address {} is too large", found.name, address));
  found.address = static_cast<std::uint32_t>(address);
  if (node.child("AccessMayTimeout") && flag_of(node, "AccessMayTimeout", origin)) found.address |= 0x80000000U;
  bitfile.registers.push_back(std::move(found));
  if (bitfile.registers.size() > most_registers) refuse(origin, fmt::format("more than {} registers", most_registers));
}

void add_channel(const pugi::xml_node& node, const std::string& origin, Bitfile& bitfile) {
  BitfileChannel found;
  found.name = node.attribute("name").value();
  if (found.name.empty() || found.name.size() > longest_name) {
    refuse(origin,
           fmt::format("<Channel> {} has no name of 1 to {} characters", bitfile.channels.size(), longest_name));
  }
  found.type = text_of(node.child("DataType"), "SubType", origin);
  const std::string direction = text_of(node, "Direction", origin);
  if (direction != "TargetToHost" && direction != "HostToTarget") {
    refuse(origin, fmt::format("<Direction> = \"{}\": accepted are TargetToHost and HostToTarget", direction));
  }
  found.to_host = direction == "TargetToHost";
  found.number = number_of(node, "Number", origin);
  found.elements = number_of(node, "NumberOfElements", origin);
  bitfile.channels.push_back(std::move(found));
  if (bitfile.channels.size() > most_channels) refuse(origin, fmt::format("more than {} DMA channels", most_channels));
}

std::string signature_of(const pugi::xml_node& root, const std::string& origin) {
  std::string signature = text_of(root, "SignatureRegister", origin);
  const bool hexadecimal = signature.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (signature.size() != 32 || !hexadecimal) {
    refuse(origin, fmt::format("<SignatureRegister> = \"{}\": accepted are 32 hexadecimal digits", signature));
  }
  std::transform(signature.begin(), signature.end(), signature.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return signature;
}

template <class Items>
void require_unique_names(const Items& items, const char* what, const std::string& origin) {
  std::set<std::string_view> seen;
  for (const auto& item : items) {
    if (!seen.insert(item.name).second) refuse(origin, fmt::format("two {} are named \"{}\"", what, item.name));
  }
}

std::optional<std::string> register_offence(const Bitfile& bitfile, const RegisterRule& wanted,
                                            std::uint32_t& address) {
  const auto found = std::find_if(bitfile.registers.begin(), bitfile.registers.end(),
                                  [&](const BitfileRegister& r) { return r.name == wanted.name; });
  if (found == bitfile.registers.end()) return fmt::format("register \"{}\" is missing", wanted.name);
  if (found->type != wanted.type || found->indicator != wanted.indicator) {
    const auto kind = [](bool indicator) { return indicator ? "indicator" : "control"; };
    return fmt::format("register \"{}\" is {} {}, wanted {} {}", wanted.name, to_string(found->type),
                       kind(found->indicator), to_string(wanted.type), kind(wanted.indicator));
  }
  address = found->address;
  return std::nullopt;
}

std::optional<std::string> channel_offence(const Bitfile& bitfile, std::string_view name, bool to_host,
                                           std::uint32_t& number) {
  const auto found = std::find_if(bitfile.channels.begin(), bitfile.channels.end(),
                                  [&](const BitfileChannel& c) { return c.name == name; });
  if (found == bitfile.channels.end()) return fmt::format("DMA channel \"{}\" is missing", name);
  if (found->type != "I16" || found->to_host != to_host) {
    return fmt::format("DMA channel \"{}\" is {} {}, wanted I16 {}", name, found->type,
                       found->to_host ? "to the host" : "to the target", to_host ? "to the host" : "to the target");
  }
  number = found->number;
  return std::nullopt;
}

std::string register_xml(const RegisterRule& wanted, std::size_t index) {
  const std::string type = wanted.type == DataType::fixed_point
                               ? "<FXP><Name></Name><Signed>true</Signed><WordLength>32</WordLength>"
                                 "<IntegerWordLength>16</IntegerWordLength></FXP>"
                               : fmt::format("<{0}><Name></Name></{0}>", to_string(wanted.type));
  return fmt::format(
      "  <Register><Name>{}</Name><Hidden>false</Hidden><Indicator>{}</Indicator><Datatype>{}</Datatype>"
      "<Offset>{}</Offset><Internal>false</Internal><AccessMayTimeout>false</AccessMayTimeout></Register>\n",
      wanted.name, wanted.indicator, type, 0x8000 + 8 * index);
}

std::string channel_xml(std::string_view name, std::string_view direction, std::size_t elements, int number) {
  return fmt::format(
      "  <Channel name=\"{}\"><DataType><SubType>I16</SubType></DataType><Direction>{}</Direction>"
      "<NumberOfElements>{}</NumberOfElements><Number>{}</Number></Channel>\n",
      name, direction, elements, number);
}

}  // namespace

Bitfile parse_bitfile(std::string_view xml, const std::string& origin) {
  if (xml.size() > largest_file) {
    refuse(origin, fmt::format("{} bytes, accepted are at most {}", xml.size(), largest_file));
  }
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(xml.data(), xml.size());
  if (!result) refuse(origin, fmt::format("not XML at byte {}: {}", result.offset, result.description()));
  const pugi::xml_node root = document.child("Bitfile");
  if (!root) refuse(origin, "no <Bitfile>: not an .lvbitx file");

  Bitfile bitfile;
  bitfile.signature = signature_of(root, origin);
  bitfile.target_class = text_of(root.child("Project"), "TargetClass", origin);
  const pugi::xml_node image =
      root.child("Project").child("CompilationResultsTree").child("CompilationResults").child("NiFpga");
  const std::uint32_t base = number_of(image, "BaseAddressOnDevice", origin);
  for (const auto& node : root.child("VI").child("RegisterList").children("Register")) {
    add_register(node, base, origin, bitfile);
  }
  for (const auto& node : image.child("DmaChannelAllocationList").children("Channel")) {
    add_channel(node, origin, bitfile);
  }
  require_unique_names(bitfile.registers, "registers", origin);
  require_unique_names(bitfile.channels, "DMA channels", origin);
  return bitfile;
}

Bitfile read_bitfile(const std::filesystem::path& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code) refuse(path.string(), code.message());
  if (size > largest_file) refuse(path.string(), fmt::format("{} bytes, accepted are at most {}", size, largest_file));
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) refuse(path.string(), "can not be read");
  return parse_bitfile(text.str(), path.string());
}

ImageMap map_image(const Bitfile& bitfile, const std::string& origin) {
  ImageMap map;
  std::vector<std::string> offences;
  const auto note = [&](const std::optional<std::string>& offence) {
    if (offence) offences.push_back(*offence);
  };
  for (std::size_t k = 0; k < register_count; ++k) note(register_offence(bitfile, contract()[k], map.address[k]));
  note(channel_offence(bitfile, waypoint_fifo, false, map.waypoints));
  note(channel_offence(bitfile, sample_fifo, true, map.samples));
  if (!offences.empty()) refuse(origin, fmt::format("not the image of this driver: {}", fmt::join(offences, "; ")));
  return map;
}

std::string synthetic_bitfile() {
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Bitfile>\n<BitfileVersion>4.0</BitfileVersion>\n"
      "<SignatureRegister>{}</SignatureRegister>\n<Project><TargetClass>PCIe-7852R</TargetClass>\n"
      "<CompilationResultsTree><CompilationResults><NiFpga>\n <BaseAddressOnDevice>0</BaseAddressOnDevice>\n"
      " <DmaChannelAllocationList>\n",
      synthetic_signature);
  xml += channel_xml(waypoint_fifo, "HostToTarget", waypoint_fifo_elements, 0);
  xml += channel_xml(sample_fifo, "TargetToHost", sample_fifo_elements, 1);
  xml +=
      " </DmaChannelAllocationList>\n</NiFpga></CompilationResults></CompilationResultsTree></Project>\n"
      "<VI><Name>seccm software target</Name><RegisterList>\n";
  for (std::size_t k = 0; k < register_count; ++k) xml += register_xml(contract()[k], k);
  return xml + "</RegisterList></VI>\n</Bitfile>\n";
}

}  // namespace seccm::instrument::wecspm
