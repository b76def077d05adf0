// SCPI program messages: "unit;unit;..." where a unit is a header, a '?' for a query, and arguments between commas.
//
// Headers are paths of mnemonics. A header with a leading ':' starts at the root; another one continues the path of the
// unit before it without that unit's last mnemonic ("SENS:CURR:NPLC 1;RANG 1" is SENS:CURR:RANG); common commands
// ("*CLS", and ":*CLS", which clients send) leave the path as it is. SENSe may be left out in front of CURRent, VOLTage
// and RESistance, and SENSe1, SOURce1 and OUTPut1 are SENSe, SOURce and OUTPut. Quotes ('...' or "...") keep ';' and
// ',' together. Patterns spell mnemonics as manuals do, "SOURce:VOLTage[:LEVel]": capitals are the short form, brackets
// are optional; only the short or the whole form matches, in either case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seccm::instrument::servers {

struct ScpiUnit {
  std::string header;  ///< full path in capitals, no leading ':', no '?'
  bool query = false;
  std::vector<std::string> arguments;  ///< trimmed, quotes removed
};

/// Empty units (a trailing ';') are left out. Work and memory are linear in the length of `message`, except that a
/// header grows with the path it continues.
std::vector<ScpiUnit> parse_message(std::string_view message);

class ScpiPattern {
 public:
  explicit ScpiPattern(std::string_view pattern);
  /// `header` in capitals, as ScpiUnit has it.
  [[nodiscard]] bool matches(std::string_view header) const;

 private:
  struct Node {
    std::string brief, whole;
    bool optional = false;
  };
  std::vector<Node> nodes_;
};

/// Whether `text` is the short or the whole form of a word, in either case: scpi_word("curr", "CURRent").
[[nodiscard]] bool scpi_word(std::string_view text, std::string_view spelled);

}  // namespace seccm::instrument::servers
