// The report: one self-contained HTML page with the figures of the reference measurement's kind, made from files only.
//
// What is missing is left out: a run alone gives the image, the registration and the raw scan; results add the
// voltammograms and estimates; truth and validation add estimate against truth.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/truth_file.hpp"

namespace seccm::report {

struct ReportInputs {
  std::string title;
  const files::RunReader* run = nullptr;
  const files::Results* results = nullptr;
  const validation::Truth* truth = nullptr;
  /// Tables as plain text (validation::to_text, a comparison with the paper), each under its heading.
  struct TextTable {
    std::string heading;
    std::string text;
  };
  std::vector<TextTable> tables;
};

/// One section of the page.
struct Figure {
  std::string title;
  std::string svg = {};
  std::string caption = {};
};

std::vector<Figure> make_figures(const ReportInputs& inputs);

/// Several inputs (a campaign) follow one another on one page. Writes under a temporary name and renames. Throws
/// InputError if the page can not be written or gnuplot is missing.
void write_html_report(const std::vector<ReportInputs>& parts, const std::filesystem::path& path);

}  // namespace seccm::report
