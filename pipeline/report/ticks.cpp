#include "pipeline/report/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace seccm::report {
namespace {

constexpr double plain_from = 1e-3, plain_to = 1e4;  // an axis inside them is written without powers of ten

std::string plain(double value, int decimals) {
  return minus_signed(fmt::format("{:.{}f}", value == 0.0 ? 0.0 : value, decimals));
}

/// "5·10⁻¹⁴", "0.2", "50"
std::string decade_label(int digit, int exponent, bool written_out) {
  if (written_out) return plain(digit * std::pow(10.0, exponent), std::max(0, -exponent));
  return digit == 1 ? power_of_ten(exponent) : fmt::format("{}·{}", digit, power_of_ten(exponent));
}

}  // namespace

std::string minus_signed(std::string text) {
  for (auto at = text.find('-'); at != std::string::npos; at = text.find('-', at)) text.replace(at, 1, "−");
  return text;
}

std::string power_of_ten(int exponent) {
  constexpr std::array<const char*, 10> raised{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += raised[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::vector<Tick> linear_ticks(double low, double high, int count) {
  if (!(high > low)) return {};
  const double rough = (high - low) / std::max(count, 1);
  const int exponent = static_cast<int>(std::floor(std::log10(rough)));
  const double power = std::pow(10.0, exponent);
  double step = 10.0 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= rough * (1.0 - 1e-9)) step = factor * power;
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  std::vector<Tick> ticks;
  const double tolerance = 1e-9 * step;
  for (double k = std::ceil((low - tolerance) / step); k * step <= high + tolerance; k += 1.0) {
    const double value = k * step;
    const bool long_number = std::abs(value) >= 1e5 || decimals > 4;
    ticks.push_back({value, long_number ? minus_signed(fmt::format("{:.3g}", value)) : plain(value, decimals)});
  }
  return ticks;
}

std::vector<Tick> logarithmic_ticks(double low, double high, int count) {
  if (!(low > 0.0 && high > low)) return {};
  const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
  const auto inside = [&](double value) { return value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9); };
  const bool written_out = low >= plain_from && high <= plain_to;
  const auto of_digits = [&](std::initializer_list<int> digits, int stride) {
    std::vector<Tick> ticks;
    for (int e = first; e <= last; e += stride)
      for (const int digit : digits)
        if (const double value = digit * std::pow(10.0, e); inside(value))
          ticks.push_back({value, decade_label(digit, e, written_out)});
    return ticks;
  };
  const int stride = std::max(1, (last - first + count) / (count + 1));
  std::vector<Tick> ticks = of_digits({1}, stride);
  if (ticks.size() < 3) ticks = of_digits({1, 2, 5}, 1);
  if (ticks.size() < 3) ticks = linear_ticks(low, high, count);
  return ticks;
}

}  // namespace seccm::report
