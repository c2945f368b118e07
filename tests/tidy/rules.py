"""The rules of the house that a machine can check. Each gives Findings; docs/decisions/0002 says why they exist."""

import re

from functions import functions
from source import Finding, bare_cpp, includes, line_of

ROOMS = ["base", "crypto", "store", "ledger", "access", "vault", "register", "evidence", "report", "app"]
CPP = (".cpp", ".hpp")

# Parts of rooms that may see less than their room may: folder -> what its files may include.
NARROWER = {
    "src/ledger/core/": ["base/", "crypto/", "ledger/core/"],      # the verifier needs no more than this
    "src/app/verify/": ["base/", "crypto/", "ledger/core/", "app/verify/", "app/cli/"],
    "src/app/http/": ["base/", "crypto/", "app/http/"],
    "src/app/cli/": ["base/", "app/cli/"],
    "src/app/control/": ["base/", "app/control/"],
    "src/report/": ["base/", "crypto/", "report/"],
}
# Folders of app in their order; what stands behind may include what stands before.
APP_ORDER = ["http", "cli", "control", "verify", "api", "node", "commands"]


def layering(tree):
    for path, text in tree.below("src/", *CPP):
        room = path.split("/")[1]
        for line, quoted, name in includes(text):
            if not quoted:
                continue
            used = name.split("/")[0]
            if used not in ROOMS:
                if not (path.endswith("_test.cpp") and name.startswith("support/")):
                    yield Finding(path, line, "layering", f'"{name}" is not written from src/ on')
                continue
            if room in ROOMS and ROOMS.index(used) > ROOMS.index(room):
                yield Finding(path, line, "layering", f"{room} may not include {used}")
            for folder, allowed in NARROWER.items():
                if path.startswith(folder) and not name.startswith(tuple(allowed)):
                    yield Finding(path, line, "layering", f"{folder} may not include {name}")
            yield from _within_app(path, line, name)


def _within_app(path, line, name):
    mine, used = path.split("/")[1:3], name.split("/")[:2]
    if mine[0] == used[0] == "app" and mine[1] in APP_ORDER and used[1] in APP_ORDER:
        if APP_ORDER.index(used[1]) > APP_ORDER.index(mine[1]):
            yield Finding(path, line, "layering", f"app/{mine[1]} may not include app/{used[1]}")


# Headers of libraries that one place wraps for everybody: start of the header's name -> where it may be included.
WRAPPED = {
    "openssl/": ["src/crypto/", "src/app/http/"],  # app/http only to set up Beast's TLS stream
    "sodium": ["src/crypto/"],
    "sqlite3": ["src/store/"],
    "libpq": ["src/store/"],
    "yaml-cpp/": ["src/base/"],
    "unicode/": ["src/base/"],
    "date/": ["src/base/"],
    "spdlog/": ["src/base/"],
    "libical/": ["src/register/"],
    "boost/": ["src/app/http/"],
    "CLI/": ["src/app/cli/", "src/app/verify/"],
    "zstd": ["src/ledger/core/"],
    "archive": ["src/report/", "src/ledger/core/"],
    "regex": [],
}


def wrapped_headers(tree):
    for path, text in tree.below("src/", *CPP):
        for line, quoted, name in includes(text):
            for start, places in WRAPPED.items():
                fits = name.startswith(start) if start.endswith("/") else name.split(".")[0] == start
                if not quoted and fits and not path.startswith(tuple(places) or ("\0",)):
                    yield Finding(path, line, "header", f"<{name}> belongs in {' or '.join(places) or 'no file'}")


_AWAIT_STATEMENT = re.compile(
    r"^(?:co_return\s+)?co_await\s[^{\[]*$"                          # the whole statement, or returned
    r"|^(?:[\w:<>,&*\s]+\s)[&*]?\w+\s*=\s*co_await\s[^{\[]*$")       # initialiser of a named variable


def coroutines(tree):
    for path, text in tree.below("src/", *CPP):
        code = bare_cpp(text)
        for match in re.finditer(r"\bco_await\b", code):
            line = line_of(code, match.start())
            if not path.startswith("src/app/http/"):
                yield Finding(path, line, "coroutine", "co_await outside app/http")
                continue
            begin = max(code.rfind(sign, 0, match.start()) for sign in ";{}") + 1
            statement = " ".join(code[begin:code.find(";", match.start())].split())
            statement = re.sub(r"^(?:case [\w:]+|default)\s*:(?!:)\s*", "", statement)
            if statement.count("co_await") > 1 or not _AWAIT_STATEMENT.match(statement):
                yield Finding(path, line, "coroutine", f"g++ 12 miscompiles this shape: {statement[:80]}")


HEADER_LINES_MAX = 150
SOURCE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
ROOM_README_LINES_MAX = 40
FOLDER_FILES_MAX = 25
SOURCE = (".cpp", ".ts", ".tsx", ".py", ".go", ".css")


def limits(tree):
    for path, text in tree.files.items():
        length = text.count("\n")
        if path.endswith(".hpp") and length > HEADER_LINES_MAX:
            yield Finding(path, length, "limit", f"a header of {length} lines; {HEADER_LINES_MAX} are allowed")
        if path.endswith(SOURCE) and length > SOURCE_LINES_MAX:
            yield Finding(path, length, "limit", f"a source of {length} lines; {SOURCE_LINES_MAX} are allowed")
        if path.startswith("src/") and path.endswith("README.md") and length > ROOM_README_LINES_MAX:
            yield Finding(path, length, "limit", f"{length} lines; a room explains itself in {ROOM_README_LINES_MAX}")
        for line, lines, name in functions(path, text):
            if lines > FUNCTION_LINES_MAX:
                yield Finding(path, line, "limit", f"{name} has {lines} lines; {FUNCTION_LINES_MAX} are allowed")
    counted = {}
    for path in tree.files:
        folder = path.rpartition("/")[0]
        if (folder + "/").startswith(("src/", "web/src/")):
            counted[folder] = counted.get(folder, 0) + 1
    for folder, files in counted.items():
        if files > FOLDER_FILES_MAX:
            yield Finding(folder, 1, "limit", f"{files} files in one folder; {FOLDER_FILES_MAX} are allowed")


def rooms_explain_themselves(tree):
    for room in sorted({path.split("/")[1] for path, _ in tree.below("src/") if path.count("/") > 1}):
        if room not in ROOMS:
            yield Finding(f"src/{room}", 1, "room", "is not one of the ten rooms")
        elif f"src/{room}/README.md" not in tree.files:
            yield Finding(f"src/{room}", 1, "room", "has no README.md")


# Written in pieces, or this file would find itself.
_UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
_MACHINE = re.compile(r"(?<![\w.$}~-])/(?:ro" r"ot|wo" r"rk)(?:/|\b(?![\w.-]))")


def words(tree):
    for path, text in tree.files.items():
        if path == "LICENSE":
            continue
        for match in _UNFINISHED.finditer(text):
            yield Finding(path, line_of(text, match.start()), "unfinished", match.group(0))
        for match in _MACHINE.finditer(text):
            yield Finding(path, line_of(text, match.start()), "machine", f"{match.group(0)} is somebody's own folder")


_SINGLETON = re.compile(
    r"^[ \t]+static[ \t]+(?!const\b|constexpr\b|inline\b|_assert)(?![^;=]*\bconst\s+\w+\s*=)"
    r"[\w:<>,*& ]+[ &*]\w+[ \t]*(?:=[^;]*|\{[^;]*\})?;"
    r"|\b(?:get_?[iI]nstance|instance)\s*\(\s*\)", re.MULTILINE)


# Objects that may live in a function, each with the reason.
_HARMLESS = {
    ("src/base/files.cpp", "static RealFiles files;"),  # has no members: it is a name for the operating system
}


def singletons(tree):
    """main makes everything and hands it on: no object that lives in a function or behind instance()."""
    for path, text in tree.below("src/", ".cpp"):
        code = bare_cpp(text)
        for match in _SINGLETON.finditer(code):
            found = " ".join(match.group(0).split())
            if (path, found) not in _HARMLESS:
                yield Finding(path, line_of(code, match.start()), "singleton", found[:80])


ALL = [layering, wrapped_headers, coroutines, limits, rooms_explain_themselves, words, singletons]
