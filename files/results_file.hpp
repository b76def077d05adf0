// What the blind analysis returns: a long table of estimates, and the curves behind them. HDF5 schema "seccm-results"
// version 1 and the same as JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace seccm::files {

/// One number for one point: `quantity` in `unit` with its standard error, or the reason why there is none.
struct Estimate {
  int point = -1;         ///< index of the point in the run; -1 for the whole run
  std::string estimator;  ///< registered name, e.g. "randles_sevcik_eq3"
  std::string quantity;  ///< "D", "b", "peak_potential", "peak_current", "x", "C_rate", "charge", "volume", "area", ...
  std::string unit;      ///< SI, e.g. "m^2/s"
  int direction = 0;     ///< +1 anodic (de-intercalation), -1 cathodic (intercalation), 0 none
  int cycle = 0;         ///< 0: does not belong to one cycle
  double scan_rate = 0.0;  ///< V/s; 0: does not belong to one rate
  double value = 0.0;
  double standard_error = 0.0;  ///< 1 sigma; 0: none stated
  bool valid = false;
  std::string reason;  ///< why not valid, or a caveat
};

/// Verdict on one point's voltammogram: well-defined Li (de)intercalation peaks or not.
struct Selection {
  int point = -1;
  bool accepted = false;
  std::string reason;  ///< "" when accepted
};

/// A treated voltammogram (one cycle) for figures: averaged to ~1 mV.
struct CvCurve {
  int point = -1;
  int cycle = 0;
  double scan_rate = 0.0;        ///< V/s
  std::vector<double> E_vs_Li;   ///< V, in time order
  std::vector<double> current;   ///< A
  std::vector<double> baseline;  ///< A, the line under the peaks (NaN-free: equals current where none is drawn)
};

/// b(E) on one sweep of one point.
struct ExponentCurve {
  int point = -1;
  int direction = 0;
  std::vector<double> E_vs_Li, b, standard_error;
};

struct Results {
  std::string run_file;
  std::string scenario_name;
  std::string software;
  std::uint64_t seed = 0;
  std::vector<Selection> selections;
  std::vector<Estimate> estimates;
  std::vector<CvCurve> curves;
  std::vector<ExponentCurve> exponents;
};

void write_results(const std::filesystem::path& path, const Results& results);
/// Throws InputError for a missing, foreign or truncated file.
Results read_results(const std::filesystem::path& path);
/// One JSON document with the names of the fields above; `with_curves` false leaves out `curves` and `exponents`.
std::string to_json(const Results& results, bool with_curves = true);

}  // namespace seccm::files
