#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long a capture of 1 GB takes to be judged beside `tcpdump -nr` in the same run, both ends of each connection: at
most twice as long. And one of a million connections that stay open: how much memory each of them takes."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/shakedown"
LARGE = 1_000_000_000
AT_ONCE = 64  # connections whose packets are mixed
EXCHANGES = 40  # of a connection: a request, and an answer of some segments
SEGMENTS = 6
CONNECTIONS = 1_000_000
SYN, ACK, FIN, PSH = 2, 16, 1, 8
SEGMENT = bytes(1448)
TIMESTAMPS = bytes.fromhex("0101080a0000000100000001")
SYN_OPTIONS = bytes.fromhex("020405b40402080a000000010000000001030307")
SYN_ACK_OPTIONS = bytes.fromhex("020405b40402080a000000010000000101030307")
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
ETHERNET = bytes(12) + b"\x08\x00"


def frame(source, destination, numbers, flags, options, text=b""):
    """One packet, from the link layer's header on; a source or destination is a packed address and a port."""
    header = 20 + len(options)
    tcp = struct.pack("!HHIIBBHHH", source[1], destination[1], *numbers, header << 2, flags, 64000, 0, 0)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + header + len(text), 1, 0x4000, 64, 6, 0) + source[0] + destination[0]
    return b"".join((ETHERNET, ip, tcp, options, text))


def opening(client, server):
    yield frame(client, server, (1000, 0), SYN, SYN_OPTIONS)
    yield frame(server, client, (5000, 1001), SYN | ACK, SYN_ACK_OPTIONS)
    yield frame(client, server, (1001, 5001), ACK, TIMESTAMPS)


def exchanges(client, server):
    """From the opening to the close."""
    yield from opening(client, server)
    sent, answered = 1001, 5001
    for _ in range(EXCHANGES):
        yield frame(client, server, (sent, answered), ACK | PSH, TIMESTAMPS, SEGMENT[:100])
        sent += 100
        for segment in range(SEGMENTS):
            yield frame(server, client, (answered, sent), ACK, TIMESTAMPS, SEGMENT)
            answered += len(SEGMENT)
            if segment % 2:
                yield frame(client, server, (sent, answered), ACK, TIMESTAMPS)
    yield frame(client, server, (sent, answered), ACK | FIN, TIMESTAMPS)
    yield frame(server, client, (answered, sent + 1), ACK | FIN, TIMESTAMPS)
    yield frame(client, server, (sent + 1, answered + 1), ACK, TIMESTAMPS)


def ends(number):
    address = struct.pack("!I", 0x0A000000 + number // 50000)
    return (address, 10000 + number % 50000), (bytes((192, 0, 2, 1)), 80)


def mixed(kind):
    """Packets of ever more connections, AT_ONCE of them side by side."""
    running, number = [], 0
    while True:
        while len(running) < AT_ONCE:
            running.append(kind(*ends(number)))
            number += 1
        for one in list(running):
            packet = next(one, None)
            if packet is None:
                running.remove(one)
            else:
                yield packet


def write_capture(path, packets, most):
    """Until the file has MOST bytes, or there are no more packets."""
    size = len(HEADER)
    with path.open("wb", buffering=1 << 20) as file:
        file.write(HEADER)
        for count, packet in enumerate(packets):
            microseconds = count * 10
            length = len(packet)
            file.write(struct.pack("<IIII", microseconds // 1000000, microseconds % 1000000, length, length))
            file.write(packet)
            size += 16 + length
            if size >= most:
                break


def seconds_of(command):
    began = time.monotonic()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began, done.returncode


def large_capture(path):
    write_capture(path, mixed(exchanges), LARGE)
    path.read_bytes()  # so that both find it in memory
    printed, _ = seconds_of(["tcpdump", "-nr", path])
    judged, status = seconds_of([PROGRAM, "judge", path])
    if status != 0:
        raise SystemExit(f"bench_capture: judging ended with status {status}")
    yield {"name": "capture_tcpdump", "value": printed, "unit": "s"}
    yield {"name": "capture_judged", "value": judged, "unit": "s", "limit": 2 * printed}


def many_connections(path):
    packets = (packet for number in range(CONNECTIONS) for packet in opening(*ends(number)))
    write_capture(path, packets, LARGE)
    with subprocess.Popen([PROGRAM, "judge", "--stack-side", "192.0.2.1", path], stdout=subprocess.PIPE) as judging:
        said = judging.stdout.read().decode()
        _, status, usage = os.wait4(judging.pid, 0)
        judging.returncode = os.waitstatus_to_exitcode(status)
    if judging.returncode != 0 or f"{CONNECTIONS} connections" not in said:
        raise SystemExit(f"bench_capture: a million connections ended with status {judging.returncode}:\n{said}")
    yield {"name": "capture_connection", "value": usage.ru_maxrss * 1024 / CONNECTIONS, "unit": "B", "limit": 1024}
    yield {"name": "capture_million", "value": usage.ru_utime + usage.ru_stime, "unit": "s"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capture.pcap"
        for measure in (large_capture, many_connections):
            for figure in measure(path):
                print(json.dumps(figure))
    return 0


if __name__ == "__main__":
    sys.exit(main())
