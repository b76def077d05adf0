#include "tests/roles/sequencer_conformance.hpp"
#include "tests/roles/undisturbed.hpp"
#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(Wecspm, SequencerConformance, wecspm::testing::WecspmFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerConformance,
                               UndisturbedSequencer<wecspm::testing::WecspmFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerTransparency, wecspm::testing::WecspmFixture);

}  // namespace seccm::instrument::testing
