#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long the suite takes on both IP versions, all scripts at once, beside its longest script: at most 3 s more."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MORE_THAN_THE_LONGEST = 3.0


def main():
    command = [ROOT / "build/release/shakedown", "run", "--ip", "4,6", "--format", "json", ROOT / "specs/suites"]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or not told:
        print(f"bench_suite: the suite ended with status {done.returncode}", file=sys.stderr)
        return 1
    longest = max(case["seconds"] for case in told if case["type"] == "case")
    wall = next(summary["seconds"] for summary in told if summary["type"] == "summary")
    for figure in (
        {"name": "suite_longest_script", "value": longest, "unit": "s"},
        {"name": "suite_wall_time", "value": wall, "unit": "s", "limit": longest + MORE_THAN_THE_LONGEST},
    ):
        print(json.dumps(figure))
    return 0


if __name__ == "__main__":
    sys.exit(main())
