// What the blind analysis returns: a long table of estimates, and the curves behind them. HDF5 schema "seccm-results"
// version 2 and the same as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::files {

/// On which scale an interval is symmetric, and on which the quantity has a meaning at all.
enum class IntervalScale : int {
  linear,
  logarithmic,  ///< positive by nature: D, areas, volumes, charges, x, C-rates
};
inline constexpr std::array<std::string_view, 2> interval_scale_names{"linear", "logarithmic"};

/// What a row may be used for.
enum class Verdict : int {
  valid,             ///< the interval holds all known parts of the error
  caveat,            ///< a number, with a reservation: see `reason` and `leaves_out`
  one_sided,         ///< the data bound the quantity from one side only: `value` is no estimate
  not_identifiable,  ///< the data bound it from neither side
  refused,           ///< no number, or one that can not be true: see `reason`
};
inline constexpr std::array<std::string_view, 5> verdict_names{"valid", "caveat", "one_sided", "not_identifiable",
                                                               "refused"};

/// One number for one point: `quantity` in `unit` with its interval, or the reason why there is none.
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
  /// The interval, infinite towards a side that is not bounded; on the logarithmic scale `lower` is 0 there.
  double lower = 0.0, upper = 0.0;
  double level = 0.0;  ///< probability that the interval is meant to hold the truth with; 0: no interval stated
  IntervalScale scale = IntervalScale::linear;
  Verdict verdict = Verdict::refused;
  std::string reason;      ///< of every verdict but `valid`
  std::string leaves_out;  ///< known parts of the error that the interval does not hold; "": none

  /// Whether `value` is an estimate.
  [[nodiscard]] bool usable() const { return verdict == Verdict::valid || verdict == Verdict::caveat; }
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
