// A recording of another host -> a run file of ours.
//
// What the source does not say is left empty, not guessed: no programs, no rig, no images, no registration, no
// micrographs. Points and legs are reconstructed (segmentation.hpp). Channels are stored as 16-bit counts: the counts
// of the source when it states its digitisation, else the finest that spans the values (half a count of error, 1/131068
// of the span).
#pragma once

#include <filesystem>
#include <optional>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

struct ImportOptions {
  /// Of the source; nothing: what it states itself, else wec_spm, of an .mpt iupac.
  std::optional<Polarity> polarity = {};
  std::optional<double> reference_offset = {};  ///< E_vs_Li = E_vs_QRCE + offset, V, as the operator knows it
  double reference_error = 0.0;                 ///< of it, V
  std::optional<double> pipette_diameter = {};  ///< m
  std::string software = {};                    ///< that imports, for the header
};

struct ImportReport {
  std::string format;
  Polarity polarity = Polarity::wec_spm;
  std::uint64_t frames = 0;
  std::size_t points = 0, ramps = 0;
  bool complete = false;
  std::vector<std::string> notes;
};

/// `source`: a .tsv (its .set file is found beside it), a .csv or .json of schema v2 (its other half is found beside
/// it), or an .mpt. Throws InputError.
ForeignRecording read_foreign(const std::filesystem::path& source, const ImportOptions& options);

/// Writes `recording` as the run file `target`. Throws InputError.
ImportReport write_foreign(ForeignRecording recording, const std::filesystem::path& target,
                           const ImportOptions& options);

}  // namespace seccm::files
