#!/usr/bin/env python3
"""Tests of the command line over the real programs: run.py BIN_DIRECTORY [MODULE[.Class[.test]]]…"""

import os
import sys
import unittest

os.environ["DAICHO_BIN"] = sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import world  # noqa: E402  (needs DAICHO_BIN)

MODULES = ["edges", "beside", "places", "verifier", "state"]

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[2:] or MODULES)
    try:
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    finally:
        world.Case.forget()
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
