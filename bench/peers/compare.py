#!/usr/bin/env python3
"""The same voltammograms by PyBaMM, by ElectroKitty and by this project, at equal error: times and ratios.

    bench/peers/run                    makes a scratch environment, installs the peers, runs this

It reports and gates nothing. Our time is that of the whole command, start, scenario and CSV included; a peer's is that of its second
solve, without imports, model building or compilation. Errors are of the current: the worst sample over the cathodic peak for the
sphere, the peak against its exact value for the plane.
"""

import csv
import json
import pathlib
import platform
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
F, R, T = 96485.33212, 8.314462618, 298.15

# Case 1: a sphere of anatase, quasi-reversible, one cycle.
SPHERE = {"radius": 25e-9, "D": 1e-17, "k0": 2e-11, "c_max": 2.4e4, "E0": 1.80, "high": 3.0, "low": 1.0, "rate": 0.1}
# Case 2: a planar electrode, reversible: the exact peak is 0.446294695 F A c sqrt(F D v/RT).
PLANAR_PEAK = 0.446294695


def command(seccm, scenario, sets, repeat=5):
    """Wall time of the whole command (the fastest of some) and its columns E, i."""
    best = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "cv.csv"
        call = [seccm, "simulate", scenario, "--csv", str(path), "--quiet", *sum((["--set", s] for s in sets), [])]
        for _ in range(repeat):
            start = time.perf_counter()
            subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
            best = min(best, time.perf_counter() - start)
        with path.open() as file:
            rows = list(csv.DictReader(file))
    columns = {k: np.array([float(r[k]) for r in rows]) for k in ("time_s", "potential_V", "current_A")}
    return best, columns["time_s"], columns["potential_V"], columns["current_A"]


def command_start(seccm):
    start = time.perf_counter()
    subprocess.run([seccm, "list", "models"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def sphere_sets(cells, step):
    s = SPHERE
    return [f'material.D="{s["D"] * 1e4} cm^2/s"', f'material.k0="{s["k0"] * 1e2} cm/s"', f'material.E0="{s["E0"]} V"',
            "cell.w=0", f'cell.radius="{s["radius"] * 1e9} nm"', f'program.start="{s["high"]} V"', f'program.vertex1="{s["low"]} V"',
            f'program.vertex2="{s["high"]} V"', f'program.scan_rates=["{s["rate"] * 1e3} mV/s"]', f"numerics.cells={cells}",
            f'numerics.potential_step="{step} mV"']


def pybamm_sphere(points, rtol, atol, t):
    """The single-particle half-cell in voltage mode; current of one sphere, A."""
    import pybamm

    pybamm.set_logging_level("ERROR")
    s, f = SPHERE, F / (R * T)
    turn = (s["high"] - s["low"]) / s["rate"]
    model = pybamm.lithium_ion.SPM({"working electrode": "positive", "operating mode": "voltage"})
    p = pybamm.ParameterValues("Xu2019")
    active = 0.6
    p.update({
        "Positive particle radius [m]": s["radius"], "Positive particle diffusivity [m2.s-1]": s["D"],
        "Maximum concentration in positive electrode [mol.m-3]": s["c_max"],
        "Initial concentration in positive electrode [mol.m-3]": s["c_max"] * 1e-9,
        "Positive electrode OCP [V]": lambda y: s["E0"] - pybamm.log(y / (1 - y)) / f,
        "Positive electrode exchange-current density [A.m-2]":
            lambda ce, cs, cm, temperature: F * s["k0"] * cm * pybamm.sqrt(cs / cm * (1 - cs / cm)),
        # the counter electrode must not add an overpotential
        "Exchange-current density for lithium metal electrode [A.m-2]": lambda ce, cl, temperature: pybamm.Scalar(1e12),
        "Positive electrode active material volume fraction": active, "Ambient temperature [K]": T,
        "Initial temperature [K]": T, "Reference temperature [K]": T, "Positive electrode OCP entropic change [V.K-1]": 0.0,
        "Lower voltage cut-off [V]": 0.0, "Upper voltage cut-off [V]": 5.0,
        "Voltage function [V]": lambda x: s["low"] + s["rate"] * abs(x - turn),
    }, check_already_exists=False)
    spheres = (p["Electrode width [m]"] * p["Electrode height [m]"] * p["Positive electrode thickness [m]"] * active
               / (4 / 3 * np.pi * s["radius"] ** 3))
    simulation = pybamm.Simulation(model, parameter_values=p, solver=pybamm.IDAKLUSolver(rtol=rtol, atol=atol),
                                   var_pts={"x_s": 5, "x_p": 5, "x_n": 5, "r_p": points, "r_n": 5})
    simulation.solve(t)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        solution = simulation.solve(t)
        best = min(best, time.perf_counter() - start)
    return best, -solution["Current [A]"](t) / spheres


def electrokitty_plane(nodes, samples):
    """Peak over F A c sqrt(F D v/RT), and the time."""
    import matplotlib

    matplotlib.use("Agg")
    from electrokitty import ElectroKitty

    D, v, c, A = 1e-9, 0.05, 1.0, 1e-4
    s = ElectroKitty("E(1): a=b")
    s.create_simulation([[0.5, 10.0, 0.0]], [T, 0.0, 0.0, A], [D, D], [], [1e-3, nodes, 1e-5, 0], [[], [c, 0.0]], [])
    s.V_potential(0.4, -0.45, v, 0, 0, samples)
    start = time.perf_counter()
    E, i, _ = s.simulate()
    wall = time.perf_counter() - start
    return wall, peak(np.asarray(i)[: len(i) // 2]) / (F * A * c * np.sqrt(F * D * v / (R * T)))


def peak(i):
    """Largest cathodic current, by the parabola through three samples."""
    k = int(np.argmin(i))
    a, b, c = i[k - 1], i[k], i[k + 1]
    return -(b - 0.125 * (a - c) ** 2 / (a - 2 * b + c))


def cheapest(settings, run, error_of, wanted):
    """The first setting, from cheap to dear, whose error is at most `wanted`; else the last."""
    for setting in settings:
        wall, answer = run(*setting)
        error = error_of(answer)
        if error <= wanted:
            break
    return setting, wall, error


def sphere_case(seccm, scenario):
    _, t, _, truth = command(seccm, scenario, sphere_sets(400, 0.1), 1)
    scale = np.max(-truth)

    def ours(cells, step):
        wall, ts, _, i = command(seccm, scenario, sphere_sets(cells, step))
        return wall, (ts, i)

    rows = []
    sample = np.linspace(0.0, t[-1], 2001)
    exact = np.interp(sample, t, truth)
    for points, rtol, atol in ((20, 1e-4, 1e-6), (20, 1e-6, 1e-8), (50, 1e-6, 1e-8), (100, 1e-6, 1e-8), (200, 1e-7, 1e-9)):
        wall, i = pybamm_sphere(points, rtol, atol, sample)
        error = float(np.max(np.abs(i[1:] - exact[1:])) / scale)
        setting, our_wall, our_error = cheapest(
            ((20, 4.0), (30, 4.0), (30, 2.0), (50, 2.0), (60, 1.0), (80, 1.0), (100, 0.5), (150, 0.25)), ours,
            lambda a: float(np.max(np.abs(np.interp(a[0], t, truth) - a[1])[1:]) / scale), error)
        rows.append({"case": "sphere, quasi-reversible cycle", "peer": f"PyBaMM SPM half-cell, {points} uniform cells, rtol {rtol:g}, atol {atol:g}",
                     "peer_s": wall, "peer_error": error, "ours": f"{setting[0]} graded cells, {setting[1]:g} mV",
                     "ours_s": our_wall, "ours_error": our_error, "ratio": wall / our_wall})
    return rows


def plane_case(seccm, scenario):
    scale = F * 1e-12 * 2.4e4  # area and c_max of the scenario; D follows from its w

    def ours(cells, step):
        wall, _, E, i = command(seccm, scenario, [f"numerics.cells={cells}", f'numerics.potential_step="{step} mV"'])
        D = F * 0.05 * (25e-9) ** 2 / (R * T * 1e4)
        return wall, peak(i) / (scale * np.sqrt(F * D * 0.05 / (R * T)))

    rows = []
    for nodes, samples in ((15, 500), (20, 500), (20, 1000), (30, 1000)):
        wall, answer = electrokitty_plane(nodes, samples)
        error = abs(-answer + PLANAR_PEAK) if answer < 0 else abs(answer - PLANAR_PEAK)
        error /= PLANAR_PEAK
        setting, our_wall, our_error = cheapest(((20, 4.0), (30, 2.0), (50, 2.0), (60, 1.0), (100, 1.0), (150, 0.5)), ours,
                                                lambda a: abs(a / PLANAR_PEAK - 1), error)
        rows.append({"case": "plane, reversible cycle (ours: its cathodic sweep)", "peer": f"ElectroKitty, {nodes} nodes, {samples} samples",
                     "peer_s": wall, "peer_error": error, "ours": f"{setting[0]} graded cells, {setting[1]:g} mV",
                     "ours_s": our_wall, "ours_error": our_error, "ratio": wall / our_wall})
    return rows


def main():
    if len(sys.argv) != 4:
        sys.exit("compare.py SECCM SCENARIO_DIRECTORY OUT.json")
    seccm, scenarios, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    rows = sphere_case(seccm, str(scenarios / "verification/sphere_reversible_w100.toml"))
    rows += plane_case(seccm, str(scenarios / "verification/planar_reversible.toml"))
    for row in rows:
        print(f"{row['case']}\n  {row['peer']}: {row['peer_s'] * 1e3:.1f} ms, error {row['peer_error']:.1e}\n"
              f"  seccm, {row['ours']}: {row['ours_s'] * 1e3:.1f} ms, error {row['ours_error']:.1e}\n  ratio {row['ratio']:.1f}")
    start = min(command_start(seccm) for _ in range(5))
    print(f"(starting the command without solving anything takes {start * 1e3:.1f} ms of each of ours)")
    from importlib.metadata import version

    versions = {name: version(name) for name in ("pybamm", "electrokitty", "numpy")}
    out.write_text(json.dumps({"machine": platform.processor() or platform.machine(), "versions": versions, "start_s": start, "rows": rows}, indent=1) + "\n")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
