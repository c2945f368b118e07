"""What all tests of the command line share: a data directory, the programs, a running server."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BIN = os.path.abspath(os.environ.get("DAICHO_BIN", "build/dev/bin"))
DAICHO = os.path.join(BIN, "daicho")
VERIFY = os.path.join(BIN, "daicho-verify")
# The programs under test may be slow (sanitizers, a busy machine); whatever waits longer hangs.
PATIENCE_S = 120


class Done:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return "exit code %s\n--- output\n%s\n--- errors\n%s" % (self.code, self.out[-3000:], self.err[-3000:])


def run(*arguments, cwd=None, stdin=None, lang="en_US.UTF-8", program=DAICHO):
    environment = dict(os.environ, LANG=lang)
    for name in ("LC_ALL", "LC_MESSAGES"):
        environment.pop(name, None)
    given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run([program, *map(str, arguments)], cwd=cwd, capture_output=True, env=environment,
                          timeout=PATIENCE_S, **given)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def verify(*arguments, lang="en_US.UTF-8"):
    return run(*arguments, program=VERIFY, lang=lang)


def tree(path):
    """Every file below a folder with its digest: equal before and after means that nothing was changed."""
    found = {}
    for folder, folders, files in os.walk(path):
        for name in folders:
            found[os.path.relpath(os.path.join(folder, name), path)] = "folder"
        for name in files:
            whole = os.path.join(folder, name)
            content = b"" if not os.path.isfile(whole) else open(whole, "rb").read()
            found[os.path.relpath(whole, path)] = hashlib.sha256(content).hexdigest()
    return found


def line(number, word="Failed password for root"):
    return "<86>1 2026-11-20T0%d:00:00Z app-01 sshd %d - - %s from 198.51.100.23 port 40022 ssh2" % (
        number % 10, number, word)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def soon(condition, seconds=PATIENCE_S):
    until = time.time() + seconds
    while time.time() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


class Server:
    """daicho serve, until the with block ends."""

    def __init__(self, data, *more):
        self.data, self.more = data, more

    def __enter__(self):
        self.log = open(self.data + ".log", "a+")
        pages = self.data + ".web"  # the real ones may just be in the making
        os.makedirs(pages, exist_ok=True)
        open(pages + "/index.html", "w").close()
        self.process = subprocess.Popen(
            [DAICHO, "serve", self.data, "--https", "127.0.0.1:%d" % free_port(), "--web", pages, *self.more],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        first = self.process.stdout.readline()
        self.url = first.strip()
        if not first.startswith("https://"):
            self.log.seek(0)
            raise AssertionError("daicho serve did not start: " + self.log.read()[-3000:])
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def __exit__(self, kind, error, trace):
        code = self.stop() if self.process.poll() is None else None
        self.process.stdout.close()
        self.log.seek(0)
        text = self.log.read()
        self.log.close()
        if kind is None and (code not in (None, 0) or "Sanitizer" in text):
            raise AssertionError("daicho serve ended with %s: %s" % (code, text[-4000:]))


def is_locked(data):
    with open(os.path.join(data, "lock"), "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@contextlib.contextmanager
def locked(data):
    """As another process holds it."""
    with open(os.path.join(data, "lock"), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Case(unittest.TestCase):
    """A temporary folder for each test; `made` is a data directory that is copied, as making one takes seconds."""

    _kept = None

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="daicho-cli-")
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def expect(self, code, *arguments, **more):
        done = run(*arguments, **more)
        self.assertEqual(done.code, code, "daicho %s: %r" % (" ".join(map(str, arguments)), done))
        return done

    def data(self, name="data"):
        if Case._kept is None:
            Case._kept = tempfile.mkdtemp(prefix="daicho-cli-kept-")
            kept = os.path.join(Case._kept, "data")
            self.expect(0, "init", kept, "--organisation", "見本事務所", "--admin", "kanri")
        return self.copy(os.path.join(Case._kept, "data"), name)

    def copy(self, data, name):
        for end in ("", ".keys"):
            shutil.copytree(data + end, self.path(name) + end)
        return self.path(name)

    def import_lines(self, data, count, source="web01"):
        file = self.write("lines-%s.log" % source, "".join(line(i) + "\n" for i in range(count)))
        return self.expect(0, "ledger", "import", data, "--source", source, file)

    @classmethod
    def forget(cls):
        if Case._kept:
            shutil.rmtree(Case._kept, ignore_errors=True)
