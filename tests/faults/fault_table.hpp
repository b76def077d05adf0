// Rows of the table of faults, and how many seeds each has.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace seccm::fault_test {

inline constexpr int short_form = 2;

/// SECCM_FAULT_SEEDS, which scripts/fault-matrix sets.
inline int seeds() {
  const char* text = std::getenv("SECCM_FAULT_SEEDS");
  return text != nullptr ? std::atoi(text) : short_form;
}

/// On the screen, and at the end of the file that SECCM_FAULT_TABLE names: scripts/fault-matrix joins three programs.
inline void print_row(const std::string& fault, const std::string& result) {
  char row[200];
  std::snprintf(row, sizeof row, "%-18s %4d seeds  %s\n", fault.c_str(), seeds(), result.c_str());
  std::fputs(row, stdout);
  if (const char* table = std::getenv("SECCM_FAULT_TABLE")) std::ofstream(table, std::ios::app) << row;
}

/// Times in s.
inline void add_row(const std::string& fault, const std::string& error, double slowest, double allowed) {
  char result[120];
  std::snprintf(result, sizeof result, "%-14s within %6.3f s of %6.3f s", error.c_str(), slowest, allowed);
  print_row(fault, result);
}

}  // namespace seccm::fault_test
