// A parameter is declared once, beside the struct that holds it; parser, `explain`, docs, file attributes and the
// round-trip writer all walk that one declaration.
//
//   struct PipetteParameters {
//     Length diameter = 1.0 * unit::um;                 // the default lives here
//     static void visit(ParameterVisitor& v, PipetteParameters& p);
//   };
//   void PipetteParameters::visit(ParameterVisitor& v, PipetteParameters& p) {
//     v({.key = "diameter", .unit = "um", .low = 0.05, .high = 5, .grade = Grade::paper,
//        .source = "Tetteh 2023", .text = "Inner diameter of the pipette opening"}, p.diameter);
//   }
//
// low and high are in `unit` and inclusive. A struct visits its parts with `section`.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/quantity.hpp"

namespace seccm {

/// How sure a value is: see docs/conventions.md.
enum class Grade {
  verified,  ///< V: read in the cited text or data
  computed,  ///< C: computed from verified numbers
  recalled,  ///< R: recalled from the literature, source named but not checked: a labelled default, never a fact
  paper,     ///< P: the reference measurement (Tetteh et al. 2023)
  standard,  ///< S: a constant of nature or a definition
  choice,    ///< D: a design choice of this twin or protocol
};
/// "V", "C", "R", "P", "S" or "D".
std::string_view letter(Grade grade);

struct ParameterInfo {
  std::string_view key;
  std::string_view unit = "1";  ///< unit of low and high, and of the default where it is shown
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  Grade grade = Grade::choice;
  std::string_view source{};
  std::string_view text{};
};

/// Walks the parameters of a struct. The reading visitor assigns, the writing ones look.
class ParameterVisitor {
 public:
  virtual ~ParameterVisitor() = default;

  virtual void begin_section(std::string_view key, std::string_view text) = 0;
  virtual void end_section() = 0;
  virtual void quantity(const ParameterInfo& info, Dimension dimension, double& si) = 0;
  virtual void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) = 0;
  virtual void integer(const ParameterInfo& info, long long& value) = 0;
  virtual void boolean(const ParameterInfo& info, bool& value) = 0;
  virtual void text(const ParameterInfo& info, std::string& value) = 0;
  virtual void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) = 0;

  template <Dimension D>
  void operator()(const ParameterInfo& info, Quantity<D>& value) {
    double si = value.si();
    quantity(info, D, si);
    value = Quantity<D>(si);
  }
  template <Dimension D>
  void operator()(const ParameterInfo& info, std::vector<Quantity<D>>& values) {
    std::vector<double> si;
    for (const auto& v : values) si.push_back(v.si());
    quantities(info, D, si);
    values.clear();
    for (double v : si) values.push_back(Quantity<D>(v));
  }
  void operator()(const ParameterInfo& info, double& value) { quantity(info, Dimension{}, value); }
  void operator()(const ParameterInfo& info, long long& value) { integer(info, value); }
  void operator()(const ParameterInfo& info, int& value) {
    long long wide = value;
    integer(info, wide);
    value = narrow(info, wide);
  }
  void operator()(const ParameterInfo& info, bool& value) { boolean(info, value); }
  void operator()(const ParameterInfo& info, std::string& value) { text(info, value); }
  /// An enumeration 0..n-1 with the names that a scenario writes.
  template <class E, std::size_t N>
    requires std::is_enum_v<E>
  void operator()(const ParameterInfo& info, const std::array<std::string_view, N>& names, E& value) {
    int index = static_cast<int>(value);
    choice(info, names, index);
    value = static_cast<E>(index);
  }
  /// A struct with a static `visit(ParameterVisitor&, S&)` as a section of its own.
  template <class S>
  void section(std::string_view key, std::string_view about, S& part) {
    begin_section(key, about);
    S::visit(*this, part);
    end_section();
  }

 private:
  /// Throws InputError for a number that an int does not hold.
  static int narrow(const ParameterInfo& info, long long wide);
};

/// The names in a text parameter, separated by commas or spaces.
std::vector<std::string> split_names(std::string_view text);

}  // namespace seccm
