// The twin, plain, guarded and behind decorators that inject nothing, is a rig like any other.
#include "tests/roles/camera_conformance.hpp"
#include "tests/roles/sequencer_conformance.hpp"
#include "tests/roles/undisturbed.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::testing {

using twin::testing::GuardedTwinFixture;
using twin::testing::TwinFixture;

INSTANTIATE_TYPED_TEST_SUITE_P(Twin, SequencerConformance, TwinFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(GuardedTwin, SequencerConformance, GuardedTwinFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerConformance, UndisturbedSequencer<TwinFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(Twin, MicroscopeConformance, TwinFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, MicroscopeConformance, UndisturbedMicroscope<TwinFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerTransparency, TwinFixture);

}  // namespace seccm::instrument::testing
