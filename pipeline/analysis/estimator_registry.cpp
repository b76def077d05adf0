#include "pipeline/analysis/estimator_registry.hpp"

#include <array>

#include "pipeline/analysis/estimator_functions.hpp"

namespace seccm::analysis {

namespace {

using Name = std::string_view;
using Point = PointAnalysis;
using P = AnalysisParameters;

template <PeakQuantity quantity>
void peak(Name name, const Point& point, const P&, Rows& rows) {
  estimate_peak(name, quantity, point, rows);
}
template <PeakCurrent current>
void exponent(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_exponent(name, current, point, p, rows);
}
template <WaveLaw law, AreaSource area, RateFit fit>
void D(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_diffusivity(name, {law, area, fit}, point, p, rows);
}
template <ChargeKind kind>
void charge(Name name, const Point& point, const P&, Rows& rows) {
  estimate_charge(name, kind, point, rows);
}
template <ChargeKind kind>
void composition(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_composition(name, kind, point, p, rows);
}
template <CRate definition>
void c_rate(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_c_rate(name, definition, point, p, rows);
}
template <Measured Point::*member, bool volume = false>
void geometry(Name name, const Point& point, const P&, Rows& rows) {
  const RowKey key{.estimator = name, .quantity = volume ? "volume" : "area", .unit = volume ? "m^3" : "m^2"};
  add_measured(rows, point, key, point.*member);
}
void separation(Name name, const Point& point, const P&, Rows& rows) {
  estimate_separation(name, point, rows);
}
void slope(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_slope(name, point, p, rows);
}
void ratio(Name name, const Point& point, const P&, Rows& rows) {
  estimate_charge_ratio(name, point, rows);
}
void dunn(Name name, const Point& point, const P& p, Rows& rows) {
  estimate_dunn(name, point, p, rows);
}

void geometry_stated(Name name, const Point& point, const P& p, Rows& rows) {
  if (point.stated_area.known) geometry<&Point::stated_area>(name, point, p, rows);
}

constexpr auto irreversible = WaveLaw::irreversible;
constexpr auto reversible = WaveLaw::reversible;
using A = AreaSource;
using F = RateFit;

constexpr Name rates = "peaks at two or more scan rates";
constexpr Name one_rate_image = "peaks at one scan rate; optical image",
               rates_image = "peaks at two or more scan rates; optical image",
               one_rate_pipette = "peaks at one scan rate; diameter of the pipette",
               one_rate_stated = "peaks at one scan rate; area stated by the user",
               rates_stated = "peaks at two or more scan rates; area stated by the user",
               rates_pipette = "peaks at two or more scan rates; diameter of the pipette",
               one_rate_micrograph = "peaks at one scan rate; micrograph",
               rates_micrograph = "peaks at two or more scan rates; micrograph";
constexpr Name noise = "noise, scatter between cycles",
               noise_and_reference = "noise, scatter between cycles, ferrocene",
               fit = "noise, scatter of the scan rates about the fit",
               slope_and_area = "noise, scatter of the scan rates about the line, error of the area",
               current_and_area = "noise, scatter between cycles, error of the area",
               charge_parts =
                   "noise, scatter between cycles and between blanks, double layer, current behind the last sweep",
               charge_and_volume = "errors of the charge and of the volume";
constexpr Name projected =
                   "wetted over projected area; planar, semi-infinite, one rate law: finite size, kinetics and "
                   "isotherm",
               opening =
                   "wetted area over that of the meniscus; planar, semi-infinite, one rate law: finite size, "
                   "kinetics and isotherm";
constexpr Name stated_left_out = "planar, semi-infinite, one rate law: finite size, kinetics and isotherm";
constexpr Name contactless = "particles without contact to the gold, which count in the volume";
constexpr Name one_peak = "a peak";
constexpr Name nothing = "";

constexpr std::array table{
    Estimator{"peak_potential", "peak_potential", "V", "Peak potential against Li/Li+", one_peak, noise_and_reference,
              nothing, peak<PeakQuantity::potential>},
    Estimator{"peak_current", "peak_current", "A", "Peak current from zero, background removed", one_peak, noise,
              nothing, peak<PeakQuantity::current>},
    Estimator{"peak_height", "peak_current", "A", "Peak current above the baseline", one_peak, noise, nothing,
              peak<PeakQuantity::height>},
    Estimator{"peak_separation", "peak_separation", "V", "Anodic minus cathodic peak potential",
              "a peak in either direction", noise, nothing, separation},
    Estimator{"b_value", "b", "1", "Exponent of i_p = a v^b, weighted fit of log i_p against log v", rates, fit,
              nothing, exponent<PeakCurrent::from_zero>},
    Estimator{"b_value_above_baseline", "b", "1", "Exponent of i_p = a v^b from peak heights above the baseline", rates,
              fit, nothing, exponent<PeakCurrent::above_baseline>},
    Estimator{"peak_current_slope", "slope", "A V^-1/2 s^1/2", "Slope and intercept of i_p against v^1/2", rates, fit,
              nothing, slope},
    Estimator{"randles_sevcik_eq3", "D", "m^2/s",
              "D by eq. 3 (irreversible, planar) from the slope of i_p against v^1/2, area from the optical image",
              rates_image, slope_and_area, projected, D<irreversible, A::optical, F::with_intercept>},
    Estimator{"randles_sevcik_eq3_through_origin", "D", "m^2/s",
              "D by eq. 3, line through the origin, area from the optical image", rates_image, slope_and_area,
              projected, D<irreversible, A::optical, F::through_origin>},
    Estimator{"randles_sevcik_eq3_pipette_area", "D", "m^2/s", "D by eq. 3 from the slope, area of the pipette opening",
              rates_pipette, slope_and_area, opening, D<irreversible, A::pipette, F::with_intercept>},
    Estimator{"randles_sevcik_eq3_footprint_area", "D", "m^2/s",
              "D by eq. 3 from the slope, area of the footprint seen in-lens", rates_micrograph, slope_and_area,
              opening, D<irreversible, A::footprint, F::with_intercept>},
    Estimator{"randles_sevcik_eq3_micrograph_area", "D", "m^2/s",
              "D by eq. 3 from the slope, projected area of the cluster in the micrograph", rates_micrograph,
              slope_and_area, projected, D<irreversible, A::micrograph, F::with_intercept>},
    Estimator{"randles_sevcik_reversible", "D", "m^2/s", "D by the reversible law, slope and optical area", rates_image,
              slope_and_area, projected, D<reversible, A::optical, F::with_intercept>},
    Estimator{"randles_sevcik_eq3_single_rate", "D", "m^2/s",
              "D by eq. 3 from one peak current, where only one scan rate was recorded; area from the optical image",
              one_rate_image, current_and_area, projected, D<irreversible, A::optical, F::single_rate>},
    Estimator{"randles_sevcik_eq3_single_rate_pipette_area", "D", "m^2/s",
              "D by eq. 3 from one peak current, area of the pipette opening", one_rate_pipette, current_and_area,
              opening, D<irreversible, A::pipette, F::single_rate>},
    Estimator{"randles_sevcik_eq3_single_rate_footprint_area", "D", "m^2/s",
              "D by eq. 3 from one peak current, area of the footprint seen in-lens", one_rate_micrograph,
              current_and_area, opening, D<irreversible, A::footprint, F::single_rate>},
    Estimator{"randles_sevcik_eq3_single_rate_micrograph_area", "D", "m^2/s",
              "D by eq. 3 from one peak current, projected area of the cluster in the micrograph", one_rate_micrograph,
              current_and_area, projected, D<irreversible, A::micrograph, F::single_rate>},
    Estimator{"randles_sevcik_reversible_single_rate", "D", "m^2/s",
              "D by the reversible law from one peak current, optical area", one_rate_image, current_and_area,
              projected, D<reversible, A::optical, F::single_rate>},
    Estimator{"randles_sevcik_eq3_stated_area", "D", "m^2/s",
              "D by eq. 3 from the slope, area as the user states it; only where one is stated", rates_stated,
              slope_and_area, stated_left_out, D<irreversible, A::stated, F::with_intercept>},
    Estimator{"randles_sevcik_reversible_stated_area", "D", "m^2/s",
              "D by the reversible law from the slope, area as the user states it; only where one is stated",
              rates_stated, slope_and_area, stated_left_out, D<reversible, A::stated, F::with_intercept>},
    Estimator{"randles_sevcik_eq3_single_rate_stated_area", "D", "m^2/s",
              "D by eq. 3 from one peak current, area as the user states it; only where one is stated", one_rate_stated,
              current_and_area, stated_left_out, D<irreversible, A::stated, F::single_rate>},
    Estimator{"randles_sevcik_reversible_single_rate_stated_area", "D", "m^2/s",
              "D by the reversible law from one peak current, area as the user states it; only where one is stated",
              one_rate_stated, current_and_area, stated_left_out, D<reversible, A::stated, F::single_rate>},
    Estimator{"charge_total", "charge", "C",
              "Charge between two reversals of the current, background and double layer removed", one_peak,
              charge_parts, "surface redox", charge<ChargeKind::total>},
    Estimator{"charge_intercalation", "charge", "C",
              "Charge between the peak and its baseline; up to the total, what the line may cut off", one_peak,
              charge_parts, nothing, charge<ChargeKind::intercalation>},
    Estimator{"charge_surface", "charge", "C",
              "Charge below the baseline: surface (pseudo-capacitive) and what looks like it", one_peak, charge_parts,
              nothing, charge<ChargeKind::surface>},
    Estimator{"charge_double_layer", "charge", "C", "Charge of the background: stray and gold double layer", one_peak,
              nothing, nothing, charge<ChargeKind::double_layer>},
    Estimator{"charge_ratio", "charge_ratio", "1", "Anodic over cathodic total charge", "a peak in either direction",
              noise, nothing, ratio},
    Estimator{"dunn", "capacitive_share", "1", "Split into k1 v + k2 v^1/2 at each potential, with its self-diagnosis",
              rates, fit, "finite size and kinetics, which bend i(v) as a capacitor does", dunn},
    Estimator{"area_optical", "area", "m^2", "Projected area of the object in the optical image", "optical image",
              "outline in the image", nothing, geometry<&Point::optical_area>},
    Estimator{"area_pipette", "area", "m^2", "Area of the pipette opening", "diameter of the pipette",
              "spread of the footprint from approach to approach", "spreading of the meniscus beyond the opening",
              geometry<&Point::pipette_area>},
    Estimator{"area_stated", "area", "m^2", "Area as the user states it; only where one is stated",
              "area stated by the user", "the error that the user states", nothing, geometry_stated},
    Estimator{"area_footprint", "area", "m^2", "Area of the electrolyte residue in the in-lens picture", "micrograph",
              "radius of the residue", "growth of the footprint since contact", geometry<&Point::footprint_area>},
    Estimator{"area_micrograph", "area", "m^2", "Projected area of the cluster inside the footprint", "micrograph",
              "outline, gaps that fill up", nothing, geometry<&Point::micrograph_area>},
    Estimator{"volume_micrograph", "volume", "m^3", "Volume of oxide inside the footprint, from grey levels",
              "micrograph", "noise, outline, edge brightness, scale of the grey levels", contactless,
              geometry<&Point::volume, true>},
    Estimator{"composition", "x", "1", "x in Li_xTiO2 exchanged above the baseline, volume from the micrograph",
              "a peak; micrograph", charge_and_volume, contactless, composition<ChargeKind::intercalation>},
    Estimator{"composition_total", "x", "1",
              "x in Li_xTiO2 exchanged, from the total charge, volume from the micrograph", "a peak; micrograph",
              charge_and_volume, "surface redox; particles without contact to the gold, which count in the volume",
              composition<ChargeKind::total>},
    Estimator{"c_rate", "C_rate", "1/h", "x of the capacity at x = 1 per hour of the integration window",
              "a peak; micrograph", charge_and_volume, contactless, c_rate<CRate::capacity_in_window>},
    Estimator{"c_rate_sweep", "C_rate", "1/h", "x of the capacity at x_cap per hour of the whole sweep",
              "a peak; micrograph", charge_and_volume, contactless, c_rate<CRate::capacity_in_sweep>},
    Estimator{"c_rate_inverse_time", "C_rate", "1/h", "Inverse of the integration window, whatever the charge",
              one_peak, nothing, nothing, c_rate<CRate::inverse_window>},
};

}  // namespace

std::span<const Estimator> estimators() {
  return table;
}

void run_estimator(const Estimator& estimator, const PointAnalysis& point, const AnalysisParameters& parameters,
                   std::vector<files::Estimate>& rows) {
  const std::size_t before = rows.size();
  estimator.run(estimator.name, point, parameters, rows);
  for (std::size_t k = before; k < rows.size(); ++k) {
    files::Estimate& e = rows[k];
    if (e.verdict == files::Verdict::refused || estimator.leaves_out.empty()) continue;
    e.leaves_out = joined(std::string(estimator.leaves_out), e.leaves_out);
    if (e.verdict == files::Verdict::valid) e.verdict = files::Verdict::caveat;
  }
}

}  // namespace seccm::analysis
