#include "pipeline/scan/reconnection.hpp"

namespace seccm::scan {

void connect_again(ScanSession& session) {
  const instrument::ConnectConsent consent{.allow_motion = true};
  for (instrument::Device* device :
       {static_cast<instrument::Device*>(&session.rig.sequencer), static_cast<instrument::Device*>(&session.rig.camera),
        static_cast<instrument::Device*>(&session.rig.light)})
    if (const auto connected = device->connect(consent); !connected) session.runner.fail(connected.error());
  session.runner.discard_stream();
  session.park();
}

void take_over_if_due(ScanSession& session) {
  const auto cause = session.recorder.take_over_due();
  if (!cause) return;
  session.recorder.add(files::FaultRecord{.point = session.last_point.index,
                                          .t = session.rig.clock.now(),
                                          .fault = std::string(files::taken_over),
                                          .action = "connect again",
                                          .device = "",
                                          .detail = *cause});
  ++session.outcome.faults;
  session.surface = SurfacePlane();
  session.shift_in_doubt = true;
  try {
    connect_again(session);
  } catch (const DeviceFault& fault) {
    throw DeviceFault(fault.error, fault.fault, PolicyAction::retract_and_stop);
  }
  session.report("taken over from the journal");
}

}  // namespace seccm::scan
