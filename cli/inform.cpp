// The verbs that tell: list, explain, help.
#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "models/cell/program_parameters.hpp"
#include "models/material/material_parameters.hpp"
#include "pipeline/analysis/estimator_registry.hpp"
#include "scenarios/consistency.hpp"
#include "scenarios/library.hpp"
#include "scenarios/reference.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Listing {
  Json json = Json::array();
  std::string text;

  void add(std::string_view name, std::string_view kind, std::string_view about, Json extra = Json::object()) {
    text += fmt::format("{:<28} {:<14} {}\n", name, kind, about);
    extra["name"] = name;
    extra["kind"] = kind;
    extra["text"] = about;
    json.push_back(std::move(extra));
  }
};

/// Choices of law, each with the key that selects it.
Listing list_models() {
  Listing all;
  const auto table = scenarios::parameters_of({});
  for (const scenarios::ParameterRow& row : table.rows) {
    if (row.kind != scenarios::ParameterRow::Kind::choice) continue;
    const bool of_models = row.section == "material" || row.section == "particle" || row.section == "phase_field" ||
                           row.section == "electrolyte" || row.section == "cluster" || row.section == "voxels" ||
                           row.section == "numerics" || row.section == "cell" || row.section == "program" ||
                           row.section == "optics" || row.path == "truth_set";
    if (of_models) all.add(row.path, row.shown, fmt::format("{}: {}", row.accepted, row.text));
  }
  for (const scenarios::SectionRow& section : table.sections) {
    if (section.text.starts_with("Models:") || section.text.starts_with("Twin:")) {
      all.add("[" + section.path + "]", "section", section.text);
    }
  }
  return all;
}

Listing list_estimators() {
  Listing all;
  for (const analysis::Estimator& estimator : analysis::estimators()) {
    all.add(estimator.name, fmt::format("{} / {}", estimator.quantity, estimator.unit), estimator.text);
  }
  return all;
}

Listing list_scenarios() {
  Listing all;
  const auto library = scenarios::library_directory();
  for (const scenarios::LibraryEntry& entry : scenarios::list_library()) {
    auto name = entry.path.lexically_relative(library);
    name.replace_extension();
    all.add(name.string(), entry.job, entry.description, {{"path", entry.path.string()}});
  }
  return all;
}

Listing list_devices() {
  Listing all;
  const auto add = [&](std::string_view role, std::string_view source, const std::function<void()>& require) {
    const std::string key = fmt::format("rig.{} = \"{}\"", role, source);
    try {
      require();
      all.add(key, "available",
              source == "registers" ? "the twin behind the rig's FPGA registers and driver"
              : source == "replay"  ? "the run file that rig.replay_run names"
                                    : "the simulated rig");
    } catch (const InputError&) {
      all.add(key, "not there", "not behind a scan in this version");
    }
  };
  for (std::size_t k = 0; k < scenarios::sequencer_source_names.size(); ++k) {
    add("sequencer", scenarios::sequencer_source_names.at(k),
        [k] { scenarios::require_available(static_cast<scenarios::SequencerSource>(k)); });
  }
  for (const std::string_view role : {"camera", "light"}) {
    for (std::size_t k = 0; k < scenarios::device_source_names.size(); ++k) {
      add(role, scenarios::device_source_names.at(k),
          [=] { scenarios::require_available(role, static_cast<scenarios::DeviceSource>(k)); });
    }
  }
  return all;
}

Listing listing_of(const std::string& what) {
  if (what == "models") return list_models();
  if (what == "estimators") return list_estimators();
  if (what == "scenarios") return list_scenarios();
  return list_devices();
}

Json row_json(const scenarios::ParameterRow& row) {
  return {{"key", row.path},          {"default", row.shown}, {"unit", row.unit},
          {"accepted", row.accepted}, {"source", row.source}, {"grade", std::string(1, row.grade)},
          {"text", row.text}};
}

}  // namespace

int run(const PrintText& text) {
  print(text.text);
  return success;
}

int run(const ListOptions& options) {
  const Listing listing = listing_of(options.what);
  print(options.common.json ? listing.json.dump(2) + "\n" : listing.text);
  return success;
}

int run(const ExplainOptions& options) {
  const auto table = scenarios::parameters_of({});
  if (!options.all && options.key.empty()) {
    throw InputError("explain: which parameter? For example `seccm explain pipette.diameter`; --all lists every one");
  }
  if (options.common.json) {
    if (!options.all) (void)scenarios::explain(table, options.key);  // refuses an unknown key
    Json rows = Json::array();
    for (const scenarios::ParameterRow& row : table.rows) {
      const bool asked = options.all || row.path == options.key || row.section == options.key || row.key == options.key;
      if (asked) rows.push_back(row_json(row));
    }
    print(rows.dump(2) + "\n");
  } else if (options.all) {
    print(options.markdown ? scenarios::reference_markdown(table) : scenarios::explain_all(table));
  } else {
    print(scenarios::explain(table, options.key));
  }
  return success;
}

}  // namespace seccm::cli
