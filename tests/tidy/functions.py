"""Finds functions and their lengths, well enough for the formatting that this tree has."""

import ast
import re

from source import bare_cpp, line_of

_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")
_LABEL = re.compile(r"^\s*(public|private|protected)\s*:")


def cpp_functions(text):
    """(first line, number of lines, head) of every function; lambdas belong to the function they stand in."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  bare_cpp(text), flags=re.MULTILINE)
    depth = 0          # braces inside the block being measured
    head_start = 0
    begun = None       # start of the function whose body we are in
    for match in re.finditer(r"[{};]", code):
        sign, at = match.group(0), match.start()
        if depth:
            depth += {"{": 1, "}": -1, ";": 0}[sign]
            if depth == 0:
                head_start = at + 1
                if begun is not None:
                    yield _measured(code, begun, at)
            continue
        if sign == "{":
            head = code[head_start:at]
            if _CONTAINER.search(head):
                head_start = at + 1
                continue
            begun = _function_start(code, head, head_start, begun)
            depth = 1
            continue
        head_start = at + 1
        if sign == ";" or not code[head_start:].lstrip().startswith((",", "{")):
            begun = None


def _function_start(code, head, head_start, begun):
    """Where the function begins whose body (or whose member initialiser) opens after `head`; None if it is a table."""
    bare = head.strip()
    if not bare or bare.startswith(","):
        return begun  # the body, or the next initialiser, of a constructor
    if "(" not in bare or bare.endswith(("=", "]", "(", ",")):
        return None
    skipped = _LABEL.match(head)
    offset = skipped.end() if skipped else 0
    return head_start + offset + len(head[offset:]) - len(head[offset:].lstrip())


def _measured(code, start, end):
    first, last = line_of(code, start), line_of(code, end)
    return first, last - first + 1, " ".join(code[start:start + 60].split("(")[0].split())


_TS_START = re.compile(r"^(\s*)(?:export )?(?:default )?(?:async )?(?:function\s+(\w+)|const (\w+)\b.*=>\s*\{$)")


def ts_functions(text):
    """The same for TypeScript, by indentation: the closing brace stands where the function began."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        start = _TS_START.match(line)
        if not start or line.rstrip().endswith("}"):
            continue
        for end in range(number + 1, len(lines)):
            if lines[end].startswith(start.group(1) + "}"):
                yield number + 1, end - number + 1, start.group(2) or start.group(3)
                break


def py_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1, node.name


def go_functions(text):
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("func "):
            end = next((i for i in range(number, len(lines)) if lines[i].startswith("}")), number)
            yield number + 1, end - number + 1, line[5:40].split("{")[0].strip()


def functions(path, text):
    if path.endswith((".cpp", ".hpp")):
        return cpp_functions(text)
    if path.endswith((".ts", ".tsx")):
        return ts_functions(text)
    if path.endswith(".py"):
        return py_functions(text)
    if path.endswith(".go"):
        return go_functions(text)
    return ()
