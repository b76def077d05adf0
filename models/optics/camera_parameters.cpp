#include "models/optics/camera_parameters.hpp"

namespace seccm::models {
namespace {

constexpr std::string_view zyla = "Andor Zyla 4.2, maker's data sheet";

void visit_format(ParameterVisitor& v, CameraParameters& p) {
  v({.key = "width",
     .unit = "px",
     .low = 16,
     .high = 8192,
     .grade = Grade::choice,
     .source = "field of view of 133 um with 50x",
     .text = "Columns of a frame"},
    p.width);
  v({.key = "height",
     .unit = "px",
     .low = 16,
     .high = 8192,
     .grade = Grade::choice,
     .source = "field of view of 133 um with 50x",
     .text = "Rows of a frame"},
    p.height);
  v({.key = "pixel_pitch",
     .unit = "um",
     .low = 1,
     .high = 30,
     .grade = Grade::verified,
     .source = zyla,
     .text = "Pixel pitch on the sensor"},
    p.pixel_pitch);
  v({.key = "bits",
     .low = 8,
     .high = 16,
     .grade = Grade::verified,
     .source = zyla,
     .text = "Bits of the digitiser; pixels are stored in 16 bits"},
    p.bits);
  v({.key = "exposure",
     .unit = "ms",
     .low = 0.01,
     .high = 10000,
     .grade = Grade::choice,
     .source = "half of the full well on bare gold",
     .text = "Exposure time"},
    p.exposure);
  v({.key = "photon_rate",
     .unit = "1/s",
     .low = 0,
     .high = 1e9,
     .grade = Grade::choice,
     .source = "half of the full well on bare gold",
     .text = "Photons per pixel from bare dry gold at nominal LED power"},
    p.photon_rate);
  v({.key = "lamp_photon_rate",
     .unit = "1/s",
     .low = 0,
     .high = 1e9,
     .grade = Grade::choice,
     .source = "half of the full well on bare gold",
     .text = "Photons per pixel through bare dry gold at nominal lamp power"},
    p.lamp_photon_rate);
}

void visit_noise(ParameterVisitor& v, CameraParameters& p) {
  v({.key = "quantum_efficiency",
     .low = 0.01,
     .high = 1,
     .grade = Grade::verified,
     .source = zyla,
     .text = "Electrons per photon"},
    p.quantum_efficiency);
  v({.key = "read_noise",
     .unit = "e-",
     .low = 0,
     .high = 1000,
     .grade = Grade::verified,
     .source = zyla,
     .text = "Temporal dark noise of one frame"},
    p.read_noise);
  v({.key = "dark_current",
     .unit = "1/s",
     .low = 0,
     .high = 1e5,
     .grade = Grade::recalled,
     .source = "cooled scientific CMOS",
     .text = "Dark electrons per pixel and second"},
    p.dark_current);
  v({.key = "full_well",
     .unit = "e-",
     .low = 100,
     .high = 1e7,
     .grade = Grade::verified,
     .source = zyla,
     .text = "Saturation capacity"},
    p.full_well);
  v({.key = "gain",
     .unit = "DN",
     .low = 1e-4,
     .high = 1e3,
     .grade = Grade::choice,
     .source = "full well near the top of 16 bits",
     .text = "Digital numbers per electron"},
    p.gain);
  v({.key = "offset",
     .unit = "DN",
     .low = 0,
     .high = 10000,
     .grade = Grade::recalled,
     .source = "usual 100 DN",
     .text = "Digital number of a dark pixel"},
    p.offset);
  v({.key = "prnu",
     .low = 0,
     .high = 0.1,
     .grade = Grade::recalled,
     .source = "0.5-1 % usual",
     .text = "Photo response non-uniformity, rms"},
    p.prnu);
  v({.key = "dsnu",
     .unit = "e-",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "0.3-2 e- usual",
     .text = "Dark signal non-uniformity, rms"},
    p.dsnu);
}

}  // namespace

void CameraParameters::visit(ParameterVisitor& v, CameraParameters& p) {
  visit_format(v, p);
  visit_noise(v, p);
}

}  // namespace seccm::models
