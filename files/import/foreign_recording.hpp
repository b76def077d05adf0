// A recording of another host, in our units and signs: what its files say, and nothing more.
//
// SI units. IUPAC: E1 is the substrate against the quasi-reference electrode, anodic current positive. The WEC-SPM rig
// grounds the substrate and polarises the electrode in the pipette, so its files hold the opposite signs of both
// (`Polarity::wec_spm`); the readers negate potentials and currents then. A sign is never guessed: it is what the user
// says, else what the source states, else what its format fixes; where none of them speaks, the import is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/records.hpp"

namespace seccm::files {

enum class Polarity {
  wec_spm,            ///< potential of the electrode in the pipette against the substrate, cathodic current positive
  iupac,              ///< as in our files
  cathodic_positive,  ///< potentials as in our files, cathodic current positive
};
std::string_view to_string(Polarity polarity);
/// Nothing for another name.
std::optional<Polarity> polarity_named(std::string_view name);
/// -1 or +1: what a potential of the file is multiplied by.
[[nodiscard]] constexpr double sign_of(Polarity polarity) {
  return polarity == Polarity::wec_spm ? -1.0 : 1.0;
}
/// The same of a current.
[[nodiscard]] constexpr double current_sign_of(Polarity polarity) {
  return polarity == Polarity::iupac ? 1.0 : -1.0;
}

/// The signs of a source and who says so.
struct StatedPolarity {
  std::optional<Polarity> polarity{};
  std::string by{};  ///< "settings.polarity_convention is 'IUPAC'", "EC-Lab writes anodic currents positive"
};
/// What the user `said`, else what is `stated`; adds a note that names signs and source. Throws InputError naming
/// `file` when nobody says.
Polarity decide_polarity(std::optional<Polarity> said, const StatedPolarity& stated, std::string_view file,
                         std::vector<std::string>& notes);

/// Digitisation of a run of ours that was exported: the import then finds the same counts again.
struct OwnDigits {
  Scale x, y, z, E1, i1, E2, i2;
  std::int64_t first_tick = 0;
};

struct ForeignRecording {
  std::string format;      ///< "WEC-SPM TSV", "recording schema v2"
  std::string experiment;  ///< name, may be empty
  bool simulated = false;  ///< a model, no instrument
  bool complete = false;   ///< the source says that the experiment came to its end
  Polarity polarity = Polarity::wec_spm;

  std::vector<double> t;                         ///< s, from the first sample
  std::vector<double> x, y, z, E1, E2, i1, i2;   ///< as long as t, or empty when the source has no such channel
  std::vector<std::int32_t> line_number, pixel;  ///< as long as t, or empty; pixel < 0: outside the array
  /// As long as t, or empty. Which of several recordings or techniques a sample belongs to, < 0: it is no part of a
  /// voltammogram. No leg goes over from one to the next.
  std::vector<std::int32_t> section;
  std::vector<std::int32_t> cycle;   ///< as long as t, or empty: as the source numbers them
  std::vector<double> stated_rates;  ///< V/s, scan rates that the source names; may be empty

  /// A commanded position of the array.
  struct Pixel {
    std::int32_t index = 0;
    double x = 0.0, y = 0.0;  ///< m
    PointKind kind = PointKind::grid;
  };
  std::vector<Pixel> pixels;

  std::vector<ReferenceCalibration> calibrations;
  double pipette_diameter = 0.0;  ///< m; 0: not stated
  double current_range = 0.0;     ///< A; 0: not stated
  std::optional<OwnDigits> digits;
  std::vector<std::string> notes;  ///< what was assumed, inferred or left out
};

/// Cuts the first sample's time off all.
void start_at_zero(ForeignRecording& recording);

/// Throws InputError naming `file` unless time increases, every channel is as long as it, and values are below 1000 in
/// SI units.
void require_whole(const ForeignRecording& recording, std::string_view file);

}  // namespace seccm::files
