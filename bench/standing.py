#!/usr/bin/env python3
"""Standing costs: the start, the memory of an idle server, whether the ten-millionth event costs what the first did, proofs.

The events go over TCP in slices of a million into one ledger while the server runs, each slice until nothing of it is waiting
to be sealed but the last WAL file. Then the server is stopped and started over the whole ledger: seconds until /healthz
answers, with warm and with dropped page cache; resident bytes after a minute of nothing but its own clockwork. Proofs are made
of random events. --full takes 20 million events, as the bar says.
"""
import os
import statistics
import sys
import time

from daicho_side import Daicho
from harness import Scratch, program, run, wait_until
from report import Foreign, Report, arguments
from search import forget

SLICE = 1_000_000
FULL = 20_000_000
START_BAR_S, IDLE_BAR_MIB, FLAT_BAR, PROOF_BAR_MS, PROOF_BAR_BYTES = 0.5, 64.0, 1.15, 10.0, 4096
IDLE_S = 60
PROOFS = 100
MIB = 1 << 20


def slices(scratch, options):
    """Files of a million events each, made when they are needed: successive seeds of the generator, or the given stream."""
    for number in range(options.events // SLICE):
        path = os.path.join(scratch.path, "slice")
        if options.stream:
            yield options.stream
            continue
        run([program("bench_stream"), "--events", str(SLICE), "--seed", str(number + 1), "--out", path])
        yield path


def grow(report, scratch, options):
    node = Daicho(scratch, "ledger")
    node.start()
    costs, sent = [], 0
    for path in slices(scratch, options):
        before, foreign = node.server.cpu(), Foreign(node.server.cpu)
        node.send(path)
        sent += SLICE
        node.wait_durable("tcp:", sent)
        wait_until(lambda: len(node.wal_files()) == 1, "sealing")
        report.watched(foreign)
        costs.append((node.server.cpu() - before) / SLICE * 1e6)
        report.add("CPU per event, each million", "us/event", costs[-1])
    memory = node.server.memory()
    report.add("resident right after ingest", "MiB", memory["Rss"] / MIB)
    node.stop()
    # One slice may have a segment more to seal than the next, so each end is an average: two slices of five.
    end = max(1, len(costs) * 2 // 5)
    first, last = statistics.fmean(costs[:end]), statistics.fmean(costs[-end:])
    report.add("CPU per event, first slices", "us/event", first)
    report.add("CPU per event, last slices", "us/event", last)
    if len(costs) < 2:
        report.not_measured("cost per event is flat", "one slice says nothing")
    else:
        report.at_most("cost per event, last against first of %d million" % len(costs), last / first, FLAT_BAR)
    node.start()
    node.wait_sealed("tcp:", lambda: None)
    node.stop()
    return node


def starts(report, node, options):
    foreign = Foreign()
    for _ in report.rounds(options):
        report.add("start, warm", "s", node.start())
        node.stop()
        forget(node.data)
        report.add("start, page cache dropped", "s", node.start())
        node.stop()
    report.watched(foreign)
    report.at_most("start in seconds, warm", report.middle("start, warm"), START_BAR_S)


def idle(report, node):
    node.start()
    before = node.server.cpu()
    time.sleep(IDLE_S)
    memory = node.server.memory()
    report.add("idle, resident", "MiB", memory["Rss"] / MIB)
    report.add("idle, proportional", "MiB", memory["Pss"] / MIB)
    report.add("idle, anonymous", "MiB", memory["Pss_Anon"] / MIB)
    report.add("idle, CPU", "ms/s", (node.server.cpu() - before) / IDLE_S * 1e3)
    node.stop()
    if not node.has_pages:
        report.remark("the pages were not built: script/web; without them the idle memory is too small")
    report.at_most("idle memory in MiB, resident", report.middle("idle, resident"), IDLE_BAR_MIB)


def proofs(report, node):
    largest = 0
    for line in run([program("bench_questions"), node.data, "proof", str(PROOFS)])[2].splitlines():
        wall, _, size = line.split()
        report.add("proof of a random event", "ms", float(wall) * 1e3)
        report.add("proof, size of the file", "bytes", int(size))
        largest = max(largest, int(size))
    report.at_most("proof in ms", report.middle("proof of a random event"), PROOF_BAR_MS)
    report.at_most("largest proof in bytes", largest, PROOF_BAR_BYTES)


def main():
    parser = arguments(__doc__, 10_000_000)
    parser.add_argument("--full", action="store_true", help="%d events" % FULL)
    options = parser.parse_args()
    if options.full:
        options.events = FULL
    if options.events < SLICE:
        raise SystemExit("at least %d events" % SLICE)
    report = Report("standing costs of a ledger of %d events" % (options.events // SLICE * SLICE))
    with Scratch() as scratch:
        node = grow(report, scratch, options)
        starts(report, node, options)
        idle(report, node)
        proofs(report, node)
    return report.finish(options)


if __name__ == "__main__":
    sys.exit(main())
