// A recording of another host -> a run file of ours.
//
// What the source does not say is left empty, not guessed: no programs, no rig, no images, no registration, no
// micrographs. Points and legs are reconstructed (segmentation.hpp). Channels are stored as 16-bit counts: the counts
// of the source when it states its digitisation, else the finest that spans the values (half a count of error, 1/131068
// of the span).
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "files/import/foreign_recording.hpp"
#include "files/import/plain_table.hpp"
#include "files/run_file.hpp"

namespace seccm::files {

struct ImportOptions {
  /// Of the source; nothing: what it states itself or its format fixes.
  std::optional<Polarity> polarity = {};
  ColumnChoices columns = {};                   ///< of a text table
  std::vector<double> scan_rates = {};          ///< V/s, of text tables without time: one, or one per file or series
  std::vector<StatedQuantity> stated = {};      ///< what the user knows
  std::optional<double> reference_offset = {};  ///< E_vs_Li = E_vs_QRCE + offset, V, as the operator knows it
  double reference_error = 0.0;                 ///< of it, V
  std::string software = {};                    ///< that imports, for the header
};

struct ImportReport {
  std::string format;
  Polarity polarity = Polarity::wec_spm;
  std::uint64_t frames = 0;
  std::size_t points = 0, ramps = 0;
  /// Sweeps found at one scan rate, V/s, over all points.
  struct Rate {
    double scan_rate = 0.0;
    std::size_t anodic = 0, cathodic = 0;  ///< ramps
    int cycles = 0;                        ///< of the point that has most
  };
  std::vector<Rate> rates;  ///< rising
  bool complete = false;
  std::vector<std::string> notes;
};

/// What a file is follows from its content: EC-Lab or BT-Lab text, Gamry data, a WEC-SPM recording (its .set file is
/// found beside it), a CSV of recording schema v2 or of a data package (their JSON beside it; either half can be
/// named), else a table of text. Several sources are one series, in their order. Throws InputError.
ForeignRecording read_foreign(const std::vector<std::filesystem::path>& sources, const ImportOptions& options);

/// Writes `recording` as the run file `target`, with what `more` adds. Throws InputError.
ImportReport write_foreign(ForeignRecording recording, const std::filesystem::path& target,
                           const ImportOptions& options, const MoreGroups& more = {});

}  // namespace seccm::files
