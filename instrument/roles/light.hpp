// The lamps: epi-illumination through the objective (interference reflection) and an oblique lamp from above
// (transmission: shows the pipette).
#pragma once

#include "instrument/roles/device.hpp"

namespace seccm::instrument {

enum class LightChannel { reflection, transmission };

struct LightState {
  double reflection = 0.0;    ///< fraction of full power, 0..1
  double transmission = 0.0;  ///< fraction of full power, 0..1
};

class Light : public Device {
 public:
  virtual Outcome set(LightChannel channel, double intensity) = 0;
  [[nodiscard]] virtual Result<LightState> get() const = 0;
};

}  // namespace seccm::instrument
