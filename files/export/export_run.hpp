// A run file -> files of other programs. One source per format beside this header.
//
// | format      | what                                                        | files                               |
// | schema-v2   | every frame and the array, as the open WEC-SPM host writes  | OUT.csv, OUT.json                   |
// | mpt         | voltammograms of one point, BioLogic EC-Lab text, a row per | OUT, or OUT/point_0007.mpt for each |
// |             | millivolt: the mean of its frames                           |                                     |
// | bdf         | time, potential, current, cycle: Battery Data Format        | OUT (.bdf.csv)                      |
// | unitpackage | the same and the position: frictionless data package        | OUT.csv, OUT.json                   |
// | gsf         | one image, or a quantity of the points of a regular array   | OUT                                 |
// | ome-tiff    | every image                                                 | OUT                                 |
//
// Potentials are V against the quasi-reference electrode and currents A anodic positive, except in schema-v2, which has
// the signs of `ExportOptions::polarity`. Files take their names only when they are whole (files/atomic_file.hpp).
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/import/foreign_recording.hpp"
#include "files/run_file.hpp"

namespace seccm::files {

enum class ExportFormat { schema_v2, mpt, bdf, unitpackage, gsf, ome_tiff };
inline constexpr std::array<std::string_view, 6> export_format_names{"schema-v2",   "mpt", "bdf",
                                                                     "unitpackage", "gsf", "ome-tiff"};

struct ExportOptions {
  std::optional<int> point = {};          ///< mpt, bdf, unitpackage: voltammograms of this point only
  std::string image = {};                 ///< gsf: name of the image
  std::string quantity = {};              ///< gsf: contact_z, current_min or current_max of an array
  Polarity polarity = Polarity::wec_spm;  ///< schema-v2
  std::string software = {};              ///< that writes, for the files that say so
  std::string started = {};               ///< mpt: when the run began, "YYYY-MM-DD hh:mm:ss"; a run file does not know
  bool every_frame = false;               ///< mpt: a row per frame, not per millivolt
  std::function<void(const std::string&)> say = [](const std::string&) {};  ///< gets what the files do not hold
};

/// The files that were written. Throws InputError for what the run does not hold, and as AtomicFile does.
std::vector<std::filesystem::path> export_run(const RunReader& run, ExportFormat format,
                                              const std::filesystem::path& target, const ExportOptions& options);

std::vector<std::filesystem::path> export_schema_v2(const RunReader& run, const std::filesystem::path& target,
                                                    const ExportOptions& options);
std::vector<std::filesystem::path> export_mpt(const RunReader& run, const std::filesystem::path& target,
                                              const ExportOptions& options);
std::vector<std::filesystem::path> export_bdf(const RunReader& run, const std::filesystem::path& target,
                                              const ExportOptions& options);
std::vector<std::filesystem::path> export_unitpackage(const RunReader& run, const std::filesystem::path& target,
                                                      const ExportOptions& options);
std::vector<std::filesystem::path> export_gsf(const RunReader& run, const std::filesystem::path& target,
                                              const ExportOptions& options);
std::vector<std::filesystem::path> export_ome_tiff(const RunReader& run, const std::filesystem::path& target,
                                                   const ExportOptions& options);

}  // namespace seccm::files
