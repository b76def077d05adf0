#include <algorithm>
#include <array>

#include "scenarios/applicability.hpp"
#include "scenarios/sections_in_use.hpp"

namespace seccm::scenarios {
namespace {

using models::DiffusionKind;
using models::EngineKind;
using models::ParticleArrangement;
using models::ParticleModel;
using models::ProgramKind;
using models::VoxelSource;
using models::WiringKind;

bool scans(const Scenario& s) {
  return s.job == Job::scan;
}
bool simulates(const Scenario& s) {
  return s.job == Job::simulate;
}
bool is_ensemble(const Scenario& s) {
  return s.job == Job::ensemble;
}
bool has_cell(const Scenario& s) {
  return simulates(s) || is_ensemble(s);
}
bool is_fick(const Scenario& s) {
  return s.twin.particle.model == ParticleModel::fick;
}
bool is_packed(const Scenario& s) {
  return s.twin.cluster.particles == ParticleArrangement::packed;
}
bool is_network(const Scenario& s) {
  return s.twin.cluster.wiring == WiringKind::network;
}
bool resolves_voxels(const Scenario& s) {
  return simulates(s) && has_voxels(s);
}
bool w_sets_D(const Scenario& s) {
  return has_cell(s) && s.cell.w > 0.0 && !s.program.scan_rates.empty();
}
bool second_lattice(const Scenario& s) {
  return is_fick(s) ? s.twin.material.second_process
                    : s.twin.particle.model == ParticleModel::cahn_hilliard_two_lattices;
}
bool salt_moves(const Scenario& s) {
  return s.twin.electrolyte.salt.transport != models::SaltTransport::none;
}
bool has_salt_constants(const Scenario& s) {
  return salt_moves(s) && s.twin.electrolyte.salt.properties != models::SaltLaw::landesfeind;
}
bool spreads(const Scenario& s) {
  return s.twin.electrolyte.salt.spreading != models::Spreading::none;
}
/// On a mesh of radial volumes.
bool in_shells(const Scenario& s) {
  return is_fick(s) && !resolves_voxels(s);
}
bool pile_of_radii(const Scenario& s) {
  return s.voxels.source == VoxelSource::packing || s.voxels.source == VoxelSource::polycrystal;
}
bool sweeps_back(const Scenario& s) {
  return s.program.kind == ProgramKind::cyclic || s.program.kind == ProgramKind::staircase;
}
bool asks_bounds(const Scenario& s) {
  return s.ensemble.noise.si() > 0.0 || s.ensemble.relative_noise > 0.0;
}

/// Whose keys a job reads.
constexpr std::array of_the_job{
    ApplicabilityRule{"* -name -description -job -seed -campaign.*",
                      [](const Scenario& s) { return s.job != Job::campaign; }, "job",
                      "--set on the command line, which goes to the runs"},
    ApplicabilityRule{"rig.* hardware.* wecspm.* host.* serve.* scan.* cv.* calibration.* policy.* interlock.* "
                      "analysis.* validation.* micrograph_survey.* qrce.* stage.* amplifier.* source_meter.* tip.* "
                      "optics.* camera.* micrograph.* alignment.* faults.* material.x_max",
                      [](const Scenario& s) { return !has_cell(s); }, "job", "job = \"scan\""},
    ApplicabilityRule{"campaign.*", [](const Scenario& s) { return s.job == Job::campaign; }, "job",
                      "job = \"campaign\""},
    ApplicabilityRule{"cell.* program.*", [](const Scenario& s) { return !scans(s); }, "job",
                      "job = \"simulate\" or \"ensemble\""},
    ApplicabilityRule{"cluster.* -cluster.wiring -cluster.particles", [](const Scenario& s) { return !is_ensemble(s); },
                      "job", "job = \"simulate\" or \"scan\""},
    ApplicabilityRule{"cluster.isolated cluster.number voxels.* -voxels.source",
                      [](const Scenario& s) { return !scans(s) && !is_ensemble(s); }, "job", "job = \"simulate\""},
    ApplicabilityRule{"particle.radius_spread", [](const Scenario& s) { return !scans(s); }, "job",
                      "job = \"simulate\""},
    ApplicabilityRule{"ensemble.*", [](const Scenario& s) { return !scans(s) && !simulates(s); }, "job",
                      "job = \"ensemble\""},
    ApplicabilityRule{"sample.* pipette.* meniscus.* electrolyte.* -electrolyte.transport -electrolyte.spreading",
                      [](const Scenario& s) { return !is_ensemble(s); }, "job", "job = \"scan\" or \"simulate\""},
};

constexpr std::array of_material{
    ApplicabilityRule{"material.D material.diffusion material.D_intercalation material.D_deintercalation "
                      "material.D_exponent material.D_table material.D_table_y",
                      [](const Scenario& s) { return !w_sets_D(s); }, "cell.w", "cell.w = 0", true},
    ApplicabilityRule{"material.g",
                      [](const Scenario& s) { return s.twin.material.law == models::IsothermKind::frumkin; },
                      "material.law", "material.law = \"frumkin\""},
    ApplicabilityRule{"material.plateau_solubility",
                      [](const Scenario& s) { return s.twin.material.law == models::IsothermKind::anatase_plateau; },
                      "material.law", "material.law = \"anatase_plateau\""},
    ApplicabilityRule{"material.D",
                      [](const Scenario& s) {
                        const DiffusionKind kind = s.twin.material.diffusion;
                        return kind != DiffusionKind::per_direction && kind != DiffusionKind::table;
                      },
                      "material.diffusion", "material.diffusion = \"single\", \"exponential\" or \"thermodynamic\""},
    ApplicabilityRule{"material.D_intercalation material.D_deintercalation",
                      [](const Scenario& s) { return s.twin.material.diffusion == DiffusionKind::per_direction; },
                      "material.diffusion", "material.diffusion = \"per_direction\""},
    ApplicabilityRule{"material.D_exponent",
                      [](const Scenario& s) { return s.twin.material.diffusion == DiffusionKind::exponential; },
                      "material.diffusion", "material.diffusion = \"exponential\""},
    ApplicabilityRule{"material.D_table material.D_table_y",
                      [](const Scenario& s) { return s.twin.material.diffusion == DiffusionKind::table; },
                      "material.diffusion", "material.diffusion = \"table\""},
    ApplicabilityRule{
        "material.reorganisation_energy",
        [](const Scenario& s) { return s.twin.material.kinetics == models::KineticsKind::marcus_hush_chidsey; },
        "material.kinetics", "material.kinetics = \"marcus_hush_chidsey\""},
    ApplicabilityRule{"material.second_E0 material.second_D material.second_k0", second_lattice,
                      "material.second_process particle.model",
                      "material.second_process = true, or particle.model = \"cahn_hilliard_two_lattices\""},
    ApplicabilityRule{"phase_field.*", [](const Scenario& s) { return !is_fick(s); }, "particle.model",
                      "particle.model = \"cahn_hilliard\" or \"cahn_hilliard_two_lattices\""},
    ApplicabilityRule{
        "phase_field.omega_second phase_field.coupling",
        [](const Scenario& s) { return s.twin.particle.model == ParticleModel::cahn_hilliard_two_lattices; },
        "particle.model", "particle.model = \"cahn_hilliard_two_lattices\""},
    ApplicabilityRule{"phase_field.size_length", [](const Scenario& s) { return s.twin.phase_field.size_dependent; },
                      "phase_field.size_dependent", "phase_field.size_dependent = true"},
    ApplicabilityRule{"phase_field.wetting_energy",
                      [](const Scenario& s) { return s.twin.phase_field.wetting == models::WettingKind::energy; },
                      "phase_field.wetting", "phase_field.wetting = \"energy\""},
    ApplicabilityRule{"phase_field.wetting_filling phase_field.wetting_length",
                      [](const Scenario& s) { return s.twin.phase_field.wetting == models::WettingKind::filling; },
                      "phase_field.wetting", "phase_field.wetting = \"filling\""},
    ApplicabilityRule{"surface_redox.* -surface_redox.enabled",
                      [](const Scenario& s) { return s.twin.surface_redox.enabled; }, "surface_redox.enabled",
                      "surface_redox.enabled = true"},
    ApplicabilityRule{"water_reduction.* -water_reduction.enabled",
                      [](const Scenario& s) { return s.twin.water_reduction.enabled; }, "water_reduction.enabled",
                      "water_reduction.enabled = true"},
    ApplicabilityRule{"water_reduction.* -water_reduction.enabled double_layer.gold",
                      [](const Scenario& s) { return !has_cell(s) || s.cell.gold_area.si() > 0.0; }, "cell.gold_area",
                      "a cell.gold_area above 0"},
};

constexpr std::array of_cells{
    ApplicabilityRule{"sample.particle_diameter sample.field_width sample.field_height sample.edge_margin "
                      "sample.clusters sample.minimum_spacing sample.cluster_size_median sample.cluster_size_sigma "
                      "sample.cluster_size_max sample.cluster_sizes sample.positions_x sample.positions_y "
                      "sample.substrate.*",
                      [](const Scenario& s) { return !simulates(s); }, "job",
                      "job = \"scan\" (the pile of job simulate has cell.particles spheres of median radius "
                      "cell.radius)"},
    ApplicabilityRule{"sample.*", [](const Scenario& s) { return !simulates(s) || is_packed(s); }, "cluster.particles",
                      "cluster.particles = \"packed\", or job = \"scan\""},
    ApplicabilityRule{"cluster.isolated cluster.number", is_packed, "cluster.particles",
                      "cluster.particles = \"packed\""},
    ApplicabilityRule{"cluster.conduction cluster.neck_share", is_network, "cluster.wiring",
                      "cluster.wiring = \"network\""},
    ApplicabilityRule{"cluster.conductivity_pristine cluster.conductivity_lithiated cluster.full_conduction_filling",
                      [](const Scenario& s) { return s.twin.cluster.conduction == models::ConductionKind::lithiation; },
                      "cluster.conduction", "cluster.conduction = \"lithiation\""},
    ApplicabilityRule{"cluster.neck_diffusivity cluster.neck_length",
                      [](const Scenario& s) { return s.twin.cluster.neck_share > 0.0; }, "cluster.neck_share",
                      "a cluster.neck_share above 0"},
    ApplicabilityRule{"particle.radius_spread", [](const Scenario& s) { return !is_packed(s); }, "cluster.particles",
                      "cluster.particles = \"alike\"; sample.particle_diameter_sigma spreads a pile"},
    ApplicabilityRule{"particle.radius_spread",
                      [](const Scenario& s) { return !resolves_voxels(s) || pile_of_radii(s); }, "voxels.source",
                      "voxels.source = \"packing\" or \"polycrystal\""},
    ApplicabilityRule{"cell.area", [](const Scenario& s) { return s.cell.geometry != sim::Geometry::sphere; },
                      "cell.geometry", "cell.geometry = \"slab\" or \"cylinder\""},
    ApplicabilityRule{"cell.geometry cell.area", [](const Scenario& s) { return !resolves_voxels(s); }, "voxels.source",
                      "voxels.source = \"none\": the image has the shape"},
    ApplicabilityRule{"cell.particles", [](const Scenario& s) { return !resolves_voxels(s) || pile_of_radii(s); },
                      "voxels.source", "voxels.source = \"packing\" or \"polycrystal\""},
    ApplicabilityRule{"cell.radius",
                      [](const Scenario& s) {
                        return !resolves_voxels(s) || pile_of_radii(s) || s.voxels.source == VoxelSource::sphere ||
                               w_sets_D(s);
                      },
                      "voxels.source", "voxels.source = \"packing\", \"polycrystal\" or \"sphere\""},
    ApplicabilityRule{"voxels.* -voxels.source", [](const Scenario& s) { return has_voxels(s); }, "voxels.source",
                      "a voxels.source other than \"none\""},
    ApplicabilityRule{"voxels.file", [](const Scenario& s) { return s.voxels.source == VoxelSource::file; },
                      "voxels.source", "voxels.source = \"file\""},
    ApplicabilityRule{"voxels.box", [](const Scenario& s) { return s.voxels.source == VoxelSource::box; },
                      "voxels.source", "voxels.source = \"box\""},
    ApplicabilityRule{"voxels.neck_ratio", [](const Scenario& s) { return s.voxels.source == VoxelSource::packing; },
                      "voxels.source", "voxels.source = \"packing\""},
    ApplicabilityRule{
        "voxels.boundary_width voxels.boundary_D",
        [](const Scenario& s) { return s.voxels.source == VoxelSource::file || pile_of_radii(s) || !has_voxels(s); },
        "voxels.source", "voxels.source = \"packing\", \"polycrystal\" or \"file\": one grain has no boundary"},
    ApplicabilityRule{"voxels.boundary_D", [](const Scenario& s) { return s.voxels.boundary_width.si() > 0.0; },
                      "voxels.boundary_width", "a voxels.boundary_width above 0"},
    ApplicabilityRule{"pipette.* meniscus.* electrolyte.* -electrolyte.transport -electrolyte.spreading",
                      [](const Scenario& s) { return !simulates(s) || has_electrolyte(s); },
                      "job electrolyte.transport electrolyte.spreading",
                      "job = \"scan\", electrolyte.transport = \"cone\" or a spreading electrolyte"},
    ApplicabilityRule{"pipette.wall_ratio meniscus.* -meniscus.height_fraction -meniscus.footprint_ratio "
                      "electrolyte.ferrocene_concentration "
                      "electrolyte.ferrocene_diffusivity electrolyte.ferrocene_potential "
                      "electrolyte.ferrocene_rate_constant electrolyte.ferrocene_transfer_coefficient",
                      [](const Scenario& s) { return !simulates(s); }, "job", "job = \"scan\""},
};

constexpr std::array of_electrolyte{
    ApplicabilityRule{"electrolyte.properties electrolyte.cone_end electrolyte.solubility "
                      "electrolyte.electrolyte_cells electrolyte.evaporation",
                      salt_moves, "electrolyte.transport", "electrolyte.transport = \"cone\""},
    ApplicabilityRule{"electrolyte.thermodynamic_factor",
                      [](const Scenario& s) {
                        return salt_moves(s) && s.twin.electrolyte.salt.properties == models::SaltLaw::constant;
                      },
                      "electrolyte.transport electrolyte.properties",
                      "electrolyte.transport = \"cone\" and electrolyte.properties = \"constant\""},
    ApplicabilityRule{
        "electrolyte.conductivity", [](const Scenario& s) { return !simulates(s) || has_salt_constants(s); },
        "electrolyte.transport electrolyte.properties",
        "electrolyte.transport = \"cone\" and electrolyte.properties = \"constant\" or \"dilute\", or job "
        "= \"scan\""},
    ApplicabilityRule{"electrolyte.transference_number electrolyte.salt_diffusivity", has_salt_constants,
                      "electrolyte.transport electrolyte.properties",
                      "electrolyte.transport = \"cone\" and electrolyte.properties = \"constant\" or \"dilute\""},
    ApplicabilityRule{"electrolyte.salt_concentration", salt_moves, "electrolyte.transport",
                      "electrolyte.transport = \"cone\""},
    ApplicabilityRule{"pipette.half_cone_angle pipette.cone_length meniscus.height_fraction",
                      [](const Scenario& s) { return !simulates(s) || salt_moves(s); }, "electrolyte.transport",
                      "electrolyte.transport = \"cone\", or job = \"scan\""},
    ApplicabilityRule{"electrolyte.spreading_time electrolyte.gold_pzc", spreads, "electrolyte.spreading",
                      "electrolyte.spreading = \"exponential\" or \"power\""},
    ApplicabilityRule{
        "electrolyte.spreading_ratio",
        [](const Scenario& s) { return s.twin.electrolyte.salt.spreading == models::Spreading::exponential; },
        "electrolyte.spreading", "electrolyte.spreading = \"exponential\""},
    ApplicabilityRule{"electrolyte.spreading_exponent",
                      [](const Scenario& s) { return s.twin.electrolyte.salt.spreading == models::Spreading::power; },
                      "electrolyte.spreading", "electrolyte.spreading = \"power\""},
};

constexpr std::array of_numerics{
    ApplicabilityRule{"numerics.tolerance", [](const Scenario& s) { return simulates(s); }, "job",
                      "job = \"simulate\""},
    ApplicabilityRule{"numerics.step phase_field.tolerance",
                      [](const Scenario& s) { return s.twin.numerics.engine != EngineKind::reference; },
                      "numerics.engine", "numerics.engine = \"auto\" or \"fast\""},
    ApplicabilityRule{"numerics.step phase_field.tolerance",
                      [](const Scenario& s) { return s.twin.numerics.sensitivities.empty(); }, "numerics.sensitivities",
                      "numerics.sensitivities = \"\": slopes come from the reference engine"},
    ApplicabilityRule{"numerics.cells numerics.grading numerics.fastest_scan_rate", in_shells,
                      "particle.model voxels.source",
                      "particle.model = \"fick\" and voxels.source = \"none\": others have a mesh of their own"},
    ApplicabilityRule{"numerics.fastest_scan_rate",
                      [](const Scenario& s) { return !has_cell(s) || s.program.kind == ProgramKind::hold; },
                      "program.kind",
                      "program.kind = \"hold\"; the mesh is that for the fastest of program.scan_rates"},
    ApplicabilityRule{"numerics.fastest_scan_rate",
                      [](const Scenario& s) { return s.twin.numerics.cells == 0 || s.twin.numerics.grading == 0.0; },
                      "numerics.cells numerics.grading", "numerics.cells = 0 or numerics.grading = 0"},
    ApplicabilityRule{"numerics.potential_step",
                      [](const Scenario& s) {
                        return !has_cell(s) || s.program.kind == ProgramKind::cyclic ||
                               s.program.kind == ProgramKind::linear;
                      },
                      "program.kind", "program.kind = \"cyclic\" or \"linear\""},
    ApplicabilityRule{"numerics.hold_step",
                      [](const Scenario& s) {
                        return !has_cell(s) || s.program.rest.si() > 0.0 || s.program.kind == ProgramKind::hold ||
                               s.program.kind == ProgramKind::staircase;
                      },
                      "program.rest program.kind",
                      "a program.rest above 0, or program.kind = \"hold\" or \"staircase\""},
};

constexpr std::array of_program{
    ApplicabilityRule{"program.vertex2 program.cycles", sweeps_back, "program.kind",
                      "program.kind = \"cyclic\" or \"staircase\""},
    ApplicabilityRule{"program.scan_rates",
                      [](const Scenario& s) { return s.program.kind != ProgramKind::hold || s.cell.w > 0.0; },
                      "program.kind", "program.kind = \"cyclic\", \"linear\" or \"staircase\""},
    ApplicabilityRule{"program.hold_time", [](const Scenario& s) { return s.program.kind == ProgramKind::hold; },
                      "program.kind", "program.kind = \"hold\""},
    ApplicabilityRule{"program.step_height program.sample_window",
                      [](const Scenario& s) { return s.program.kind == ProgramKind::staircase; }, "program.kind",
                      "program.kind = \"staircase\""},
};

constexpr std::array of_ensembles{
    ApplicabilityRule{"material.D cell.w",
                      [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.D_range.empty(); },
                      "ensemble.D_range", "ensemble.D_range = []: the range stands in its place"},
    ApplicabilityRule{"material.k0", [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.k0_range.empty(); },
                      "ensemble.k0_range", "ensemble.k0_range = []: the range stands in its place"},
    ApplicabilityRule{"material.E0", [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.E0_range.empty(); },
                      "ensemble.E0_range", "ensemble.E0_range = []: the range stands in its place"},
    ApplicabilityRule{"material.alpha",
                      [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.alpha_range.empty(); },
                      "ensemble.alpha_range", "ensemble.alpha_range = []: the range stands in its place"},
    ApplicabilityRule{"material.g", [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.g_range.empty(); },
                      "ensemble.g_range", "ensemble.g_range = []: the range stands in its place"},
    ApplicabilityRule{
        "cell.radius",
        [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.radius_range.empty() || w_sets_D(s); },
        "ensemble.radius_range", "ensemble.radius_range = []: the range stands in its place"},
    ApplicabilityRule{"cell.contact_resistance",
                      [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.contact_resistance_range.empty(); },
                      "ensemble.contact_resistance_range",
                      "ensemble.contact_resistance_range = []: the range stands in its place"},
    ApplicabilityRule{"double_layer.titania",
                      [](const Scenario& s) { return !is_ensemble(s) || s.ensemble.double_layer_range.empty(); },
                      "ensemble.double_layer_range", "ensemble.double_layer_range = []: the range stands in its place"},
    ApplicabilityRule{"ensemble.unknowns ensemble.measurable_below",
                      [](const Scenario& s) { return !is_ensemble(s) || asks_bounds(s); },
                      "ensemble.noise ensemble.relative_noise", "a noise above 0: bounds are asked for by it"},
};

constexpr std::array of_scans{
    ApplicabilityRule{"hardware.stage_baud", [](const Scenario& s) { return !s.hardware.stage.empty(); },
                      "hardware.stage", "hardware.stage"},
    ApplicabilityRule{"hardware.light_baud", [](const Scenario& s) { return !s.hardware.light.empty(); },
                      "hardware.light", "hardware.light"},
    ApplicabilityRule{"hardware.source_meter_baud", [](const Scenario& s) { return !s.hardware.source_meter.empty(); },
                      "hardware.source_meter", "hardware.source_meter"},
    ApplicabilityRule{"hardware.camera_bits hardware.camera_pixel_size",
                      [](const Scenario& s) { return !s.hardware.camera.empty(); }, "hardware.camera",
                      "hardware.camera"},
    ApplicabilityRule{"serve.stage_port serve.stage_serial", [](const Scenario& s) { return s.serve.stage; },
                      "serve.stage", "serve.stage = true"},
    ApplicabilityRule{"serve.light_port serve.light_serial", [](const Scenario& s) { return s.serve.light; },
                      "serve.light", "serve.light = true"},
    ApplicabilityRule{"serve.source_meter_port serve.source_meter_dialect",
                      [](const Scenario& s) { return s.serve.source_meter; }, "serve.source_meter",
                      "serve.source_meter = true"},
    ApplicabilityRule{"micrograph_survey.width micrograph.* alignment.micrograph_error",
                      [](const Scenario& s) { return s.micrograph_survey.enabled; }, "micrograph_survey.enabled",
                      "micrograph_survey.enabled = true"},
    ApplicabilityRule{"calibration.ferrocene_potential calibration.ferrocene_margin calibration.ferrocene_scan_rate "
                      "calibration.ferrocene_attempts calibration.ferrocene_at_end",
                      [](const Scenario& s) { return s.scan.calibration.ferrocene; }, "calibration.ferrocene",
                      "calibration.ferrocene = true"},
    ApplicabilityRule{"faults.program faults.frame faults.delay faults.once",
                      [](const Scenario& s) { return s.faults.sequencer != instrument::InjectedFault::none; },
                      "faults.sequencer", "a faults.sequencer other than \"none\""},
    ApplicabilityRule{"faults.camera_image", [](const Scenario& s) { return s.faults.camera_silent; },
                      "faults.camera_silent", "faults.camera_silent = true"},
    ApplicabilityRule{"faults.light_command",
                      [](const Scenario& s) { return s.faults.light != instrument::LightFault::none; }, "faults.light",
                      "a faults.light other than \"none\""},
    ApplicabilityRule{"sample.clusters sample.cluster_size_median sample.cluster_size_sigma sample.cluster_size_max",
                      [](const Scenario& s) { return !scans(s) || s.twin.sample.cluster_sizes.empty(); },
                      "sample.cluster_sizes", "sample.cluster_sizes = []"},
    ApplicabilityRule{"sample.minimum_spacing",
                      [](const Scenario& s) { return !scans(s) || s.twin.sample.positions_x.empty(); },
                      "sample.positions_x", "sample.positions_x = []"},
    ApplicabilityRule{"scan.snap_distance scan.landing_on_centroid",
                      [](const Scenario& s) { return !s.scan.protocol.targets.empty(); }, "scan.targets",
                      "scan.targets, a list of clicked pixels"},
};

template <std::size_t... N>
constexpr auto joined(const std::array<ApplicabilityRule, N>&... parts) {
  std::array<ApplicabilityRule, (N + ...)> all{};
  std::size_t at = 0;
  (std::for_each(parts.begin(), parts.end(), [&](const ApplicabilityRule& rule) { all[at++] = rule; }), ...);
  return all;
}

constexpr auto every_rule =
    joined(of_the_job, of_material, of_cells, of_electrolyte, of_numerics, of_program, of_ensembles, of_scans);

}  // namespace

std::span<const ApplicabilityRule> applicability_rules() {
  return every_rule;
}

}  // namespace seccm::scenarios
