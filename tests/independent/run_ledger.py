#!/usr/bin/env python3
"""A data directory that the Ledger class made, judged by check_ledger.py: sound as it is, refused after any change.

  run_ledger.py PATH/TO/make_ledger
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KEYROT = 6


def newest_key(ledger):
    """The vkey of the last KEYROT leaf. It is taken from the entries themselves: that the right key certifies it is
    what daicho-verify checks; here only the tree is judged."""
    size = int(open(os.path.join(ledger, "checkpoint"), encoding="utf-8").read().split("\n")[1])
    data = open(os.path.join(ledger, f"tile/entries/000.p/{size}"), "rb").read()
    at, vkey = 0, None
    while at < len(data):
        length = int.from_bytes(data[at:at + 2], "big")
        entry = data[at + 2:at + 2 + length]
        at += 2 + length
        if entry[0] == KEYROT:
            vkey = json.loads(entry[10:])["vkey"]
    return vkey


def verdict(ledger, vkey):
    return subprocess.run([sys.executable, os.path.join(HERE, "check_ledger.py"), "ledger", ledger, "--vkey", vkey],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        data = os.path.join(scratch, "data")
        subprocess.run([sys.argv[1], data], check=True, stdout=subprocess.DEVNULL)
        ledger = os.path.join(data, "ledger")
        vkey = newest_key(ledger)
        sound = verdict(ledger, vkey)
        print(sound.stdout)
        wrong = 0 if sound.returncode == 0 else 1
        for folder, _, names in os.walk(os.path.join(ledger, "tile")):
            for name in names:
                path = os.path.join(folder, name)
                content = open(path, "rb").read()
                for at in range(0, len(content), 97):
                    with open(path, "wb") as file:
                        file.write(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
                    wrong += verdict(ledger, vkey).returncode == 0
                with open(path, "wb") as file:
                    file.write(content)
        print(f"{wrong} wrong verdicts")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
