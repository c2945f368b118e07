#!/usr/bin/env python3
"""Every rule must catch what is planted for it, at its line, and must leave a clean tree alone."""

import os
import tempfile
import unittest

import documents
import rules
import texts
from functions import functions
from source import Tree, bare_cpp

CLEAN = {
    "src/base/README.md": "# base\n",
    "src/base/result.hpp": "#pragma once\n#include <string>\n",
    "src/ledger/README.md": "# ledger\n",
    "src/ledger/core/leaf.cpp": '#include "ledger/core/leaf.hpp"\n#include <zstd.h>\n#include "crypto/digest.hpp"\n',
    "src/app/README.md": "# app\n",
    "src/app/http/server.cpp": '#include "app/http/server.hpp"\n#include <boost/asio/awaitable.hpp>\n'
                               "Task run() {\n    co_await wait();\n    const Head head = co_await read(x, y);\n"
                               "    co_return co_await answer(head);\n}\n",
    "src/app/api/a.cpp": 'auto a = refuse(Errc::invalid, "common.invalid", "no");\n',
    "src/evidence/README.md": "# evidence\n",
    "src/evidence/assess/a.cpp": 'finding.say(State::good, "assess.fine");\n',
    "web/src/text/ja/server.ts": "  'common.invalid': '…',\n",
    "web/src/text/en/server.ts": "  'common.invalid': '…',\n",
    "docs/decisions/README.md": "| [0001](0001-a.md) |\n",
    "docs/decisions/0001-a.md": "# 0001 A\n",
    "docs/threat-model.md": "| defended | `Door.is_shut`, `Door.*` |\n",
    "src/base/door_test.cpp": "TEST_F(Door, is_shut) {\n}\n",
    "docs/dependencies.md": "| g++ | compiles |\n| @a/b, c.d | pages |\n",
    "script/bootstrap": "build_packages=(\n    g++\n)\n",
    "web/package.json": '{"dependencies": {"@a/b": "1.0.0"}, "devDependencies": {"@types/b": "1.0.0"}}\n',
    "content/texts/assess.ja.yaml": "texts:\n  sentences:\n    assess.fine: '{due}まで'\n",
    "content/texts/assess.en.yaml": "texts:\n  sentences:\n    assess.fine: 'until {due}'\n",
}

LONG_FUNCTION = "int f() {\n" + "    g();\n" * 69 + "}\n"   # 71 lines
JUST_RIGHT = "int f() {\n" + "    g();\n" * 68 + "}\n"
LONG_CONSTRUCTOR = "A::A(int a) : a_{a}, b_{} {\n" + "    g();\n" * 69 + "}\n"

# What is planted: path, text, and the rule and line that must be reported (None: nothing may be).
PLANTED = [
    ("src/base/a.cpp", '#include <string>\n#include "crypto/digest.hpp"\n', "layering", 2),
    ("src/report/a.cpp", '#include "store/database.hpp"\n', "layering", 1),
    ("src/ledger/core/a.cpp", '#include "ledger/write/wal.hpp"\n', "layering", 1),
    ("src/app/verify/a.cpp", '#include "store/database.hpp"\n', "layering", 1),
    ("src/app/api/b.cpp", '#include "app/node/node.hpp"\n', "layering", 1),
    ("src/base/b.cpp", '#include "../crypto/digest.hpp"\n', "layering", 1),
    ("src/ledger/b.cpp", "#include <openssl/sha.h>\n", "header", 1),
    ("src/access/b.cpp", "\n#include <sqlite3.h>\n", "header", 2),
    ("src/register/b.cpp", "#include <yaml-cpp/yaml.h>\n", "header", 1),
    ("src/base/c.cpp", "#include <regex>\n", "header", 1),
    ("src/base/d.cpp", "// #include <regex>\n", None, 0),
    ("src/evidence/c.cpp", "Task f() {\n    co_await g();\n}\n", "coroutine", 2),
    ("src/app/http/b.cpp", "Task f() {\n    if (!co_await allowed(who)) co_return 403;\n}\n", "coroutine", 2),
    ("src/app/http/c.cpp", "Task f() {\n    co_await write(Head{1});\n}\n", "coroutine", 2),
    ("src/app/http/d.cpp", "Task f() {\n    co_await write([&] { g(); });\n}\n", "coroutine", 2),
    ("src/app/http/e.cpp", "Task f() {\n    g(co_await read());\n}\n", "coroutine", 2),
    ("src/app/http/f.cpp", "Task f() {\n    x = y ? co_await read() : 0;\n}\n", "coroutine", 2),
    ("src/base/long.hpp", "\n" * 151, "limit", 151),
    ("src/base/long.cpp", "\n" * 401, "limit", 401),
    ("web/src/pages/long.tsx", "\n" * 401, "limit", 401),
    ("src/base/function.cpp", LONG_FUNCTION, "limit", 1),
    ("src/base/function.cpp", JUST_RIGHT, None, 0),
    ("src/base/constructor.cpp", "namespace a {\n" + LONG_CONSTRUCTOR + "}\n", "limit", 2),
    ("src/base/table.cpp", "const int table[] = {\n" + "    f(1),\n" * 90 + "};\n", None, 0),
    ("web/src/a.tsx", "export function A() {\n" + "  b();\n" * 69 + "}\n", "limit", 1),
    ("tests/a.py", "def f():\n" + "    g()\n" * 70, "limit", 1),
    ("src/base/README.md", "line\n" * 41, "limit", 41),
    ("src/misc/README.md", "# misc\n", "room", 1),
    ("src/vault/a.cpp", "\n", "room", 1),
    ("docs/a.md", "one\nTO" "DO: two\n", "unfinished", 2),
    ("script/a", "#!/bin/sh\ncd /wo" "rk/main\n", "machine", 2),
    ("docs/b.md", "see src/wo" "rk/a and https://example.org/ro" "ot/b\n", None, 0),
    ("src/store/a.cpp", "A& a() {\n    static A only;\n    return only;\n}\n", "singleton", 2),
    ("src/store/b.cpp", "int n = Log::instance().size();\n", "singleton", 1),
    ("src/store/c.cpp", "int f() {\n    static const A table = make();\n    return g(table);\n}\n", None, 0),
    ("src/store/d.cpp", 'return refuse(\n    Errc::denied, "nobody.wrote_this", "no");\n', "text", 1),
    ("src/store/e.hpp", 'return refuse(Errc::denied, "nobody.wrote_this", "no");\n', "text", 1),
    ("src/app/commands/f.cpp", 'return console.refused({code, "no", "cli.nobody_wrote_this", {}});\n', "text", 1),
    ("src/evidence/assess/b.cpp", 'finding.say(State::bad, "assess.unheard_of");\n', "text", 1),
    ("src/store/f.cpp", "\n// see docs/de" "cisions/0777\n", "document", 2),
    ("src/store/g.cpp", "// docs/no" "where.md\n", "document", 1),
    ("docs/c.md", "[a](decisions/0001-a.md)\n[b](decisions/0002-b.md)\n```\n[c](T d)\n```\n", "document", 2),
    ("docs/threat-model.md", "`Door.is_shut`\n`Door.is_open`\n", "document", 2),
    ("docs/decisions/0002-b.md", "# 0002 B\n", "document", 1),
    ("docs/decisions/0001-a.md", "# One\n", "document", 1),
    ("script/bootstrap", "\ntest_packages=(g++ clang-16)\n", "document", 2),
    ("web/package.json", '{"dependencies": {"leftpad": "1.0.0"}}\n', "document", 1),
    ("content/texts/assess.en.yaml", "texts:\n  sentences:\n    assess.fine: 'until {day}'\n", "text", 1),
]


def findings(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            whole = os.path.join(root, path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w", encoding="utf-8") as file:
                file.write(text)
        tree = Tree(root)
        return [finding for rule in rules.ALL + texts.ALL + documents.ALL for finding in rule(tree)]


def with_rooms(files):
    """The clean tree with `files` in it; a room that only they have gets its README, except where that is the point."""
    whole = dict(CLEAN, **files)
    for path in files:
        parts = path.split("/")
        if parts[0] == "src" and parts[1] in rules.ROOMS and parts[1] != "vault":
            whole.setdefault(f"src/{parts[1]}/README.md", "# room\n")
    return whole


class Tidy(unittest.TestCase):
    def test_a_clean_tree_has_no_findings(self):
        self.assertEqual([], findings(CLEAN))

    def test_what_is_planted_is_found_at_its_line(self):
        for path, text, rule, line in PLANTED:
            with self.subTest(path=path, rule=rule):
                found = {(finding.rule, finding.line) for finding in findings(with_rooms({path: text}))}
                self.assertEqual({(rule, line)} if rule else set(), found)

    def test_a_folder_of_26_files_is_found(self):
        found = findings(with_rooms({f"src/base/f{n}.cpp": "\n" for n in range(26)}))
        self.assertEqual([("src/base", "limit")], [(finding.path, finding.rule) for finding in found])

    def test_every_rule_is_tried_by_something_planted(self):
        tried = {rule for _, _, rule, _ in PLANTED if rule}
        self.assertEqual({"layering", "header", "coroutine", "limit", "room", "unfinished", "machine", "singleton",
                          "text", "document"}, tried)

    def test_strings_and_comments_hide_braces_but_keep_their_place(self):
        text = 'a("{"); // {\nb(\'{\');\nc(R"x({\n{)x"); d\n1\'000;'
        bare = bare_cpp(text)
        self.assertNotIn("{", bare)
        self.assertEqual((len(text), text.count("\n")), (len(bare), bare.count("\n")))
        self.assertIn("1'000", bare)

    def test_functions_are_told_from_classes_and_counted_whole(self):
        text = "namespace a {\nclass B {\npublic:\n    int f() { return 1; }\n    void g(\n        int x) {\n" \
               "        if (x) {\n        }\n    }\n};\n}\n"
        self.assertEqual([(4, 1), (5, 5)], [(first, lines) for first, lines, _ in functions("a.hpp", text)])


if __name__ == "__main__":
    unittest.main()
