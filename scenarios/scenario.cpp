#include "scenarios/scenario.hpp"

#include <algorithm>

#include "config/overrides.hpp"
#include "config/reading_visitor.hpp"
#include "config/toml_source.hpp"
#include "config/toml_writer.hpp"
#include "scenarios/applicability.hpp"
#include "scenarios/consistency.hpp"
#include "scenarios/scenario_text.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

/// What the operator decides or has been told. Everything else is the truth of the twin.
constexpr std::array<std::string_view, 6> kObservable{"scan", "cv", "calibration", "policy", "interlock", "analysis"};

void visit_truth_set(ParameterVisitor& v, Scenario& p) {
  const auto names = models::truth_set_names();
  const auto at = std::find(names.begin(), names.end(), p.truth_set);
  const auto before = static_cast<int>(at == names.end() ? 0 : at - names.begin());
  int index = before;
  v.choice({.key = "truth_set",
            .source = "docs/physics.md",
            .text = "Named set of true transport and kinetic constants, applied to [material] before the keys of the "
                    "file"},
           names, index);
  if (index == before) return;
  p.truth_set = names[static_cast<std::size_t>(index)];
  models::apply_truth_set(p.truth_set, p.twin.material);
}

}  // namespace

void RigParameters::visit(ParameterVisitor& v, RigParameters& p) {
  v({.key = "sequencer",
     .text =
         "Probe sequencer: stage, potential, current. registers: the twin behind the registers of the rig's FPGA "
         "image, through the rig's own driver. host: the twin's stage and source-measure unit behind GCS and SCPI on "
         "loopback, through their drivers and the host sequencer. hardware: the FPGA image that [wecspm] names, or the "
         "stage and the source-measure unit that [hardware] names, under the host sequencer"},
    sequencer_source_names, p.sequencer);
  v({.key = "camera",
     .text =
         "Camera of the inverted microscope. host (with sequencer host): the twin's behind GigE Vision on "
         "loopback, through the driver. hardware (with sequencer and light hardware): the one that [hardware] names"},
    device_source_names, p.camera);
  v({.key = "light",
     .text =
         "Lamps of the inverted microscope. host (with sequencer host): the twin's behind a pE-300's protocol on "
         "loopback, through the driver. hardware (with sequencer and camera hardware): those that [hardware] names"},
    device_source_names, p.light);
  v({.key = "replay_run", .text = "Run file that a replay plays; all three devices replay the same run"}, p.replay_run);
}

void HardwareParameters::visit(ParameterVisitor& v, HardwareParameters& p) {
  v({.key = "stage", .text = "GCS 2.0 stage: HOST:PORT, or the device of a serial line; empty: none"}, p.stage);
  v({.key = "light", .text = "LED light source (pE-300): HOST:PORT, or the device of a serial line; empty: none"},
    p.light);
  v({.key = "camera", .text = "GigE Vision camera: address, or identifier as arv-tool lists it; empty: none"},
    p.camera);
  v({.key = "source_meter",
     .text =
         "SCPI source-measure unit (Keithley 2450 or 2400): HOST:PORT, or the device of a serial line; empty: none"},
    p.source_meter);
  v({.key = "stage_baud", .low = 300, .high = 4000000, .text = "Baud rate of the stage's serial line"}, p.stage_baud);
  v({.key = "light_baud", .low = 300, .high = 4000000, .text = "Baud rate of the lamps' serial line"}, p.light_baud);
  v({.key = "source_meter_baud", .low = 300, .high = 4000000, .text = "Baud rate of the source meter's serial line"},
    p.source_meter_baud);
  v({.key = "camera_bits",
     .low = 0,
     .high = 16,
     .text = "Significant bits of a pixel of the camera; 0: not said, which a scan does not accept"},
    p.camera_bits);
  v({.key = "camera_pixel_size",
     .unit = "nm",
     .low = 0,
     .high = 1e5,
     .text = "Pixel of the camera at the sample, pitch over magnification; 0: not said, which a scan does not accept"},
    p.camera_pixel_size);
  v({.key = "timeout", .unit = "s", .low = 0.01, .high = 3600, .text = "Longest wait for one answer, wall clock"},
    p.timeout);
}

void ServeParameters::visit(ParameterVisitor& v, ServeParameters& p) {
  v({.key = "address", .text = "Address of this machine to listen on; other machines can reach any but the loopback"},
    p.address);
  v({.key = "speed",
     .low = 0,
     .high = 1e4,
     .text =
         "Device seconds per second of the wall clock: 1 is real time, which clients that poll and wait need; 0: time "
         "passes by requests only, each taking its latency"},
    p.speed);
  v({.key = "stage", .text = "Serve the stage as a GCS 2.0 controller"}, p.stage);
  v({.key = "stage_port", .low = 0, .high = 65535, .text = "TCP port of the stage; 0: a free one"}, p.stage_port);
  v({.key = "stage_serial", .text = "Serve the stage on a pseudo terminal (a serial line) as well"}, p.stage_serial);
  v({.key = "light", .text = "Serve the lamps as an LED light source of the pE-300 kind"}, p.light);
  v({.key = "light_port", .low = 0, .high = 65535, .text = "TCP port of the lamps; 0: a free one"}, p.light_port);
  v({.key = "light_serial", .text = "Serve the lamps on a pseudo terminal (a serial line) as well"}, p.light_serial);
  v({.key = "camera", .text = "Serve the camera as a GigE Vision camera (its port is fixed: UDP 3956)"}, p.camera);
  v({.key = "source_meter", .text = "Serve tip potential and current as a SCPI source-measure unit"}, p.source_meter);
  v({.key = "source_meter_port", .low = 0, .high = 65535, .text = "TCP port of the source meter; 0: a free one"},
    p.source_meter_port);
  v({.key = "source_meter_dialect",
     .text =
         "Keithley model that the source meter is: its commands, and its ranges. The lowest are 10 nA, 1 uA and 1 pA"},
    source_meter_dialect_names, p.source_meter_dialect);
  v({.key = "beside_fpga",
     .text = "libNiFpga.so serves camera and lamps of its world as well, while its FPGA is open, as camera, light, "
             "light_port and address say"},
    p.beside_fpga);
}

void MicrographSurveyParameters::visit(ParameterVisitor& v, MicrographSurveyParameters& p) {
  v({.key = "enabled", .text = "Take electron micrographs of the landed points after the scan"}, p.enabled);
  v({.key = "width", .unit = "um", .low = 1, .high = 50, .text = "Edge of the square area of one micrograph"}, p.width);
}

void CampaignParameters::visit(ParameterVisitor& v, CampaignParameters& p) {
  v({.key = "runs", .text = "Scenario files of the campaign, separated by commas, beside this file"}, p.runs);
  v({.key = "truth_sets", .text = "Truth sets that every run is repeated for; empty: the run's own"}, p.truth_sets);
  v({.key = "adjusted", .text = "What was adjusted to measured numbers; printed beside the comparison with them"},
    p.adjusted);
  v({.key = "samples", .low = 1, .high = 1000, .text = "Samples per run: seeds seed, seed + 1, ..."}, p.samples);
}

void Scenario::visit(ParameterVisitor& v, Scenario& p) {
  v({.key = "name", .text = "Name of the scenario, copied into every file it leads to"}, p.name);
  v({.key = "description", .text = "What it shows, in a sentence or two"}, p.description);
  v({.key = "job",
     .text = "What to do: a scan on a rig, voltammograms from the models, many cells at once, or several scans"},
    job_names, p.job);
  v({.key = "seed", .low = 0, .high = 9007199254740992.0, .text = "Seed of every random stream"}, p.seed);
  visit_truth_set(v, p);

  v.section("rig", "What stands behind each device: twin, hardware or replay", p.rig);
  v.section("hardware", "Where the instruments of a real rig are (seccm doctor, rig.* = hardware)", p.hardware);
  v.section("wecspm", "The FPGA image of a real rig: the probe sequencer (seccm doctor, rig.sequencer = hardware)",
            p.wecspm);
  v.section(
      "host",
      "A rig whose host runs the probe over stage and source meter (rig.sequencer = host, or hardware without an FPGA)",
      p.host);
  v.section("serve", "Instruments of the twin on the wire (seccm serve)", p.serve);
  v.section("scan", "Protocol of the scan", p.scan.protocol);
  v.section("cv", "Voltammetry at each point", p.scan.cv);
  v.section("calibration", "Position and potential calibration before the points", p.scan.calibration);
  v.section("policy", "What the scan does about each class of fault", p.scan.policy);
  v.section("interlock", "Software limits around the sequencer", p.interlock);
  v.section("analysis", "Assumptions and choices of the blind analysis", p.analysis);
  v.section("validation", "What the comparison with the truth calls good", p.validation);
  v.section("micrograph_survey", "Electron micrographs of the landed points after the scan", p.micrograph_survey);
  v.section("campaign", "Runs of a campaign", p.campaign);

  v.section("sample", "Twin: TiO2 clusters on the gold-coated coverslip", p.twin.sample);
  v.section("pipette", "Twin: the pipette", p.twin.pipette);
  v.section("meniscus", "Twin: the droplet at the pipette", p.twin.meniscus);
  v.section("electrolyte", "Twin: what is in the pipette", p.twin.electrolyte);
  v.section("qrce", "Twin: quasi-reference counter electrode", p.twin.qrce);
  v.section("stage", "Twin: piezo stage and drift", p.twin.stage);
  v.section("amplifier", "Twin: current amplifier and converter", p.twin.amplifier);
  v.section("source_meter", "Twin: the source-measure unit in its place (seccm serve, rig.sequencer = host)",
            p.twin.source_meter);
  v.section("tip", "Twin: what contact does to current and glass", p.twin.tip);
  v.section("optics", "Twin: lamp, objective, gold-coated coverslip", p.twin.optics);
  v.section("camera", "Twin: camera of the inverted microscope", p.twin.camera);
  v.section("micrograph", "Twin: the electron microscope that looks at the sample afterwards", p.twin.micrograph);
  v.section("alignment", "Twin: how image and stage really lie to each other", p.twin.alignment);
  v.section("faults", "Twin: a fault on purpose, to rehearse what [policy] makes of it", p.faults);

  v.section("material", "Models: LixTiO2, thermodynamics, transport, kinetics", p.twin.material);
  v.section("particle", "Models: how a particle takes lithium up", p.twin.particle);
  v.section("phase_field", "Models: particles that separate into two phases (particle.model = cahn_hilliard...)",
            p.twin.phase_field);
  v.section("cluster", "Models: how the particles are joined, contacts and necks", p.twin.cluster);
  v.section("double_layer", "Models: capacitances per area", p.twin.double_layer);
  v.section("surface_redox", "Models: pseudocapacitive surface redox", p.twin.surface_redox);
  v.section("water_reduction", "Models: first-cycle reduction of trace water on gold", p.twin.water_reduction);
  v.section("numerics", "Models: mesh and steps", p.twin.numerics);
  v.section("cell", "Jobs simulate and ensemble: one idealised electrode", p.cell);
  v.section("voxels", "Job simulate: a cluster resolved in three dimensions instead of particles", p.voxels);
  v.section("program", "Jobs simulate and ensemble: the potential program", p.program);
  v.section("ensemble", "Job ensemble: what differs from cell to cell, and what is asked of them", p.ensemble);
}

config::ParameterTable parameters_of(Scenario scenario) {
  return config::collect_parameters([&](ParameterVisitor& v) { Scenario::visit(v, scenario); });
}

std::string write_scenario(Scenario scenario) {
  return config::write_toml([&](ParameterVisitor& v) { Scenario::visit(v, scenario); });
}

std::string write_observable(Scenario scenario) {
  const config::ParameterTable table = parameters_of(scenario);
  std::vector<std::string_view> without{"truth_set"};
  for (const config::SectionRow& section : table.sections) {
    const std::string_view top = std::string_view(section.path).substr(0, section.path.find('.'));
    if (std::find(kObservable.begin(), kObservable.end(), top) == kObservable.end()) without.push_back(section.path);
  }
  return config::write_toml([&](ParameterVisitor& v) { Scenario::visit(v, scenario); }, without);
}

Scenario read_scenario(const config::ValueNode& tree) {
  Scenario scenario;
  config::ReadingVisitor reader(tree, parameters_of(scenario).paths());
  Scenario::visit(reader, scenario);
  reader.finish();
  // A thermometer hangs beside the cell: the analyst knows its temperature unless the file says otherwise.
  const config::ValueNode* analysis = tree.find("analysis");
  if (analysis == nullptr || analysis->find("temperature") == nullptr)
    scenario.analysis.temperature = scenario.twin.tip.temperature;
  return scenario;
}

namespace {

config::ValueNode tree_of(std::string_view text, const std::string& name, std::span<const std::string> overrides) {
  config::ValueNode tree = config::parse_toml(text, name);
  for (const std::string& assignment : overrides) config::apply_override(tree, assignment);
  return tree;
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& name, std::span<const std::string> overrides) {
  return read_scenario(tree_of(text, name, overrides));
}

LoadedScenario load_with_unused_keys(const std::filesystem::path& path, std::span<const std::string> overrides) {
  const config::ValueNode tree = tree_of(read_text_file(path), path.string(), overrides);
  LoadedScenario loaded{read_scenario(tree), {}};
  try {
    require_consistent(loaded.scenario);
  } catch (const InputError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
  loaded.unused = unused_keys(tree, loaded.scenario);
  return loaded;
}

Scenario load_scenario(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return load_scenario(path, overrides, [](const std::string&) {});
}

Scenario load_scenario(const std::filesystem::path& path, std::span<const std::string> overrides,
                       const std::function<void(const std::string&)>& note) {
  LoadedScenario loaded = load_with_unused_keys(path, overrides);
  for (const UnusedKey& key : loaded.unused) {
    if (!key.excused) throw InputError(key.message);
    note(key.message);
  }
  return std::move(loaded.scenario);
}

}  // namespace seccm::scenarios
