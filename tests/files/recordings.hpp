// Voltammograms as text in the formats of the field, known in every number: a peak on a straight ramp.
#pragma once

#include <string>
#include <vector>

namespace seccm::files::test {

struct CvSample {
  double t, E, i;  // s, V, A
  int cycle;
};

struct CvProgramme {
  std::vector<double> potentials{3.0, 1.0, 3.0, 1.0, 3.0};  ///< ramps through them
  double scan_rate = 0.1;                                   ///< V/s
  double step = 5e-3;                                       ///< V between two samples
  double rest = 0.0;                                        ///< s at the first potential, and again at the last
  double noise = 0.0;                                       ///< V rms of the potential
};

/// Peaks of 1 pA (at 100 mV/s, with the root of the rate) at 1.7 V cathodic and 2.0 V anodic.
std::vector<CvSample> cv_samples(const CvProgramme& programme);
/// One recording behind the other, `gap` seconds apart.
std::vector<CvSample> in_a_row(const std::vector<CvProgramme>& programmes, double gap);

/// EC-Lab text; `columns` extra labels with zeros in front.
std::string to_mpt(const std::vector<CvSample>& samples, const std::string& potential = "Ewe/V",
                   const std::string& current = "<I>/mA", std::size_t extra = 0);
/// A table: the labels, then t, E, i, in the units of the factors.
std::string to_table(const std::vector<CvSample>& samples, const std::string& labels, char separator = ',',
                     double per_ampere = 1.0, bool comma = false, bool time = true);

}  // namespace seccm::files::test
