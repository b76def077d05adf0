#include "pipeline/analysis/measured.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace seccm::analysis {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool states_an_error(const Measured& m) {
  return m.error > 0.0 || m.log_error > 0.0 || m.below > 0.0 || m.above > 0.0;
}

StatedInterval open_above(StatedInterval interval) {
  if (!(interval.upper < infinity)) {
    interval.verdict = files::Verdict::one_sided;
    interval.reason = "only a lower limit";
  }
  return interval;
}

StatedInterval linear_interval(const Measured& m, double t, double z, double level) {
  const double h = std::hypot(t * m.error, z * m.log_error * m.value);
  return open_above({m.value - m.below - h, m.value + m.above + h, level});
}

StatedInterval without_estimate(const Measured& m, double t, double level) {
  const double upper = m.value + m.above + t * m.error;
  if (upper > 0.0 && upper < infinity)
    return {0.0, upper, level, files::Verdict::one_sided, "not above zero: only an upper limit"};
  return {0.0, infinity, level, files::Verdict::not_identifiable,
          "not positive beyond its error, which the quantity is by nature"};
}

StatedInterval logarithmic_interval(const Measured& m, double t, double z, double level) {
  if (!(m.value > 0.0)) return without_estimate(m, t, level);
  const double g = t * m.error / (m.power * m.value);
  const double upper = (m.value + m.above) * std::exp(std::hypot(m.power * std::log1p(g), z * m.log_error));
  if (g >= 1.0 || m.below >= m.value) {
    if (upper < infinity)
      return {0.0, upper, level, files::Verdict::one_sided, "zero is not excluded: only an upper limit"};
    return {0.0, upper, level, files::Verdict::not_identifiable, "bounded from neither side"};
  }
  const double down = std::hypot(m.power * std::log1p(-g), z * m.log_error);
  return open_above({(m.value - m.below) * std::exp(-down), upper, level});
}

}  // namespace

double half_width(double level, int degrees_of_freedom) {
  const double p = 0.5 + 0.5 * level;
  if (degrees_of_freedom <= 0) return boost::math::quantile(boost::math::normal(), p);
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), p);
}

double standard_error(const Measured& m) {
  return std::hypot(m.error, m.log_error * m.value);
}

StatedInterval interval_of(const Measured& m, files::IntervalScale scale, double level) {
  const double t = half_width(level, m.degrees_of_freedom), z = half_width(level, 0);
  if (!states_an_error(m)) {
    if (scale == files::IntervalScale::linear || m.value > 0.0) return {m.value, m.value, 0.0};
    return {m.value, m.value, 0.0, files::Verdict::not_identifiable,
            "not positive, which the quantity is by nature; no error is stated"};
  }
  return scale == files::IntervalScale::linear ? linear_interval(m, t, z, level) : logarithmic_interval(m, t, z, level);
}

}  // namespace seccm::analysis
