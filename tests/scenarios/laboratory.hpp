// What answers at the places of rig.* = "hardware" in the tests: the twin, behind our own libNiFpga.so or on the wire.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "instrument/servers/wire/line_session.hpp"
#include "rigs/served_rig.hpp"
#include "scenarios/applicability.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios::laboratory {

namespace fs = std::filesystem;
namespace servers = instrument::servers;
using Keys = std::vector<std::string>;

inline Keys operator+(Keys a, const Keys& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Two clusters that nothing can confuse, and few frames.
inline const Keys sample{"sample.cluster_sizes=[60, 150]",
                         "sample.positions_x=[\"46 um\", \"54 um\"]",
                         "sample.positions_y=[\"50 um\", \"50 um\"]",
                         "cv.cycles=1",
                         "cv.scan_rates=[\"1 V/s\"]",
                         "micrograph_survey.enabled=false"};
inline const Keys smart{"scan.points=3", "scan.blanks=1", "scan.average=4", "scan.landing_images=1"};
// Its nodes are the two clusters; the places of the ferrocene lie between them.
inline const Keys array{"scan.mode=grid", "scan.grid_columns=2", "scan.grid_rows=1", "scan.grid_pitch=8 um",
                        "scan.average=1"};
inline const Keys hardware{"rig.sequencer=hardware",    "rig.camera=hardware",     "rig.light=hardware",
                           "hardware.camera=127.0.0.1", "hardware.camera_bits=16", "hardware.camera_pixel_size=130 nm",
                           "hardware.timeout=60 s"};

inline Scenario described(const Keys& keys) {
  return load_scenario(resolve_scenario("quickstart"), keys);
}

/// One that nobody listens on.
inline int free_port() {
  servers::WireServer probe;
  return probe.add_tcp(servers::loopback, 0, [] { return std::unique_ptr<servers::Session>(); });
}

/// Keys of a scan whose FPGA, camera and lamps are those of the world behind libNiFpga.so, which the environment names.
class FpgaLaboratory {
 public:
  explicit FpgaLaboratory(const Keys& what) {
    const std::string port = std::to_string(free_port());
    keys_ = sample + what + hardware +
            Keys{std::string("wecspm.library=") + SECCM_NIFPGA_LIBRARY,
                 std::string("wecspm.bitfile=") + SECCM_SOURCE_DIR + "/instrument/wecspm/software_target.lvbitx",
                 "hardware.light=127.0.0.1:" + port, "serve.light_port=" + port, "serve.beside_fpga=true"};
    std::ofstream(folder_ / "rig.toml") << write_used(described(keys_));
    setenv("SECCM_RIG", (folder_ / "rig.toml").c_str(), 1);
  }
  ~FpgaLaboratory() { unsetenv("SECCM_RIG"); }
  /// From now on other instruments answer at the same places.
  void exchange(const Keys& changes) const {
    std::ofstream(folder_ / "rig.toml") << write_used(described(keys_ + changes));
  }
  FpgaLaboratory(const FpgaLaboratory&) = delete;
  FpgaLaboratory& operator=(const FpgaLaboratory&) = delete;
  [[nodiscard]] const Keys& keys() const { return keys_; }

 private:
  test::ScratchDirectory folder_;
  Keys keys_;
};

/// `seccm serve` in this process, and keys of a scan on what it serves.
class ServedLaboratory {
 public:
  explicit ServedLaboratory(const Keys& what)
      : rig_(described(sample + what +
                       Keys{"serve.stage_port=0", "serve.light_port=0", "serve.source_meter_port=0", "serve.speed=0"}),
             [](const std::string&) {}),
        keys_(sample + what + hardware +
              Keys{"hardware.stage=" + rig_.listeners().at(0).where, "hardware.light=" + rig_.listeners().at(1).where,
                   "hardware.source_meter=" + rig_.listeners().at(2).where}),
        server_(serving()) {}
  [[nodiscard]] const Keys& keys() const { return keys_; }
  /// Stage, source meter and lamps hang up, and answer nobody until they are back; sample and pipette stay.
  void switch_off() { server_ = {}; }
  void switch_on() { server_ = serving(); }
  [[nodiscard]] instrument::Clock& clock() { return rig_.clock(); }

 private:
  std::jthread serving() {
    return std::jthread([this](const std::stop_token& stop) { rig_.run(stop); });
  }

  rigs::ServedRig rig_;
  Keys keys_;
  std::jthread server_;
};

}  // namespace seccm::scenarios::laboratory
