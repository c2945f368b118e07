#!/usr/bin/env python3
"""Checks the rules of the house over the whole tree: tidy.py ROOT. Prints each finding as file:line and exits 1."""

import sys

import documents
import rules
import texts
from source import Tree


def findings_in(root):
    tree = Tree(root)
    found = []
    for rule in rules.ALL + texts.ALL + documents.ALL:
        found.extend(rule(tree))
    return sorted(set(found)), len(tree.files)


def main():
    if len(sys.argv) != 2:
        print("usage: tidy.py ROOT", file=sys.stderr)
        return 2
    found, files = findings_in(sys.argv[1])
    for finding in found:
        print(finding)
    # A wrong ROOT has nothing to complain about; it must not pass for a tidy one.
    if files < 100:
        print(f"only {files} files below {sys.argv[1]}: not the project", file=sys.stderr)
        return 2
    print(f"{files} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
