// Microscope images for the scan: lamp on, frame, lamp off, into the run file. Every frame that the camera delivers
// goes there, those for the dark level and the exposure too ("dark", "exposure_1", ...): a replay needs each of them.
//
// The lamp is dark during electrochemistry (TiO2 absorbs light, and every lamp warms the droplet). Exposure: as given,
// or found so that the 99.9th percentile lies at 70 % of full scale. A frame that the camera calls retryable (a lost
// packet) is taken again, three times at most; any other fault stops the rig.
#pragma once

#include <string_view>

#include "files/records.hpp"
#include "instrument/roles/rig.hpp"
#include "pipeline/scan/contrast_image.hpp"
#include "pipeline/scan/program_runner.hpp"
#include "pipeline/scan/scan_parameters.hpp"

namespace seccm::scan {

class Imaging {
 public:
  Imaging(const instrument::Rig& rig, const ProtocolParameters& parameters, files::RunRecorder& recorder,
          ProgramRunner& runner);

  /// Takes an image and hands it to the recorder under `name`.
  instrument::Image record(std::string_view name, instrument::LightChannel channel);
  /// The same, and its contrast.
  ContrastImage take(std::string_view name, instrument::LightChannel channel);

 private:
  struct Channel {
    double exposure = 0.0;  // s; 0: not known yet
  };
  instrument::Image grab(std::string_view name, double exposure, int average);
  void set_lamp(instrument::LightChannel channel, double intensity);
  double find_exposure();
  void measure_dark();

  instrument::Rig rig_;
  const ProtocolParameters& parameters_;
  files::RunRecorder& recorder_;
  ProgramRunner& runner_;
  Channel reflection_, transmission_;
  instrument::LightState lamps_;
  double dark_ = -1.0;  // counts; < 0: not measured yet
  int trials_ = 0;      // frames that only set an exposure
};

}  // namespace seccm::scan
