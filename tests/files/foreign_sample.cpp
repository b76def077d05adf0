#include "tests/files/foreign_sample.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>

namespace seccm::files::test {
namespace {

constexpr double interval = 1.028e-3;  // s

class Writer {
 public:
  explicit Writer(ForeignSample& out) : out_(out) {}

  /// One waypoint of so many seconds; `at` sets what has changed after a share 0..1 of it.
  void leg(int line, int pixel, double seconds, const std::function<void(double)>& at) {
    const int n = std::max(2, static_cast<int>(seconds / interval));
    for (int k = 1; k <= n; ++k) {
      at(static_cast<double>(k) / n);
      // A WEC-SPM rig: V1 and current with the opposite signs; 10 pA/V so that the current tells the potential.
      out_.rows.push_back({t_, x, y, z, -E, 0.25, -0.01 * E, 0.5, line, pixel});
      t_ += interval;
    }
  }

  double x = 5.0, y = 5.0, z = 30.0, E = 0.1;

 private:
  ForeignSample& out_;
  double t_ = 0.0;
};

}  // namespace

ForeignSample foreign_sample(int hops, double scan_rate) {
  ForeignSample out;
  out.scan_rate = scan_rate;
  out.hops = hops;
  Writer w(out);
  w.leg(0, -1, 0.05, [](double) {});
  for (int hop = 0; hop < hops; ++hop) {
    const int line = 8 * hop + 1;
    const double z0 = w.z, x0 = w.x;
    w.leg(line, hop, 0.1, [&](double s) { w.z = z0 + (30.0 - z0) * s; });
    w.leg(line + 1, hop, 0.1, [&](double s) { w.x = x0 + (10.0 + 4.0 * hop - x0) * s; });
    w.leg(line + 2, hop, 0.5, [&](double s) { w.z = 30.0 + (out.contact_z_um - 30.0) * s; });
    w.leg(line + 3, hop, 0.2, [&](double) { w.E = out.E_start; });
    const double height = out.E_vertex - out.E_start, seconds = std::abs(height) / out.scan_rate;
    for (int sweep = 0; sweep < 4; ++sweep)
      w.leg(line + 4 + sweep, hop, seconds,
            [&](double s) { w.E = out.E_start + height * (sweep % 2 == 0 ? s : 1.0 - s); });
    w.E = 0.1;
  }
  return out;
}

std::string to_csv(const ForeignSample& sample) {
  std::string text = "elapsed_s,x_um,y_um,z_um,voltage1_v,voltage2_v,current1_na,current2_na,line_number,scan_pixel\n";
  for (const auto& r : sample.rows)
    text += fmt::format("{:.9f},{:.5f},{:.5f},{:.5f},{:.7f},{:.7f},{:.10g},{:.10g},{},{}\n", r.t, r.x_um, r.y_um,
                        r.z_um, r.v1, r.v2, r.i1_nA, r.i2_nA, r.line, r.pixel);
  return text;
}

std::string to_sidecar(const ForeignSample& sample, const std::string& status) {
  std::string pixels;
  for (int hop = 0; hop < sample.hops; ++hop)
    pixels += fmt::format(R"({}{{"scan_pixel": {}, "scan_row": 0, "scan_column": {}, "x_um": {}, "y_um": 5.0}})",
                          hop == 0 ? "" : ", ", hop, hop, 10.0 + 4.0 * hop);
  return fmt::format(
      R"({{"experiment": "Hopping CV", "status": "{}", "recording_schema_version": 2, "sample_count": {},
 "csv_columns": ["elapsed_s", "x_um", "y_um", "z_um", "voltage1_v", "voltage2_v", "current1_na", "current2_na",
  "line_number", "scan_pixel"], "settings": {{"anything": [1, 2, {{}}]}}, "parameters": {{"cycles": 2}},
 "scan_grid": {{"coordinate_unit": "um", "path": "raster", "pixel_count": {}, "pixels": [{}]}}}})",
      status, sample.rows.size(), sample.hops, pixels);
}

std::string to_tsv(const ForeignSample& sample, bool by_rows) {
  struct Channel {
    const char* label;
    std::function<double(const ForeignSample::Row&)> value;
  };
  using Row = ForeignSample::Row;
  const std::vector<Channel> channels{{"X", [](const Row& r) { return r.x_um; }},
                                      {"Y", [](const Row& r) { return r.y_um; }},
                                      {"Z", [](const Row& r) { return r.z_um; }},
                                      {"V1", [](const Row& r) { return r.v1; }},
                                      {"Current1", [](const Row& r) { return 1e-9 * r.i1_nA; }},
                                      {"Feedback Type", [](const Row&) { return 1.0; }},
                                      {"Line Number", [](const Row& r) { return static_cast<double>(r.line); }},
                                      {"dt (s)", [](const Row& r) { return r.t; }}};
  std::string text;
  if (by_rows) {
    for (const Channel& c : channels) {
      text += c.label;
      for (const Row& r : sample.rows) text += fmt::format("\t{:.12g}", c.value(r));
      text += "\r\n";
    }
    return text;
  }
  for (const Channel& c : channels) text += fmt::format("{}{}", text.empty() ? "" : "\t", c.label);
  for (const Row& r : sample.rows) {
    text += '\n';
    for (std::size_t k = 0; k < channels.size(); ++k)
      text += fmt::format("{}{:.12g}", k == 0 ? "" : "\t", channels[k].value(r));
  }
  return text + "\n";
}

}  // namespace seccm::files::test
