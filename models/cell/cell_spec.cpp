#include "models/cell/cell_spec.hpp"

namespace seccm::models {

void DoubleLayerParameters::visit(ParameterVisitor& v, DoubleLayerParameters& p) {
  v({.key = "titania",
     .unit = "uF/cm^2",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "taken as that of gold; 100-250 uF/cm^2 with surface storage (Wang 2007)",
     .text = "Double-layer capacitance per wetted TiO2 area"},
    p.titania);
  v({.key = "gold",
     .unit = "uF/cm^2",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "carbonate electrolytes, 5-40 uF/cm^2",
     .text = "Double-layer capacitance per bare gold area"},
    p.gold);
}

void SurfaceRedoxParameters::visit(ParameterVisitor& v, SurfaceRedoxParameters& p) {
  v({.key = "enabled", .source = "docs/physics-cell.md", .text = "Pseudocapacitive surface redox on TiO2"}, p.enabled);
  v({.key = "charge",
     .unit = "uC/cm^2",
     .low = 0,
     .high = 1e4,
     .grade = Grade::computed,
     .source = "5.1 Ti/nm^2",
     .text = "Charge of the full surface layer per wetted TiO2 area"},
    p.charge);
  v({.key = "E0",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = "centre of the window",
     .text = "Standard potential of the surface redox vs Li/Li+"},
    p.E0);
  v({.key = "g",
     .low = -3.99,
     .high = 200,
     .grade = Grade::computed,
     .source = "10-40 spreads the capacitance to 0.1-0.25 mF/cm^2",
     .text = "Frumkin interaction; > 0 repulsive"},
    p.g);
  v({.key = "alpha", .low = 0.05, .high = 0.95, .source = "symmetric", .text = "Transfer coefficient of the reduction"},
    p.alpha);
  v({.key = "rate",
     .unit = "1/s",
     .low = 0,
     .high = 1e12,
     .source = "0: in equilibrium at all times",
     .text = "Standard rate constant of the surface redox"},
    p.rate);
}

void WaterReductionParameters::visit(ParameterVisitor& v, WaterReductionParameters& p) {
  v({.key = "enabled",
     .grade = Grade::paper,
     .source = "Tetteh 2023: largely gone after the first cycle",
     .text = "First-cycle reduction of trace water on gold"},
    p.enabled);
  v({.key = "charge",
     .unit = "uC/cm^2",
     .low = 0,
     .high = 1e4,
     .grade = Grade::recalled,
     .source = "50-250 uC/cm^2",
     .text = "Charge of the reservoir per bare gold area"},
    p.charge);
  v({.key = "peak",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = "1.6-2.6 V",
     .text = "Peak potential vs Li/Li+"},
    p.peak);
  v({.key = "width",
     .unit = "V",
     .low = 0.01,
     .high = 3,
     .grade = Grade::recalled,
     .source = "0.3 V",
     .text = "Full width at half maximum"},
    p.width);
  v({.key = "decay",
     .low = 1.001,
     .high = 1e6,
     .grade = Grade::recalled,
     .source = "x5-10 per cycle",
     .text = "Ratio of the peaks of two successive cycles"},
    p.decay);
}

void NumericsParameters::visit(ParameterVisitor& v, NumericsParameters& p) {
  v({.key = "engine",
     .source = "docs/physics-reference.md",
     .text = "Engine of job simulate: fast, the reference with complete error control, or auto: fast, refined until "
             "its measured error meets the tolerance, and the reference where that does not come about"},
    engine_names, p.engine);
  v({.key = "step",
     .source = "docs/physics-cell.md",
     .text = "Steps on the grid of potential_step and hold_step as they are, or steps that follow the solution (rows "
             "stay on the grid; job simulate); auto: simulate follows the solution, refined until the measured error "
             "meets the tolerance, the other jobs take the grid"},
    step_names, p.step);
  v({.key = "tolerance",
     .low = 0,
     .high = 1e-2,
     .source = "docs/physics-cell.md",
     .text = "Error that a current of job simulate may have, measured, relative to the largest one at its scan rate; "
             "0: 1e-4, 1e-3 with more than 5000 unknowns or voxels, 1e-2 with phases that separate, contacts that "
             "ignite and a liquid that changes, up to 1e-2 where that takes more than some ten seconds a run (where "
             "nothing measures, 1e-4)"},
    p.tolerance);
  v({.key = "sensitivities",
     .source = "docs/physics-reference.md",
     .text = "Numbers of the cell, separated by commas, whose slopes di/dp the reference engine puts beside each row: "
             "material.D, cell.radius, ... (job simulate)"},
    p.sensitivities);
  v({.key = "cells",
     .low = 0,
     .high = 10000,
     .source = "docs/physics-cell.md",
     .text = "Radial finite volumes per particle (3 at least); 0: chosen for the fastest sweep, 60 or more"},
    p.cells);
  v({.key = "grading",
     .low = 0,
     .high = 1,
     .source = "docs/physics-cell.md",
     .text = "Width of the surface cell relative to a uniform one; 0: chosen, 0.05 or finer"},
    p.grading);
  v({.key = "potential_step",
     .unit = "mV",
     .low = 1e-4,
     .high = 50,
     .source = "docs/physics-cell.md",
     .text = "Longest step of a sweep"},
    p.potential_step);
  v({.key = "hold_step",
     .unit = "s",
     .low = 1e-9,
     .high = 1e4,
     .source = "docs/physics-cell.md",
     .text = "Longest step at constant potential; behind 1024 of them it doubles every 512 steps"},
    p.hold_step);
  v({.key = "fastest_scan_rate",
     .unit = "V/s",
     .low = 1e-9,
     .high = 1e6,
     .grade = Grade::paper,
     .source = "Tetteh 2023: 0.02-0.5 V/s",
     .text = "Scan rate whose diffusion layer the chosen mesh of a hold resolves; sweeps have their own fastest rate, "
             "and a "
             "scan the faster one of both"},
    p.fastest_scan_rate);
}

}  // namespace seccm::models
