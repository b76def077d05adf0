#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "files/quantities.hpp"
#include "pipeline/validation/paper_comparison.hpp"
#include "pipeline/validation/validation_summary.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

using Json = nlohmann::ordered_json;

Json json(const Interval& i) {
  return Json::array({i.low, i.high});
}

Json json(const Share& s) {
  return Json{{"count", s.count}, {"of", s.of}, {"share", s.value()}, {"interval", json(s.interval)}};
}

Json json(const Distribution& d) {
  return Json{{"n", d.n},
              {"landings", d.groups},
              {"median", d.median},
              {"median_interval", json(d.median_interval)},
              {"mean", d.mean},
              {"mean_interval", json(d.mean_interval)},
              {"standard_deviation", d.standard_deviation},
              {"robust_scatter", d.robust_scatter}};
}

Json json(const std::map<std::string, int>& counts) {
  Json object = Json::object();
  for (const auto& [reason, count] : counts) object[reason] = count;
  return object;
}

Json json(const Remark& r) {
  return Json{{"verdict", files::verdict_names[static_cast<std::size_t>(r.verdict)]},
              {"reason", r.reason},
              {"points", r.points},
              {"estimators", r.estimators}};
}

Json json(const LandingRow& r) {
  return Json{{"contact", json(r.contact)},
              {"confirmed_truly", json(r.confirmed_truly)},
              {"unnoticed", r.unnoticed},
              {"on_particles", json(r.on_particles)},
              {"on_intended", json(r.on_intended)},
              {"blank_truly_blank", json(r.blank_truly_blank)},
              {"grid_on_particles", json(r.grid_on_particles)},
              {"aim_m", json(r.aim)},
              {"aim_max_m", r.aim_max}};
}

Json json(const RegistrationRow& r) {
  return Json{{"valid", r.valid},
              {"matches", r.matches},
              {"inliers", r.inliers},
              {"stated_residual_m", r.stated_residual},
              {"field_rms_m", r.field_rms},
              {"field_max_m", r.field_max},
              {"targets_rms_m", r.targets_rms},
              {"targets_max_m", r.targets_max},
              {"drifted_rms_m", r.drifted_rms},
              {"drifted_max_m", r.drifted_max},
              {"commanded_rms_m", r.commanded_rms},
              {"commanded_max_m", r.commanded_max}};
}

Json json(const ReferenceRow& r) {
  return Json{{"calibrations", r.calibrations}, {"valid", r.valid},
              {"error_V", json(r.error)},       {"error_max_V", r.error_max},
              {"true_drift_V", r.true_drift},   {"median_stated_error_V", r.median_stated_error}};
}

Json json(const ScanEconomy& e) {
  return Json{{"duration_s", e.duration},
              {"time_per_point_s", e.time_per_point},
              {"time_on_particles_s", e.time_on_particles},
              {"time_on_gold_s", e.time_on_gold},
              {"path_length_m", e.path_length},
              {"points", e.points},
              {"on_particles", e.on_particles},
              {"well_defined", e.well_defined},
              {"useful", e.useful},
              {"useless_area_m2", e.useless_area},
              {"time_per_particle_s", e.time_per_particle},
              {"time_per_useful_s", e.time_per_useful}};
}

Json json(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json json(const TimeSaved& t) {
  return Json{{"basis", t.basis},
              {"nodes", t.nodes},
              {"time_per_node_s", t.time_per_node},
              {"grid_time_s", t.grid_time},
              {"smart_time_s", t.smart_time},
              {"grid_path_m", t.grid_path},
              {"smart_path_m", t.smart_path},
              {"grid_useful", t.grid_useful},
              {"grid_nodes_counted", t.grid_nodes_counted},
              {"smart_per_useful_s", t.smart_per_useful},
              {"grid_per_useful_s", json(t.grid_per_useful)},
              {"saved", json(t.saved)},
              {"saved_interval", json(t.saved_interval)}};
}

std::string direction_name(int direction) {
  if (direction == 0) return "none";
  return direction > 0 ? "anodic" : "cathodic";
}

std::string key_of(const EstimatorRow& r) {
  std::string key = r.estimator + "." + r.quantity + "." + direction_name(r.direction);
  if (!r.meaning.empty()) key += "." + r.meaning;
  if (r.scan_rate > 0.0) key += fmt::format(".{:g} V s^-1", r.scan_rate);
  return key;
}

Json json(const EstimatorRow& r) {
  const files::EstimatedQuantity* quantity = files::find_quantity(r.quantity);
  Json row{{"question", quantity == nullptr ? "" : files::questions[static_cast<std::size_t>(quantity->question)]},
           {"estimator", r.estimator},
           {"quantity", r.quantity},
           {"unit", r.unit},
           {"direction", direction_name(r.direction)},
           {"scan_rate_V_per_s", r.scan_rate},
           {"truth", r.meaning},
           {"scale", r.meaning.empty() ? "value"
                     : r.relative      ? "decades"
                                       : "difference"},
           {"n", r.n},
           {"n_valid", r.n_valid},
           {r.meaning.empty() ? "value" : "bias", json(r.bias)},
           {"median_estimate", r.median_estimate}};
  if (!r.meaning.empty()) {
    row["median_truth"] = r.median_truth;
    row["rmse"] = r.rmse;
  }
  if (!r.meaning.empty() && r.relative) {
    row["within_factor"] = json(r.within_factor);
    row["covered"] = json(r.covered);
    row["covered"]["level"] = r.level;
    row["covered"]["stated_error"] = r.stated;
    row["covered"]["verdict"] = coverage_names[static_cast<std::size_t>(r.coverage)];
    row["limits"] = json(r.limits);
    row["leaves_out"] = r.leaves_out;
    row["verdict"] = r.verdict;
  }
  row["lost"] = json(r.lost);
  return row;
}

Json json(const BiasTerms& t) {
  return Json{{"direction", direction_name(t.direction)},
              {"scan_rate_V_per_s", t.scan_rate},
              {"segmentation", json(t.segmentation)},
              {"area_ratio", json(t.area_ratio)},
              {"current", json(t.current)},
              {"total", json(t.total)},
              {"every_area_ratio", json(t.every_area_ratio)},
              {"every_current", json(t.every_current)},
              {"baseline", json(t.baseline)}};
}

std::string dump(const Json& document) {
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const ValidationSummary& s) {
  Json document{{"schema", "seccm-validation"},
                {"schema_version", 2},
                {"scenario_name", s.scenario_name},
                {"truth_set", s.truth_set},
                {"seed", s.seed},
                {"run_status", s.run_status},
                {"factor", s.factor},
                {"confidence", s.confidence},
                {"landing", json(s.landing)},
                {"registration", json(s.registration)},
                {"reference", json(s.reference)},
                {"well_defined", json(s.well_defined)},
                {"rejected", json(s.rejected)},
                {"economy", json(s.economy)},
                {"time_saved", s.time_saved ? json(*s.time_saved) : Json()}};
  Json rows = Json::object();
  for (const EstimatorRow& r : s.estimators) rows[key_of(r)] = json(r);
  document["diffusivity"] = diffusivity_sentence(s);
  document["estimators"] = std::move(rows);
  document["bias_of_eq3"] = Json::array();
  for (const BiasTerms& t : s.bias_of_eq3) document["bias_of_eq3"].push_back(json(t));
  document["remarks"] = Json::array();
  for (const Remark& r : s.remarks) document["remarks"].push_back(json(r));
  return dump(document);
}

std::string to_json(const PaperComparison& comparison) {
  Json document{{"schema", "seccm-paper-comparison"}, {"schema_version", 1}, {"truth_set", comparison.truth_set}};
  Json rows = Json::array();
  for (const PaperRow& r : comparison.rows) {
    Json row{{"quantity", r.quantity},     {"unit", r.unit},     {"paper", r.paper},
             {"paper_text", r.paper_text}, {"source", r.source}, {"n", r.n}};
    row["blind"] = r.blind ? Json(*r.blind) : Json();
    row["uncertainty"] = r.uncertainty ? Json(*r.uncertainty) : Json();
    row["truth"] = r.truth ? Json(*r.truth) : Json();
    row["truth_meaning"] = r.truth_meaning;
    row["scale"] = r.relative ? "decades" : "difference";
    row["blind_minus_paper"] = r.to_paper ? Json(*r.to_paper) : Json();
    row["blind_minus_truth"] = r.to_truth ? Json(*r.to_truth) : Json();
    row["hangs_on"] = r.hangs_on;
    row["note"] = r.note;
    rows.push_back(std::move(row));
  }
  document["rows"] = std::move(rows);
  return dump(document);
}

std::vector<std::string> broken_bounds(std::string_view summary_json, std::string_view bounds_json) {
  const auto expected = " is expected: {\"/landing/on_particles/share\": {\"min\": 0.9}}";
  const Json summary = Json::parse(summary_json);
  const Json bounds = Json::parse(bounds_json, nullptr, false);
  if (!bounds.is_object())
    throw InputError(std::string("the bounds are not a JSON object; an object of JSON pointers") + expected);
  std::vector<std::string> broken;
  for (const auto& [pointer, bound] : bounds.items()) {
    if (!bound.is_object() || bound.empty() || !pointer.starts_with('/'))
      throw InputError("bound '" + pointer + "': a JSON pointer with \"min\" and/or \"max\"" + expected);
    for (const auto& [side, limit] : bound.items())
      if ((side != "min" && side != "max") || !limit.is_number())
        throw InputError("bound '" + pointer + "': '" + side +
                         "' is not \"min\" or \"max\" with a number; one of them" + expected);
    Json::json_pointer place;
    try {
      place = Json::json_pointer(pointer);
    } catch (const nlohmann::json::exception&) {
      throw InputError("bound '" + pointer + "' is not a JSON pointer; one" + expected);
    }
    if (!summary.contains(place) || !summary.at(place).is_number()) {
      broken.push_back(pointer + " has no number in this validation");
      continue;
    }
    const double value = summary.at(place).get<double>();
    for (const auto& [side, limit] : bound.items()) {
      const auto accepted = limit.get<double>();
      if (side == "min" ? value < accepted : value > accepted)
        broken.push_back(pointer + " is " + summary.at(place).dump() + ", " + side + " accepted is " + limit.dump());
    }
  }
  return broken;
}

}  // namespace seccm::validation
