// The report: one self-contained HTML page, made from files only: a sentence of verdict, what was done, tables,
// figures. It reads on a phone and in the dark, and describes its figures to those who do not see them.
//
// What is missing is left out: a run alone gives the image, the registration and the voltammograms as recorded; results
// add the treated voltammograms and estimates; truth and validation add estimate against truth. Nothing that was
// measured is described as simulated: only a truth file makes a run one of the twin.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/text_table.hpp"
#include "pipeline/validation/truth_file.hpp"

namespace seccm::report {

struct ReportInputs {
  std::string title;
  std::string verdict = {};  ///< one sentence; "": what the results say
  const files::RunReader* run = nullptr;
  const files::Results* results = nullptr;
  const validation::Truth* truth = nullptr;
  std::vector<validation::Section> sections = {};
};

/// What stands over the whole page.
struct ReportHead {
  std::string date;      ///< of the report
  std::string software;  ///< that made it, with its commit
};

/// One section of the page.
struct Figure {
  std::string title;
  std::string html = {};
  std::string caption = {};
};

std::vector<Figure> make_figures(const ReportInputs& inputs);

/// One sentence: how many voltammograms are good, and what D they give or why none.
std::string verdict_of(const ReportInputs& inputs);

/// Several inputs (a campaign) follow one another on one page. Throws InputError as write_atomically does.
void write_html_report(const std::vector<ReportInputs>& parts, const ReportHead& head,
                       const std::filesystem::path& path);

}  // namespace seccm::report
