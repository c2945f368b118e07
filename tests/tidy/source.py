"""The tree as the checks see it: files, their lines, and C++ without its comments and strings."""

import os
import re
from dataclasses import dataclass

# What a build or an installation makes; nobody wrote it, so nobody has to keep it tidy.
SKIPPED_FOLDERS = {".git", ".cache", "build", "node_modules", "dist", "data", "data.keys", "__pycache__"}
SKIPPED_FILES = {"web/src/api/schema.d.ts", "web/package-lock.json"}
BINARY_BYTES_LOOKED_AT = 4096


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


class Tree:
    """All text files below `root`, by their path with forward slashes."""

    def __init__(self, root):
        self.root = root
        self.files = {}
        for folder, folders, names in os.walk(root):
            relative = os.path.relpath(folder, root)
            folders[:] = sorted(f for f in folders if not self._skips(relative, f))
            for name in sorted(names):
                path = os.path.normpath(os.path.join(relative, name)).replace(os.sep, "/")
                text = self._text_of(os.path.join(folder, name))
                if path not in SKIPPED_FILES and text is not None:
                    self.files[path] = text

    @staticmethod
    def _skips(parent, name):
        # tests/data holds vectors that are checked in; only a data directory in the root is a running one.
        if name in ("data", "data.keys"):
            return parent == "."
        return name in SKIPPED_FOLDERS

    @staticmethod
    def _text_of(path):
        if os.path.islink(path):
            return None
        with open(path, "rb") as file:
            raw = file.read()
        if b"\0" in raw[:BINARY_BYTES_LOOKED_AT]:
            return None
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def below(self, prefix, *endings):
        """Paths and texts of the files below `prefix` that end with one of `endings` (any when none is given)."""
        for path, text in self.files.items():
            if path.startswith(prefix) and (not endings or path.endswith(endings)):
                yield path, text


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'", re.DOTALL)


def bare_cpp(text, keep_strings=False):
    """C++ with comments (and what stands in strings) replaced by blanks; lines and columns stay where they are."""

    def blank(match):
        found = match.group(0)
        if not found.startswith("/"):
            if keep_strings:
                return found
            return '"' + re.sub(r"[^\n]", " ", found[1:-1]) + '"'
        return re.sub(r"[^\n]", " ", found)

    return _TOKEN.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(text):
    """(line, spelled with quotes?, name) of every #include that is not in a comment."""
    for match in _INCLUDE.finditer(bare_cpp(text, keep_strings=True)):
        yield line_of(text, match.start(2)), match.group(1) == '"', match.group(2)
