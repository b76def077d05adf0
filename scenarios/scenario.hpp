// A scenario: everything that a run depends on, as one tree of parameter structs with defaults and a seed.
//
// `visit` is the only list of what a scenario file may hold; reader, writer, `explain`, the reference page and the file
// attributes all walk it. Sections are named after what they describe and live beside the model that they belong to.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/parameter_table.hpp"
#include "config/value_tree.hpp"
#include "instrument/decorators/fault_injection.hpp"
#include "instrument/decorators/interlock_guard.hpp"
#include "instrument/drivers/host/host_config.hpp"
#include "instrument/drivers/wecspm/wecspm_config.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "models/cell/cell_scenario.hpp"
#include "models/ensemble/ensemble_parameters.hpp"
#include "models/voxels/voxel_parameters.hpp"
#include "pipeline/analysis/analysis_parameters.hpp"
#include "pipeline/scan/scan_parameters.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::scenarios {

enum class Job {
  scan,      ///< a scan on the rig, smart or regular
  simulate,  ///< voltammograms straight from the models
  ensemble,  ///< many different cells under one potential program
  campaign,  ///< several scan scenarios, one after another or side by side
};
inline constexpr std::array<std::string_view, 4> job_names{"scan", "simulate", "ensemble", "campaign"};

/// What stands behind a camera or lamps. `host`: the twin's camera or lamps behind a protocol of their own on loopback
/// (GigE Vision, pE-300), through the rig's driver. `hardware`: what [hardware] names, through the same driver.
enum class DeviceSource { twin, host, hardware, replay };
inline constexpr std::array<std::string_view, 4> device_source_names{"twin", "host", "hardware", "replay"};

/// What stands behind the probe sequencer. `registers`: the twin behind the registers and FIFOs of the rig's FPGA
/// image, driven by the rig's own driver. `host`: the twin's stage and source-measure unit behind their protocols,
/// driven by the host sequencer. `hardware`: the FPGA image of [wecspm], or stage and source-measure unit of [hardware]
/// under the host sequencer.
enum class SequencerSource { twin, registers, host, hardware, replay };
inline constexpr std::array<std::string_view, 5> sequencer_source_names{"twin", "registers", "host", "hardware",
                                                                        "replay"};

/// Whose SCPI the source-measure unit speaks.
inline constexpr std::array<std::string_view, 3> source_meter_dialect_names{"keithley_2450", "keithley_2400",
                                                                            "keithley_6430"};

/// The [rig] section: one line per device.
struct RigParameters {
  SequencerSource sequencer = SequencerSource::twin;
  DeviceSource camera = DeviceSource::twin;
  DeviceSource light = DeviceSource::twin;
  std::string replay_run;  ///< path of the run file that a replay plays

  static void visit(ParameterVisitor& v, RigParameters& p);
};

/// The [hardware] section: where the instruments of a real rig are. An empty place means that there is none. The probe
/// sequencer has a section of its own, [wecspm].
struct HardwareParameters {
  std::string stage;         ///< "HOST:PORT", or the device of a serial line
  std::string light;         ///< likewise
  std::string camera;        ///< address, or identifier as arv-tool lists it
  std::string source_meter;  ///< as stage
  int stage_baud = 115200;
  int light_baud = 57600;
  int source_meter_baud = 57600;
  int camera_bits = 0;                        ///< significant bits of a pixel; 0: not said
  Length camera_pixel_size = 0.0 * unit::um;  ///< at the sample; 0: not said
  Time timeout = 5.0 * unit::s;

  static void visit(ParameterVisitor& v, HardwareParameters& p);
};

/// The [serve] section: which instruments of the twin go on the wire, and where.
struct ServeParameters {
  std::string address = "127.0.0.1";
  double speed = 1.0;  ///< device seconds per second of the wall clock; 0: time passes by requests only
  bool stage = true;
  int stage_port = 50000;
  bool stage_serial = false;
  bool light = true;
  int light_port = 50001;
  bool light_serial = false;
  bool camera = true;
  bool source_meter = true;
  int source_meter_port = 5025;
  instrument::servers::ScpiDialect source_meter_dialect = instrument::servers::ScpiDialect::keithley_2450;
  bool beside_fpga = false;  ///< camera and light of the world behind libNiFpga.so as well

  static void visit(ParameterVisitor& v, ServeParameters& p);
};

/// The [micrograph_survey] section: electron micrographs of the landed points, taken after the scan on another
/// instrument.
struct MicrographSurveyParameters {
  bool enabled = true;
  Length width = 5.0 * unit::um;  ///< edge of the square area

  static void visit(ParameterVisitor& v, MicrographSurveyParameters& p);
};

/// The [campaign] section. Names are separated by commas or spaces; files are sought beside the campaign's own.
struct CampaignParameters {
  std::string runs;
  std::string truth_sets;
  std::string adjusted;  ///< what was adjusted to measured numbers, for the reader of the comparison
  int samples = 1;       ///< each run on so many samples: seeds seed, seed + 1, ...

  static void visit(ParameterVisitor& v, CampaignParameters& p);
};

struct Scenario {
  std::string name = "unnamed";
  std::string description;
  Job job = Job::scan;
  long long seed = 1;
  std::string truth_set = "reconciled";

  instrument::twin::TwinSpec twin;  ///< one section per member
  models::VoxelParameters voxels;
  models::CellScenarioParameters cell;
  models::ProgramParameters program;
  models::EnsembleParameters ensemble;
  instrument::InterlockParameters interlock;
  instrument::FaultParameters faults;
  RigParameters rig;
  HardwareParameters hardware;
  instrument::wecspm::WecspmConfig wecspm;
  instrument::drivers::HostConfig host;
  ServeParameters serve;
  scan::ScanParameters scan;
  MicrographSurveyParameters micrograph_survey;
  analysis::AnalysisParameters analysis;
  validation::ValidationParameters validation;
  CampaignParameters campaign;

  static void visit(ParameterVisitor& v, Scenario& p);
};

/// The parameters of a scenario with the values it holds.
config::ParameterTable parameters_of(Scenario scenario);

/// Complete TOML, every key written: reads back as the same scenario.
std::string write_scenario(Scenario scenario);

/// The part that the operator of a real rig would know: what to do and how to analyse it, nothing of what is true. It
/// goes into the run file; the analysis reads its own section from there.
std::string write_observable(Scenario scenario);

/// Assigns a tree of values. Throws InputError as config::ReadingVisitor does.
Scenario read_scenario(const config::ValueNode& tree);

/// Reads a file, applies `overrides` ("section.key=value") in their order, checks every value, the scenario as a whole,
/// and that every key that was given has an effect (scenarios/applicability.hpp). Throws InputError.
Scenario load_scenario(const std::filesystem::path& path, std::span<const std::string> overrides = {});
/// The same; `note` gets a sentence for each key of the file that an override put out of action.
Scenario load_scenario(const std::filesystem::path& path, std::span<const std::string> overrides,
                       const std::function<void(const std::string&)>& note);

/// The same from text; `name` stands for the file in messages. The scenario as a whole is not checked.
Scenario parse_scenario(std::string_view text, const std::string& name, std::span<const std::string> overrides = {});

}  // namespace seccm::scenarios
