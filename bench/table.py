#!/usr/bin/env python3
"""Runs bench programs and prints one table: what each costs, and the ratios that are claimed, all from one run.

    table.py CLAIMS OUT.json PROGRAM... [-- OPTIONS of Google Benchmark]

CLAIMS is a JSON list. A ratio: {"claim", "of", "over", "measure", "at_least" | "at_most"} is measure(of)/measure(over); without "over"
it is the measure itself. "of" and "over" are full names, program/bench; "measure" is "time" (s of one repetition) or the name
of a counter; "scale" multiplies the result (default 1). Of several repetitions the fastest counts: others only ever add to it. A claim
that needs a bench that did not run (a filter, a missing instruction set) is listed as not measured. Nothing here gates.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def run(program, options):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [program, f"--benchmark_out={out.name}", "--benchmark_out_format=json", *options]
        done = subprocess.run(command, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            sys.exit(f"{program} ended with status {done.returncode}")
        text = pathlib.Path(out.name).read_text()
    return json.loads(text) if text.strip() else {"benchmarks": [], "context": {}}


def fastest(entries, name):
    """The fastest repetition of each bench, by full name."""
    best = {}
    for entry in entries:
        if entry.get("run_type") == "aggregate":
            continue
        key = f"{name}/{entry.get('run_name', entry['name'])}"
        if entry.get("error_occurred"):
            best.setdefault(key, {"failed": entry.get("error_message", "failed")})
            continue
        time = entry["real_time"] * SECONDS[entry["time_unit"]]
        if key not in best or "failed" in best[key] or time < best[key]["time"]:
            known = {"name", "run_name", "run_type", "repetitions", "repetition_index", "threads", "iterations", "real_time",
                     "cpu_time", "time_unit", "family_index", "per_family_instance_index", "label"}
            counters = {k: v for k, v in entry.items() if k not in known and isinstance(v, (int, float))}
            best[key] = {"time": time, "label": entry.get("label", ""), **counters}
    return best


def seconds(value):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} s"


def judged(claim, results):
    of, over = results.get(claim["of"]), results.get(claim.get("over", claim["of"]))
    measure = claim.get("measure", "time")
    if of is None or over is None or measure not in of or measure not in over:
        return None, "not measured"
    value = of[measure] / over[measure] if "over" in claim else of[measure]
    value *= claim.get("scale", 1.0)
    if "at_least" in claim:
        return value, "met" if value >= claim["at_least"] else "MISSED"
    if "at_most" in claim:
        return value, "met" if value <= claim["at_most"] else "MISSED"
    return value, ""


def wanted(claim):
    if "at_least" in claim:
        return f">= {claim['at_least']:g}"
    return f"<= {claim['at_most']:g}" if "at_most" in claim else ""


def columns(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def main(arguments):
    options = []
    if "--" in arguments:
        split = arguments.index("--")
        arguments, options = arguments[:split], arguments[split + 1:]
    if len(arguments) < 3:
        sys.exit(__doc__)
    claims = json.loads(pathlib.Path(arguments[0]).read_text())
    results, context = {}, {}
    for program in arguments[2:]:
        name = pathlib.Path(program).name.removeprefix("bench_")
        print(f"running {name} ...", file=sys.stderr)
        answer = run(program, options)
        context = context or answer["context"]
        results.update(fastest(answer["benchmarks"], name))
    if not results:
        sys.exit("no bench ran: the filter matches none")
    rows = [("bench", "time", "counters")]
    for key, entry in results.items():
        if "failed" in entry:
            rows.append((key, "failed", entry["failed"]))
            continue
        counters = "  ".join(f"{k}={v:.4g}" for k, v in entry.items() if k not in ("time", "label"))
        rows.append((key, seconds(entry["time"]), f"{entry['label']}  {counters}".strip()))
    columns(rows)
    print()
    verdicts = [(claim, *judged(claim, results)) for claim in claims]
    rows = [("claim", "measured", "target", "")]
    for claim, value, verdict in verdicts:
        rows.append((claim["claim"], "-" if value is None else f"{value:.3g}", wanted(claim), verdict))
    columns(rows)
    out = {"context": context, "benches": results,
           "claims": [{**claim, "measured": value, "verdict": verdict} for claim, value, verdict in verdicts]}
    pathlib.Path(arguments[1]).write_text(json.dumps(out, indent=1) + "\n")
    print(f"\nwritten to {arguments[1]}")


if __name__ == "__main__":
    main(sys.argv[1:])
