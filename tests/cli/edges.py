"""Help, wrong arguments, data that is absent, foreign, in use: what a command says, and that it changes nothing."""

import json
import os
import socket
import subprocess
import threading
import time

from world import DAICHO, Case, Server, free_port, locked, run, soon, tree

COMMANDS = ["init", "serve", "rescue", "accept-restored-state", "status", "pack", "ledger import", "ledger search",
            "ledger prove", "ledger export", "ledger status", "ledger retire", "ledger reindex", "ledger hold", "ledger release",
            "ledger holds"]


def typed(command, data, root):
    """A command that would do something, were it not for the data."""
    more = {
        "init": ["--organisation", "x", "--admin", "kanri"], "rescue": ["--admin", "kanri"],
        "pack": ["--clause", "002-4-2a", "--from", "2026-11-01", "--to", "2026-11-02", "-o", root + "/pack.zip"],
        "ledger import": ["--source", "web01", "/dev/null"], "ledger prove": ["0"],
        "ledger hold": ["--from", "2026-11-01", "--to", "2026-11-02", "--reason", "x"],
        "ledger release": ["1", "--reason", "x"], "accept-restored-state": ["--reason", "x"],
    }
    return [*command.split(), data, *more.get(command, [])]


class Help(Case):
    def test_every_command_helps_in_both_languages_with_examples_and_exit_codes(self):
        for command in ["", "ledger", *COMMANDS]:
            for lang, words in (("en_US.UTF-8", ("Usage:", "Exit codes:", "Examples")),
                                ("ja_JP.UTF-8", ("使い方:", "終了コード", "例:"))):
                done = self.expect(0, *command.split(), "--help", lang=lang)
                for word in (*words, "daicho " + command):
                    self.assertIn(word, done.out, command)
                self.assertEqual(done.err, "")
        for program in ("verify",):
            self.assertIn("--state", self.expect(0, program, "--help").out)

    def test_the_list_of_commands_is_whole(self):
        def listed(*arguments):
            lines = self.expect(0, *arguments, "--help").out.split("Subcommands:")[1].splitlines()
            return {text.split()[0] for text in lines if text.startswith("  ") and not text.startswith("   ")
                    and not text.startswith("  daicho")}
        self.assertEqual(listed() - {"ledger", "verify"}, {one for one in COMMANDS if " " not in one})
        self.assertEqual(listed("ledger"), {one.split()[1] for one in COMMANDS if " " in one})


class WrongArguments(Case):
    WRONG = [[], ["surprise"], ["ledger"], ["ledger", "surprise", "d"], ["status"], ["status", "d", "--surprise"],
             ["init", "d"], ["init", "d", "--organisation", "x"], ["serve", "d", "--https", "localhost"],
             ["serve", "d", "--syslog-tcp", "514"], ["serve", "d", "--syslog-udp", "on"],
             ["ledger", "search", "d", "--outcome", "maybe"], ["ledger", "search", "d", "--limit", "0"],
             ["ledger", "prove", "d"], ["ledger", "prove", "d", "minus"], ["ledger", "import", "d", "f"],
             ["ledger", "import", "d", "--source", "s"], ["pack", "d", "--clause", "c"], ["status", "d", "--lang", "fr"],
             ["rescue", "d"]]

    def test_each_gives_two_says_why_and_changes_nothing(self):
        for wrong in self.WRONG:
            done = self.expect(2, *wrong, cwd=self.root)
            self.assertEqual(done.out, "")
            self.assertIn("Nothing was changed", done.err, wrong)
            self.assertIn("--help", done.err)
        self.assertEqual(os.listdir(self.root), [])

    def test_the_language_is_that_of_the_environment_unless_it_is_given(self):
        self.assertIn("何も変えていません", self.expect(2, "status", lang="ja_JP.UTF-8").err)
        self.assertIn("何も変えていません", self.expect(2, "status", "--lang", "ja", lang="C").err)
        self.assertIn("Nothing was changed", self.expect(2, "status", "--lang=en", lang="ja_JP.UTF-8").err)
        missing = self.path("missing")
        self.assertIn("daicho のデータがありません", self.expect(1, "status", missing, "--lang", "ja").err)

    def test_periods_and_times_that_are_none_are_refused_before_anything_is_opened(self):
        data = self.data()
        before = tree(data)
        self.expect(2, "ledger", "search", data, "--from", "yesterday")
        self.expect(2, "status", data, "--as-of", "2026-02-30")
        done = self.expect(2, "pack", data, "--clause", "002-4-2a", "--from", "2026-11-02", "--to", "2026-11-01",
                           "-o", self.path("p.zip"))
        self.assertIn("--from", done.err)
        self.assertEqual(tree(data), before)


class NoData(Case):
    def test_no_command_makes_what_is_not_there(self):
        for command in COMMANDS:
            if command == "init":
                continue
            done = self.expect(1, *typed(command, self.path("missing"), self.root))
            self.assertIn("daicho init", done.err, command)
            self.assertIn(self.path("missing"), done.err)
            self.assertEqual(os.listdir(self.root), [], command)

    def test_a_foreign_folder_or_file_stays_as_it_is(self):
        os.mkdir(self.path("foreign"))
        self.write("foreign/letter.txt", "dear reader")
        self.write("file", "not a folder")
        before = tree(self.root)
        for place in ("foreign", "file"):
            for command in COMMANDS:
                self.expect(1, *typed(command, self.path(place), self.root))
                self.assertEqual(tree(self.root), before, (command, place))

    def test_a_state_that_is_no_database_is_refused(self):
        data = self.data()
        os.remove(data + "/state.db")
        self.write("data/state.db", "this was never a database\n" * 400)
        for command in ("status", "ledger status", "serve"):
            done = self.expect(1, *typed(command, data, self.root))
            self.assertNotEqual(done.err, "")

    def test_without_the_keys_nothing_is_opened_and_none_are_made(self):
        data = self.data()
        os.rename(data + ".keys", self.path("elsewhere"))
        done = run("ledger", "status", data)
        self.assertIn(done.code, (1, 3), done)
        self.assertFalse(os.path.exists(data + ".keys"))
        self.expect(0, "ledger", "status", data, "--keys", self.path("elsewhere"))


class NoPages(Case):
    def test_serve_says_what_to_do_and_starts_nothing(self):
        data = self.data()
        os.mkdir(self.path("empty"))
        before = tree(data)
        for lang, words in (("en_US.UTF-8", "Nothing was started"), ("ja_JP.UTF-8", "何も始めていません")):
            done = self.expect(1, "serve", data, "--https", "127.0.0.1:%d" % free_port(), "--web", self.path("empty"),
                               lang=lang)
            for word in (words, "script/build", "--web", self.path("empty") + "/index.html"):
                self.assertIn(word, done.err)
            self.assertEqual(done.out, "")
        self.assertEqual(tree(data), before)


class Init(Case):
    def test_existing_data_stay_untouched(self):
        data = self.data()
        before = tree(self.root)
        done = self.expect(1, "init", data, "--organisation", "x", "--admin", "other")
        self.assertIn("Nothing was changed", done.err)
        self.assertIn(data, done.err)
        self.assertEqual(tree(self.root), before)

    def test_keys_that_lie_there_are_not_overwritten(self):
        os.mkdir(self.path("new.keys"))
        self.write("new.keys/root.key", "somebody's")
        before = tree(self.root)
        self.expect(1, "init", self.path("new"), "--organisation", "x", "--admin", "kanri")
        self.assertEqual(tree(self.root), before)

    def test_a_refused_beginning_leaves_nothing_in_the_way(self):
        os.mkdir(self.path("empty"))
        done = self.expect(1, "init", self.path("empty"), "--organisation", "x", "--admin", "two words")
        self.assertIn("taken away", done.err)
        self.assertEqual(tree(self.root), {"empty": "folder"})
        self.expect(1, "init", self.path("new"), "--organisation", "x", "--admin", "")
        self.assertEqual(tree(self.root), {"empty": "folder"})
        made = json.loads(self.expect(0, "init", self.path("empty"), "--organisation", "x", "--admin", "kanri",
                                      "--json").out)
        self.assertEqual(set(made), {"admin", "data", "keys", "one_time_password"})
        self.assertEqual(os.stat(self.path("empty.keys/root.key")).st_mode & 0o077, 0)


class InUse(Case):
    def test_a_command_waits_for_another_one_and_gives_up_after_a_while(self):
        data = self.data()
        with locked(data):
            begun = time.time()
            done = self.expect(1, "ledger", "status", data)
            waited = time.time() - begun
        self.assertIn("another daicho is working on", done.err)
        self.assertIn("Nothing was changed", done.err)
        self.assertGreater(waited, 8)
        with locked(data):
            late = threading.Timer(1.5, lambda: None)
            late.start()
            process = subprocess.Popen([DAICHO, "ledger", "status", data], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       env=dict(os.environ, LC_ALL="en_US.UTF-8"))
            late.join()
            self.assertIsNone(process.poll())
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"origin", out)

    def test_two_commands_at_once_both_succeed_without_a_server(self):
        data = self.data()
        files = [self.write("f%d.log" % i, "line of %d\n" % i * 50) for i in range(3)]
        all_of_them = [subprocess.Popen([DAICHO, "ledger", "import", data, "--source", "s%d" % i, file],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=dict(os.environ, LC_ALL="en_US.UTF-8"))
                       for i, file in enumerate(files)]
        for one in all_of_them:
            out, err = one.communicate(timeout=60)
            self.assertEqual(one.returncode, 0, err.decode())
            self.assertIn(b"50 events", out)

    def test_a_second_server_is_refused_and_says_so(self):
        data = self.data()
        with Server(data):
            done = self.expect(1, "serve", data, "--https", "127.0.0.1:%d" % free_port())
            self.assertIn("is running on", done.err)
            self.expect(0, "ledger", "status", data)


class Serve(Case):
    def test_off_means_no_listening(self):
        port = free_port()
        data = self.data()
        with Server(data, "--syslog-tcp", "off", "--syslog-udp", "off", "--syslog-tls", "off"):
            pass
        with Server(data, "--syslog-tcp", "127.0.0.1:%d" % port):
            socket.create_connection(("127.0.0.1", port), timeout=10).close()

    def test_a_taken_port_is_a_refusal_and_leaves_no_socket_behind(self):
        data = self.data()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen(1)
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            for option in ("--https", "--syslog-tcp"):
                more = [] if option == "--https" else ["--https", "127.0.0.1:%d" % free_port()]
                done = self.expect(1, "serve", data, option, address, *more)
                self.assertIn(address.split(":")[1], done.err)
                self.assertFalse(os.path.exists(data + "/control.sock"))

    def test_it_stops_on_sigterm_also_while_nobody_asks_anything(self):
        with Server(self.data()) as server:
            self.assertTrue(soon(lambda: os.path.exists(server.data + "/control.sock")))
            self.assertEqual(server.stop(), 0)
