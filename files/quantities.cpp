#include "files/quantities.hpp"

#include <algorithm>

namespace seccm::files {
namespace {

constexpr auto linear = IntervalScale::linear;
constexpr auto logarithmic = IntervalScale::logarithmic;

constexpr std::array table{
    EstimatedQuantity{"D", "diffusion coefficient", 0, logarithmic, "cm^2/s", 1e-4},
    EstimatedQuantity{"b", "exponent of i_p = a v^b", 1, linear, "1", 1.0},
    EstimatedQuantity{"slope", "slope of i_p against v^1/2", 1, linear, "pA V^-1/2 s^1/2", 1e-12},
    EstimatedQuantity{"intercept", "intercept of i_p against v^1/2", 1, linear, "pA", 1e-12},
    EstimatedQuantity{"charge", "charge", 2, logarithmic, "pC", 1e-12},
    EstimatedQuantity{"charge_ratio", "anodic over cathodic charge", 2, linear, "1", 1.0},
    EstimatedQuantity{"capacitive_share", "capacitive share of the loop", 3, linear, "1", 1.0},
    EstimatedQuantity{"capacitive_absolute_share", "capacitive share of |i|", 3, linear, "1", 1.0},
    EstimatedQuantity{"outside_share", "share of potentials where the premise fails", 3, linear, "1", 1.0},
    EstimatedQuantity{"capacitive_charge", "capacitive charge", 3, logarithmic, "pC", 1e-12},
    EstimatedQuantity{"x", "x in Li_xTiO2 exchanged", 4, logarithmic, "1", 1.0},
    EstimatedQuantity{"C_rate", "C-rate", 5, logarithmic, "1/h", 1.0},
    EstimatedQuantity{"area", "area", 6, logarithmic, "um^2", 1e-12},
    EstimatedQuantity{"volume", "volume", 6, logarithmic, "um^3", 1e-18},
    EstimatedQuantity{"peak_potential", "peak potential against Li/Li+", 7, linear, "V", 1.0},
    EstimatedQuantity{"peak_separation", "anodic minus cathodic peak potential", 7, linear, "V", 1.0},
    EstimatedQuantity{"peak_current", "peak current", 8, linear, "pA", 1e-12},
};

}  // namespace

std::span<const EstimatedQuantity> quantities() {
  return table;
}

const EstimatedQuantity* find_quantity(std::string_view name) {
  const auto found = std::ranges::find(table, name, &EstimatedQuantity::name);
  return found == table.end() ? nullptr : &*found;
}

IntervalScale scale_of(std::string_view quantity) {
  const EstimatedQuantity* known = find_quantity(quantity);
  return known == nullptr ? linear : known->scale;
}

}  // namespace seccm::files
