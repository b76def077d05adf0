#include "models/sample/sample_parameters.hpp"

namespace seccm::models {

void SubstrateParameters::visit(ParameterVisitor& v, SubstrateParameters& p) {
  v({.key = "tilt_x",
     .unit = "mrad",
     .low = -50,
     .high = 50,
     .grade = Grade::choice,
     .source = "levelled coverslip",
     .text = "Slope of the gold along x"},
    p.tilt_x);
  v({.key = "tilt_y",
     .unit = "mrad",
     .low = -50,
     .high = 50,
     .grade = Grade::choice,
     .source = "levelled coverslip",
     .text = "Slope of the gold along y"},
    p.tilt_y);
  v({.key = "roughness",
     .unit = "nm",
     .low = 0,
     .high = 100,
     .grade = Grade::recalled,
     .source = "evaporated Au on a coverslip, around 1 nm",
     .text = "Rms roughness of the gold"},
    p.roughness);
  v({.key = "correlation_length",
     .unit = "um",
     .low = 0.01,
     .high = 1000,
     .grade = Grade::choice,
     .source = "smooth on the scale of a footprint",
     .text = "Correlation length of the roughness"},
    p.correlation_length);
}

namespace {

void visit_field(ParameterVisitor& v, SampleParameters& p) {
  v({.key = "field_width",
     .unit = "um",
     .low = 1,
     .high = 10000,
     .grade = Grade::verified,
     .source = "piezo range 100 um (echemtips)",
     .text = "Extent of the field along x"},
    p.field_width);
  v({.key = "field_height",
     .unit = "um",
     .low = 1,
     .high = 10000,
     .grade = Grade::verified,
     .source = "piezo range 100 um (echemtips)",
     .text = "Extent of the field along y"},
    p.field_height);
  v({.key = "edge_margin",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .grade = Grade::choice,
     .source = "",
     .text = "Distance of cluster centres from the edge of the field"},
    p.edge_margin);
  v({.key = "clusters",
     .low = 0,
     .high = 20000,
     .grade = Grade::choice,
     .source = "60 targets per scan and many left",
     .text = "Number of clusters; 0 is bare gold"},
    p.clusters);
  v({.key = "minimum_spacing",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .grade = Grade::choice,
     .source = "one cluster per footprint",
     .text = "Smallest distance between cluster centres"},
    p.minimum_spacing);
}

void visit_sizes(ParameterVisitor& v, SampleParameters& p) {
  v({.key = "cluster_size_median",
     .low = 1,
     .high = 20000,
     .grade = Grade::computed,
     .source = "+-1 pA at 100 mV/s is ~33 spheres of 50 nm; Fig. 4d volumes 0.002-0.3 um^3",
     .text = "Median number of particles in a cluster"},
    p.cluster_size_median);
  v({.key = "cluster_size_sigma",
     .low = 0,
     .high = 4,
     .grade = Grade::computed,
     .source = "Fig. 4d volumes 0.002-0.3 um^3",
     .text = "Standard deviation of the log of the cluster size"},
    p.cluster_size_sigma);
  v({.key = "cluster_size_max",
     .low = 1,
     .high = 20000,
     .grade = Grade::computed,
     .source = "Fig. 4d, 0.3 um^3",
     .text = "Largest cluster; draws beyond it are set to it"},
    p.cluster_size_max);
  v.quantities({.key = "cluster_sizes",
                .low = 1,
                .high = 20000,
                .grade = Grade::choice,
                .source = "",
                .text = "Explicit particle counts, one per cluster, instead of the distribution"},
               Dimension{}, p.cluster_sizes);
  v({.key = "positions_x",
     .unit = "um",
     .low = 0,
     .high = 10000,
     .grade = Grade::choice,
     .source = "",
     .text = "Explicit cluster centres, one per entry of cluster_sizes"},
    p.positions_x);
  v({.key = "positions_y",
     .unit = "um",
     .low = 0,
     .high = 10000,
     .grade = Grade::choice,
     .source = "",
     .text = "Explicit cluster centres, one per entry of cluster_sizes"},
    p.positions_y);
}

void visit_packing(ParameterVisitor& v, SampleParameters& p) {
  v({.key = "particle_diameter",
     .unit = "nm",
     .low = 2,
     .high = 2000,
     .grade = Grade::paper,
     .source = "~50 nm",
     .text = "Number-median diameter of the nanoparticles"},
    p.particle_diameter);
  v({.key = "particle_diameter_sigma",
     .low = 0,
     .high = 0.6,
     .grade = Grade::recalled,
     .source = "commercial anatase powders",
     .text = "Standard deviation of the log of the diameter"},
    p.particle_diameter_sigma);
  v({.key = "packing_fraction",
     .low = 0.35,
     .high = 0.6,
     .grade = Grade::recalled,
     .source = "random packing of spheres 0.56-0.64; aggregates are looser",
     .text = "Solid share inside a large pile"},
    p.packing_fraction);
  v({.key = "aspect_max",
     .low = 0.01,
     .high = 2,
     .grade = Grade::choice,
     .source = "Fig. 4c: large clusters pile up",
     .text = "Height : half-width that large clusters tend to"},
    p.aspect_max);
  v({.key = "pile_up_size",
     .low = 0,
     .high = 1e5,
     .grade = Grade::choice,
     .source = "Fig. 4c: small clusters lie dispersed",
     .text = "Cluster size at which half of aspect_max is reached"},
    p.pile_up_size);
  v({.key = "elongation_sigma",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "outlines are not circles",
     .text = "Standard deviation of the log of the axis ratio of the outline"},
    p.elongation_sigma);
  v({.key = "dispersed_fraction",
     .low = 0,
     .high = 0.9,
     .grade = Grade::choice,
     .source = "Fig. 4c: small clusters lie dispersed",
     .text = "Share of loose particles around the smallest clusters"},
    p.dispersed_fraction);
}

void visit_contacts(ParameterVisitor& v, SampleParameters& p) {
  v({.key = "contact_resistance",
     .unit = "Ohm",
     .low = 1,
     .high = 1e13,
     .grade = Grade::recalled,
     .source = "1e7-1e11; contact resistance governs LiMn2O4 particles (Tao 2024)",
     .text = "Median resistance of one particle-particle or particle-gold contact"},
    p.contact_resistance);
  v({.key = "contact_resistance_sigma",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = "1e7-1e11 within 3 sigma",
     .text = "Standard deviation of the log of a contact resistance"},
    p.contact_resistance_sigma);
  v({.key = "dead_fraction",
     .low = 0,
     .high = 1,
     .grade = Grade::recalled,
     .source = "poorly connected aggregates",
     .text = "Share of particles without electrical contact"},
    p.dead_fraction);
  v({.key = "neck_ratio",
     .low = 0,
     .high = 0.5,
     .grade = Grade::recalled,
     .source = "lightly sintered powders",
     .text = "Neck radius / particle radius at a contact; the cap inside the neck stays dry"},
    p.neck_ratio);
  v({.key = "interior_wetting",
     .low = 0.01,
     .high = 1,
     .grade = Grade::recalled,
     .source = "organic electrolyte wets oxides",
     .text = "Share of the free surface that electrolyte reaches deep inside a pile"},
    p.interior_wetting);
}

}  // namespace

void SampleParameters::visit(ParameterVisitor& v, SampleParameters& p) {
  visit_field(v, p);
  visit_sizes(v, p);
  visit_packing(v, p);
  visit_contacts(v, p);
  v.section("substrate", "The gold-coated coverslip under the particles", p.substrate);
}

}  // namespace seccm::models
