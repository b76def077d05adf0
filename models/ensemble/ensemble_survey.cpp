#include "models/ensemble/ensemble_survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "models/ensemble/cramer_rao.hpp"
#include "sim/error.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {
namespace {

constexpr double most_trace_bytes = 2e9;

/// What is summed up of a member on the way.
struct Running {
  double time = 0.0;
  double current = 0.0;
  double charge = 0.0;
};

class Surveyor final : public EnsembleObserver {
 public:
  Surveyor(const Ensemble& ensemble, const EnsembleProgram& program, const EnsembleQuestions& questions,
           EnsembleSurvey& out)
      : cells_(ensemble.spec().cells),
        program_(program),
        questions_(questions),
        dimension_(sim::dimension_of(ensemble.spec().frame.geometry)),
        unknowns_(questions.bounds() ? questions.unknowns.size() : 0),
        out_(out),
        running_(cells_.size()),
        information_(cells_.size() * packed_size(unknowns_)) {
    const auto& E = program.E_vs_Li();
    mean_E_ = std::accumulate(E.begin(), E.end(), 0.0) / static_cast<double>(E.size());
    out_.members.resize(cells_.size());
    for (EnsembleMember& member : out_.members) {
      member.peak_cathodic_current = std::numeric_limits<double>::infinity();
      member.peak_anodic_current = -std::numeric_limits<double>::infinity();
    }
    if (questions.traces) out_.traces.assign(cells_.size(), std::vector<double>(program.rows()));
  }

  void rows(const EnsembleRows& rows) override {
    for (std::size_t l = 0; l < rows.members; ++l) {
      for (std::size_t k = 0; k < rows.current.size(); ++k)
        look(rows.first + l, rows.first_row + k, rows.current[k][l]);
      if (unknowns_ > 0) inform(rows, l);
    }
  }

  void end(const EnsembleEnd& end) override {
    EnsembleMember& member = out_.members[end.member];
    const EnsembleCell& cell = cells_[end.member];
    member.charge = end.charge;
    member.capacity = cell.current_per_flux * cell.radius / dimension_;
    if (unknowns_ == 0) return;
    const std::size_t size = packed_size(unknowns_);
    member.bounds = cramer_rao_bounds({information_.data() + end.member * size, size}, unknowns_);
    const double peak = std::max(std::abs(member.peak_cathodic_current), std::abs(member.peak_anodic_current));
    const double deviation = std::hypot(questions_.noise, questions_.relative_noise * peak);
    for (double& bound : member.bounds) bound *= deviation;
  }

 private:
  void look(std::size_t index, std::size_t row, double current) {
    EnsembleMember& member = out_.members[index];
    Running& sum = running_[index];
    const double E = program_.E_vs_Li()[row];
    const double time = program_.time()[row] * cells_[index].time_scale;
    if (current < member.peak_cathodic_current) {
      member.peak_cathodic_current = current;
      member.peak_cathodic_potential = E;
    }
    if (current > member.peak_anodic_current) {
      member.peak_anodic_current = current;
      member.peak_anodic_potential = E;
    }
    sum.charge += 0.5 * (current + sum.current) * (time - sum.time);
    sum.time = time;
    sum.current = current;
    member.inserted_charge = std::max(member.inserted_charge, -sum.charge);
    if (questions_.traces) out_.traces[index][row] = current;
  }

  /// Adds the rows' slopes to the member's information, for noise of 1 A.
  void inform(const EnsembleRows& rows, std::size_t lane) {
    std::array<double, ensemble_parameter_names.size() + 3> slope{};
    double* information = information_.data() + (rows.first + lane) * packed_size(unknowns_);
    for (std::size_t k = 0; k < rows.current.size(); ++k) {
      std::size_t n = 0;
      for (; n < rows.parameters; ++n) slope[n] = rows.slope(k, n)[lane];
      if (questions_.unknowns.offset) slope[n++] = 1.0;
      if (questions_.unknowns.slope) slope[n++] = program_.E_vs_Li()[rows.first_row + k] - mean_E_;
      if (questions_.unknowns.drift) slope[n++] = program_.time()[rows.first_row + k] / program_.time().back() - 0.5;
      std::size_t at = 0;
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = a; b < n; ++b) information[at++] += slope[a] * slope[b];
      }
    }
  }

  const std::vector<EnsembleCell>& cells_;
  const EnsembleProgram& program_;
  const EnsembleQuestions& questions_;
  double dimension_;
  std::size_t unknowns_;
  EnsembleSurvey& out_;
  std::vector<Running> running_;
  std::vector<double> information_;
  double mean_E_ = 0.0;
};

bool take(bool& flag) {
  return std::exchange(flag, true);
}

}  // namespace

std::vector<std::string> EnsembleUnknowns::names() const {
  std::vector<std::string> names;
  for (const EnsembleParameter parameter : parameters) {
    names.emplace_back(ensemble_parameter_names[static_cast<std::size_t>(parameter)]);
  }
  if (offset) names.emplace_back("offset");
  if (slope) names.emplace_back("slope");
  if (drift) names.emplace_back("drift");
  return names;
}

EnsembleUnknowns unknowns_from(const std::string& text) {
  EnsembleUnknowns unknowns;
  constexpr std::string_view separators = ", \t\n";
  for (std::size_t at = text.find_first_not_of(separators); at != std::string::npos;
       at = text.find_first_not_of(separators, at)) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    const std::string name = text.substr(at, end - at);
    at = end;
    const auto* const found = std::find(ensemble_parameter_names.begin(), ensemble_parameter_names.end(), name);
    bool twice = false;
    if (name == "offset") {
      twice = take(unknowns.offset);
    } else if (name == "slope") {
      twice = take(unknowns.slope);
    } else if (name == "drift") {
      twice = take(unknowns.drift);
    } else if (found != ensemble_parameter_names.end()) {
      const auto parameter = static_cast<EnsembleParameter>(found - ensemble_parameter_names.begin());
      twice = std::find(unknowns.parameters.begin(), unknowns.parameters.end(), parameter) != unknowns.parameters.end();
      unknowns.parameters.push_back(parameter);
    } else {
      throw InputError(fmt::format("[ensemble] unknowns: \"{}\" is none; accepted are {}, offset, slope, drift", name,
                                   fmt::join(ensemble_parameter_names, ", ")));
    }
    if (twice) throw InputError(fmt::format("[ensemble] unknowns: \"{}\" twice; accepted is once", name));
  }
  return unknowns;
}

EnsembleSurvey survey(EnsembleSpec spec, const EnsembleProgram& program, const EnsembleQuestions& questions,
                      const std::function<bool(double)>& progress) {
  EnsembleSurvey out;
  if (questions.bounds()) {
    if (questions.unknowns.size() == 0) throw InputError("[ensemble] noise without unknowns; accepted is at least one");
    spec.slopes = questions.unknowns.parameters;
    out.unknowns = questions.unknowns.names();
  }
  const double bytes = 8.0 * static_cast<double>(program.rows()) * static_cast<double>(spec.cells.size());
  if (questions.traces && bytes > most_trace_bytes) {
    throw InputError(fmt::format(
        "[ensemble] traces = true: {} voltammograms of {} rows are {:.2g} GB; accepted are {:.2g} GB, fewer cells or "
        "traces = false",
        spec.cells.size(), program.rows(), bytes * 1e-9, most_trace_bytes * 1e-9));
  }
  const Ensemble ensemble(std::move(spec));
  Surveyor surveyor(ensemble, program, questions, out);
  ensemble.run(program, surveyor, progress);
  return out;
}

}  // namespace seccm::models
