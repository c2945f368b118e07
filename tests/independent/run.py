#!/usr/bin/env python3
"""Lets two implementations that share no code with daicho judge logs that daicho's code has written: check_ledger.py
here, and gocheck (Go's own sumdb code). Both must accept every good log and refuse every spoiled one.

  run.py MAKE_TREE [--go]    exit code 77: --go was asked for, and Go or its package is not installed
"""
import argparse
import base64
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN = "independent.example/log"
SIZES = [1, 255, 256, 257, 65536 + 3]
GO_PATH = "/usr/share/gocode"
SKIPPED = 77

failures = []


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def expect(verdict, good, what):
    ended_well = verdict.returncode == 0 and verdict.stdout.endswith("OK\n")
    refused = verdict.returncode == 1 and "FAIL" in verdict.stdout
    if not (ended_well if good else refused):
        failures.append(what)
        print(f"WRONG ({'refused' if good else 'not refused'}): {what}\n{verdict.stdout}")


class Log:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "vkey"), encoding="utf-8") as file:
            self.vkey = file.read()

    def path(self, name):
        return os.path.join(self.folder, name)

    def files(self, below):
        found = []
        for folder, _, names in os.walk(self.path(below)):
            found += [os.path.relpath(os.path.join(folder, name), self.folder) for name in names]
        return sorted(found)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    @contextlib.contextmanager
    def changed(self, name, content):
        """The file holds `content`, or is gone (None), inside the block."""
        before = self.read(name) if os.path.exists(self.path(name)) else None
        self.put(name, content)
        try:
            yield
        finally:
            self.put(name, before)

    def put(self, name, content):
        if content is None:
            os.remove(self.path(name))
        else:
            self.write(name, content)


class Python:
    name = "check_ledger.py"

    def ledger(self, log, vkey=None, origin=ORIGIN):
        return run([sys.executable, os.path.join(HERE, "check_ledger.py"), "ledger", log.path("ledger"),
                    "--vkey", vkey or log.vkey, "--origin", origin])

    def proof(self, log, name):
        return run([sys.executable, os.path.join(HERE, "check_ledger.py"), "proof", log.path(name),
                    "--vkey", log.vkey, "--origin", ORIGIN, "--ledger", log.path("ledger")])


class Go:
    """Looks at a folder as a whole: ledger, proofs and consistency proofs. It does not read files of older sizes."""
    name = "gocheck"

    def __init__(self, scratch):
        self.program = os.path.join(scratch, "gocheck")
        environment = dict(os.environ, GO111MODULE="off", GOPATH=GO_PATH, GOTOOLCHAIN="local", GOFLAGS="")
        built = run(["go", "build", "-o", self.program, "."], cwd=os.path.join(HERE, "gocheck"), env=environment)
        if built.returncode != 0:
            sys.exit(f"gocheck does not build:\n{built.stdout}")

    def ledger(self, log, origin=ORIGIN):
        return run([self.program, log.folder, origin])

    def proof(self, log, _):
        return self.ledger(log)


def flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]


def current_tiles(log, size):
    """The files that a log of this size needs, without those left from older sizes."""
    names = []
    for kind in ("entries", "0"):
        for index in range((size + 255) // 256):
            width = min(256, size - index * 256)
            names.append(f"ledger/tile/{kind}/{index:03d}" + (f".p/{width}" if width < 256 else ""))
    if size >= 256:
        width = min(256, size // 256)
        names.append("ledger/tile/1/000" + (f".p/{width}" if width < 256 else ""))
    if size >= 65536:
        names.append("ledger/tile/2/000.p/1")
    return names


def spoil_files(checker, log, size, thorough):
    names = current_tiles(log, size)
    if not thorough:
        names = names[1:2] + names[256:258] + names[-3:]
    for name in names:
        content = log.read(name)
        for at in sorted({0, 1, len(content) // 2, len(content) - 1} if thorough else {len(content) // 2}):
            with log.changed(name, flipped(content, at)):
                expect(checker.ledger(log), False, f"{checker.name}: {size} leaves, {name}, byte {at} flipped")
        for what, spoiled in {"cut by one": content[:-1], "longer by one": content + b"\0", "gone": None}.items():
            with log.changed(name, spoiled):
                expect(checker.ledger(log), False, f"{checker.name}: {size} leaves, {name} {what}")


def spoil_checkpoint(checker, log, size, step):
    content = log.read("ledger/checkpoint")
    covered = content.index(b"\xe2\x80\x94 witness.example")  # nobody asked about the witness's line
    for at in range(0, covered, step):
        with log.changed("ledger/checkpoint", flipped(content, at)):
            expect(checker.ledger(log), False, f"{checker.name}: {size} leaves, checkpoint byte {at} flipped")


def spoil_proofs(checker, log, size, step):
    for name in sorted(os.listdir(log.folder)):
        if not name.endswith(".tlog-proof"):
            continue
        expect(checker.proof(log, name), True, f"{checker.name}: {size} leaves, {name}")
        content = log.read(name)
        for at in range(0, content.index(b"\xe2\x80\x94 witness.example"), step):
            with log.changed(name, flipped(content, at)):
                expect(checker.proof(log, name), False, f"{checker.name}: {size} leaves, {name} byte {at} flipped")


def spoil_consistency(checker, log, size):
    for name in sorted(os.listdir(log.folder)):
        if name.startswith("consistency-"):
            lines = log.read(name).split(b"\n")
            for at in range(1, len(lines) - 1):
                changed = base64.b64encode(hashlib.sha256(lines[at]).digest())
                with log.changed(name, b"\n".join(lines[:at] + [changed] + lines[at + 1:])):
                    expect(checker.ledger(log), False, f"{checker.name}: {size} leaves, {name} hash {at} exchanged")


def forge_entry(checker, log, size):
    """An entry exchanged together with its hash: only the levels above, or the root, can tell."""
    bundle, tile = "ledger/tile/entries/000", "ledger/tile/0/000"
    if size < 256:
        bundle, tile = f"{bundle}.p/{size}", f"{tile}.p/{size}"
    entries, hashes = log.read(bundle), log.read(tile)
    length = int.from_bytes(entries[:2], "big")
    forged = b"X" * length
    with log.changed(bundle, entries[:2] + forged + entries[2 + length:]):
        with log.changed(tile, hashlib.sha256(b"\0" + forged).digest() + hashes[32:]):
            expect(checker.ledger(log), False, f"{checker.name}: {size} leaves, entry 0 forged with its hash")


def judge_all(checker, logs):
    for size, log in logs.items():
        expect(checker.ledger(log), True, f"{checker.name}: {size} leaves")
        expect(checker.ledger(log, origin="another.example"), False, f"{checker.name}: {size} leaves, wrong origin")
        large = size > 1000
        spoil_files(checker, log, size, thorough=not large)
        forge_entry(checker, log, size)
        if size == 257:
            spoil_checkpoint(checker, log, size, step=3)
            spoil_proofs(checker, log, size, step=11)
        else:
            spoil_proofs(checker, log, size, step=97)


def judge_what_only_python_sees(checker, logs):
    log = logs[257]
    other = base64.b64encode(b"\x01" + bytes(32)).decode()
    expect(checker.ledger(log, vkey=f"{ORIGIN}+00000000+{other}"), False, "a key whose id is wrong")
    with log.changed("ledger/checkpoint", logs[256].read("ledger/checkpoint")):
        expect(checker.ledger(log), False, "an older checkpoint over newer tiles")
    with log.changed("ledger/tile/0/stray", b""):
        expect(checker.ledger(log), False, "a file that is no tile")
    older = [name for name in log.files("ledger/tile") if name not in current_tiles(log, 257)]
    if len(older) != 2:
        failures.append("the log has no files of an older size")
    for name in older:
        with log.changed(name, flipped(log.read(name), 40)):
            expect(checker.ledger(log), False, f"{name} of an older size flipped")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("make_tree")
    parser.add_argument("--go", action="store_true")
    arguments = parser.parse_args()
    if arguments.go and not (shutil.which("go") and os.path.isdir(GO_PATH + "/src/golang.org/x/mod/sumdb")):
        print("skipped: needs go and golang-golang-x-mod-dev")
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        logs = {}
        for size in SIZES:
            folder = os.path.join(scratch, str(size))
            made = run([arguments.make_tree, folder, str(size)])
            if made.returncode != 0:
                sys.exit(f"make_tree failed:\n{made.stdout}")
            logs[size] = Log(folder)
        checker = Go(scratch) if arguments.go else Python()
        judge_all(checker, logs)
        if arguments.go:
            for size in (255, 257, 65536 + 3):
                spoil_consistency(checker, logs[size], size)
        else:
            judge_what_only_python_sees(checker, logs)
    print(f"{len(failures)} wrong verdicts")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
