#include "models/engine/refinement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "models/cell/trace_error.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

// Steps form a ladder of powers of two (models/cell/adaptive_steps.hpp): less than 2^5 in the tolerance of order 4
// leaves many steps as they were, and the pair would share their error.
constexpr int halvings_a_rung = 5;
constexpr double least_gain = 1.5;  // of a rung in space: less is not the mesh's error but the noise of the steps
constexpr double work_a_rung = 2.0;
constexpr double of_finer_mesh = 2.0;  // a mesh twice as fine has a quarter of the error, half of it at first order

class Climb {
 public:
  explicit Climb(const Ladder& ladder) : ladder_(ladder) {}

  Refined run() {
    while (!first_pair()) {
      const bool more = at_.space < ladder_.most_space || at_.time < ladder_.most_time;
      if (!more) throw SolverError(why_);
      at_ = {.space = std::min(at_.space + 1, ladder_.most_space), .time = std::min(at_.time + 1, ladder_.most_time)};
    }
    TraceError error = between(*fine_, *coarse_, share_of_first_pair());
    if (good(error) || ladder_.pinned) return finish(error);
    TraceError space, time;
    tell_apart(error, space, time);
    while (true) {
      error = space;
      error += time;
      if (good(error)) return finish(error);
      const std::optional<bool> in_time = next_in_time(space, time);
      if (!in_time || too_dear()) {
        if (relative(error) <= ladder_.loosest) return finish(error, true);
        throw SolverError(off_by(error) + (in_time ? ", and a finer run would take too long" : ""));
      }
      refine(*in_time, *in_time ? time : space, error);
    }
  }

 private:
  [[nodiscard]] TraceError between(const Trace& fine, const Trace& coarse, double share) const {
    return error_between(fine, coarse, share, ladder_.thermal);
  }
  [[nodiscard]] double share_of_first_pair() const {
    if (!ladder_.has_space) return ladder_.of_steps;
    return ladder_.finer_companion ? of_finer_mesh : ladder_.of_mesh;
  }
  [[nodiscard]] double relative(const TraceError& error) const { return relative_error(*fine_, error.current); }
  [[nodiscard]] bool good(const TraceError& error) const { return relative(error) <= ladder_.tolerance; }
  [[nodiscard]] std::string off_by(const TraceError& error) const {
    return fmt::format("currents are off by up to {:.2g} of the largest one at their scan rate", relative(error));
  }

  Refined finish(const TraceError& error, bool cut_short = false) {
    state_error(*fine_, error);
    state_at_least(*fine_, ladder_.least * at_.local_tolerance());
    const double largest = relative_error(*fine_, fine_->current_error);
    return {.trace = std::move(*fine_), .error = largest, .at = at_, .cut_short = cut_short};
  }

  std::optional<Trace> tried(const Resolution& at) {
    try {
      return ladder_.run(at);
    } catch (const SolverError& error) {
      why_ = error.what();
      return std::nullopt;
    }
  }

  /// A coarse run may fail where the next finer one does not.
  bool first_pair() {
    fine_ = tried(at_);
    if (!fine_) return false;
    const int other = !ladder_.has_space ? 0 : ladder_.finer_companion ? 1 : -1;
    coarse_ = tried({.space = at_.space + other, .time = at_.time - 1, .all_rows = false});
    return coarse_.has_value();
  }

  void tell_apart(const TraceError& whole, TraceError& space, TraceError& time) {
    space = time = TraceError{.current = std::vector<double>(fine_->size(), 0.0)};
    if (!ladder_.has_space) {
      time = whole;
      return;
    }
    const std::optional<Trace> between_them = tried({.space = at_.space - 1, .time = at_.time});
    if (!between_them) throw SolverError(why_);
    space = between(*fine_, *between_them, ladder_.of_mesh);
    time = between(*between_them, *coarse_, ladder_.of_steps);
  }

  /// What to refine next, the steps or the mesh; nothing where that is at its finest.
  [[nodiscard]] std::optional<bool> next_in_time(const TraceError& space, const TraceError& time) const {
    const bool more_time = at_.time < ladder_.most_time, more_space = at_.space < ladder_.most_space;
    if (stalled_ && more_time) return true;
    const bool worse = relative(time) > relative(space);
    if (worse ? more_time : more_space) return worse;
    // The other one, as long as that can still help.
    if (relative(worse ? time : space) < ladder_.tolerance && (worse ? more_space : more_time)) return !worse;
    return std::nullopt;
  }

  [[nodiscard]] bool too_dear() const {
    const auto rows = static_cast<long>(fine_->size());
    const auto iterations = static_cast<double>(std::max(fine_->counts.newton_iterations, rows));
    return work_a_rung * iterations * ladder_.unknowns(at_) > ladder_.most_work;
  }

  void refine(bool in_time, TraceError& part, const TraceError& present) {
    Resolution next = at_;
    (in_time ? next.time : next.space) += 1;
    std::optional<Trace> finer = tried(next);
    if (!finer) throw SolverError(off_by(present) + "; finer: " + why_);
    const double before = relative(part);
    part = between(*finer, *fine_, in_time ? ladder_.of_steps : ladder_.of_mesh);
    fine_ = std::move(finer);
    at_ = next;
    stalled_ = !in_time && relative(part) * least_gain > before;
  }

  const Ladder& ladder_;
  Resolution at_;
  std::optional<Trace> fine_, coarse_;
  std::string why_;
  bool stalled_ = false;  // the last rung in space has gained nothing
};

}  // namespace

double Resolution::cells() const {
  return std::ldexp(1.0, space);
}

double Resolution::local_tolerance() const {
  return std::ldexp(1.0, -halvings_a_rung * time);
}

Refined refine_until(const Ladder& ladder) {
  return Climb(ladder).run();
}

}  // namespace seccm::models
