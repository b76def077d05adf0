// What is kept of each member of an ensemble: peaks, charges and, where a noise is given, the Cramér-Rao bounds of the
// unknowns that are fitted together.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "models/ensemble/ensemble.hpp"

namespace seccm::models {

/// The unknowns of a fit: parameters of the cell and of a baseline a + b (E - E_mean) + d (t/T - 1/2), T the length of
/// the program: offset a (A), slope b (A/V), drift d (A).
struct EnsembleUnknowns {
  std::vector<EnsembleParameter> parameters = {};
  bool offset = false;
  bool slope = false;
  bool drift = false;

  [[nodiscard]] std::size_t size() const {
    return parameters.size() + (offset ? 1 : 0) + (slope ? 1 : 0) + (drift ? 1 : 0);
  }
  /// In the order of the bounds: parameters, offset, slope, drift.
  [[nodiscard]] std::vector<std::string> names() const;
};

/// Names separated by commas or spaces. Throws InputError for one that is unknown or given twice.
EnsembleUnknowns unknowns_from(const std::string& names);

struct EnsembleMember {
  double peak_cathodic_current = 0.0, peak_cathodic_potential = 0.0;  ///< A, V: the most negative row
  double peak_anodic_current = 0.0, peak_anodic_potential = 0.0;
  double charge = 0.0;           ///< C, net
  double inserted_charge = 0.0;  ///< C, largest net cathodic charge on the way, positive
  double capacity = 0.0;         ///< C, of the empty host
  std::vector<double> bounds = {};
};

struct EnsembleSurvey {
  std::vector<EnsembleMember> members;
  std::vector<std::string> unknowns;        ///< of the bounds
  std::vector<std::vector<double>> traces;  ///< A, per member, where asked for
};

struct EnsembleQuestions {
  EnsembleUnknowns unknowns = {};
  double noise = 0.0;           ///< A, standard deviation of a row
  double relative_noise = 0.0;  ///< of the largest |i|; added as squares. Without either: no bounds

  [[nodiscard]] bool bounds() const { return noise > 0.0 || relative_noise > 0.0; }
  bool traces = false;
};

/// Runs the ensemble (whose slopes it sets) and keeps what is asked for. Throws as Ensemble does, and InputError for
/// unknowns without noise and for traces of more than 2 GB.
EnsembleSurvey survey(EnsembleSpec spec, const EnsembleProgram& program, const EnsembleQuestions& questions,
                      const std::function<bool(double)>& progress = {});

}  // namespace seccm::models
