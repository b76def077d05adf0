// The truth of a twin run, in a file of its own (`*.truth.h5`, schema "seccm-truth" version 3). Written by the assembly
// from the twin; read by validation only. No other file holds any of it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "files/scratch_file.hpp"
#include "files/table.hpp"

namespace seccm::validation {

/// What was really under the meniscus at one landing.
struct TrueLanding {
  double t = 0.0;                   ///< s, contact
  double stage_x = 0, stage_y = 0;  ///< commanded-frame position where it truly landed, m (sample frame)
  double footprint_diameter = 0;    ///< m
  int cluster = -1;                 ///< the cluster with most wetted volume; -1 bare gold
  int wetted_particles = 0;
  double wetted_volume = 0;           ///< m^3, whole volume of the particles that take part
  double wetted_area = 0;             ///< m^2, surface that exchanges Li+
  double cluster_volume = 0;          ///< m^3, whole cluster
  double cluster_projected_area = 0;  ///< m^2
  double gold_area = 0;               ///< m^2
  double series_resistance = 0;       ///< Ohm
  double qrce_offset_vs_Li = 0;       ///< V
  double mean_radius = 0;             ///< m, of the wetted particles
  double sauter_radius = 0;           ///< m, sum R^3 / sum R^2
  double x_max = 0, x_min = 0;        ///< largest and smallest mean x in Li_xTiO2 reached while in contact
  std::vector<double> x_turns;        ///< mean x at contact, at every reversal of uptake and release, at break-off
  std::vector<double> particle_radius, particle_wetted_fraction, particle_contact_resistance;
};

struct Truth {
  std::string scenario_name, truth_set;
  std::string scenario_text;  ///< the whole scenario as TOML: with it and the seed the run can be repeated
  std::uint64_t seed = 0;
  double D_intercalation = 0, D_deintercalation = 0;  ///< m^2/s
  std::string D_meaning;                              ///< of these two, for people
  double k0 = 0;                                      ///< m/s
  double alpha = 0.5;
  double temperature = 298.15;  ///< K
  double c_max = 0;             ///< mol/m^3
  double x_max = 0.5;
  double E0_vs_Li = 0;                            ///< V
  double sample_drift_x = 0, sample_drift_y = 0;  ///< m/s
  std::array<double, 6> pixel_to_stage{};         ///< true affine, as files::Registration
  std::vector<TrueLanding> landings;
};

// Field by field, as the file holds them; `landings` and `pixel_to_stage` are arrays of their own.
void describe(files::FieldVisitor& visit, Truth& truth);
void describe(files::FieldVisitor& visit, TrueLanding& landing);

/// Writes a truth file whose landings come one by one: they wait on the disk, however many there are. Throws InputError
/// for an unwritable place, a full disk, and values that are not finite or do not fit each other.
class TruthWriter {
 public:
  explicit TruthWriter(std::filesystem::path path);
  void add(TrueLanding landing);
  /// Ends the file: `truth`, its landings behind those that were added.
  void write(const Truth& truth);

 private:
  std::filesystem::path path_;
  files::ScratchFile scratch_;
  files::TableWriter landings_{scratch_};
};

void write_truth(const std::filesystem::path& path, const Truth& truth);
/// Throws InputError for a missing, foreign or truncated file.
Truth read_truth(const std::filesystem::path& path);

}  // namespace seccm::validation
