// GigE Vision camera and LED light source are a microscope like any other, behind a decorator that injects nothing too.
#include "tests/gige/gige_fixture.hpp"
#include "tests/roles/camera_conformance.hpp"
#include "tests/roles/undisturbed.hpp"

namespace seccm::instrument::testing {

// Comes along with the decorators; instantiated where the sequencers are.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SequencerConformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SequencerTransparency);

INSTANTIATE_TYPED_TEST_SUITE_P(OverTheWire, MicroscopeConformance, WiredMicroscope);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, MicroscopeConformance, UndisturbedMicroscope<WiredMicroscope>);

}  // namespace seccm::instrument::testing
