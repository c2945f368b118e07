"""What a measuring script says: figures, and bars with the ratio that was measured."""
import argparse
import json
import os
import sys
import time

from harness import TICKS_PER_S, median


def machine():
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        gibibytes = int(file.readline().split()[1]) / (1 << 20)
    return {"cpu": model, "cpus": os.cpu_count(), "memory_gib": round(gibibytes, 1), "kernel": os.uname().release,
            "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())}


def _busy_s():
    with open("/proc/stat") as file:
        fields = [int(word) for word in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS_PER_S


class Foreign:
    """How many processors other programs used between begin and end. `mine` gives the CPU of what is measured."""

    def __init__(self, mine=lambda: 0.0):
        self.mine = mine
        self.begun = (time.monotonic(), _busy_s(), self._own())

    def _own(self):
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system + self.mine()

    def processors(self):
        wall, busy, own = self.begun
        passed = time.monotonic() - wall
        return max(0.0, (_busy_s() - busy - self._own() + own) / passed) if passed > 0 else 0.0


FOREIGN_MAX = 0.25    # processors that others may use in a run that counts as quiet
QUIET_LOOK_S = 0.5
PATIENCE_S = float(os.environ.get("DAICHO_BENCH_PATIENCE_S", "60"))  # waited for quiet in all


class Report:
    """Collects figures (one list of values for each name) and bars; prints them at the end."""

    def __init__(self, claim):
        self.claim = claim
        self.noise = 0.0    # processors used by others, at worst
        self.patience_s = PATIENCE_S
        self.repeats = None
        self.figures = {}   # name -> (unit, values)
        self.bars = []
        self.remarks = []

    def add(self, name, unit, value):
        self.figures.setdefault(name, (unit, []))[1].append(value)

    def rounds(self, options):
        """Numbers of rounds to make; none begins after options.minutes."""
        self.repeats = options.rounds if self.repeats is None else self.repeats
        end = time.monotonic() + options.minutes * 60
        for number in range(options.rounds):
            if number > 0 and time.monotonic() > end:
                self.remark("%d of %d rounds: the time was up" % (number, options.rounds))
                return
            yield number

    def watched(self, foreign):
        self.noise = max(self.noise, foreign.processors())

    def _wait_for_quiet(self):
        while self.patience_s > 0:
            foreign = Foreign()
            time.sleep(QUIET_LOOK_S)
            self.patience_s -= QUIET_LOOK_S
            if foreign.processors() < FOREIGN_MAX:
                return

    def trial(self, measure, *given):
        """One run of `measure(report, ...)`, on a quiet machine if that can be had: it is made again when others were
        busy meanwhile (as often in all as there are rounds), and the quietest counts."""
        best = None
        while True:
            self._wait_for_quiet()
            one = Report(self.claim)
            measure(one, *given)
            if best is None or one.noise < best.noise:
                best = one
            if best.noise < FOREIGN_MAX or not self.repeats:
                break
            self.repeats -= 1
        for name, (unit, values) in best.figures.items():
            for value in values:
                self.add(name, unit, value)
        for remark in best.remarks:
            self.remark(remark)
        self.noise = max(self.noise, best.noise)

    def middle(self, name):
        return median(self.figures[name][1])

    def remark(self, text):
        if text not in self.remarks:
            self.remarks.append(text)

    def bar(self, what, over, under, wanted):
        """The ratio of the medians of two figures has to be `wanted` at least. Both were measured in this run."""
        self._judge(what, self.middle(over) / self.middle(under), wanted, True)

    def at_most(self, what, value, wanted):
        self._judge(what, value, wanted, False)

    def _judge(self, what, value, wanted, at_least):
        met = value >= wanted if at_least else value <= wanted
        self.bars.append({"what": what, "measured": value, "wanted": wanted,
                          "direction": "at least" if at_least else "at most", "met": met})

    def not_measured(self, what, why):
        self.bars.append({"what": what, "measured": None, "met": False, "why": why})

    def as_json(self):
        figures = {name: {"unit": unit, "median": median(values), "min": min(values), "max": max(values),
                          "runs": len(values)} for name, (unit, values) in self.figures.items()}
        return {"claim": self.claim, "machine": machine(), "figures": figures, "bars": self.bars, "remarks": self.remarks,
                "processors_used_by_others_max": round(self.noise, 2)}

    def print_text(self, out):
        about = machine()
        out.write("# %s\n# %s; %d x %s, %s GiB, Linux %s\n" % (self.claim, about["date"], about["cpus"], about["cpu"],
                                                              about["memory_gib"], about["kernel"]))
        for name, (unit, values) in self.figures.items():
            out.write("%-58s %12s %-16s (%s .. %s, %d runs)\n" % (name, number(median(values)), unit, number(min(values)),
                                                                  number(max(values)), len(values)))
        for bar in self.bars:
            if bar["measured"] is None:
                out.write("NOT MEASURED  %s: %s\n" % (bar["what"], bar["why"]))
            else:
                out.write("%-12s  %s: %s, %s %s is wanted\n" % ("met" if bar["met"] else "MISSED", bar["what"],
                                                                number(bar["measured"]), bar["direction"],
                                                                number(bar["wanted"])))
        out.write("processors used by others, at worst: %.2f%s\n" % (
            self.noise, "" if self.noise < FOREIGN_MAX else " (NOT quiet: the figures are worth less)"))
        for remark in self.remarks:
            out.write("note: %s\n" % remark)
        out.flush()

    def finish(self, options):
        """Prints; the exit code of the script."""
        if options.json:
            json.dump(self.as_json(), sys.stdout, indent=2)
            sys.stdout.write("\n")
        else:
            self.print_text(sys.stdout)
        return 1 if options.strict and not all(bar["met"] for bar in self.bars) else 0


def number(value):
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return "{:,.0f}".format(value)
    return "%.3g" % value


def arguments(about, events, rounds=3):
    """The options that all scripts have; `about` is the script's docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=events, help="how many (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds, help="medians of so many (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="begin no round later than this (default %(default)s)")
    parser.add_argument("--stream", help="a file of at least so many lines instead of the generator's")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bar is missed or was not measured")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser

