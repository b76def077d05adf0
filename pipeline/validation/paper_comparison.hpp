// The reference measurement's numbers beside what the blind pipeline returns from the twin and beside the truth.
//
// Source of the paper's column: Tetteh et al., Angew. Chem. Int. Ed. 2023, accepted manuscript
// (wrap.warwick.ac.uk/171948). The runs are pooled: each row takes the estimates that could stand for the paper's
// number, wherever they come from (several scan rates on one cluster: D, slope, b; 50 mV/s: peak potential; 100 mV/s
// scans: x and C-rate; scans of at least 20 targets: share of well-defined voltammograms and time saved).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/validation/validation_parameters.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::validation {

/// Numbers are in the paper's unit.
struct PaperRow {
  std::string quantity = {}, unit = {};
  double paper = 0.0;
  std::string paper_text = {};  ///< as the paper says it: "up to 0.3", "47 of 118"
  std::string source = {};      ///< where in the paper
  int n = 0;                    ///< estimates behind `blind`
  std::optional<double> blind = {};
  std::optional<double> uncertainty =
      {};  ///< 1 sigma: bootstrap over landings, or the estimator's own for a single one
  std::optional<double> truth = {};
  std::string truth_meaning = {};
  bool relative = true;                 ///< differences in decades; false: in `unit`
  std::optional<double> to_paper = {};  ///< blind against paper
  std::optional<double> to_truth = {};  ///< blind against truth
  std::string hangs_on = {};            ///< the parameter that moves it most
  std::string note = {};
};

struct PaperComparison {
  std::string truth_set;
  std::vector<PaperRow> rows;
};

/// One comparison per truth set, in the order of the runs. A row without estimates says why.
std::vector<PaperComparison> compare_with_paper(std::span<const JudgedRun> runs,
                                                const ValidationParameters& parameters = {});

std::string to_json(const PaperComparison& comparison);
Section section_of(const PaperComparison& comparison);
std::string to_text(const PaperComparison& comparison);

}  // namespace seccm::validation
