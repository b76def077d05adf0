// Keys that change nothing: which keys of a scenario its job, laws, kinds and switches never read.
//
// One table of rules (applicability_rules.cpp): keys, what gives them an effect, and the keys whose values say why they
// have none. A key that was given and has no effect is refused with the reason; what a run writes down of its scenario
// leaves such keys out.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/value_tree.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

struct ApplicabilityRule {
  /// Paths, separated by blanks: "section.key", "section.*", "*"; with "-" in front: not that one.
  std::string_view keys;
  bool (*has_effect)(const Scenario&);
  /// Paths of the keys whose values are the reason, separated by blanks.
  std::string_view because;
  /// What would give the keys an effect.
  std::string_view accepted;
  /// The reason on the command line does not excuse the key in the file.
  bool strict = false;
};

std::span<const ApplicabilityRule> applicability_rules();

/// A key that was given and has no effect.
struct UnusedKey {
  std::string path;
  std::string message;         ///< "file:line: path = value: has no effect because ...; accepted is ..."
  bool from_override = false;  ///< it stands on the command line
  bool excused = false;        ///< it stands in the file, and what puts it out of action on the command line
};

struct LoadedScenario {
  Scenario scenario;
  std::vector<UnusedKey> unused;
};

/// load_scenario without its refusal: for a caller that knows better which keys may be without effect.
LoadedScenario load_with_unused_keys(const std::filesystem::path& path, std::span<const std::string> overrides);

/// Of the keys of a tree that was read as `scenario`, in the order of the tree.
std::vector<UnusedKey> unused_keys(const config::ValueNode& tree, const Scenario& scenario);

/// Whether a scenario reads the parameter at a path.
bool has_effect(std::string_view path, const Scenario& scenario);

/// Paths of all parameters that have no effect in a scenario.
std::vector<std::string> paths_without_effect(const Scenario& scenario);

/// TOML of what the scenario computes: keys without effect are left out, and a D that [cell] w sets stands as
/// material.D in its place. Reads back as a scenario that computes the same.
std::string write_used(const Scenario& scenario);

}  // namespace seccm::scenarios
