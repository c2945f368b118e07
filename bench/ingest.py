#!/usr/bin/env python3
"""Ingest: what an event costs when it comes by TCP, against rsyslog; with TLS; and what it occupies.

daicho hashes, signs, compresses, encrypts and indexes; rsyslog writes lines to a file, with or without zstd. Both sides get
the same bytes over one connection from the same sender, in turn, in one run. CPU is that of the receiving process with all
its threads. `durable`: every event in the WAL and synced (rsyslog: in the file and synced; with zstd: at its end). `sealed`:
also re-blocked, compressed, encrypted, read back, checked and indexed; the last segment is filled up for it, and counts.
The bars take `sealed`, the whole duty.
"""
import os
import shutil
import sys
import time

from daicho_side import Daicho
from harness import Scratch, bytes_below, program, run, send_plain, stream
from peers import PEER_PORT, Rsyslog, missing
from report import Foreign, Report, arguments

FILL_BYTES = 4 << 20  # sent again and again until the last WAL file is full
PLAIN_BAR, ZSTD_BAR, DURABLE_BAR, TLS_BAR, STORED_BAR = 1.5, 3.0, 0.8, 0.7, 1.0
RATE, PER_EVENT = "events/s", "bytes/event"


def cut(path, out, size):
    """About so many bytes of whole lines."""
    with open(path, "rb") as source, open(out, "wb") as target:
        text = source.read(size)
        target.write(text[:text.rindex(b"\n") + 1])
    return out


def daicho(report, scratch, files, events, transport):
    node = Daicho(scratch, "daicho")
    node.start()
    context = node.make_client()

    def send(path):
        node.send(path, context if transport == "tls" else None)

    name, source = "daicho " + transport, transport + ":"
    cpu, begin = node.server.cpu(), time.monotonic()
    foreign = Foreign(node.server.cpu)
    send(files["sent"])
    wall = node.wait_durable(source, events) - begin
    spent = node.server.cpu() - cpu
    report.add(name + " durable: events per CPU second", RATE, events / spent)
    report.add(name + " durable: wall", RATE, events / wall)
    if node.stored(source) != events:
        raise RuntimeError("%d events are stored of %d that were sent" % (node.stored(source), events))
    node.wait_sealed(source, lambda: send(files["fill"]))
    spent, total = node.server.cpu() - cpu, node.stored(source)
    report.add(name + " sealed: events per CPU second", RATE, total / spent)
    report.add(name + " sealed: wall", RATE, total / (time.monotonic() - begin))
    for place, (seconds, _) in enumerate(node.server.threads()[:3]):
        report.add("%s sealed: CPU of thread %d" % (name, place + 1), "us/event", seconds / total * 1e6)
    report.watched(foreign)
    node.stop()
    if transport == "tcp":
        report.add("daicho stored, everything in", PER_EVENT, node.bytes() / total)
        for part in ("ledger", "index"):
            report.add("daicho stored: " + part, PER_EVENT, bytes_below(os.path.join(node.data, part)) / total)
    shutil.rmtree(node.folder)


def rsyslog(report, scratch, files, events, level):
    name = "rsyslog zstd" if level else "rsyslog plain"
    peer = Rsyslog(scratch, "rsyslog", level)
    time.sleep(0.3)
    cpu, begin = peer.process.cpu(), time.monotonic()
    foreign = Foreign(peer.process.cpu)
    send_plain(PEER_PORT, files["sent"])
    if level:  # what is compressed can be counted when it is closed
        spent = peer.process.stop() - cpu
        wall = time.monotonic() - begin
        lines = int(run("zstdcat %s | wc -l" % peer.out)[2])
    else:
        wall = peer.wait_lines(events) - begin
        spent = peer.process.cpu() - cpu
        report.watched(foreign)
        peer.process.stop()
        lines = int(run("wc -l <%s" % peer.out)[2])
    if lines != events:
        raise RuntimeError("rsyslog stored %d of %d events" % (lines, events))
    report.add(name + ": events per CPU second", RATE, events / spent)
    report.add(name + ": wall", RATE, events / wall)
    report.add(name + " stored", PER_EVENT, bytes_below(peer.out) / events)


def durable(report, lines, events, how):
    foreign = Foreign()
    stored, wall, cpu = run([program("bench_durable"), lines, how, str(events)])[2].split()
    report.watched(foreign)
    if int(stored) != events:
        raise RuntimeError("bench_durable stored %s of %d events" % (stored, events))
    report.add("ledger alone, %s: wall" % how, RATE, events / float(wall))
    report.add("ledger alone, %s: CPU" % how, "us/event", float(cpu) / events * 1e6)


def compressors(report, path, events):
    for name, command in (("gzip -6", "gzip -6 <%s | wc -c"), ("zstd -3", "zstd -q -3 -T1 <%s | wc -c")):
        report.add("%s of the same stream" % name, PER_EVENT, int(run(command % path)[2]) / events)


def judge(report):
    per_cpu = "daicho tcp sealed: events per CPU second"
    report.bar("ingest, per CPU second, against rsyslog to a plain file", per_cpu,
               "rsyslog plain: events per CPU second", PLAIN_BAR)
    report.bar("ingest, per CPU second, against rsyslog with zstd", per_cpu, "rsyslog zstd: events per CPU second",
               ZSTD_BAR)
    report.bar("durable before the acknowledgement, wall, against never synced", "ledger alone, synced: wall",
               "ledger alone, unsynced: wall", DURABLE_BAR)
    report.bar("ingest with mutual TLS, per CPU second, against without", "daicho tls sealed: events per CPU second",
               per_cpu, TLS_BAR)
    report.bar("ingest with mutual TLS, wall until durable, against without", "daicho tls durable: wall",
               "daicho tcp durable: wall", TLS_BAR)
    report.at_most("stored bytes per event against gzip -6",
                   report.middle("daicho stored, everything in") / report.middle("gzip -6 of the same stream"),
                   STORED_BAR)


def main():
    parser = arguments(__doc__, 1_000_000)
    parser.add_argument("--framing", choices=("octet", "lf"), default="octet", help="of both sides (default %(default)s)")
    parser.add_argument("--only", choices=("daicho",), help="leave the peers and the bars out, for profiling")
    options = parser.parse_args()
    lacking = missing("rsyslogd", "zstd", "gzip", "openssl")
    if lacking:
        raise SystemExit("not installed: %s (script/bootstrap --bench)" % " ".join(lacking))
    report = Report("ingest of %d events over one TCP connection, %s framing" % (options.events, options.framing))
    with Scratch() as scratch:
        lines = stream(scratch, options.events, "lf", options.stream)
        sent = lines if options.framing == "lf" else stream(scratch, options.events, "octet", options.stream)
        files = {"sent": sent, "fill": cut(lines, os.path.join(scratch.path, "fill"), FILL_BYTES)}
        compressors(report, lines, options.events)
        for _ in report.rounds(options):
            report.trial(daicho, scratch, files, options.events, "tcp")
            if options.only:
                continue
            report.trial(rsyslog, scratch, files, options.events, 0)
            report.trial(rsyslog, scratch, files, options.events, 3)
            report.trial(daicho, scratch, files, options.events, "tls")
            for how in ("synced", "unsynced"):
                report.trial(durable, lines, options.events, how)
    if not options.only:
        judge(report)
    return report.finish(options)


if __name__ == "__main__":
    sys.exit(main())
