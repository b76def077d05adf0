#include "models/ensemble/ensemble_draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {
namespace {

/// One drawn parameter: a range, a spread around `centre`, or the same everywhere.
class Draw {
 public:
  template <Dimension D>
  Draw(std::string_view key, const std::vector<Quantity<D>>& range, double spread, double centre, bool logarithmic)
      : key_(key), centre_(centre), spread_(spread), logarithmic_(logarithmic) {
    if (range.empty()) return;
    if (range.size() != 2 || !(range[0].si() < range[1].si())) {
      throw InputError(fmt::format("[ensemble] {}_range: {} values{}; accepted are two, the lower one first", key,
                                   range.size(), range.size() == 2 ? " that do not rise" : ""));
    }
    if (spread > 0.0) {
      throw InputError(
          fmt::format("[ensemble] {0}_range beside {0}_spread = {1}: accepted is one of them", key, spread));
    }
    low_ = range[0].si();
    high_ = range[1].si();
    ranged_ = true;
  }

  [[nodiscard]] double of(std::uint64_t seed, std::uint64_t cell) const {
    if (!ranged_ && spread_ == 0.0) return centre_;
    RandomStream random(seed, fmt::format("ensemble {}", key_), cell);
    if (ranged_) {
      const double share = random.uniform();
      return logarithmic_ ? low_ * std::pow(high_ / low_, share) : low_ + share * (high_ - low_);
    }
    return logarithmic_ ? random.lognormal(centre_, spread_) : centre_ + spread_ * random.normal();
  }

 private:
  std::string_view key_;
  double centre_;
  double spread_;
  bool logarithmic_;
  bool ranged_ = false;
  double low_ = 0.0;
  double high_ = 0.0;
};

CellSpec with(CellSpec cell, const DrawnCell& drawn) {
  cell.material.D = Diffusivity(drawn.D);
  cell.material.k0 = Velocity(drawn.k0);
  cell.material.E0 = Potential(drawn.E0);
  cell.material.alpha = drawn.alpha;
  cell.material.g = drawn.g;
  cell.double_layer.titania = ArealCapacitance(drawn.double_layer);
  for (CellParticle& particle : cell.particles) {
    particle.radius = drawn.radius;
    particle.contact_resistance = drawn.contact_resistance;
  }
  return cell;
}

/// The mesh that resolves the thinnest layer sqrt(D RT/(F v))/R of all cells, as sharp as the most attractive isotherm
/// makes it.
EnsembleFrame frame_for(const CellSpec& base, const DrawnEnsemble& ensemble) {
  const auto layer_squared = [&](std::size_t k) {
    const DrawnCell& cell = ensemble.drawn[k];
    return cell.D * ensemble.spec.cells[k].time_scale / (cell.radius * cell.radius);
  };
  std::size_t thinnest = 0;
  double lowest_g = ensemble.drawn.front().g;
  for (std::size_t k = 1; k < ensemble.drawn.size(); ++k) {
    if (layer_squared(k) < layer_squared(thinnest)) thinnest = k;
    lowest_g = std::min(lowest_g, ensemble.drawn[k].g);
  }
  CellSpec spec = with(base, ensemble.drawn[thinnest]);
  spec.material.g = lowest_g;
  const double stretched = ensemble.spec.cells[thinnest].time_scale;
  spec.numerics.fastest_scan_rate = ScanRate(base.numerics.fastest_scan_rate.si() / stretched);
  return ensemble_frame(spec);
}

}  // namespace

DrawnEnsemble draw_ensemble(const CellSpec& base, const EnsembleParameters& p, double scan_rate, std::uint64_t seed) {
  (void)ensemble_cell(base);  // names what the batched path can not do before anything is drawn
  const CellParticle& particle = base.particles.front();
  const MaterialParameters& m = base.material;
  const Draw D("D", p.D_range, p.D_spread, m.D.si(), true);
  const Draw k0("k0", p.k0_range, p.k0_spread, m.k0.si(), true);
  const Draw radius("radius", p.radius_range, p.radius_spread, particle.radius, true);
  const Draw contact("contact_resistance", p.contact_resistance_range, p.contact_resistance_spread,
                     particle.contact_resistance, true);
  const Draw layer("double_layer", p.double_layer_range, p.double_layer_spread, base.double_layer.titania.si(), true);
  const Draw rate("scan_rate", p.scan_rate_range, 0.0, scan_rate, true);
  const Draw E0("E0", p.E0_range, p.E0_spread.si(), m.E0.si(), false);
  const Draw alpha("alpha", p.alpha_range, p.alpha_spread, m.alpha, false);
  const Draw g("g", p.g_range, p.g_spread, m.g, false);
  if (m.law != IsothermKind::frumkin && (!p.g_range.empty() || p.g_spread > 0.0)) {
    throw InputError(
        fmt::format("[ensemble] g_range or g_spread with [material] law = \"{}\"; accepted with \"frumkin\"",
                    isotherm_names[static_cast<std::size_t>(m.law)]));
  }

  DrawnEnsemble result;
  for (int k = 0; k < p.cells; ++k) {
    const auto cell = static_cast<std::uint64_t>(k);
    const DrawnCell& drawn = result.drawn.emplace_back(DrawnCell{.D = D.of(seed, cell),
                                                                 .k0 = k0.of(seed, cell),
                                                                 .radius = radius.of(seed, cell),
                                                                 .contact_resistance = contact.of(seed, cell),
                                                                 .double_layer = layer.of(seed, cell),
                                                                 .scan_rate = rate.of(seed, cell),
                                                                 .E0 = E0.of(seed, cell),
                                                                 .alpha = alpha.of(seed, cell),
                                                                 .g = g.of(seed, cell)});
    result.spec.cells.push_back(ensemble_cell(with(base, drawn)));
    result.spec.cells.back().time_scale = drawn.scan_rate > 0.0 ? scan_rate / drawn.scan_rate : 1.0;
  }
  result.spec.frame = frame_for(base, result);
  return result;
}

}  // namespace seccm::models
