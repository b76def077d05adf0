#include "scenarios/applicability.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/toml_writer.hpp"
#include "models/cell/cell_scenario.hpp"

namespace seccm::scenarios {
namespace {

template <class Visit>
void for_each_word(std::string_view words, const Visit& visit) {
  for (std::size_t at = words.find_first_not_of(' '); at != std::string_view::npos;
       at = words.find_first_not_of(' ', at)) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    visit(words.substr(at, end - at));
    at = end;
  }
}

bool matches(std::string_view pattern, std::string_view path) {
  if (pattern == "*") return true;
  if (!pattern.ends_with(".*")) return pattern == path;
  return path.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool concerns(const ApplicabilityRule& rule, std::string_view path) {
  bool in = false, out = false;
  for_each_word(rule.keys, [&](std::string_view pattern) {
    if (pattern.front() == '-') {
      out = out || matches(pattern.substr(1), path);
    } else {
      in = in || matches(pattern, path);
    }
  });
  return in && !out;
}

const config::ValueNode* node_at(const config::ValueNode& tree, std::string_view path) {
  const config::ValueNode* node = &tree;
  for (std::size_t dot = path.find('.'); node != nullptr && dot != std::string_view::npos; dot = path.find('.')) {
    node = node->find(path.substr(0, dot));
    path = path.substr(dot + 1);
  }
  return node == nullptr ? nullptr : node->find(path);
}

/// "material.diffusion = "single" and particle.model = "fick"".
std::string reasons(const ApplicabilityRule& rule, const config::ParameterTable& table) {
  std::string all;
  for_each_word(rule.because, [&](std::string_view path) {
    const config::ParameterRow* row = table.find(path);
    all += fmt::format("{}{} = {}", all.empty() ? "" : " and ", path, row == nullptr ? "" : row->value);
  });
  return all;
}

/// A reason from the command line: whoever wrote the file did not foresee it. A truth set is one for the material.
bool reason_overrides(const ApplicabilityRule& rule, const config::ValueNode& tree) {
  bool any = false;
  for_each_word(rule.because, [&](std::string_view path) {
    const config::ValueNode* node =
        node_at(tree, path.starts_with("material.") && node_at(tree, path) == nullptr ? "truth_set" : path);
    any = any || (node != nullptr && node->from_override);
  });
  return any;
}

class Search {
 public:
  Search(const config::ValueNode& tree, const Scenario& scenario)
      : tree_(tree), scenario_(scenario), table_(parameters_of(scenario)) {}

  std::vector<UnusedKey> run() {
    visit(tree_, "");
    return std::move(found_);
  }

 private:
  void visit(const config::ValueNode& node, const std::string& path) {
    if (node.kind != config::ValueNode::Kind::table) return look_at(node, path);
    for (const config::ValueEntry& entry : node.entries)
      visit(entry.value, path.empty() ? entry.key : path + "." + entry.key);
  }

  void look_at(const config::ValueNode& node, const std::string& path) {
    std::vector<UnusedKey> broken;
    for (const ApplicabilityRule& rule : applicability_rules()) {
      if (!concerns(rule, path) || rule.has_effect(scenario_)) continue;
      broken.push_back({.path = path,
                        .message = fmt::format("{}: {} = {}: has no effect because {}; accepted with {}, or left out",
                                               node.where, path, node.shown(), reasons(rule, table_), rule.accepted),
                        .from_override = node.from_override,
                        .excused = !node.from_override && !rule.strict && reason_overrides(rule, tree_)});
    }
    if (broken.empty()) return;
    const auto refused = std::find_if(broken.begin(), broken.end(), [](const UnusedKey& k) { return !k.excused; });
    found_.push_back(refused == broken.end() ? broken.front() : *refused);
  }

  const config::ValueNode& tree_;
  const Scenario& scenario_;
  config::ParameterTable table_;
  std::vector<UnusedKey> found_;
};

}  // namespace

std::vector<UnusedKey> unused_keys(const config::ValueNode& tree, const Scenario& scenario) {
  return Search(tree, scenario).run();
}

bool has_effect(std::string_view path, const Scenario& scenario) {
  const auto rules = applicability_rules();
  return std::none_of(rules.begin(), rules.end(), [&](const ApplicabilityRule& rule) {
    return concerns(rule, path) && !rule.has_effect(scenario);
  });
}

std::vector<std::string> paths_without_effect(const Scenario& scenario) {
  std::vector<std::string> paths;
  for (const config::ParameterRow& row : parameters_of(scenario).rows) {
    if (!has_effect(row.path, scenario)) paths.push_back(row.path);
  }
  return paths;
}

std::string write_used(const Scenario& scenario) {
  Scenario used = scenario;
  if (scenario.job == Job::simulate || scenario.job == Job::ensemble)
    models::resolve_w(used.cell, used.program, used.twin.material);
  const std::vector<std::string> unused = paths_without_effect(used);
  return config::write_toml([&](ParameterVisitor& v) { Scenario::visit(v, used); },
                            std::vector<std::string_view>(unused.begin(), unused.end()));
}

}  // namespace seccm::scenarios
