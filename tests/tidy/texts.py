"""Every text the program names must exist, in both languages, and take what the program fills in."""

import re

from source import Finding, bare_cpp, line_of

LANGUAGES = ("ja", "en")

# How the program names a text for a person. Keys put together at run time can't be found here: openapi.yaml lists
# those (x-text-keys), and the tests of the front end compare that list with the catalogues.
_NAMED = re.compile(
    r'\brefuse\(\s*Errc::\w+,\s*"([a-z_.0-9]+)"'
    r'|\bproblem\(\s*\d+,\s*"\w+",\s*"([a-z_.0-9]+)"'
    r'|\btell\(\s*pointer,\s*"([a-z_.0-9]+)"'
    r'|\bmessage\(\s*"([a-z_]+\.[a-z_.0-9]+)"'
    r'|"(cli\.[a-z_]+)"'
    r'|"text_key",\s*"([a-z_.0-9]+[a-z_0-9])"')
# Said by the command line, in English and Japanese of its own.
_COMMAND_LINE = re.compile(r"^(cli|import)\.")
_COMMAND_LINE_CATALOGUES = ("src/app/cli/texts.cpp", "src/app/cli/case_texts.cpp", "src/app/cli/verify_texts.cpp")
_COMMAND_LINE_ENTRY = re.compile(r'^    Text\{\s*"([\w.]+)",', re.MULTILINE)
_CATALOGUE_ENTRY = re.compile(r"^  '([\w.-]+)':", re.MULTILINE)

_ASSESSED = re.compile(r'"(assess\.[a-z_.0-9]*[a-z_0-9])"(\s*\+)?')
_SENTENCE = re.compile(r"^    ([a-z_.0-9-]+): (.*)$", re.MULTILINE)


def refusals(tree):
    catalogues = {}
    for language in LANGUAGES:
        path = f"web/src/text/{language}/server.ts"
        catalogues[language] = set(_CATALOGUE_ENTRY.findall(tree.files.get(path, "")))
    typed = {key for path in _COMMAND_LINE_CATALOGUES for key in _COMMAND_LINE_ENTRY.findall(tree.files.get(path, ""))}
    named = 0
    for path, text in tree.below("src/", ".cpp", ".hpp"):
        if path.endswith("_test.cpp") or path in _COMMAND_LINE_CATALOGUES:
            continue
        code = bare_cpp(text, keep_strings=True)
        for match in _NAMED.finditer(code):
            key = next(group for group in match.groups() if group)
            named += 1
            if _COMMAND_LINE.match(key):
                if key not in typed:
                    yield Finding(path, line_of(code, match.start()), "text", f"{key} is not in the texts of src/app/cli")
                continue
            for language in LANGUAGES:
                if key not in catalogues[language]:
                    yield Finding(path, line_of(code, match.start()), "text", f"{key} is not in the {language} catalogue")
    if named == 0:
        yield Finding("src", 1, "text", "no text was found at all: this check no longer sees how texts are named")


def sentences(tree):
    """content/texts: the same sentences with the same blanks in both languages, and all that the program says."""
    known = {}
    for language in LANGUAGES:
        path = f"content/texts/assess.{language}.yaml"
        known[language] = {key: set(re.findall(r"\{(\w+)\}", text))
                           for key, text in _SENTENCE.findall(tree.files.get(path, ""))}
    for key in sorted(known["ja"].keys() | known["en"].keys()):
        if known["ja"].get(key) != known["en"].get(key):
            yield Finding("content/texts", 1, "text", f"{key} differs between the languages in what it fills in")
    for path, text in tree.below("src/evidence/assess/", ".cpp"):
        if path.endswith("_test.cpp"):
            continue
        code = bare_cpp(text, keep_strings=True)
        for match in _ASSESSED.finditer(code):
            key = match.group(1)
            if not match.group(2) and key not in known["ja"]:
                yield Finding(path, line_of(code, match.start()), "text", f"{key} is not in content/texts")


ALL = [refusals, sentences]
