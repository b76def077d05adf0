#include "tests/host/host_fixture.hpp"
#include "tests/roles/sequencer_conformance.hpp"
#include "tests/roles/undisturbed.hpp"

namespace seccm::instrument::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(Host, SequencerConformance, host_test::HostFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerConformance, UndisturbedSequencer<host_test::HostFixture>);
INSTANTIATE_TYPED_TEST_SUITE_P(FaultInjecting, SequencerTransparency, host_test::HostFixture);

}  // namespace seccm::instrument::testing
