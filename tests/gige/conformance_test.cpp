// GigE Vision camera and LED light source are a microscope like any other.
#include "tests/gige/gige_fixture.hpp"
#include "tests/roles/camera_conformance.hpp"

namespace seccm::instrument::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(OverTheWire, MicroscopeConformance, WiredMicroscope);

}  // namespace seccm::instrument::testing
