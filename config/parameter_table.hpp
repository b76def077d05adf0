// Every parameter of a struct tree as one flat table: for `explain`, the reference page, and the attributes of files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::config {

struct ParameterRow {
  enum class Kind { quantity, quantities, integer, boolean, text, choice };
  Kind kind = Kind::quantity;
  std::string path;      ///< "pipette.diameter"
  std::string section;   ///< "pipette"; "" at the top level
  std::string key;       ///< "diameter"
  std::string value;     ///< as a scenario file writes it: quotes and brackets included
  std::string shown;     ///< the value for people, rounded to twelve digits
  std::string unit;      ///< of low and high; "" where there is none
  std::string accepted;  ///< "0.05 um to 5 um", "twin, hardware or replay"
  std::string source;
  std::string text;
  char grade = 'D';
};

struct SectionRow {
  std::string path;
  std::string text;
};

struct ParameterTable {
  std::vector<SectionRow> sections;  ///< in the order of the declarations
  std::vector<ParameterRow> rows;

  [[nodiscard]] const ParameterRow* find(std::string_view path) const;
  [[nodiscard]] std::vector<std::string> paths() const;
};

/// Collects what `visit` declares; the values are those the structs hold now.
ParameterTable collect_parameters(const std::function<void(ParameterVisitor&)>& visit);

}  // namespace seccm::config
