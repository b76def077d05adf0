// The twin of a scenario on the wire: its [serve] section says which instruments, and where.
//
// All instruments look at one world, one request at a time. Stepped (serve.speed = 0): a request takes its modelled
// latency and nothing else lets time pass. Paced: a request first lets the world catch up with the wall clock, or
// waits for it where an earlier one (an exposure, an aperture) has put the world ahead; answers and frames leave when
// the wall clock is there.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "instrument/roles/clock.hpp"
#include "rigs/served_microscope.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::rigs {

class ServedRig {
 public:
  /// Listens at once. `note` is told, on threads of the servers, what went wrong on a wire. Throws InputError if
  /// nothing is to be served, an address or port can not be had, or the scenario's parameters are out of range.
  ServedRig(const scenarios::Scenario& scenario, WireNote note);
  ~ServedRig();
  ServedRig(const ServedRig&) = delete;
  ServedRig& operator=(const ServedRig&) = delete;

  [[nodiscard]] const std::vector<Listener>& listeners() const;
  /// Serves until a stop is requested; then every connection is closed.
  void run(const std::stop_token& stop);
  /// Device time, s; not while another thread is in run().
  [[nodiscard]] double now() const;
  /// The time of these instruments, for a host in this process: sleeping lets it pass.
  [[nodiscard]] instrument::Clock& clock();
  /// Frames that the camera made for its clients.
  [[nodiscard]] std::uint64_t camera_frames() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::rigs
