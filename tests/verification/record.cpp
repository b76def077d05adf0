#include "tests/verification/record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace seccm::verification {
namespace {

/// Appends one line of JSON to the file of the test that runs; the first record of a process starts the file anew.
void record(nlohmann::json entry) {
  const char* directory = std::getenv("SECCM_VERIFICATION_DIR");
  if (directory == nullptr || *directory == '\0') return;
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return;
  entry["suite"] = test->test_suite_name();
  entry["test"] = test->name();
  static std::string last;
  const std::string name = std::string(test->test_suite_name()) + "." + test->name();
  std::filesystem::create_directories(directory);
  std::ofstream file(std::filesystem::path(directory) / (name + ".jsonl"),
                     name == last ? std::ios::app : std::ios::trunc);
  last = name;
  file << entry.dump() << '\n';
  EXPECT_TRUE(file.good()) << "can not write the verification record of " << name;
}

std::vector<double> observed_orders(const Order& order) {
  std::vector<double> observed;
  for (std::size_t k = 1; k < order.size.size(); ++k) {
    observed.push_back(std::log(order.error[k - 1] / order.error[k]) / std::log(order.size[k - 1] / order.size[k]));
  }
  return observed;
}

}  // namespace

void check(const Check& check) {
  const double error = std::abs(check.computed - check.exact);
  const double allowed = check.relative ? check.bound * std::abs(check.exact) : check.bound;
  EXPECT_TRUE(error <= allowed) << check.name << ": " << check.quantity << " = " << check.computed << " " << check.unit
                                << ", exact " << check.exact << ", off by " << error << ", allowed " << allowed;
  record({{"kind", "check"},
          {"name", check.name},
          {"quantity", check.quantity},
          {"unit", check.unit},
          {"exact", check.exact},
          {"computed", check.computed},
          {"bound", check.bound},
          {"relative", check.relative},
          {"passed", error <= allowed},
          {"some_machines", check.some_machines},
          {"note", check.note}});
}

void check_order(const Order& order) {
  ASSERT_GE(order.size.size(), 3U) << order.name << ": an order needs three sizes";
  ASSERT_EQ(order.size.size(), order.error.size()) << order.name;
  const std::vector<double> observed = observed_orders(order);
  const std::size_t pairs = std::min(static_cast<std::size_t>(std::max(order.pairs, 1)), observed.size());
  bool passed = true;
  for (std::size_t k = observed.size() - pairs; k < observed.size(); ++k) {
    const bool within = std::abs(observed[k] - order.expected) <= order.tolerance;
    EXPECT_TRUE(within) << order.name << ": order " << observed[k] << " between " << order.size[k] << " and "
                        << order.size[k + 1] << ", expected " << order.expected << " +- " << order.tolerance;
    passed = passed && within;
  }
  record({{"kind", "order"},
          {"name", order.name},
          {"quantity", order.quantity},
          {"size", order.size},
          {"error", order.error},
          {"observed", observed},
          {"expected", order.expected},
          {"tolerance", order.tolerance},
          {"passed", passed},
          {"note", order.note}});
}

void plot(const Plot& plot) {
  nlohmann::json curves = nlohmann::json::array();
  for (const Curve& curve : plot.curves) {
    ASSERT_EQ(curve.x.size(), curve.y.size()) << plot.name << ": curve " << curve.label;
    curves.push_back({{"label", curve.label}, {"x", curve.x}, {"y", curve.y}, {"points", curve.points}});
  }
  record({{"kind", "plot"},
          {"name", plot.name},
          {"x_label", plot.x_label},
          {"y_label", plot.y_label},
          {"log_x", plot.log_x},
          {"log_y", plot.log_y},
          {"curves", curves}});
}

}  // namespace seccm::verification
