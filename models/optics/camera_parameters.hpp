// The [camera] section: an area sensor in the terms of EMVA 1288.
//
// Defaults: Andor Zyla 4.2 (quantum efficiency, read noise, full well, pixel pitch from the maker's data sheet).
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

struct CameraParameters {
  int width = 1024;   ///< px
  int height = 1024;  ///< px
  Length pixel_pitch = 6.5 * unit::um;
  int bits = 16;
  Time exposure = 20.0 * unit::ms;
  Frequency photon_rate{9.0e5};  ///< photons per pixel and second from bare dry gold, LED at nominal power, no falloff
  Frequency lamp_photon_rate{9.0e5};  ///< the same for the transmission lamp
  double quantum_efficiency = 0.82;   ///< η
  double read_noise = 0.9;            ///< σ_r, electrons rms
  Frequency dark_current{0.1};        ///< μ_d, electrons per second
  double full_well = 30000.0;         ///< electrons
  double gain = 2.0;                  ///< K, DN per electron
  double offset = 100.0;              ///< DN
  double prnu = 0.005;                ///< rms of the pixel gains
  double dsnu = 0.5;                  ///< rms of the pixel offsets, electrons

  static void visit(ParameterVisitor& v, CameraParameters& p);
};

}  // namespace seccm::models
