// What the user says of a recording that is imported: on the command line, or in a small TOML file.
//
//   polarity = "iupac"                          # or wec-spm, cathodic-positive
//   scan_rate = "100 mV/s"                      # of a table without time; one per file: "20 mV/s, 50 mV/s"
//   [columns]                                   # of a table: label, "label [unit]" or number from 1
//   time = "t [s]"
//   potential = "2 [mV]"
//   current = "I/nA"
//   [known]
//   pipette_diameter = "1.0 +- 0.05 um (SEM of the pipette)"
//   area = "7.48 +- 0.75 um^2 (SEM: number and size of particles)"
//   particle_radius = "27 +- 4 nm (SEM)"
//   reference_offset = "3.05 +- 0.01 V (ferrocene)"
//
// A statement is a value, "+-" and its standard error where one is known, the unit of both, and in brackets where it
// comes from.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "files/import/import_run.hpp"
#include "sim/quantity.hpp"

namespace seccm::jobs {

struct Statement {
  double value = 0.0, standard_error = 0.0;  ///< SI; error 0: none stated
  std::string origin;                        ///< "" : not said
};

/// `key` names the statement in messages, `accepted` what it takes. Throws InputError for another form or dimension, a
/// value outside low..high, and a negative error.
Statement parse_statement(std::string_view key, std::string_view text, Dimension dimension, double low, double high,
                          std::string_view accepted);

/// One entry of [known], by its name there; other names are errors. Throws InputError.
void state_known(std::string_view name, std::string_view text, files::ImportOptions& options);
/// "time=t [s], potential=2 [mV]" into `options.columns`. Throws InputError.
void state_columns(std::string_view text, files::ImportOptions& options);
/// "100 mV/s", or a list with commas. Throws InputError.
void state_scan_rate(std::string_view key, std::string_view text, files::ImportOptions& options);
void state_polarity(std::string_view key, std::string_view text, files::ImportOptions& options);

/// All of a TOML file. Throws InputError with file and line.
void read_import_statements(const std::filesystem::path& path, files::ImportOptions& options);

}  // namespace seccm::jobs
