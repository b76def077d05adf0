// The judgement on one run: blind results joined with the truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/bias_terms.hpp"
#include "pipeline/validation/estimator_rows.hpp"
#include "pipeline/validation/landing_rows.hpp"
#include "pipeline/validation/reasons.hpp"
#include "pipeline/validation/scan_economy.hpp"
#include "pipeline/validation/text_table.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

struct ValidationSummary {
  std::string scenario_name, truth_set, run_status;
  std::uint64_t seed = 0;
  double factor = 2.0, confidence = 0.95;  ///< as asked for
  LandingRow landing;
  RegistrationRow registration;
  ReferenceRow reference;
  Share well_defined;                   ///< measured points with a voltammogram that the blind selection accepts
  std::map<std::string, int> rejected;  ///< reason, with the range of its numbers -> count, of measured points
  ScanEconomy economy;
  std::optional<TimeSaved> time_saved;  ///< of a smart scan that an array was measured or simulated for
  std::vector<EstimatorRow> estimators;
  std::vector<BiasTerms> bias_of_eq3;
  std::vector<Remark> remarks;  ///< why estimates are missing or carry a reservation
};

/// One sentence: which way of getting D would do on this sample, which not, and by how much. "" without one.
std::string diffusivity_sentence(const ValidationSummary& summary);
/// The same with the best way only; "" where none was judged.
std::string verdict_sentence(const ValidationSummary& summary);
/// The estimators, grouped by the question that they answer.
std::string estimator_text(const ValidationSummary& summary);
std::vector<Section> estimator_sections(const ValidationSummary& summary);
/// Name of a row that no other row of the same summary has, apart from direction, scan rate and meaning of the truth.
std::string label_of(const EstimatorRow& row, const std::vector<EstimatorRow>& all);

/// One run with what belongs to it. `results` may be null (a run that could not be analysed). `image_width`,
/// `image_height`: of the reference image, 0 if not known.
/// `array`: a regular array simulated on the same sample, null without.
struct JudgedRun {
  const files::RunSummary* run = nullptr;
  const files::Results* results = nullptr;
  const Truth* truth = nullptr;
  int image_width = 0, image_height = 0;
  const SimulatedArray* array = nullptr;
};

/// Throws InputError when the three do not belong together (seed or scenario differ) or a parameter is out of range.
ValidationSummary validate(const JudgedRun& judged, const ValidationParameters& parameters = {});

/// Takes the regular array that `grid` measured in place of a simulated one. Both ran the same programme.
void compare_with_grid(ValidationSummary& smart, const ValidationSummary& grid,
                       const ValidationParameters& parameters = {});

/// One JSON object; the keys of `estimators` are "<estimator>.<quantity>.<anodic|cathodic|none>[.<meaning>]".
std::string to_json(const ValidationSummary& summary);
/// What `to_text` says, part by part.
std::vector<Section> sections(const ValidationSummary& summary);
/// Tables for a terminal, 80 to 120 columns.
std::string to_text(const ValidationSummary& summary);

/// Checks a summary (as `to_json` writes it) against bounds: a JSON object {"<JSON pointer>": {"min": a, "max": b}},
/// e.g. {"/landing/on_particles/share": {"min": 0.9}}. Returns a sentence for each bound that is broken, or whose value
/// does not exist. Throws InputError for bounds that are not such an object.
std::vector<std::string> broken_bounds(std::string_view summary_json, std::string_view bounds_json);

}  // namespace seccm::validation
