// Assigns the values of a ValueNode tree to parameter structs, checking every one against its declaration.
//
// A quantity is a string with a unit, "50 mV/s"; a bare number only where the parameter is dimensionless and counted in
// ones. Errors (InputError) begin with the place ("file.toml:12" or "--set"), then `path = value`, what is wrong, what
// is accepted, the default with its source and grade. Keys that nobody declared are errors with the nearest known key.
#pragma once

#include <string>
#include <vector>

#include "config/value_tree.hpp"
#include "sim/parameter.hpp"

namespace seccm::config {

class ReadingVisitor final : public ParameterVisitor {
 public:
  /// `known_paths`: every path of the tree, for hints across sections ("did you mean pipette.diameter?").
  ReadingVisitor(const ValueNode& root, std::vector<std::string> known_paths);

  void begin_section(std::string_view key, std::string_view text) override;
  void end_section() override;
  void quantity(const ParameterInfo& info, Dimension dimension, double& si) override;
  void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) override;
  void integer(const ParameterInfo& info, long long& value) override;
  void boolean(const ParameterInfo& info, bool& value) override;
  void text(const ParameterInfo& info, std::string& value) override;
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override;

  /// Checks the keys of the top level; call once, after the visit.
  void finish();

 private:
  struct Level {
    const ValueNode* table = nullptr;  ///< none: the file has no such section
    std::string path;
    std::vector<std::string> declared;
  };

  const ValueNode* take(std::string_view key);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  void reject_unknown(const Level& level) const;
  [[nodiscard]] std::string hint(const Level& level, const std::string& key) const;
  [[nodiscard]] double parse_one(const ValueNode& node, const ParameterInfo& info, Dimension dimension,
                                 const std::string& path, const std::string& accepted) const;

  std::vector<Level> levels_;
  std::vector<std::string> known_paths_;
};

}  // namespace seccm::config
