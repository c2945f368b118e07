#!/usr/bin/env python3
"""Search: three questions to the same events, against zstdgrep and ClickHouse, and every answer compared.

  needle    events with a rare word (three of them)       events:bytes
  failures  failed SSH sign-ins, counted for each address  events:addresses
  account   what one account did within six hours          events:bytes

daicho answers from its encrypted ledger on disk, in a process that has just opened it: `first` is the first question asked
in it, `again` the third (its caches are filled, as those of a server are). `cold` is `first` after the page cache was dropped
for the ledger's files. ClickHouse got the fields ready in columns and is asked through its client, whose own clock counts;
zstdgrep is the whole command over one compressed file. The bars against ClickHouse, a warm server, take `again`; those against
zstdgrep, which starts each time, take `first`.
"""
import os
import subprocess
import sys

from daicho_side import filled
from harness import Scratch, program, run, stream
from peers import ClickHouse, missing
from report import Foreign, Report, arguments

WORD, ACCOUNT = "ndl-000000000000", "svc-batch1"
RANGE_US = (1772614800000000, 1772636400000000)  # 2026-03-04 09:00 to 15:00 UTC
SQL = {
    "needle": "SELECT count(), sum(length(raw)) FROM events WHERE raw LIKE '%%%s%%'" % WORD,
    "failures": "SELECT sum(c), count() FROM (SELECT address, count() AS c FROM events WHERE app = 'sshd' AND"
                " action = 'login_fail' GROUP BY address)",
    "account": "SELECT count(), sum(length(raw)) FROM events WHERE user = '%s' AND time_us >= %d AND time_us < %d"
               % ((ACCOUNT,) + RANGE_US)}
NEEDLE_ZSTDGREP_BAR, NEEDLE_CLICKHOUSE_BAR, OTHER_BAR = 20.0, 4.0, 1.0
FIRST, AGAIN = 0, 2


def forget(folder):
    """Drops the files' pages from the cache."""
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Answers:
    """The first answer to each question, which all others have to give too."""

    def __init__(self):
        self.known = {}

    def check(self, question, who, answer):
        expected = self.known.setdefault(question, (answer, who))
        if answer != expected[0]:
            raise RuntimeError("%s: %s answers %s, %s answers %s" % (question, expected[1], expected[0], who, answer))


def ask_daicho(report, node, question, answers):
    command = [program("bench_questions"), node.data, question]
    foreign = Foreign()
    lines = run(command + ["3"])[2].split("\n")
    report.watched(foreign)
    for label, place in (("first", FIRST), ("again", AGAIN)):
        wall, cpu, answer = lines[place].split()
        answers.check(question, "daicho", answer)
        report.add("%s: daicho, %s" % (question, label), "s", float(wall))
        report.add("%s: daicho, %s, CPU" % (question, label), "CPU s", float(cpu))
    forget(node.data)
    wall, cpu, answer = run(command + ["1"])[2].split()
    answers.check(question, "daicho", answer)
    report.add(question + ": daicho, cold", "s", float(wall))


def ask_clickhouse(report, server, question, answers):
    foreign = Foreign(server.process.cpu)
    wall, cpu, answer = server.ask(SQL[question])
    report.watched(foreign)
    answers.check(question, "ClickHouse", answer)
    report.add(question + ": ClickHouse", "s", wall)
    report.add(question + ": ClickHouse, CPU", "CPU s", cpu)


def ask_zstdgrep(report, path, answers):
    foreign = Foreign()
    wall, cpu, out = run("zstdgrep -F %s %s | wc -lc" % (WORD, path))
    report.watched(foreign)
    lines, size = (int(word) for word in out.split())
    answers.check("needle", "zstdgrep", "%d:%d" % (lines, size - lines))
    report.add("needle: zstdgrep", "s", wall)
    report.add("needle: zstdgrep, CPU", "CPU s", cpu)


def judge(report, server):
    report.bar("rare word against zstdgrep", "needle: zstdgrep", "needle: daicho, first", NEEDLE_ZSTDGREP_BAR)
    if server is None:
        report.not_measured("all three questions against ClickHouse", "it is not installed (script/bootstrap --bench)")
        return
    report.bar("rare word against ClickHouse", "needle: ClickHouse", "needle: daicho, again", NEEDLE_CLICKHOUSE_BAR)
    report.bar("failed sign-ins by address against ClickHouse", "failures: ClickHouse", "failures: daicho, again", OTHER_BAR)
    report.bar("one account within six hours against ClickHouse", "account: ClickHouse", "account: daicho, again", OTHER_BAR)


def main():
    options = arguments(__doc__, 5_000_000).parse_args()
    if options.stream:
        raise SystemExit("the questions need the generator's own stream: its columns are the peers' answers")
    report = Report("search in %d events" % options.events)
    with Scratch() as scratch:
        lines = stream(scratch, options.events, "lf")
        node = filled(scratch, lines, options.events)
        packed = lines + ".zst"
        subprocess.run(["zstd", "-q", "-3", "--rm", lines, "-o", packed], check=True)
        server = None
        if not missing("clickhouse-server", "clickhouse-client"):
            server = ClickHouse(scratch, "clickhouse")
            tsv = stream(scratch, options.events, "tsv")
            server.load(tsv)
            os.remove(tsv)
            report.add("ClickHouse stored", "bytes/event", server.bytes() / options.events)
        report.add("daicho stored, everything in", "bytes/event", node.bytes() / options.events)
        answers = Answers()
        for _ in report.rounds(options):
            for question in SQL:
                report.trial(ask_daicho, node, question, answers)
                if server is not None:
                    report.trial(ask_clickhouse, server, question, answers)
            report.trial(ask_zstdgrep, packed, answers)
        judge(report, server)
    return report.finish(options)


if __name__ == "__main__":
    sys.exit(main())
