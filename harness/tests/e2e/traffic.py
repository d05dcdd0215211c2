#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""traffic.py KIND FILE: makes ordinary traffic of one kind in the network namespace that it runs in, and a capture of it
by tcpdump. Made for namespaces of a test's own: it sets up devices and addresses there."""

import ctypes
import fcntl
import heapq
import http.client
import http.server
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

LOCAL = "127.0.0.1"
WEB = 8080
SSH = 2222
MARK = b"shakedown: all of the traffic has gone by"
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000
NEAR, FAR = "192.0.2.1", "192.0.2.2"


class Page(http.server.BaseHTTPRequestHandler):
    """Gives as many bytes as the path says, and takes what it is given."""

    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(b"x" * int(self.path[1:]))

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(b"")

    def log_message(self, *_):
        pass


class Web(http.server.ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self.thread.join()


def request(size, upload=False):
    path = f"http://{LOCAL}:{WEB}/{0 if upload else size}"
    body = bytes(size) if upload else None
    with urllib.request.urlopen(urllib.request.Request(path, body, method="PUT" if upload else "GET")) as answer:
        answer.read()


def download():
    with Web((LOCAL, WEB), Page):
        for number in range(100):
            request(number * 20000)


def upload():
    with Web((LOCAL, WEB), Page):
        for number in range(100):
            request(number * 20000, upload=True)


def key(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def as_typist(folder, command):
    """COMMAND as a user whom only this program knows: as root, sshd would keep its halves apart by means that a
    namespace has not, and the machine's own users are none of ours."""
    with open(f"{folder}/passwd", "w", encoding="utf-8") as file:
        file.write(f"typist:x:1000:1000::{folder}:/bin/sh\n")
    mount = f'mount --bind {file.name} /etc/passwd && exec unshare --user --map-user=1000 --map-group=1000 "$@"'
    return ["unshare", "--mount", "sh", "-c", mount, "sh", *command]


def serve_ssh(folder):
    """sshd in the foreground, with all that it needs in FOLDER."""
    keys = {"host": key(f"{folder}/host"), "user": key(f"{folder}/user")}
    settings = {"ListenAddress": LOCAL, "Port": SSH, "HostKey": keys["host"], "PidFile": "none", "UsePAM": "no",
                "AuthorizedKeysFile": keys["user"] + ".pub", "StrictModes": "no", "PasswordAuthentication": "no"}
    with open(f"{folder}/sshd_config", "w", encoding="utf-8") as file:
        file.writelines(f"{name} {value}\n" for name, value in settings.items())
    sshd = subprocess.Popen(as_typist(folder, ["/usr/sbin/sshd", "-D", "-e", "-f", file.name]), stderr=subprocess.PIPE,
                            text=True)
    said = []
    while "listening" not in (line := sshd.stderr.readline()):
        said.append(line)
        if not line:
            raise SystemExit("sshd does not listen: " + "".join(said))
    threading.Thread(target=sshd.stderr.read, daemon=True).start()
    return sshd, keys["user"]


def session():
    """OpenSSH: somebody who types and reads, and somebody who runs commands."""
    with tempfile.TemporaryDirectory() as folder:
        sshd, user = serve_ssh(folder)
        options = ["-F", "none", "-T", "-i", user, "-p", str(SSH), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
                   "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder}/known", "-o", "LogLevel=ERROR"]
        reach = as_typist(folder, ["ssh", *options, LOCAL])
        try:
            for _ in range(20):
                subprocess.run([*reach, "seq", "1000"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            with subprocess.Popen([*reach, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as typing:
                for number in range(40):
                    typing.stdin.write(b"line %d\n" % number)
                    typing.stdin.flush()
                    if typing.stdout.readline() != b"line %d\n" % number:
                        raise SystemExit("what was typed did not come back")
                typing.stdin.close()
        finally:
            sshd.terminate()
            sshd.wait()


def scan():
    """All ports up to 1000, one of them open; a connection that is made is reset."""
    with socket.create_server((LOCAL, 500)):
        for port in range(1, 1001):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                probe.connect_ex((LOCAL, port))


def restart():
    """The server goes away and comes back while four clients keep asking."""
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            try:
                request(50000)
            except (OSError, urllib.error.URLError, http.client.HTTPException):
                time.sleep(0.005)

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    for _ in range(4):
        with Web((LOCAL, WEB), Page):
            time.sleep(0.3)
        time.sleep(0.05)
    stop.set()
    for client in clients:
        client.join()


def tunnel(name, own, other):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22s", name.encode(), IFF_TUN | IFF_NO_PI, b""))
    for words in (f"addr add {own} peer {other} dev {name}", f"link set {name} up"):
        subprocess.run(["ip", *words.split()], check=True)
    return device


def serve_far(channel):
    """In a namespace of its own: answers each request with as many bytes as it asks for."""
    ctypes.CDLL(None).unshare(CLONE_NEWNET)
    socket.send_fds(channel, [b"d"], [tunnel("far", FAR, NEAR)])

    def answer(connection):
        with connection:
            connection.sendall(b"y" * int(connection.recv(8)))
            while connection.recv(4096):
                pass

    with socket.create_server((FAR, WEB), backlog=128) as listener:
        channel.send(b"r")
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def relay(near, far, stop):
    """Loses 3 of 100 packets, delays 5 so that they are overtaken, doubles 2."""
    dice = random.Random(1)
    waiting = []
    count = 0
    while not stop.is_set():
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, device, packet = heapq.heappop(waiting)
            os.write(device, packet)
        pause = max(0, min(0.01, waiting[0][0] - time.monotonic())) if waiting else 0.01
        for device in select.select([near, far], [], [], pause)[0]:
            packet = os.read(device, 65536)
            chance = dice.random()
            if chance < 0.03:
                continue
            delays = [0.007 if chance < 0.08 else 0.002] + [0.002 + dice.random() * 0.01] * (chance > 0.98)
            for delay in delays:
                count += 1
                heapq.heappush(waiting, (time.monotonic() + delay, count, far if device == near else near, packet))


def fetch(numbers):
    for number in numbers:
        size = number * 37 % 9000
        # From a port of its own: the kernel may choose one twice, and both would count as one connection.
        with socket.create_connection((FAR, WEB), timeout=30, source_address=(NEAR, 20000 + number)) as connection:
            connection.sendall(b"%08d" % size)
            while size > 0:
                size -= len(connection.recv(65536))


def lossy():
    """A thousand connections over a path that loses, doubles and reorders."""
    stop = threading.Event()
    relaying = threading.Thread(target=relay, args=(lossy.near, lossy.far, stop))
    relaying.start()
    clients = [threading.Thread(target=fetch, args=(range(first, 1000, 50),)) for first in range(50)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    time.sleep(0.5)  # for what the path still holds
    stop.set()
    relaying.join()


def prepare_lossy():
    """Both ends of the path; the far one is another process. Its id."""
    lossy.near = tunnel("near", NEAR, FAR)
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        serve_far(theirs)
    lossy.far = socket.recv_fds(ours, 1, 1)[1][0]
    ours.recv(1)
    return child


def capture(device, path, make):
    """The headers of everything that goes by while MAKE is called: so few bytes that none is lost on a busy machine."""
    command = ["tcpdump", "-i", device, "-w", path, "-U", "-B", "65536", "-s", "256", "--immediate-mode"]
    if os.getuid() == 0:
        command += ["-Z", "root"]  # it would become a user who may not write there
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tcpdump:
        while "listening on" not in (line := tcpdump.stderr.readline()):
            if not line:
                raise SystemExit("tcpdump captures nothing")
        try:
            make()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mark:
                mark.sendto(MARK, (FAR if device == "near" else LOCAL, 9))
            while not ended(path):
                time.sleep(0.01)
        finally:
            tcpdump.send_signal(signal.SIGINT)


def ended(path):
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 4096))
        return MARK in file.read()


def main():
    kind, path = sys.argv[1:]
    subprocess.run("ip link set lo up".split(), check=True)
    if kind == "lossy":
        child = prepare_lossy()
        capture("near", path, lossy)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    else:
        capture("lo", path, {"download": download, "upload": upload, "session": session, "scan": scan,
                             "restart": restart}[kind])


if __name__ == "__main__":
    main()
