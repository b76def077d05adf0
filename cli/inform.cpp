// The verbs that tell: list, explain, help.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "config/explain.hpp"
#include "files/quantities.hpp"
#include "models/cell/program_parameters.hpp"
#include "models/material/material_parameters.hpp"
#include "pipeline/analysis/estimator_registry.hpp"
#include "scenarios/library.hpp"
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
  for (const config::ParameterRow& row : table.rows) {
    if (row.kind != config::ParameterRow::Kind::choice) continue;
    const bool of_models = row.section == "material" || row.section == "particle" || row.section == "phase_field" ||
                           row.section == "electrolyte" || row.section == "cluster" || row.section == "voxels" ||
                           row.section == "numerics" || row.section == "cell" || row.section == "program" ||
                           row.section == "optics" || row.path == "truth_set";
    if (of_models) all.add(row.path, row.shown, fmt::format("{}: {}", row.accepted, row.text));
  }
  for (const config::SectionRow& section : table.sections) {
    if (section.text.starts_with("Models:") || section.text.starts_with("Twin:")) {
      all.add("[" + section.path + "]", "section", section.text);
    }
  }
  return all;
}

std::string_view or_none(std::string_view text) {
  return text.empty() ? "none stated" : text;
}

/// By the question that they answer.
Listing list_estimators() {
  Listing all;
  for (std::size_t k = 0; k < files::questions.size(); ++k) {
    const std::string_view question = files::questions[k];
    all.text += fmt::format("{}{}\n", k == 0 ? "" : "\n", question);
    for (const analysis::Estimator& e : analysis::estimators()) {
      const files::EstimatedQuantity* quantity = files::find_quantity(e.quantity);
      if (quantity == nullptr || quantity->question != static_cast<int>(k)) continue;
      const std::string kind = fmt::format("{} / {}", e.quantity, e.unit);
      all.text += fmt::format("  {} ({})\n    {}\n    needs       {}\n    interval    {}\n", e.name, kind, e.text,
                              e.needs, or_none(e.holds));
      if (!e.leaves_out.empty()) all.text += fmt::format("    leaves out  {}\n", e.leaves_out);
      all.json.push_back({{"name", e.name},
                          {"kind", kind},
                          {"text", e.text},
                          {"quantity", e.quantity},
                          {"unit", e.unit},
                          {"scale", files::interval_scale_names[static_cast<std::size_t>(quantity->scale)]},
                          {"question", question},
                          {"needs", e.needs},
                          {"interval_holds", e.holds},
                          {"interval_leaves_out", e.leaves_out}});
    }
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

std::string_view about_source(std::string_view role, std::string_view source) {
  if (source == "registers") return "the twin behind the rig's FPGA registers and driver";
  if (source == "replay") return "the run file that rig.replay_run names";
  if (source == "twin") return "the simulated rig";
  const bool real = source == "hardware";
  if (role == "camera") {
    return real ? "the GigE Vision camera that hardware.camera names"
                : "the twin's camera behind GigE Vision on loopback, with sequencer = \"host\"";
  }
  if (role == "light") {
    return real ? "the pE-300 that hardware.light names"
                : "the twin's lamps behind a pE-300's protocol on loopback, with sequencer = \"host\"";
  }
  return real ? "the FPGA image that wecspm.bitfile names, or hardware.stage and source_meter run by the host; needs "
                "--allow-motion"
              : "the twin's stage and source meter behind GCS and SCPI, run by the host";
}

Listing list_devices() {
  Listing all;
  const auto add = [&](std::string_view role, std::string_view source) {
    const std::string key = fmt::format("rig.{} = \"{}\"", role, source);
    all.add(key, source == "hardware" ? "if connected" : "available", about_source(role, source));
  };
  for (const std::string_view source : scenarios::sequencer_source_names) add("sequencer", source);
  for (const std::string_view role : {"camera", "light"}) {
    for (const std::string_view source : scenarios::device_source_names) add(role, source);
  }
  return all;
}

Listing listing_of(const std::string& what) {
  if (what == "models") return list_models();
  if (what == "estimators") return list_estimators();
  if (what == "scenarios") return list_scenarios();
  return list_devices();
}

Json row_json(const config::ParameterRow& row) {
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
    if (!options.all) (void)config::explain(table, options.key);  // refuses an unknown key
    Json rows = Json::array();
    for (const config::ParameterRow& row : table.rows) {
      const bool asked = options.all || row.path == options.key || row.section == options.key || row.key == options.key;
      if (asked) rows.push_back(row_json(row));
    }
    print(rows.dump(2) + "\n");
  } else if (options.all) {
    print(options.markdown ? config::reference_markdown(table) : config::explain_all(table));
  } else {
    print(config::explain(table, options.key));
  }
  return success;
}

}  // namespace seccm::cli
