"""What every measuring script shares: a scratch folder, processes with their CPU time, medians, and bars.

A bar is a ratio of two sides that were measured in the same run. It is met, missed, or not measured, and the last two are
never the same as met. Times are seconds, sizes are bytes.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("DAICHO_BIN", os.path.join(ROOT, "build", "release", "bin"))
PEERS = os.environ.get("DAICHO_PEERS", "/opt/daicho-peers")
PORT = int(os.environ.get("DAICHO_BENCH_PORT", "18650"))  # first of ten that the scripts may use
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
WAIT_S_MAX = 600.0  # nothing that is measured takes longer; what does has hung


def program(name):
    path = os.path.join(BIN, name)
    if not os.access(path, os.X_OK):
        raise SystemExit("%s is not built; script/bench builds it" % path)
    return path


def median(values):
    if not values:
        raise ValueError("the median of nothing")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def wait_until(holds, what, seconds=WAIT_S_MAX, step_s=0.005):
    """Gives the moment at which `holds()` was seen true."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError("waited %.0f s in vain: %s" % (seconds, what))
        time.sleep(step_s)
    return time.monotonic()


class Scratch:
    """A folder for one script. What was started under it is stopped by its pid, and the folder removed."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="daicho-bench.")
        self.started = []
        self.before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return self

    def __exit__(self, *_):
        for one in self.started:
            one.kill()
        shutil.rmtree(self.path, ignore_errors=True)
        signal.signal(signal.SIGTERM, self.before)

    def folder(self, name):
        path = os.path.join(self.path, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path


def stat_fields(text):
    """Of /proc/PID/stat; the second field may hold blanks and brackets, so count from behind it."""
    return text.rpartition(")")[2].split()


def cpu_of(pid, task=None):
    """User and system seconds of a process with all its threads, ended ones too; or of one thread."""
    path = "/proc/%d/stat" % pid if task is None else "/proc/%d/task/%d/stat" % (pid, task)
    with open(path) as file:
        fields = stat_fields(file.read())
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


class Process:
    """A peer or a daicho that runs while it is measured."""

    def __init__(self, scratch, command, log, env=None, stop_signal=signal.SIGTERM):
        self.log = log
        self.stop_signal = stop_signal
        with open(log, "ab") as out:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env)
        self.pid = self.child.pid
        scratch.started.append(self)

    def wait_listening(self, port, seconds=60):
        def listens():
            if self.child.poll() is not None:
                with open(self.log, errors="replace") as file:
                    raise RuntimeError("ended before it listened: " + file.read()[-600:])
            return listening(port)
        wait_until(listens, "port %d" % port, seconds)
        return self

    def cpu(self):
        return cpu_of(self.pid)

    def threads(self):
        """CPU of each living thread, the busiest first."""
        out = []
        for task in os.listdir("/proc/%d/task" % self.pid):
            out.append((cpu_of(self.pid, int(task)), int(task)))
        return sorted(out, reverse=True)

    def memory(self):
        """Resident and proportional bytes."""
        sizes = {}
        with open("/proc/%d/smaps_rollup" % self.pid) as file:
            for line in file:
                words = line.split()
                if words[0] in ("Rss:", "Pss:", "Pss_Anon:"):
                    sizes[words[0][:-1]] = int(words[1]) * 1024
        return sizes

    def stop(self):
        """Asks it to end and waits; gives all the CPU it used, which the kernel tells to 1 us."""
        self.child.send_signal(self.stop_signal)
        end = time.monotonic() + WAIT_S_MAX
        while True:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.child.returncode = os.waitstatus_to_exitcode(status)
                return usage.ru_utime + usage.ru_stime
            if time.monotonic() > end:
                self.kill()
                raise RuntimeError("did not end when asked to: %s" % self.child.args[0])
            time.sleep(0.002)

    def kill(self):
        if self.child.returncode is None:
            self.child.kill()
            self.child.wait()


def run(command, expect=(0,), **more):
    """Runs a command to its end: wall seconds, CPU seconds of it and what it started, its output."""
    begin = time.monotonic()
    shell = isinstance(command, str)
    child = subprocess.Popen(command, stdin=more.pop("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE, shell=shell,
                             executable="/bin/bash" if shell else None, **more)
    with child.stdout:
        out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in expect:
        raise RuntimeError("exit %d: %s" % (child.returncode, command))
    return wall, usage.ru_utime + usage.ru_stime, out.decode(errors="replace")


def _sockets(port):
    for name in ("tcp", "tcp6"):
        with open("/proc/net/" + name) as file:
            next(file)
            for line in file:
                words = line.split()
                if int(words[1].rpartition(":")[2], 16) == port:
                    yield words[3]


def listening(port):
    return "0A" in _sockets(port)


def send_plain(port, path):
    """The whole file over one connection, by sendfile(2); ends when the receiver has closed."""
    with socket.create_connection(("127.0.0.1", port)) as connection, open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        at = 0
        while at < size:
            at += os.sendfile(connection.fileno(), file.fileno(), at, 1 << 20)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(WAIT_S_MAX)
        connection.recv(1)


def bytes_below(*paths):
    """Allocated, not nominal: what the disk has less."""
    total = 0
    for path in paths:
        for folder, _, names in os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [],
                                                                            [os.path.basename(path)])]:
            total += sum(os.stat(os.path.join(folder, name)).st_blocks * 512 for name in names)
    return total


def stream(scratch, events, form, given=None):
    """A file of the generator's events in one form; `given` (lines) is used instead for `lf` and `octet`."""
    path = os.path.join(scratch.path, "stream.%d.%s" % (events, form))
    if os.path.exists(path):
        return path
    if given is None:
        subprocess.run([program("bench_stream"), "--events", str(events), "--form", form, "--out", path], check=True)
        return path
    with open(given, "rb") as source, open(path, "wb") as out:
        for count, line in enumerate(source):
            if count == events:
                return path
            text = line.rstrip(b"\n")
            out.write(b"%d %s" % (len(text), text) if form == "octet" else line)
    if count + 1 != events:
        raise SystemExit("%s has %d events, %d are asked for" % (given, count + 1, events))
    return path
