// What a sceptical reader wants to see of every model: an exact value, an observed order, an identity, the agreement of
// two solvers. Each case asserts its claim and, where the environment names a directory SECCM_VERIFICATION_DIR, leaves
// a record there, from which docs/verification.md is made (tests/verification/page.py).
//
// Suites are named Exact<Model>, Order<Model>, Identity<Model>, Cross<Model>: the prefix is the ctest label and the
// section of the page.
#pragma once

#include <string>
#include <vector>

namespace seccm::verification {

/// |computed - exact| <= bound, or <= bound |exact| if `relative`. A computed value that is not finite fails.
struct Check {
  std::string name = {};      ///< the case, unique within its test: "sphere, reversible, w = 4054"
  std::string quantity = {};  ///< "peak of the dimensionless current"
  std::string unit = "1";
  double exact = 0.0;
  double computed = 0.0;
  double bound = 0.0;
  bool relative = false;
  std::string note = {};       ///< where the exact value and the bound come from
  bool some_machines = false;  ///< not every machine can compute it: the page may be without
};
void check(const Check& check);

/// The observed order ln(e1/e2)/ln(h1/h2) of each of the last `pairs` pairs is within `expected` ± `tolerance`.
struct Order {
  std::string name = {};
  std::string quantity = {};
  std::vector<double> size = {};   ///< step or cell, falling
  std::vector<double> error = {};  ///< same length, at least 3
  double expected = 2.0;
  double tolerance = 0.2;
  int pairs = 1;
  std::string note = {};
};
void check_order(const Order& order);

struct Curve {
  std::string label = {};
  std::vector<double> x = {}, y = {};
  bool points = false;  ///< drawn as points (exact values) instead of a line
};
struct Plot {
  std::string name = {};  ///< unique within its test
  std::string x_label = {}, y_label = {};
  std::vector<Curve> curves = {};
  bool log_x = false, log_y = false;
};
/// A figure of the page.
void plot(const Plot& plot);

}  // namespace seccm::verification
