#include "files/json.hpp"
#include "files/results_file.hpp"
#include "files/schema.hpp"

namespace seccm::files {

std::string to_json(const Results& results, bool with_curves) {
  nlohmann::ordered_json document;
  document["schema"] = results_schema;
  document["schema_version"] = results_schema_version;
  document["run_file"] = results.run_file;
  document["scenario_name"] = results.scenario_name;
  document["software"] = results.software;
  document["seed"] = results.seed;
  document["selections"] = to_json_array<Selection>(results.selections);
  document["estimates"] = to_json_array<Estimate>(results.estimates);
  if (with_curves) {
    document["curves"] = to_json_array<CvCurve>(results.curves);
    document["exponents"] = to_json_array<ExponentCurve>(results.exponents);
  }
  return dump(document);
}

}  // namespace seccm::files
