#include "instrument/twin/world.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "instrument/twin/landing_cell.hpp"
#include "models/engine/engine_factory.hpp"

namespace seccm::instrument::twin {

namespace {

constexpr double same_place = 1e-9;          // m: surface heights are looked up again beyond it
constexpr double margin = 1e-6;              // m: creep, linearity and drift stay far below it
constexpr double thickest_residue = 200e-9;  // m, what the optics accept

/// Above this tip height neither liquid nor glass can meet anything.
double highest_reach(const models::SampleField& field, const TwinSpec& spec) {
  double top = 0.0;
  for (const auto& cluster : field.clusters()) top = std::max(top, cluster.max_height);
  const auto& s = spec.sample.substrate;
  const double tilt = 0.5 * (std::abs(s.tilt_x) * field.width() + std::abs(s.tilt_y) * field.height());
  const double droplet = spec.meniscus.height_fraction * spec.pipette.radius();
  return top + tilt + 12.0 * s.roughness.si() + droplet + margin;
}

/// The highest gold under the rim: what the glass breaks on.
double hard_height(const models::SampleField& field, const models::PipetteParameters& pipette, double x, double y) {
  constexpr int directions = 12;
  const double r = pipette.outer_radius();
  double top = field.gold_height(x, y);
  for (int k = 0; k < directions; ++k) {
    const double angle = 2.0 * constants::pi * k / directions;
    top = std::max(top, field.gold_height(x + r * std::cos(angle), y + r * std::sin(angle)));
  }
  return top;
}

}  // namespace

World::World(const TwinSpec& spec, double pixel_size, std::uint64_t seed, const Point3& start)
    : spec_(spec),
      seed_(seed),
      field_(spec.sample, seed),
      reference_(spec.qrce, seed),
      alignment_(draw_alignment(spec, pixel_size, seed)),
      stage_(spec.stage, seed, start),
      reach_(highest_reach(field_, spec)),
      E_(0.0) {
  truth_.seed = seed;
  truth_.pixel_to_stage = alignment_.pixel_to_stage();
  truth_.stage_to_field = alignment_.stage_to_field();
  truth_.true_pixel_size = alignment_.pose.pixel_size;
  truth_.drift_x = alignment_.drift.x;
  truth_.drift_y = alignment_.drift.y;
  truth_.drift_z = alignment_.drift.z;
  truth_.surface_z = alignment_.surface_z;
  truth_.qrce_initial_vs_Li = reference_.initial_potential();
}

Point3 World::tip() const {
  return alignment_.to_field(stage_.position(), now());
}

const World::Heights& World::heights(double x, double y) {
  if (std::hypot(x - heights_.x, y - heights_.y) > same_place) {
    heights_ = {x, y, models::contact_height(field_, spec_.meniscus, spec_.pipette, x, y),
                hard_height(field_, spec_.pipette, x, y)};
  }
  return heights_;
}

double World::touch_time(const Drive& drive, double dt) {
  const double offset = alignment_.surface_z + alignment_.drift.z * now();
  const double lowest = std::min(drive.position.z, drive.position.z + drive.velocity.z * dt) - offset;
  const Point3 here = tip();
  if (std::min(lowest, here.z) > reach_) return -1.0;
  const double target = heights(here.x, here.y).contact;
  const auto height = [&](double t) {
    return stage_.z_after(drive.position.z, drive.velocity.z, t) - offset - alignment_.drift.z * t;
  };
  if (here.z <= target) return 0.0;
  if (height(dt) > target) return -1.0;
  double above = 0.0, below = dt;
  while (below - above > 0.25 * tick_length) {
    const double middle = 0.5 * (above + below);
    (height(middle) > target ? above : below) = middle;
  }
  return below;
}

World::Progress World::advance(const Drive& drive, Tick ticks, Integrals& sum) {
  bool landed = false;
  if (!contact_ && !broken_) {
    const double touch = touch_time(drive, seconds(ticks));
    landed = touch >= 0.0;
    if (landed) ticks = std::clamp<Tick>(ticks_up(touch), 1, ticks);
  }
  const double dt = seconds(ticks);
  const Point3 mean = stage_.advance(drive.position, drive.velocity, dt);
  tick_ += ticks;
  sum.x += mean.x * dt;
  sum.y += mean.y * dt;
  sum.z += mean.z * dt;
  sum.E += (drive.E + 0.5 * drive.slope * dt) * dt;
  sum.charge += spec_.amplifier.stray_capacitance.si() * drive.slope * dt;
  if (contact_) sum.charge += contact_charge(now(), dt);
  E_ = drive.E + drive.slope * dt;
  if (landed) land(drive, dt);
  watch_tip();
  return {ticks, landed};
}

void World::begin_potential(double E, double slope, double duration, Integrals& sum, bool open) {
  sum.jump_charge += spec_.amplifier.stray_capacitance.si() * (E - E_);
  E_ = E;
  slope_ = slope;
  leg_end_ = now() + duration;
  open_leg_ = open;
  if (!cell_) return;
  cell_->step_to_the_point(open);
  cell_->begin_leg(now(), E, slope, duration);
}

double World::wobble(double t) const {
  const auto& landing = contact_->landing;
  if (!(landing.wobble_period > 0.0)) return 1.0;
  const double phase = 2.0 * constants::pi * (t - contact_->t) / landing.wobble_period;
  return 1.0 + std::sqrt(2.0) * landing.wobble_amplitude * std::sin(phase);
}

double World::contact_charge(double t, double dt) {
  const double tau = contact_->landing.transient_time;
  const double since = t - dt - contact_->t;
  double charge = 0.0;
  if (tau > 0.0 && since < 40.0 * tau) {
    charge = -contact_->amplitude * tau * std::exp(-since / tau) * std::expm1(-dt / tau);
  }
  if (cell_) {
    const double total = cell_->charge(t);
    charge += (total - cell_charge_) * wobble(t - 0.5 * dt);
    cell_charge_ = total;
    truth_.landings.back().x_max = cell_->x_max();
    truth_.landings.back().x_min = cell_->x_min();
  }
  return charge;
}

double World::current() const {
  double i = spec_.amplifier.stray_capacitance.si() * slope_;
  if (contact_) {
    const double tau = contact_->landing.transient_time;
    if (tau > 0.0) i += contact_->amplitude * std::exp(-(now() - contact_->t) / tau);
    if (cell_) i += cell_->current() * wobble(now());
  }
  return i;
}

double World::transient_amplitude() const {
  return contact_ ? contact_->amplitude : 0.0;
}

double World::gold_reservoir(const models::Footprint& footprint) const {
  double left = 1.0;
  for (const auto& spot : spots_) {
    const double share = covered_share(footprint.x, footprint.y, footprint.diameter, spot.x, spot.y, spot.diameter);
    left *= 1.0 - share * (1.0 - spot.reservoir);
  }
  return left;
}

void World::land(const Drive& drive, double dt) {
  const Point3 here = tip();
  Contact contact;
  contact.landing = models::land(field_, spec_.meniscus, spec_.pipette, here.x, here.y, seed_, landed_++);
  contact.t = now();
  contact.x = here.x;
  contact.y = here.y;
  contact.height = here.z;
  const double offset = reference_.offset(now());
  const bool anodic = E_ + offset > spec_.tip.zero_charge_potential.si();
  contact.amplitude = anodic ? contact.landing.transient_amplitude : -contact.landing.transient_amplitude;

  LandingRecord record = landing_record(spec_, field_, contact.landing);
  record.t = now();
  record.commanded_x = drive.position.x;
  record.commanded_y = drive.position.y;
  record.contact_z = drive.position.z + drive.velocity.z * dt;
  record.sample_x = here.x;
  record.sample_y = here.y;
  record.qrce_offset_vs_Li = offset;
  record.E_vs_Li_at_contact = E_ + offset;
  record.transient_amplitude = contact.amplitude;

  const auto kept = [this](int cluster, int particle) {
    const auto found = filling_.find({cluster, particle});
    return found == filling_.end() ? 0.0 : found->second;
  };
  contact_ = std::make_unique<Contact>(std::move(contact));
  truth_.landings.push_back(std::move(record));
  cell_charge_ = 0.0;
  // A cell that can not be built ends the scan; until the tip is lifted there is a contact that passes no current.
  auto landed = landed_cell(spec_, field_, contact_->landing, seed_, kept);
  if (!landed) return;
  cell_ = std::make_unique<CellRunner>(models::make_engine(std::move(landed->cell), landed->liquid, E_ + offset,
                                                           gold_reservoir(contact_->landing.footprint)),
                                       CellRunner::Steps{.numerics = spec_.numerics,
                                                         .x_max = spec_.material.x_max,
                                                         .capacity = landed->wet_capacity,
                                                         .filling = landed->wet_filling},
                                       reference_, now(), E_);
  particles_ = std::move(landed->particles);
  cell_->step_to_the_point(open_leg_);
  cell_->begin_leg(now(), E_, slope_, std::max(leg_end_ - now(), tick_length));
  truth_.landings.back().x_max = cell_->x_max();
  truth_.landings.back().x_min = cell_->x_min();
}

void World::lift() {
  const auto& landing = contact_->landing;
  if (cell_) {
    const auto filling = cell_->engine().mean_filling();
    for (std::size_t k = 0; k < particles_.size(); ++k) {
      filling_[{particles_[k].cluster, particles_[k].particle}] = std::clamp(filling[k], 0.0, 1.0);
    }
    spots_.push_back({landing.footprint.x, landing.footprint.y, landing.footprint.diameter,
                      std::clamp(cell_->engine().water_left(), 0.0, 1.0)});
    truth_.landings.back().x_turns = cell_->x_turns();
    finished_steps_ += cell_->steps();
    cell_.reset();
  }
  if (landing.wets) {  // what wets nothing leaves nothing
    const double spread =
        models::footprint_diameter_after(landing, spec_.meniscus, now() - contact_->t) / landing.footprint.diameter;
    residues_.push_back({landing.residue.x, landing.residue.y, landing.residue.diameter * spread,
                         std::min(landing.residue.thickness, thickest_residue)});
  }
  truth_.landings.back().t_end = now();
  contact_.reset();
}

void World::watch_tip() {
  if (!contact_ && last_height_ > reach_ + margin && stage_.sensor_z() - alignment_.surface_z > reach_ + margin) return;
  const Point3 here = tip();
  last_height_ = here.z;
  if (contact_) {
    const double dragged = std::hypot(here.x - contact_->x, here.y - contact_->y);
    if (here.z - contact_->height > contact_->landing.detachment_height || dragged > spec_.pipette.radius()) {
      lift();
    }
  }
  if (broken_ || here.z > reach_) return;
  const double depth = heights(here.x, here.y).hard - here.z;
  if (depth <= spec_.tip.compliance.si()) return;
  broken_ = true;
  truth_.crashes.push_back({now(), here.x, here.y, depth});
  if (contact_) lift();
}

std::vector<LandingRecord> World::take_landings() {
  auto& all = truth_.landings;
  const auto ended = all.end() - (contact_ ? 1 : 0);
  std::vector<LandingRecord> taken(std::move_iterator(all.begin()), std::move_iterator(ended));
  all.erase(all.begin(), ended);
  return taken;
}

models::SceneOverlay World::overlay() const {
  models::SceneOverlay scene;
  scene.footprints = residues_;
  if (contact_ && contact_->landing.wets) {
    const auto& footprint = contact_->landing.footprint;
    const double diameter = models::footprint_diameter_after(contact_->landing, spec_.meniscus, now() - contact_->t);
    scene.meniscus = models::SceneMeniscus{footprint.x, footprint.y, diameter};
  }
  const Point3 here = tip();
  scene.pipette = models::ScenePipette{here.x, here.y, std::max(here.z, 0.0), 2.0 * spec_.pipette.outer_radius(),
                                       spec_.pipette.half_cone_angle};
  return scene;
}

}  // namespace seccm::instrument::twin
