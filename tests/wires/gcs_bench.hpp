// One controller on a stage of the bench, with a session to talk to.
#pragma once

#include <string>
#include <vector>

#include "instrument/servers/gcs/gcs_session.hpp"
#include "tests/wires/bench_stage.hpp"

namespace seccm::instrument::testing {

struct GcsBench {
  explicit GcsBench(double latency = 0.0, const std::vector<double>& at = {0.0, 0.0, 0.0}, double creep = 0.0)
      : stage(time, at, creep), controller(stage, time, {.latency = latency}), session(controller) {}
  /// One line; the reply.
  std::string ask(const std::string& line) { return session.feed(line + "\n"); }
  /// One command; the error that it leaves.
  std::string error_of(const std::string& line) {
    const std::string reply = ask(line);
    return reply + ask("ERR?");
  }

  BenchSeconds time;
  BenchStage stage;
  servers::GcsController controller;
  servers::GcsSession session;
};

}  // namespace seccm::instrument::testing
