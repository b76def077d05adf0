#include "files/import/foreign_recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::files {

namespace {

constexpr std::array<std::string_view, 3> polarity_names{"wec-spm", "iupac", "cathodic-positive"};
constexpr std::array<std::string_view, 3> polarity_effects{"potentials and currents are negated",
                                                           "signs are kept as they stand", "currents are negated"};

}  // namespace

std::string_view to_string(Polarity polarity) {
  return polarity_names.at(static_cast<std::size_t>(polarity));
}

std::optional<Polarity> polarity_named(std::string_view name) {
  for (std::size_t k = 0; k < polarity_names.size(); ++k)
    if (polarity_names.at(k) == name) return static_cast<Polarity>(k);
  return std::nullopt;
}

Polarity decide_polarity(std::optional<Polarity> said, const StatedPolarity& stated, std::string_view file,
                         std::vector<std::string>& notes) {
  if (!said && !stated.polarity)
    throw InputError(
        fmt::format("{}: nothing in the file says whether potentials and currents have the signs of the substrate; "
                    "accepted is --polarity iupac (anodic current positive), --polarity wec-spm (measured at the "
                    "electrode in the pipette: both are negated) or --polarity cathodic-positive (currents are "
                    "negated)",
                    file));
  const Polarity polarity = said ? *said : *stated.polarity;
  const std::string against = said && stated.polarity && *said != *stated.polarity
                                  ? fmt::format(", against the source ({}: {})", to_string(*stated.polarity), stated.by)
                                  : "";
  notes.push_back(fmt::format("polarity {}: {}; {}{}", to_string(polarity),
                              polarity_effects.at(static_cast<std::size_t>(polarity)),
                              said ? "as the user says" : stated.by, against));
  return polarity;
}

void start_at_zero(ForeignRecording& recording) {
  if (recording.t.empty()) return;
  const double first = recording.t.front();
  for (double& t : recording.t) t -= first;
}

void require_whole(const ForeignRecording& r, std::string_view file) {
  const std::size_t count = r.t.size();
  const auto require = [&](std::string_view channel, std::size_t size, bool needed) {
    if (size == count || (size == 0 && !needed)) return;
    throw InputError(
        fmt::format("{}: {} has {} samples and the time {}; accepted are as many", file, channel, size, count));
  };
  if (count == 0) throw InputError(fmt::format("{}: no samples; accepted is at least one", file));
  require("X", r.x.size(), false);
  require("Y", r.y.size(), false);
  require("Z", r.z.size(), false);
  require("V1", r.E1.size(), true);
  require("V2", r.E2.size(), false);
  require("Current1", r.i1.size(), true);
  require("Current2", r.i2.size(), false);
  require("Line Number", r.line_number.size(), false);
  require("scan_pixel", r.pixel.size(), false);
  require("section", r.section.size(), false);
  require("cycle number", r.cycle.size(), false);
  constexpr double largest = 1e3;  // V, A, m: beyond it is no recording but damage
  const auto require_small = [&](std::string_view channel, const std::vector<double>& values) {
    const auto bad = std::find_if(values.begin(), values.end(), [](double v) { return !(std::abs(v) <= largest); });
    if (bad != values.end())
      throw InputError(fmt::format("{}: {} of sample {} is {:.6g} in SI units; accepted is -1000 to 1000", file,
                                   channel, bad - values.begin() + 1, *bad));
  };
  require_small("X", r.x);
  require_small("Y", r.y);
  require_small("Z", r.z);
  require_small("V1", r.E1);
  require_small("V2", r.E2);
  require_small("Current1", r.i1);
  require_small("Current2", r.i2);
  const auto stop = std::adjacent_find(r.t.begin(), r.t.end(), std::greater_equal<>());
  if (stop != r.t.end())
    throw InputError(
        fmt::format("{}: the time of sample {} is {:.9g} s, not after {:.9g} s of the one before; accepted "
                    "is time that increases",
                    file, stop - r.t.begin() + 2, *(stop + 1), *stop));
}

}  // namespace seccm::files
