#!/usr/bin/env python3
"""Checks a ledger's tree and checkpoint without any of daicho's code: a second opinion written from the standards
(RFC 8032, RFC 9162, C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof). Python 3 standard library only.

  check_ledger.py ledger DATA/ledger --vkey VKEY... [--origin ORIGIN]
  check_ledger.py proof FILE --vkey VKEY... [--origin ORIGIN] (--entry FILE | --leaf-hash HEX | --ledger DATA/ledger)

Exit code 0: everything named was checked and holds. 1: something does not hold, or could not be checked.
"""
import argparse
import base64
import binascii
import hashlib
import os
import re
import sys

WIDTH = 256
HASH = 32


class Refused(Exception):
    """Something does not hold; the message names the place."""


def require(condition, message):
    if not condition:
        raise Refused(message)


# --- Ed25519 verification: RFC 8032, sections 5.1.2, 5.1.3 and 5.1.7 -------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    """Extended homogeneous coordinates (X, Y, Z, T), complete addition of section 5.1.4."""
    m = (a[1] - a[0]) * (b[1] - b[0]) % P
    n = (a[1] + a[0]) * (b[1] + b[0]) % P
    k = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = n - m, z - k, z + k, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_decode(data):
    """None for anything that is not the canonical form of a point of the curve."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    if square == 0:
        return None if sign else (0, y, 1, 0)
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_decode(int.to_bytes(4 * pow(5, -1, P) % P, 32, "little"))


def same_point(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def ed25519_verify(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, commitment = point_decode(public_key), point_decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same_point(point_times(scalar, BASE), point_add(commitment, point_times(challenge, key)))


def self_test():
    """RFC 8032, section 7.1, test 2; a checker whose arithmetic is wrong must not say that anything holds."""
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    require(ed25519_verify(key, b"\x72", signature), "own Ed25519 arithmetic is wrong")
    require(not ed25519_verify(key, b"\x73", signature), "own Ed25519 arithmetic accepts anything")


# --- Notes and checkpoints ------------------------------------------------------------------------------------------


def decode64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"{what}: not base64") from None
    require(base64.b64encode(data).decode() == text, f"{what}: base64 in another form than the one")
    return data


def decimal(text, what):
    require(re.fullmatch(r"0|[1-9][0-9]{0,12}", text, re.ASCII) is not None, f"{what}: not a plain decimal number")
    return int(text)


def parse_vkey(vkey):
    parts = vkey.strip().split("+", 2)
    require(len(parts) == 3, "verifier key: not of the form name+id+key")
    name, key_id, data = parts[0], parts[1], decode64(parts[2], "verifier key")
    require(len(data) == 33 and data[0] == 1, "verifier key: not Ed25519")
    computed = hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8]
    require(computed == key_id, "verifier key: its id does not belong to its name and key")
    return name, bytes.fromhex(key_id), data[1:]


def open_note(data, keys):
    """The text of a note that at least one of the keys has signed and none of them has signed wrongly."""
    try:
        note = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Refused("note: not UTF-8") from None
    require(not re.search(r"[\x00-\x09\x0b-\x1f]", note), "note: holds a control character")
    require("\n\n" in note and note.endswith("\n"), "note: no signatures, or cut off")
    at = note.rindex("\n\n")
    text, lines = note[:at + 1], note[at + 2:-1].split("\n")
    good, unknown = [], 0
    for line in lines:
        match = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+=*)", line)
        require(match is not None, "note: a line below the text is no signature line")
        blob = decode64(match[2], "note signature")
        require(len(blob) > 4, "note: a signature without content")
        known = [key for key in keys if key[0] == match[1] and key[1] == blob[:4]]
        if not known:
            unknown += 1
            continue
        require(match[1] not in good, f"note: {match[1]} has signed twice")
        require(ed25519_verify(known[0][2], text.encode(), blob[4:]), f"note: the signature of {match[1]} is wrong")
        good.append(match[1])
    require(good, "note: signed by none of the given keys")
    return text, good, unknown


def open_checkpoint(data, keys, origin):
    text, good, unknown = open_note(data, keys)
    lines = text[:-1].split("\n")
    require(len(lines) >= 3 and all(lines), "checkpoint: fewer than three lines, or an empty one")
    require(origin is None or lines[0] == origin, f"checkpoint: of the log {lines[0]!r}")
    size, root = decimal(lines[1], "checkpoint size"), decode64(lines[2], "checkpoint root")
    require(len(root) == HASH, "checkpoint: the root is not a SHA-256 digest")
    print(f"checkpoint: log {lines[0]}, {size} leaves, root {root.hex()}")
    print(f"checkpoint: signature of {', '.join(good)} verified; {unknown} of other keys not looked at")
    return size, root


# --- The tree: RFC 9162, section 2.1, and tlog-tiles ----------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def tree_hash(hashes):
    """The definition, halved from above."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01" + tree_hash(hashes[:middle]) + tree_hash(hashes[middle:]))


def tile_path(level, index, width):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return "/".join(["tile", str(level), *groups]) + (f".p/{width}" if width < WIDTH else "")


def read_file(root, path):
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({error.strerror})") from None


def split_bundle(data, width, path):
    entries, at = [], 0
    for _ in range(width):
        require(at + 2 <= len(data), f"{path}: cut off")
        end = at + 2 + int.from_bytes(data[at:at + 2], "big")
        require(end <= len(data), f"{path}: cut off")
        entries.append(data[at + 2:end])
        at = end
    require(at == len(data), f"{path}: bytes after the last entry")
    return entries


def read_leaves(ledger, size):
    hashes = []
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        path = tile_path("entries", index, width)
        hashes += [leaf_hash(entry) for entry in split_bundle(read_file(ledger, path), width, path)]
    return hashes


def expected_tiles(leaves):
    """Every tile that a tree of these leaves has, by path; and, for the files of older sizes, each level as a whole."""
    tiles, levels, hashes, level = {}, [], leaves, 0
    while hashes:
        levels.append(hashes)
        full = []
        for index in range(0, (len(hashes) + WIDTH - 1) // WIDTH):
            part = hashes[index * WIDTH:(index + 1) * WIDTH]
            tiles[tile_path(level, index, len(part))] = b"".join(part)
            if len(part) == WIDTH:
                full.append(tree_hash(part))
        hashes, level = full, level + 1
    return tiles, levels


TILE_NAME = re.compile(r"tile/(entries|[0-5])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


def check_older_file(ledger, path, levels):
    """A partial tile of an older size may still lie there: it must be the beginning of the present one."""
    match = TILE_NAME.fullmatch(path)
    require(match is not None and match[3] is not None, f"{path}: not a file of this log")
    index, width = int(re.sub("[x/]", "", match[2])), int(match[3])
    name = match[1] if match[1] == "entries" else int(match[1])
    require(width < WIDTH and tile_path(name, index, width) == path, f"{path}: not the name of a tile")
    level = 0 if name == "entries" else name
    hashes = levels[level][index * WIDTH:index * WIDTH + width] if level < len(levels) else []
    require(len(hashes) == width, f"{path}: lies beyond the checkpoint, nothing vouches for it")
    data = read_file(ledger, path)
    if name == "entries":
        found = [leaf_hash(entry) for entry in split_bundle(data, width, path)]
        require(found == hashes, f"{path}: an entry is not the one in the tree")
    else:
        require(data == b"".join(hashes), f"{path}: is not the beginning of the present tile")


def check_ledger(ledger, keys, origin):
    size, root = open_checkpoint(read_file(ledger, "checkpoint"), keys, origin)
    leaves = read_leaves(ledger, size)
    tiles, levels = expected_tiles(leaves)
    require(tree_hash(leaves) == root, "the entries do not lead to the root of the checkpoint")
    print(f"entries: {size} read and hashed, their root is that of the checkpoint")
    for path, content in tiles.items():
        data = read_file(ledger, path)
        require(len(data) == len(content), f"{path}: {len(data)} bytes instead of {len(content)}")
        for at in range(0, len(content), HASH):
            require(data[at:at + HASH] == content[at:at + HASH], f"{path}: hash {at // HASH} is wrong")
    print(f"tiles: {len(tiles)} compared with what the entries give")
    bundles = range((size + WIDTH - 1) // WIDTH)
    known = set(tiles) | {tile_path("entries", index, min(WIDTH, size - index * WIDTH)) for index in bundles}
    older = 0
    for folder, _, names in os.walk(os.path.join(ledger, "tile")):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), ledger)
            if path not in known:
                check_older_file(ledger, path, levels)
                older += 1
    print(f"tiles: {older} partial ones of older sizes are beginnings of present ones")


# --- Single proofs --------------------------------------------------------------------------------------------------


def root_from_path(leaf, index, size, path):
    """The root that an inclusion proof leads to, walking down from the root's own split: RFC 9162, 2.1.3.1 reversed."""
    if size == 1:
        require(not path, "proof: longer than the tree is high")
        return leaf
    require(path, "proof: shorter than the tree is high")
    middle = 1 << ((size - 1).bit_length() - 1)
    if index < middle:
        return sha256(b"\x01" + root_from_path(leaf, index, middle, path[:-1]) + path[-1])
    return sha256(b"\x01" + path[-1] + root_from_path(leaf, index - middle, size - middle, path[:-1]))


def parse_proof(data):
    head, separator, note = data.partition(b"\n\n")
    require(separator, "proof: has no checkpoint")
    lines = head.decode("utf-8", "replace").split("\n")
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "proof: not a tlog-proof of version 1")
    if lines and lines[0].startswith("extra "):
        require(decode64(lines.pop(0)[6:], "proof extra"), "proof: an empty extra line")
    require(lines and lines[0].startswith("index "), "proof: has no index")
    index = decimal(lines.pop(0)[6:], "proof index")
    path = [decode64(line, "proof hash") for line in lines]
    require(all(len(step) == HASH for step in path), "proof: a hash of the wrong length")
    return index, path, note


def check_proof(file, keys, origin, leaf_of):
    index, path, note = parse_proof(read_file(os.path.dirname(file) or ".", os.path.basename(file)))
    size, root = open_checkpoint(note, keys, origin)
    require(index < size, "proof: the index lies beyond the checkpoint")
    require(root_from_path(leaf_of(index), index, size, path) == root, "proof: does not lead to the root")
    print(f"proof: leaf {index} is in the tree, {len(path)} hashes")


def leaf_source(arguments):
    if arguments.leaf_hash:
        return lambda index: bytes.fromhex(arguments.leaf_hash)
    if arguments.entry:
        return lambda index: leaf_hash(read_file(".", arguments.entry))

    def from_ledger(index):
        lines = read_file(arguments.ledger, "checkpoint").decode("utf-8", "replace").split("\n")
        require(len(lines) > 2, "checkpoint: cut off")
        number, size = index // WIDTH, decimal(lines[1], "checkpoint size")
        require(index < size, "proof: the ledger has no such leaf")
        width = min(WIDTH, size - number * WIDTH)
        path = tile_path("entries", number, width)
        return leaf_hash(split_bundle(read_file(arguments.ledger, path), width, path)[index % WIDTH])

    return from_ledger


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    ledger = modes.add_parser("ledger")
    ledger.add_argument("path")
    proof = modes.add_parser("proof")
    proof.add_argument("path")
    source = proof.add_mutually_exclusive_group(required=True)
    source.add_argument("--entry")
    source.add_argument("--leaf-hash")
    source.add_argument("--ledger")
    for mode in (ledger, proof):
        mode.add_argument("--vkey", action="append", required=True)
        mode.add_argument("--origin")
    arguments = parser.parse_args()
    try:
        self_test()
        keys = [parse_vkey(vkey) for vkey in arguments.vkey]
        if arguments.mode == "ledger":
            check_ledger(arguments.path, keys, arguments.origin)
        else:
            check_proof(arguments.path, keys, arguments.origin, leaf_source(arguments))
    except Refused as refusal:
        print(f"FAIL {refusal}")
        return 1
    print("OK")
    return 0


if __name__ == "__main__":
    sys.exit(main())
