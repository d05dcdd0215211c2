#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs benchmark programs several times and shows the median of each figure beside its limit.

A program prints one JSON object a line: {"name", "value", "unit"} with "limit", which the value may not exceed, or
"floor", which it must reach; a floor may be a figure that the same run measured.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys


def figures_of(program):
    """What one run of PROGRAM prints. A benchmark that can't run here says so on its standard error, and fails."""
    done = subprocess.run([program], check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        print(f"{program}: failed with status {done.returncode}", file=sys.stderr)
        return None
    return [json.loads(line) for line in done.stdout.splitlines() if line]


def median_of(figures):
    """One figure out of the FIGURES of that name, of as many runs."""
    median = dict(figures[0])
    for key in ("value", "limit", "floor"):
        if key in median:
            median[key] = statistics.median(figure[key] for figure in figures)
    median["runs"] = [figure["value"] for figure in figures]
    median["ok"] = (
        median["value"] <= median.get("limit", float("inf")) and median["value"] >= median.get("floor", float("-inf"))
    )
    return median


def bound_of(figure):
    """The bound as the table shows it."""
    if "limit" in figure:
        return f"at most {figure['limit']:,.6g}"
    return f"at least {figure['floor']:,.6g}" if "floor" in figure else ""


def show(medians):
    width = max((len(median["name"]) for median in medians), default=4) + 2
    print(f"{'name':<{width}}{'value':>12}  {'unit':<12}{'bound':<22}ok")
    for median in medians:
        answer = "yes" if median["ok"] else "NO"
        print(f"{median['name']:<{width}}{median['value']:>12,.6g}  {median['unit']:<12}{bound_of(median):<22}{answer}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", required=True, help="where to write the figures")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()

    named = {}
    failed = False
    for program in filter(os.path.isfile, arguments.programs):
        for _ in range(arguments.runs):
            figures = figures_of(program)
            if figures is None:
                failed = True
                break
            for figure in figures:
                named.setdefault(figure["name"], []).append(figure)
    medians = [median_of(figures) for figures in named.values()]
    show(medians)
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump({"cpus": os.cpu_count(), "figures": medians}, file, indent=2)
    return 1 if failed or not medians or not all(median["ok"] for median in medians) else 0


if __name__ == "__main__":
    sys.exit(main())
