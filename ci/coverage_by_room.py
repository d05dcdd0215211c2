#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coverage_by_room.py SUMMARY ROOM=FLOOR...: the table of lines covered by room, out of gcovr's summary.

Fails if a room is covered to less than its floor, in per cent, or has no lines at all.
"""

import json
import sys


def lines_by_room(summary):
    """{room: (lines covered, lines)} of the files harness/ROOM/..."""
    rooms = {}
    for file in summary["files"]:
        room = file["filename"].split("/")[1]
        covered, total = rooms.get(room, (0, 0))
        rooms[room] = (covered + file["line_covered"], total + file["line_total"])
    return rooms


def main(arguments):
    with open(arguments[0], encoding="utf-8") as file:
        rooms = lines_by_room(json.load(file))
    floors = dict(argument.split("=") for argument in arguments[1:])
    failed = False
    print(f"{'room':<10}{'lines':>8}{'covered':>10}{'%':>8}{'floor':>8}")
    for room in sorted(rooms.keys() | floors.keys()):
        covered, total = rooms.get(room, (0, 0))
        percent = 100.0 * covered / total if total else 0.0
        floor = float(floors.get(room, 0))
        below = percent < floor
        failed |= below
        print(f"{room:<10}{total:>8}{covered:>10}{percent:>8.1f}{floor or '':>8}{'  below its floor' if below else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
