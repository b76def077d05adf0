#include "files/export/export_run.hpp"

namespace seccm::files {

std::vector<std::filesystem::path> export_run(const RunReader& run, ExportFormat format,
                                              const std::filesystem::path& target, const ExportOptions& options) {
  switch (format) {
    case ExportFormat::schema_v2:
      return export_schema_v2(run, target, options);
    case ExportFormat::mpt:
      return export_mpt(run, target, options);
    case ExportFormat::bdf:
      return export_bdf(run, target, options);
    case ExportFormat::unitpackage:
      return export_unitpackage(run, target, options);
    case ExportFormat::gsf:
      return export_gsf(run, target, options);
    case ExportFormat::ome_tiff:
      return export_ome_tiff(run, target, options);
  }
  return {};
}

}  // namespace seccm::files
