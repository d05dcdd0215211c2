#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many scripts at once: 160 that sleep for 120 s between them, with a dozen commands each, on an idle machine and on one
whose processors are all busy; and what one script costs in processor time beside its own commands.

Which verdict a script must get is known from how it is made: every tenth expects what no stack sends. Fails if one
gets another, or is inconclusive after its reruns.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/shakedown"
SCRIPTS = 160
SLEEP = 120.0
WALL_LIMIT = 20.0
CHEAP_SCRIPTS = 100
CPU_LIMIT = 15.0

OPENING = """0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
"""
HANDSHAKE = """+0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
+0 > {flags} 0:0(0) ack 1 <...>
+0.01 < . 1:1(0) ack 1 win 257
+0 accept(3, ..., ...) = 4
"""
TRANSFER = """+{sleep:.3f} write(4, ..., 1000) = 1000
+0 > P. 1:1001(1000) ack 1
+0.01 < . 1:1(0) ack 1001 win 257
"""
SETTINGS = (
    "tcp_sack=1",
    "tcp_dsack=1",
    "tcp_syn_retries=6",
    "tcp_window_scaling=1",
    "tcp_syncookies=0",
    "tcp_ecn=0",
    "tcp_retries2=15",
    "tcp_min_tso_segs=2",
    "tcp_fin_timeout=60",
    "tcp_timestamps=1",
    "tcp_no_metrics_save=1",
    "tcp_slow_start_after_idle=1",
)


def must_fail(number):
    return number % 10 == 0


def sleep_of(number):
    """From a quarter of the mean to seven quarters, so that the sum is SLEEP."""
    return SLEEP / SCRIPTS * (0.25 + 1.5 * number / (SCRIPTS - 1))


def script_of(number):
    """Four commands before the script begins, four between its calls, four while a connection is open."""
    commands = [f"sysctl -q net.ipv4.{setting}" for setting in SETTINGS]
    lines = [f"`{chr(10).join(commands[:4])}`\n", OPENING]
    lines += [f"+0 `{command}`\n" for command in commands[4:8]]
    lines.append(HANDSHAKE.format(flags="R." if must_fail(number) else "S."))
    lines += [f"+0 `{command}`\n" for command in commands[8:]]
    lines.append(TRANSFER.format(sleep=sleep_of(number)))
    return "".join(lines)


def run(folder, *options):
    command = [PROGRAM, "run", "--format", "json", "--no-deviations", *options, folder]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def wall_time(folder, label):
    """Of one run; None if a verdict is not what it must be."""
    told = run(folder)
    sound = sum(case["type"] == "case" for case in told) == SCRIPTS
    for case in told:
        if case["type"] != "case":
            continue
        wanted = "fail" if must_fail(int(Path(case["path"]).stem)) else "pass"
        if case["verdict"] != wanted:
            print(f"{label}: {case['path']}: {case['verdict']}: {case['headline']}", file=sys.stderr)
            sound = False
    return told[-1]["seconds"] if sound else None


def busy_wall_time(folder):
    """The same while every processor has something else to do."""
    others = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
    try:
        return wall_time(folder, "busy")
    finally:
        for other in others:
            other.kill()
            other.wait()


def processor_time(folder, link, count):
    """Milliseconds that a run of COUNT scripts takes of the processors; None if one of them does not pass."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = run(folder, "--link", link, "--repeat", str(count))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if told[-1]["verdicts"]["pass"] != 1:
        print(f"overhead over {link}: {told[0]['verdict']}: {told[0]['headline']}", file=sys.stderr)
        return None
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def overhead(folder, link):
    """Of one script: what a hundred take more than one does, a hundredth of it."""
    one = processor_time(folder, link, 1)
    many = processor_time(folder, link, CHEAP_SCRIPTS + 1)
    return None if one is None or many is None else (many - one) / CHEAP_SCRIPTS


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "many")
        cheap = Path(scratch, "cheap")
        folder.mkdir()
        cheap.mkdir()
        for number in range(SCRIPTS):
            Path(folder, f"{number}.pkt").write_text(script_of(number), encoding="utf-8")
        Path(cheap, "open.pkt").write_text(OPENING + HANDSHAKE.format(flags="S."), encoding="utf-8")
        figures = [
            ("many_wall_time", wall_time(folder, "idle"), "s", WALL_LIMIT),
            ("many_wall_time_busy", busy_wall_time(folder), "s", WALL_LIMIT),
            ("script_overhead_raw", overhead(cheap, "raw"), "ms of CPU", CPU_LIMIT),
            ("script_overhead_tun", overhead(cheap, "tun"), "ms of CPU", CPU_LIMIT),
        ]
    for name, value, unit, limit in figures:
        if value is not None:
            print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "limit": limit}))
    return 1 if any(figure[1] is None for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
