#include "files/results_file.hpp"

#include <fmt/format.h>

#include <limits>

#include "files/hdf5.hpp"
#include "files/schema.hpp"
#include "files/table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

template <class... Lists>
void require_equal_lengths(std::string_view what, std::size_t length, const Lists&... lists) {
  if (((lists.size() != length) || ...))
    throw InputError(std::string(what) +
                     ": the lists of one curve differ in length; one value per potential is expected");
}

void require_interval(const Estimate& e) {
  const double least = e.scale == IntervalScale::logarithmic ? 0.0 : -std::numeric_limits<double>::infinity();
  if (e.level >= 0.0 && e.level < 1.0 && e.lower <= e.upper && (e.level == 0.0 || e.lower >= least)) return;
  throw InputError(
      fmt::format("estimates: {} {} of point {} states [{:g}, {:g}] {} at the level {:g}; lower <= upper, on the "
                  "logarithmic scale lower >= 0, and a level of 0 (no interval) to below 1 are accepted",
                  e.estimator, e.quantity, e.point, e.lower, e.upper, e.unit, e.level));
}

void require_consistent(const Results& results) {
  for (const Estimate& e : results.estimates) require_interval(e);
  for (const CvCurve& c : results.curves) require_equal_lengths("curves", c.E_vs_Li.size(), c.current, c.baseline);
  for (const ExponentCurve& c : results.exponents)
    require_equal_lengths("exponents", c.E_vs_Li.size(), c.b, c.standard_error);
}

}  // namespace

void write_results(const std::filesystem::path& path, const Results& results) {
  require_consistent(results);
  h5::OutputFile file(path);
  const h5::Group root = file.root();
  h5::set_schema(root, results_schema, results_schema_version);
  TableWriter header;
  Results names{results.run_file, results.scenario_name, results.software, results.seed, {}, {}, {}, {}};
  describe_header(header, names);
  header.end_row();
  header.write_scalars(root.create_group("header"));
  write_table<Selection>(root, "selections", results.selections);
  write_table<Estimate>(root, "estimates", results.estimates);
  write_table<CvCurve>(root, "curves", results.curves);
  write_table<ExponentCurve>(root, "exponents", results.exponents);
  file.commit();
}

Results read_results(const std::filesystem::path& path) {
  const h5::InputFile file(path, results_schema, results_schema_version);
  const h5::Group root = file.root();
  Results results;
  const h5::Group header_group = root.group("header");
  TableReader header(header_group, true);
  describe_header(header, results);
  results.selections = read_table<Selection>(root, "selections");
  results.estimates = read_table<Estimate>(root, "estimates");
  results.curves = read_table<CvCurve>(root, "curves");
  results.exponents = read_table<ExponentCurve>(root, "exponents");
  require_consistent(results);
  return results;
}

}  // namespace seccm::files
