#!/usr/bin/env python3
"""Table of coverage from the summaries of `seccm validate`: coverage.py DIRECTORY, with DIRECTORY/SCENARIO/seed_N.json.

One row per estimator, direction, scan rate and truth that it means, pooled over the seeds: mean and standard deviation of
log10(estimate/truth), the median of the standard errors behind the intervals, the share of intervals that hold the truth with
its exact (Clopper-Pearson) 95 % interval, and what the intervals leave out by their own words.
"""
import json
import math
import pathlib
import sys


def log_choose(n, k):
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def at_most(k, n, p):
    """Probability of k or fewer successes of n."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return 1.0 if k >= n else 0.0
    return math.fsum(math.exp(log_choose(n, j) + j * math.log(p) + (n - j) * math.log1p(-p)) for j in range(k + 1))


def root(falling, level):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if falling(middle) > level else (low, middle)
    return 0.5 * (low + high)


def clopper_pearson(k, n, confidence=0.95):
    tail = 0.5 * (1 - confidence)
    low = 0.0 if k == 0 else root(lambda p: at_most(k - 1, n, p), 1 - tail)
    high = 1.0 if k == n else root(lambda p: at_most(k, n, p), tail)
    return low, high


class Row:
    def __init__(self, first):
        self.first = first
        self.n, self.sum, self.squares = 0, 0.0, 0.0
        self.count, self.of = 0, 0
        self.stated, self.parts = [], set()

    def add(self, row):
        bias, covered = row["bias"], row["covered"]
        n, mean, sd = bias["n"], bias["mean"], bias["standard_deviation"]
        self.n += n
        self.sum += n * mean
        self.squares += max(0, n - 1) * sd * sd + n * mean * mean
        self.count += covered["count"]
        self.of += covered["of"]
        if covered["stated_error"] > 0:
            self.stated.append(covered["stated_error"])
        self.parts.update(part for part in row["leaves_out"].split("; ") if part)

    def text(self):
        mean = self.sum / self.n if self.n else 0.0
        sd = math.sqrt(max(0.0, self.squares - self.n * mean * mean) / (self.n - 1)) if self.n > 1 else 0.0
        stated = sorted(self.stated)[len(self.stated) // 2] if self.stated else None
        low, high = clopper_pearson(self.count, self.of)
        rate = self.first["scan_rate_V_per_s"]
        return [
            self.first["estimator"],
            self.first["quantity"],
            {"none": ""}.get(self.first["direction"], self.first["direction"]),
            f"{1e3 * rate:g} mV/s" if rate > 0 else "",
            self.first["truth"],
            str(self.of),
            f"{mean:+.3f}",
            f"{sd:.3f}",
            "one-sided" if stated is None else f"{stated:.3f}",
            f"{100 * self.count / self.of:.1f}",
            f"{100 * low:.1f} to {100 * high:.1f}",
            "; ".join(sorted(self.parts)),
        ]


HEADER = ["estimator", "quantity", "direction", "rate", "truth", "intervals", "bias", "scatter", "stated", "covered %",
          "95 % interval", "leaves out"]


def table(directory):
    rows, seeds = {}, 0
    for path in sorted(directory.glob("seed_*.json")):
        seeds += 1
        for key, row in json.loads(path.read_text())["estimators"].items():
            if row.get("covered", {}).get("of", 0) > 0:
                rows.setdefault(key, Row(row)).add(row)
    lines = [f"### {directory.name}, {seeds} seeds", "", "| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    lines += ["| " + " | ".join(row.text()) + " |" for row in rows.values()]
    return lines


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: coverage.py DIRECTORY (with SCENARIO/seed_N.json)")
    places = sorted(p for p in pathlib.Path(sys.argv[1]).iterdir() if any(p.glob("seed_*.json")))
    if not places:
        sys.exit(f"{sys.argv[1]}: no SCENARIO/seed_N.json")
    print("Bias, scatter and stated standard error in decades.\n")
    for place in reversed(places):
        print("\n".join(table(place)) + "\n")


if __name__ == "__main__":
    main()
