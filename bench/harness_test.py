#!/usr/bin/env python3
"""Tests of what the measuring scripts rely on: arithmetic, bars, reading /proc, and the WAL reader on a real server."""
import argparse
import io
import os
import struct
import sys
import tempfile
import time
import unittest

import harness
import report as reports
from daicho_side import FRAME_HEAD, LEAF_NUMBERS, WAL_HEAD, Daicho, WalReader, batch_counts, filled


def options(**given):
    return argparse.Namespace(**{"json": False, "strict": True, **given})


def finished(report, **given):
    """Exit code and text of a report."""
    kept, sys.stdout = sys.stdout, io.StringIO()
    try:
        return report.finish(options(**given)), sys.stdout.getvalue()
    finally:
        sys.stdout = kept


class Scripts(unittest.TestCase):
    def test_every_claim_can_be_asked_what_it_does(self):
        for name in ("ingest", "verify", "search", "standing"):
            with self.subTest(name):
                path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
                self.assertIn("--strict", harness.run([sys.executable, path, "--help"])[2])


class Figures(unittest.TestCase):
    def test_a_median_is_the_middle_and_nothing_has_none(self):
        self.assertEqual(harness.median([9, 1, 5]), 5)
        self.assertEqual(harness.median([4, 1, 9, 2]), 3)
        with self.assertRaises(ValueError):
            harness.median([])

    def test_a_bar_compares_medians_and_strict_fails_below_it(self):
        report = reports.Report("x")
        for value in (10, 100, 12):
            report.add("ours", "s", value)
        for value in (4, 5, 6):
            report.add("theirs", "s", value)
        report.bar("twice", "ours", "theirs", 2.0)
        self.assertEqual(finished(report)[0], 0)
        report.bar("thrice", "ours", "theirs", 3.0)
        code, text = finished(report)
        self.assertEqual(code, 1)
        self.assertIn("MISSED", text)
        self.assertIn("2.4, at least 3 is wanted", text)
        self.assertEqual(finished(report, strict=False)[0], 0)

    def test_what_was_not_measured_is_not_met(self):
        report = reports.Report("x")
        report.not_measured("peer", "it is not there")
        code, text = finished(report)
        self.assertEqual(code, 1)
        self.assertIn("NOT MEASURED", text)

    def test_a_limit_from_above_is_one(self):
        report = reports.Report("x")
        report.at_most("memory", 64.0, 64.0)
        self.assertEqual(finished(report)[0], 0)
        report.at_most("memory", 64.1, 64.0)
        self.assertEqual(finished(report)[0], 1)

    def test_a_noisy_trial_is_repeated_and_the_quietest_counts(self):
        noises, report = [0.9, 0.1, 0.8, 0.7], reports.Report("x")
        report.patience_s, report.repeats = 0, 2

        def measure(one):
            one.noise = noises[0]
            one.add("noise", "", noises.pop(0))
        report.trial(measure)
        self.assertEqual(report.figures["noise"][1], [0.1])
        report.trial(measure)  # one repeat is left, and neither is quiet
        self.assertEqual(report.figures["noise"][1], [0.1, 0.7])
        self.assertEqual(report.noise, 0.7)


    def test_no_round_begins_after_the_time_is_up(self):
        report = reports.Report("x")
        self.assertEqual(list(report.rounds(options(rounds=3, minutes=1))), [0, 1, 2])
        self.assertEqual(list(report.rounds(options(rounds=3, minutes=-1))), [0])
        self.assertIn("1 of 3 rounds", report.remarks[0])


class Processes(unittest.TestCase):
    def test_the_name_of_a_program_does_not_shift_its_figures(self):
        fields = harness.stat_fields("12 (a b) c (d) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0")
        self.assertEqual((fields[11], fields[12]), ("250", "50"))

    def test_cpu_of_a_process_is_counted_with_what_it_waited_for(self):
        with harness.Scratch() as scratch:
            busy = harness.Process(scratch, ["sh", "-c", "while :; do :; done"], scratch.path + "/log")
            time.sleep(0.5)
            seen = busy.cpu()
            spent = busy.stop()
            self.assertGreater(seen, 0.05)
            self.assertGreaterEqual(spent + 0.02, seen)
            path = scratch.path
        self.assertFalse(os.path.exists(path))

    def test_a_command_that_fails_is_an_error(self):
        with self.assertRaises(RuntimeError):
            harness.run(["false"])
        self.assertEqual(harness.run("printf 'a b'")[2], "a b")


def batch_leaf(sources):
    """A BATCH leaf as docs/formats/ledger.md lays it out."""
    total = sum(events for _, events in sources)
    leaf = b"\x01\x01\x00\x03log" + LEAF_NUMBERS.pack(0, 0, total, 0, 0, 0, 0, b"b" * 16, b"r" * 32, b"p" * 32,
                                                     len(sources))
    for name, events in sources:
        leaf += struct.pack(">H", len(name)) + name.encode() + struct.pack(">IQ", events, events * 100)
    return leaf


class Wal(unittest.TestCase):
    def test_a_batch_leaf_tells_its_sources(self):
        self.assertEqual(batch_counts(batch_leaf([("tcp:192.0.2.7", 5), ("daicho", 1)])),
                         {"tcp:192.0.2.7": (5, 500), "daicho": (1, 100)})
        self.assertIsNone(batch_counts(b"\x0a\x01" + bytes(20)))
        with self.assertRaises(ValueError):
            batch_counts(batch_leaf([("daicho", 1)]) + b"x")

    def test_a_file_is_followed_while_it_grows_and_a_torn_frame_is_waited_for(self):
        leaf = batch_leaf([("tcp:192.0.2.7", 7)])
        frame = FRAME_HEAD.pack(b"DWF1", 0, 0, len(leaf), 10, 0, 0, bytes(32)) + leaf + bytes(10)
        with tempfile.NamedTemporaryFile() as file:
            file.write(WAL_HEAD.pack(b"DWAL0001", 20) + bytes(8) + frame + frame[:-1])
            file.flush()
            reader = WalReader(file.name)
            reader.follow()
            self.assertEqual(reader.counts, {"tcp:192.0.2.7": 7})
            file.write(frame[-1:])
            file.flush()
            reader.follow()
            self.assertEqual((reader.counts, reader.raw_bytes), ({"tcp:192.0.2.7": 14}, 1400))
            reader.file.close()

    def test_the_reader_counts_what_a_real_server_stored(self):
        if not os.access(os.path.join(harness.BIN, "daicho"), os.X_OK):
            self.skipTest("the release build is not there")
        with harness.Scratch() as scratch:
            lines = os.path.join(scratch.path, "lines")
            with open(lines, "w") as file:
                for number in range(5000):
                    file.write("<13>1 2026-03-02T00:00:00Z app-01 test - - - event %d\n" % number)
            node = filled(scratch, lines, 5000)
            self.assertEqual(node.stored("tcp:127.0.0.1"), 5000)
            self.assertEqual(node.open_events("tcp:"), 0)
            self.assertIsInstance(node, Daicho)
            verdict = harness.run([harness.program("daicho-verify"), node.data, "--deep", "--json"])[2]
            self.assertIn('"verdict": "PASS"', verdict)


class Stream(unittest.TestCase):
    def test_the_generator_gives_the_same_events_in_every_form(self):
        if not os.access(os.path.join(harness.BIN, "bench_stream"), os.X_OK):
            self.skipTest("bench_stream is not built")
        with harness.Scratch() as scratch:
            texts = {}
            for form in ("lf", "octet", "tsv", "export"):
                with open(harness.stream(scratch, 3000, form), "rb") as file:
                    texts[form] = file.read()
            lines = texts["lf"].splitlines()
            self.assertEqual(len(lines), 3000)
            self.assertEqual(sum(b"ndl-000000000000" in line for line in lines), 3)
            self.assertEqual(texts["octet"], b"".join(b"%d %s" % (len(line), line) for line in lines))
            rows = [row.split(b"\t") for row in texts["tsv"].splitlines()]
            self.assertEqual([row[7].replace(b"\\\\", b"\\") for row in rows], lines)
            times = [int(row[0]) for row in rows]
            self.assertEqual(times, sorted(times))
            self.assertEqual([part[8:] for part in texts["export"].splitlines() if part.startswith(b"MESSAGE=")], lines)


if __name__ == "__main__":
    unittest.main()
