// Holds a parameter struct against the ranges that it declares, for models that are built without a scenario file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::models {

/// Throws InputError "section.key = value: accepted low to high unit" at the first value that is not finite or out of
/// range.
class RangeCheck final : public ParameterVisitor {
 public:
  explicit RangeCheck(std::string_view section) : path_{std::string(section)} {}

  void begin_section(std::string_view key, std::string_view text) override;
  void end_section() override;
  void quantity(const ParameterInfo& info, Dimension dimension, double& si) override;
  void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) override;
  void integer(const ParameterInfo& info, long long& value) override;
  void boolean(const ParameterInfo& info, bool& value) override;
  void text(const ParameterInfo& info, std::string& value) override;
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override;

 private:
  void check(const ParameterInfo& info, double value) const;

  std::vector<std::string> path_;
};

template <class Parameters>
void check_parameters(std::string_view section, const Parameters& parameters) {
  RangeCheck check(section);
  Parameters copy = parameters;
  Parameters::visit(check, copy);
}

}  // namespace seccm::models
