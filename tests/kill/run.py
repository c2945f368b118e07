#!/usr/bin/env python3
"""kill -9 at random moments, then a restart: nothing that was acknowledged is lost, and everything verifies.

  run.py --bin BIN_DIRECTORY [--mode intake|serve|both] [--rounds N] [--seed N]

`intake`: a program that appends through the ledger's intake and prints each sequence number once it is durable is killed;
what it had printed must be there, byte for byte. `serve`: `daicho serve` is killed while a sender fills its plain TCP port
with octet-counted lines; plain TCP acknowledges nothing, so what is demanded is that the lines of every connection are there
from the first on, without a hole and in order. After every round `daicho-verify --deep` must prove everything.
Restart times are printed, and judged by whoever reads them: a busy machine proves nothing about them.
"""
import argparse
import http.client
import os
import random
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS_PER_DIRECTORY = 5  # a directory grows by about a second of full rate each round
LIFE_S = (0.2, 1.5)       # between the first sign of life and the kill


def run(command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError("%s gave %d\n%s\n%s" % (" ".join(command), done.returncode, done.stdout[-4000:], done.stderr[-4000:]))
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Figures:
    def __init__(self, mode):
        self.mode = mode
        self.restarts_ms = []
        self.torn = 0
        self.events = 0

    def line(self):
        ms = sorted(self.restarts_ms)
        torn = "%d of them tore a write, " % self.torn if self.mode == "intake" else ""
        return "%s: %d kills, %s%d events, restart median %.0f ms, longest %.0f ms, lost 0" % (
            self.mode, len(ms), torn, self.events, statistics.median(ms), ms[-1])


class Intake:
    def __init__(self, binaries, root, figures):
        self.helper = os.path.join(binaries, "kill_helper")
        self.verifier = os.path.join(binaries, "daicho-verify")
        self.data = os.path.join(root, "data")
        self.figures = figures
        os.makedirs(self.data)
        self.acknowledged = 0

    def round(self, number, life):
        output = os.path.join(os.path.dirname(self.data), "acknowledged")
        with open(output, "wb") as sink:
            writer = subprocess.Popen([self.helper, "write", self.data, self.data + ".keys"],
                                      stdin=subprocess.DEVNULL, stdout=sink)
            until = time.time() + 60
            while os.path.getsize(output) == 0 and writer.poll() is None and time.time() < until:
                time.sleep(0.005)
            time.sleep(life)
            if writer.poll() is not None:
                raise AssertionError("the writer ended by itself")
            writer.kill()
            writer.wait()
        with open(output, encoding="ascii") as lines:
            said = re.findall(r"^A (\d+)$", lines.read().rpartition("\n")[0], re.M)
        if said:
            self.acknowledged = max(self.acknowledged, int(said[-1]) + 1)
        found = run([self.helper, "check", self.data, self.data + ".keys", str(self.acknowledged)])
        opened = re.search(r"opened (\d+) ms, torn (\d+)", found)
        self.figures.restarts_ms.append(int(opened[1]))
        self.figures.torn += int(opened[2]) > 0
        events = int(re.search(r"events (\d+)", found)[1])
        run([self.verifier, "--deep", self.data])
        return "%d acknowledged, %d there, opened in %s ms" % (self.acknowledged, events, opened[1]), events


class Serve:
    def __init__(self, binaries, root, figures):
        self.helper = os.path.join(binaries, "kill_helper")
        self.verifier = os.path.join(binaries, "daicho-verify")
        self.program = os.path.join(binaries, "daicho")
        self.data = os.path.join(root, "data")
        self.figures = figures
        run([self.program, "init", self.data, "--organisation", "Kill", "--admin", "admin"])

    def start(self):
        self.https, self.tcp = free_port(), free_port()
        began = time.time()
        server = subprocess.Popen(
            [self.program, "serve", self.data, "--https", "127.0.0.1:%d" % self.https,
             "--syslog-tcp", "127.0.0.1:%d" % self.tcp, "--syslog-tls", "off", "--syslog-udp", "off"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while not self.healthy():
            if server.poll() is not None or time.time() > began + 60:
                raise AssertionError("daicho serve does not come up: " + server.stderr.read()[-4000:])
            time.sleep(0.005)
        return server, (time.time() - began) * 1000

    def healthy(self):
        try:
            connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=10,
                                                     context=ssl._create_unverified_context())
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
            connection.close()
            return 200 <= status < 300
        except (OSError, http.client.HTTPException):
            return False

    def round(self, number, life):
        server, _ = self.start()
        sender = subprocess.Popen([self.helper, "send", str(self.tcp), str(number)], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, text=True)
        time.sleep(life)
        server.kill()
        server.wait()
        server.stderr.close()
        sent = int(re.search(r"sent (\d+)", sender.communicate(timeout=60)[0])[1])
        server, restart_ms = self.start()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=120)
        if server.returncode != 0:
            raise AssertionError("daicho serve ended with %d" % server.returncode)
        self.figures.restarts_ms.append(restart_ms)
        run([self.verifier, "--deep", self.data])
        found = run([self.helper, "received", self.data, self.data + ".keys"])
        lines = dict(re.findall(r"round (\d+) lines (\d+)", found))
        there = int(lines.get(str(number), 0))
        if there > sent:
            raise AssertionError("more lines than were sent")
        run([self.verifier, "--deep", self.data])
        total = sum(int(count) for count in lines.values())
        return "%d sent, %d there, healthy after %.0f ms" % (sent, there, restart_ms), total


def kill(mode, binaries, rounds, chance):
    figures = Figures(mode)
    for first in range(0, rounds, ROUNDS_PER_DIRECTORY):
        root = tempfile.mkdtemp(prefix="daicho-kill-")
        try:
            subject = (Intake if mode == "intake" else Serve)(binaries, root, figures)
            events = 0
            for number in range(first, min(rounds, first + ROUNDS_PER_DIRECTORY)):
                told, events = subject.round(number, chance.uniform(*LIFE_S))
                print("%s round %d: %s" % (mode, number, told), flush=True)
            figures.events += events
        finally:
            shutil.rmtree(root, ignore_errors=True)
    print(figures.line(), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", required=True)
    parser.add_argument("--mode", choices=["intake", "serve", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(1 << 32)
    print("seed %d" % seed, flush=True)
    chance = random.Random(seed)
    for mode in ["intake", "serve"] if chosen.mode == "both" else [chosen.mode]:
        kill(mode, chosen.bin, chosen.rounds, chance)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
