#!/usr/bin/env python3
"""Verification: how fast a ledger is judged, against hashing its raw bytes and against a sealed journal.

keyless: daicho-verify reads and checks all ciphertext and the whole tree without a key; the bar counts the raw bytes that it
answers for, per CPU second, against `openssl dgst -sha256` over these raw bytes. deep: every event decrypted and hashed
again, events per CPU second against `journalctl --verify` of a journal with forward-secure sealing. All in the page cache.
"""
import datetime
import json
import os
import subprocess
import sys

from daicho_side import filled
from harness import Scratch, program, run, send_plain, stream
from peers import JOURNAL, SealedJournal, missing
from report import Foreign, Report, arguments

KEYLESS_BAR, DEEP_BAR = 5.0, 15.0
JOURNAL_SHARE = 10  # the journal gets a tenth of the events: it takes 30 times as long
BYTES, RATE = "MB/CPU s", "events/CPU s"


def watch(report, name, unit, amount, command, **more):
    foreign = Foreign()
    wall, cpu, out = run(command, **more)
    report.watched(foreign)
    report.add(name, unit, amount / cpu)
    report.add(name + ": wall", "s", wall)
    return out


def daicho_verify(report, node, events, mode, name, unit, amount):
    out = watch(report, name, unit, amount, [program("daicho-verify"), node.data, "--" + mode, "--json"])
    verdict = json.loads(out)
    if verdict["verdict"] != "PASS" or verdict["mode"] != mode or verdict["proven"]["sealed_events"] < events:
        raise RuntimeError("not all is proven: %s" % out[:600])


def main():
    parser = arguments(__doc__, 1_000_000, 5)
    options = parser.parse_args()
    lacking = missing("openssl")
    if lacking:
        raise SystemExit("not installed: openssl")
    report = Report("verification of %d events" % options.events)
    with Scratch() as scratch:
        lines = stream(scratch, options.events, "lf", options.stream)
        raw_mb = os.path.getsize(lines) / 1e6
        node = filled(scratch, lines, options.events)
        journal = None
        if not missing(JOURNAL + "/bin/journalctl"):
            few = options.events // JOURNAL_SHARE
            tomorrow = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%d")
            export = os.path.join(scratch.path, "export")
            subprocess.run([program("bench_stream"), "--events", str(few), "--form", "export", "--start", tomorrow,
                            "--out", export], check=True)
            journal = SealedJournal(scratch, "journal")
            journal.fill(export, send_plain)
            if journal.entries() != few:
                raise RuntimeError("the journal has %d of %d entries" % (journal.entries(), few))
        for _ in report.rounds(options):
            report.trial(daicho_verify, node, options.events, "keyless", "keyless, raw bytes answered for", BYTES, raw_mb)
            report.trial(watch, "openssl dgst -sha256 of the raw bytes", BYTES, raw_mb, ["openssl", "dgst", "-sha256", lines])
            report.trial(watch, "sha256sum of the raw bytes", BYTES, raw_mb, ["sha256sum", lines])
            report.trial(daicho_verify, node, options.events, "deep", "deep", RATE, options.events)
            if journal is not None:
                report.trial(journal_verify, journal, few)
    report.bar("keyless against openssl dgst -sha256, per core", "keyless, raw bytes answered for",
               "openssl dgst -sha256 of the raw bytes", KEYLESS_BAR)
    if journal is None:
        report.not_measured("deep against a sealed journal", "journalctl is not there; script/bootstrap --bench unpacks it")
    else:
        report.bar("deep against journalctl --verify of a sealed journal, per core", "deep", "sealed journal", DEEP_BAR)
    return report.finish(options)


def journal_verify(report, journal, events):
    foreign = Foreign()
    wall, cpu, _ = journal.verify()
    report.watched(foreign)
    report.add("sealed journal", RATE, events / cpu)
    report.add("sealed journal: wall", "s", wall)


if __name__ == "__main__":
    sys.exit(main())
