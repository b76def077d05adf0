#include "tests/files/recordings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace seccm::files::test {

namespace {

double current_at(double E, int direction, double scan_rate) {
  const double centre = direction < 0 ? 1.7 : 2.0, x = (E - centre) / 0.08;
  return direction * 1e-12 * std::sqrt(scan_rate / 0.1) * (std::exp(-0.5 * x * x) + 0.05);
}

std::string number(double value, bool comma) {
  std::string text = fmt::format("{:.9e}", value);
  if (comma) std::ranges::replace(text, '.', ',');
  return text;
}

}  // namespace

std::vector<CvSample> cv_samples(const CvProgramme& p) {
  std::vector<CvSample> out;
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0.0, 1.0);
  double t = 0.0;
  const auto rest = [&](double E) {
    for (double left = p.rest; left > 0.0; left -= 0.5, t += 0.5) out.push_back({t, E, 0.0, 1});
  };
  rest(p.potentials.front());
  for (std::size_t k = 0; k + 1 < p.potentials.size(); ++k) {
    const double from = p.potentials[k], height = p.potentials[k + 1] - from;
    const int direction = height > 0.0 ? 1 : -1;
    const auto steps = static_cast<int>(std::lround(std::abs(height) / p.step));
    for (int n = k == 0 ? 0 : 1; n <= steps; ++n) {
      const double E = from + height * n / steps;
      out.push_back({t, E, current_at(E, direction, p.scan_rate), static_cast<int>(k / 2) + 1});
      t += p.step / p.scan_rate;
    }
  }
  rest(p.potentials.back());
  if (p.noise > 0.0)
    for (CvSample& sample : out) sample.E += p.noise * noise(random);
  return out;
}

std::vector<CvSample> in_a_row(const std::vector<CvProgramme>& programmes, double gap) {
  std::vector<CvSample> out;
  for (const CvProgramme& programme : programmes) {
    const double offset = out.empty() ? 0.0 : out.back().t + gap;
    for (CvSample sample : cv_samples(programme)) {
      sample.t += offset;
      out.push_back(sample);
    }
  }
  return out;
}

std::string to_mpt(const std::vector<CvSample>& samples, const std::string& potential, const std::string& current,
                   std::size_t extra) {
  std::string text = "EC-Lab ASCII FILE\r\nNb header lines : 5 \r\n\r\nCyclic Voltammetry\r\n", zeros;
  for (std::size_t k = 0; k < extra; ++k) {
    text += fmt::format("control {}/V\t", k);
    zeros += "0\t";
  }
  text += "time/s\t" + potential + "\t" + current + "\r\n";
  for (const CvSample& s : samples) text += zeros + fmt::format("{:.9e}\t{:.9e}\t{:.9e}\r\n", s.t, s.E, 1e3 * s.i);
  return text;
}

std::string to_table(const std::vector<CvSample>& samples, const std::string& labels, char separator, double per_ampere,
                     bool comma, bool time) {
  std::string text = labels + "\n";
  for (const CvSample& s : samples) {
    if (time) text += number(s.t, comma) + separator;
    text += number(s.E, comma) + separator + number(per_ampere * s.i, comma) + "\n";
  }
  return text;
}

}  // namespace seccm::files::test
