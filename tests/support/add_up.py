#!/usr/bin/env python3
"""Adds up the results that ctest (JUnit) and vitest (JSON) left in a folder: add_up.py FOLDER.

The last line it prints is "N passed, N failed". Exits 1 when something failed or nothing ran at all.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as xml


def of_ctest(path):
    counts = {"passed": 0, "failed": 0, "skipped": []}
    for case in xml.parse(path).getroot().iter("testcase"):
        status = case.get("status")
        if status == "run":
            counts["passed"] += 1
        elif status in ("notrun", "disabled"):
            counts["skipped"].append(case.get("name"))
        else:
            counts["failed"] += 1
    return counts


def of_vitest(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    counts = {"passed": 0, "failed": 0, "skipped": []}
    for file in report["testResults"]:
        if file["status"] == "failed" and not file["assertionResults"]:
            counts["failed"] += 1  # a file that could not be loaded has no tests, and must not count as fine
        for test in file["assertionResults"]:
            if test["status"] in ("passed", "failed"):
                counts[test["status"]] += 1
            else:
                counts["skipped"].append(test["fullName"])
    return counts


def main():
    folder = pathlib.Path(sys.argv[1])
    reports = [of_ctest(path) for path in sorted(folder.glob("*.xml"))]
    reports += [of_vitest(path) for path in sorted(folder.glob("*.json"))]
    skipped = [name for report in reports for name in report["skipped"]]
    for name in skipped:
        print(f"skipped: {name}")
    passed = sum(report["passed"] for report in reports)
    failed = sum(report["failed"] for report in reports)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
