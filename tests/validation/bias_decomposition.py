#!/usr/bin/env python3
"""Table of what the bias of eq. 3 consists of: bias_decomposition.py SECCM DIRECTORY, with DIRECTORY/WORLD/seed_N.json (as
`seccm validate` writes them) and DIRECTORY/WORLD/world.txt (the assignments that make the world, one a line).

Segmentation, area ratio and current come from the runs, each a mean over the resolved landings of a seed (means add up), and over
the seeds the median with the lowest and the highest. The current is split by voltammograms of one particle, `seccm simulate`, each against
eq. 3 with the true D and area, in an order in which one thing is added after another:
    kinetics     semi-infinite plane, ideal host, the true k0: 0 where the reaction is irreversible
    isotherm     + the host's own law
    finite size  + a sphere of the Sauter radius of the sample
    history      + second cycle instead of a sweep from a uniform filling
    rest         what the mean of the runs has beyond: contact resistances, sizes, background, noise
"""
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

FARADAY, GAS, TEMPERATURE, ALPHA, C_MAX, RATE = 96485.33212, 8.31446261815324, 298.15, 0.5, 2.4e4, 0.1
TRUE_D = {"reconciled": {"cathodic": 1e-17, "anodic": 1e-17}, "paper_literal": {"cathodic": 2e-18, "anodic": 3e-19}}
SAUTER_RADIUS_NM = 25 * math.exp(2.5 * 0.2**2)  # sum R^3/sum R^2 of log-normal radii, median 25 nm, sigma 0.2
SLAB_AREA, SPHERE_AREA = 1e-12, 4 * math.pi * (1e-9 * SAUTER_RADIUS_NM) ** 2
SLAB, SPHERE = ('cell.geometry="slab"', 'cell.radius="1 um"'), ('cell.geometry="sphere"', f'cell.radius="{SAUTER_RADIUS_NM} nm"')
FULL_TO_EMPTY = ('program.kind="linear"', 'program.start="1.0 V"', 'program.vertex1="3.0 V"', "cell.initial_filling=1")
EMPTY_TO_FULL = ('program.kind="linear"', 'program.start="3.0 V"', 'program.vertex1="1.0 V"')
CYCLES = ('program.kind="cyclic"', 'program.start="3.0 V"', 'program.vertex1="1.0 V"', 'program.vertex2="3.0 V"', "program.cycles=2")
TERMS = ("kinetics", "isotherm", "finite size", "history", "rest")


def rows_of(seccm, assignments, folder):
    scenario, table = folder / "one.toml", folder / "one.csv"
    scenario.write_text('name = "one"\njob = "simulate"\n[cell]\narea = "1 um^2"\n[double_layer]\ntitania = "0 uF/cm^2"\n'
                        '[program]\nscan_rates = ["100 mV/s"]\n')
    sets = [part for a in assignments for part in ("--set", a)]
    subprocess.run([seccm, "simulate", str(scenario), "--csv", str(table), "--quiet", *sets], check=True, stdout=subprocess.DEVNULL)
    with open(table, encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def peak(rows, direction):
    last = max(int(row["cycle"]) for row in rows)
    currents = [float(row["current_A"]) for row in rows if int(row["cycle"]) == last]
    return max(currents) if direction == "anodic" else -min(currents)


def decades_of_eq3(current, area, D):
    slope = 0.4958 * FARADAY * area * C_MAX * math.sqrt(D * ALPHA * FARADAY / (GAS * TEMPERATURE))
    return 2 * math.log10(current / (slope * math.sqrt(RATE)))


def chain(seccm, assignments, direction, D, folder):
    """Bias after each thing that is added, decades of D."""
    material = [a for a in assignments if a.startswith(("material.", "truth_set"))]
    ideal = [a for a in material if not a.startswith(("material.law", "material.g"))]
    sweep = FULL_TO_EMPTY if direction == "anodic" else EMPTY_TO_FULL
    stages = (([*ideal, *SLAB, *sweep], SLAB_AREA), ([*material, *SLAB, *sweep], SLAB_AREA),
              ([*material, *SPHERE, *sweep], SPHERE_AREA), ([*material, *SPHERE, *CYCLES], SPHERE_AREA))
    return [decades_of_eq3(peak(rows_of(seccm, stage, folder), direction), area, D) for stage, area in stages]


def spread(values, digits=2):
    values = sorted(values)
    if not values:
        return "none"
    middle = values[len(values) // 2] if len(values) % 2 else 0.5 * (values[len(values) // 2 - 1] + values[len(values) // 2])
    if len(values) == 1:
        return f"{middle:+.{digits}f}"
    return f"{middle:+.{digits}f} ({values[0]:+.{digits}f} to {values[-1]:+.{digits}f})"


def line(seccm, world, direction, folder):
    assignments = [a for a in (world / "world.txt").read_text().splitlines() if a]
    documents = [json.loads(file.read_text()) for file in sorted(world.glob("seed_*.json"))]
    terms = [t for d in documents for t in d["bias_of_eq3"] if t["direction"] == direction and t["scan_rate_V_per_s"] == RATE]
    if not terms:
        return None
    means = {key: [t[key]["mean"] for t in terms if t[key]["n"] > 0]
             for key in ("segmentation", "area_ratio", "current", "total", "every_area_ratio", "baseline")}
    after = chain(seccm, assignments, direction, TRUE_D[documents[0]["truth_set"]][direction], folder)
    steps = [after[0], *(b - a for a, b in zip(after, after[1:]))]
    rest = [c - after[-1] for c in means["current"]]
    resolved, landings = (sum(t[key]["n"] for t in terms) for key in ("total", "every_current"))
    return [world.name.replace("_", " "), direction, f"{resolved}/{landings}", spread(means["segmentation"]),
            spread(means["area_ratio"]), *(f"{s:+.2f}" for s in steps), spread(rest), spread(means["total"]),
            spread(means["every_area_ratio"]), spread(means["baseline"])]


def main():
    seccm, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    head = ["world", "sweep", "resolved/landings", "segmentation", "area ratio", *TERMS, "total",
            "area ratio, every landing", "line drawn"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    with tempfile.TemporaryDirectory() as folder:
        for world in sorted(p for p in directory.iterdir() if (p / "world.txt").exists()):
            for direction in ("anodic", "cathodic"):
                cells = line(seccm, world, direction, pathlib.Path(folder))
                if cells:
                    print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
