// The verbs of the command. Each returns the exit status; bad input, solver and device faults leave as exceptions.
#pragma once

#include "cli/options.hpp"

namespace seccm::cli {

enum ExitStatus { success = 0, gate_failed = 1, bad_input = 2, device_fault = 3, no_resource = 4 };

int run(const PrintText& text);
int run(const SimulateOptions& options);
int run(const ScanOptions& options);
int run(const ServeOptions& options);
int run(const DoctorOptions& options);
int run(const AnalyseOptions& options);
int run(const ValidateOptions& options);
int run(const ReportOptions& options);
int run(const ImportOptions& options);
int run(const ExportOptions& options);
int run(const ListOptions& options);
int run(const ExplainOptions& options);

}  // namespace seccm::cli
