"""What the documents say about the tree must be so: files they point to, decisions, dependencies."""

import json
import os
import re

from source import Finding, line_of

_NAMED_DOCUMENT = re.compile(r"(?<![\w/])docs/[\w./-]+\.md\b")
_DECISION = re.compile(r"\b(?:docs/decisions/|decision )(\d{4})\b")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def references(tree):
    """docs/… in code and comments, decisions by number, links in documents."""
    numbers = {path.split("/")[-1][:4] for path, _ in tree.below("docs/decisions/", ".md")}
    for path, text in tree.files.items():
        if path.startswith("tests/tidy/"):
            continue  # names what is planted for it
        for match in _NAMED_DOCUMENT.finditer(text):
            if match.group(0) not in tree.files:
                yield Finding(path, line_of(text, match.start()), "document", f"there is no {match.group(0)}")
        for match in _DECISION.finditer(text):
            if match.group(1) not in numbers:
                yield Finding(path, line_of(text, match.start()), "document", f"there is no decision {match.group(1)}")
        if path.endswith(".md"):
            yield from _links(tree, path, text)


_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def _links(tree, path, text):
    text = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)
    for match in _LINK.finditer(text):
        target = os.path.normpath(os.path.join(os.path.dirname(path), match.group(1)))
        if not os.path.exists(os.path.join(tree.root, target)):
            yield Finding(path, line_of(text, match.start()), "document", f"there is no {target}")


def decisions(tree):
    listed = tree.files.get("docs/decisions/README.md", "")
    seen = {}
    for path, text in tree.below("docs/decisions/", ".md"):
        name = path.split("/")[-1]
        if name == "README.md":
            continue
        if f"({name})" not in listed:
            yield Finding(path, 1, "document", "is not in the list of docs/decisions/README.md")
        if not text.startswith(f"# {name[:4]} "):
            yield Finding(path, 1, "document", "does not begin with its number and title")
        if seen.setdefault(name[:4], name) != name:
            yield Finding(path, 1, "document", f"has the number of {seen[name[:4]]}")


def dependencies(tree):
    """Every Debian package of script/bootstrap and every npm package of web/ has its reason."""
    reasons = set(re.split(r"[\s,|();:]+", tree.files.get("docs/dependencies.md", "")))
    script = tree.files.get("script/bootstrap", "")
    for match in re.finditer(r"^\w+_packages=\(([^)]*)\)", script, re.MULTILINE):
        if match.group(0).startswith("unpacked"):
            continue  # libraries that one of the named packages needs
        for package in match.group(1).split():
            if package not in reasons:
                yield Finding("script/bootstrap", line_of(script, match.start()), "document",
                              f"docs/dependencies.md has no reason for {package}")
    manifest = json.loads(tree.files.get("web/package.json", "{}"))
    for package in {**manifest.get("dependencies", {}), **manifest.get("devDependencies", {})}:
        if package not in reasons and not package.startswith("@types/"):
            yield Finding("web/package.json", 1, "document", f"docs/dependencies.md has no reason for {package}")


_TEST = re.compile(r"`([A-Z]\w*[a-z]\w*)\.(\w+|\*)`")


def tests_of_the_threat_model(tree):
    """A defence whose test is gone is a claim."""
    model = "docs/threat-model.md"
    named = _TEST.finditer(tree.files.get(model, ""))
    tests = set()
    for path, text in list(tree.below("src/", "_test.cpp")) + list(tree.below("tests/", "_test.cpp")):
        tests.update(re.findall(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text))
    suites = {suite for suite, _ in tests}
    for match in named:
        suite, name = match.groups()
        if suite not in suites or (name != "*" and (suite, name) not in tests):
            yield Finding(model, line_of(tree.files[model], match.start()), "document", f"there is no test {suite}.{name}")


ALL = [references, decisions, dependencies, tests_of_the_threat_model]
