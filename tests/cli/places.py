"""Days, files, keys and signals: what is refused, what is said of it, and what stays as it was."""

import fcntl
import json
import os
import pty
import signal
import socket
import stat
import subprocess
import termios
import time

from world import DAICHO, Case, Server, run, soon, tree, verify

CLAUSE = "003-01-4.5-9a"


def day(days_from_now=0):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600 + days_from_now * 86400))


class Days(Case):
    def test_days_beyond_the_clock_are_wrong_usage(self):
        data = self.data()
        before = tree(data)
        for text in ("0001-01-01", "1677-09-21", "1699-12-31", "2200-01-01", "9999-12-31", "", "yesterday",
                     "2026-02-30", "1678-01-01T00:00:00Z", "2261-12-31T00:00:00Z"):
            for command in (["status", data, "--as-of", text], ["status", data, "--as-of=" + text],
                            ["ledger", "search", data, "--from", text], ["ledger", "search", data, "--to", text],
                            ["pack", data, "--clause", CLAUSE, "--from", text, "--to", day(), "-o", self.path("p")],
                            ["pack", data, "--clause", CLAUSE, "--from", day(), "--to", text, "-o", self.path("p")],
                            ["ledger", "hold", data, "--from", text, "--to", day(), "--reason", "x"]):
                done = self.expect(2, *command)
                self.assertIn("Nothing was changed", done.err, command)
        self.assertEqual(tree(data), before)

    def test_a_time_yet_to_come_is_refused_and_the_last_days_in_reach_work(self):
        data = self.data()
        tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
        for text in (day(1), "2199-12-31", tomorrow):
            self.assertIn(text, self.expect(1, "status", data, "--as-of", text).err)
        self.assertIn("これから来る", self.expect(1, "status", data, "--as-of", day(1), lang="ja_JP.UTF-8").err)
        for text in ("1700-01-01", "1700-01-01T00:00:00Z", day()):
            self.expect(0, "status", data, "--as-of", text)
            self.expect(0, "ledger", "search", data, "--from", text, "--to", "2199-12-31")
        self.expect(0, "pack", data, "--clause", CLAUSE, "--from", "1700-01-01", "--to", "2199-12-31", "-o",
                    self.path("p.zip"))

    def test_a_status_of_another_day_says_of_which(self):
        data = self.data()
        text = self.expect(0, "status", data, "--as-of", day(-1)).out
        self.assertEqual(text.splitlines()[0], "Compliance as of %sT23:59:59+09:00" % day(-1))
        self.assertIn(day(-1), self.expect(0, "status", data, "--as-of", day(-1), "--lang", "ja").out)
        self.assertIn("insufficient", text)


class Outputs(Case):
    def commands(self, data):
        period = ["--from", day(), "--to", day()]
        return {"pack": ["pack", data, "--clause", CLAUSE, *period, "-o"], "prove": ["ledger", "prove", data, "0", "-o"]}

    def lines(self):
        data = self.data()
        self.import_lines(data, 3)
        return data

    def refusals(self, data, **more):
        """What is in the way stays what it is, and nothing is left beside it."""
        place = self.path("place")
        os.makedirs(place + "/folder")
        self.write("place/file", "somebody's")
        self.write("place/file.tmp", "somebody else's")
        os.mkfifo(place + "/pipe")
        os.symlink("file", place + "/link")
        os.symlink("nowhere", place + "/dangling")
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place + "/socket")
        before = sorted((name, os.lstat(place + "/" + name).st_mode, os.lstat(place + "/" + name).st_ino)
                        for name in os.listdir(place))
        for name, command in self.commands(data).items():
            for output, word in (("pipe", "no ordinary file"), ("socket", "no ordinary file"), ("link", "no ordinary"),
                                 ("dangling", "no ordinary file"), ("folder", "is a directory"),
                                 ("folder/", "is a directory"), ("new/", "is a directory"),
                                 ("missing/x", "no directory " + place + "/missing"), ("file/x", "no directory"),
                                 ("file", "--force")):
                for forced in ([], ["--force"]):
                    if forced and output == "file":
                        continue
                    done = self.expect(1, *command, output, *forced, cwd=place, **more)
                    self.assertIn(word, done.err, (name, output))
                    self.assertIn("Nothing was written", done.err)
                    self.assertIn(place, done.err)
                    self.assertNotIn("/proc/", done.err)
                    self.assertEqual(done.out, "")
            self.expect(2, *command, "", cwd=place)
        self.assertEqual(before, sorted((name, os.lstat(place + "/" + name).st_mode, os.lstat(place + "/" + name).st_ino)
                                        for name in os.listdir(place)))
        with open(place + "/file") as file:
            self.assertEqual(file.read(), "somebody's")
        for name, command in self.commands(data).items():
            self.assertEqual(self.expect(0, *command, "file", "--force", cwd=place).out, "file\n")
            self.assertEqual(verify(place + "/file").code, 0, name)
        with open(place + "/file.tmp") as file:
            self.assertEqual(file.read(), "somebody else's")
        self.assertEqual(len(os.listdir(place)), len(before))

    def test_what_is_in_the_way_stays_without_a_server(self):
        self.refusals(self.lines())

    def test_what_is_in_the_way_stays_beside_a_server(self):
        data = self.lines()
        with Server(data):
            self.refusals(data)

    def test_a_folder_that_may_not_be_written_to(self):
        data = self.lines()
        for name, command in self.commands(data).items():
            done = self.expect(1, *command, "/proc/daicho-test")
            self.assertIn("/proc/daicho-test", done.err, name)

    def test_a_file_that_can_not_be_made_leaves_nothing_and_is_named_as_it_was_typed(self):
        data = self.lines()
        with Server(data):
            for name, command in self.commands(data).items():
                done = self.expect(1, *command, self.path("x" * 250), cwd=self.root)
                self.assertIn("x" * 250, done.err, name)
                self.assertNotIn("/proc/", done.err)
                self.assertFalse([one for one in os.listdir(self.root) if one.startswith("x")])


class Imports(Case):
    def test_why_a_file_can_not_be_opened(self):
        data = self.data()
        done = self.expect(1, "ledger", "import", data, "--source", "s", self.path("missing"))
        self.assertIn("there is no file " + self.path("missing"), done.err)
        os.mkfifo(self.path("pipe"))
        loop = self.path("loop")
        os.symlink("loop", loop)
        done = self.expect(1, "ledger", "import", data, "--source", "s", loop)
        self.assertIn("symbolic links", done.err)
        if os.geteuid() == 0:
            return
        os.chmod(self.write("closed", "x\n"), 0)
        done = self.expect(1, "ledger", "import", data, "--source", "s", self.path("closed"))
        self.assertIn("permission", done.err)

    def test_lines_that_are_cut_are_counted_and_nothing_is_called_nothing(self):
        data = self.data()
        with open(self.path("long"), "wb") as file:
            file.write(b"short\n" + b"x" * ((16 << 20) + 1) + b"\nshort\n" + b"y" * (16 << 20) + b"\nlast")
        done = self.expect(0, "ledger", "import", data, "--source", "s", self.path("long"))
        self.assertIn("5 events", done.out)
        self.assertIn("1 of them were longer than 16 MiB", done.out)
        report = json.loads(self.expect(0, "ledger", "import", data, "--source", "s", self.path("long"), "--json").out)
        self.assertEqual((report["events"], report["cut_events"]), (5, 1))
        self.write("short", "one\n")
        done = self.expect(0, "ledger", "import", data, "--source", "s", self.path("short"))
        self.assertNotIn("longer", done.out)
        self.write("empty", "\n\n")
        done = self.expect(0, "ledger", "import", data, "--source", "s", self.path("empty"))
        self.assertIn("nothing to take in", done.out)
        report = json.loads(self.expect(0, "ledger", "import", data, "--source", "s", self.path("empty"), "--json").out)
        self.assertEqual((report["events"], report["cut_events"], report["last_seq"]), (0, 0, None))


class Keys(Case):
    def test_keys_that_others_can_open_are_refused_until_they_are_closed(self):
        data = self.data()
        keys = data + ".keys"
        self.pages()
        for path, mode in ((keys + "/root.key", 0o644), (keys + "/root.key", 0o640), (keys, 0o755), (keys, 0o701),
                           (keys + "/tls", 0o750), (keys + "/tls/key.pem", 0o604)):
            was = stat.S_IMODE(os.stat(path).st_mode)
            os.chmod(path, mode)
            before = tree(self.root)
            for command in (["status", data], ["ledger", "search", data], ["serve", data, "--https", "127.0.0.1:1"]):
                web = ["--web", self.pages()] if command[0] == "serve" else []
                done = self.expect(1, *command, *web)
                for word in (path, "%04o" % mode, "chmod -R go= " + keys):
                    self.assertIn(word, done.err, command)
            self.assertEqual(tree(self.root), before)
            self.assertIn("chmod", self.expect(1, "status", data, lang="ja_JP.UTF-8").err)
            os.chmod(path, was)
        os.chmod(keys + "/tls/certificate.pem", 0o644)  # it is for everybody
        self.expect(0, "status", data)

    def pages(self):
        os.makedirs(self.path("web"), exist_ok=True)
        self.write("web/index.html", "")
        return self.path("web")

    def test_init_closes_a_folder_that_was_there(self):
        os.mkdir(self.path("new.keys"), 0o755)
        os.chmod(self.path("new.keys"), 0o755)
        self.expect(0, "init", self.path("new"), "--organisation", "x", "--admin", "kanri")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("new.keys")).st_mode), 0o700)
        self.expect(0, "status", self.path("new"))


class Hangup(Case):
    def test_a_closed_terminal_ends_the_server_as_sigterm_does(self):
        with Server(self.data()) as server:
            for _ in range(3):  # the kernel and the shell both send it
                server.process.send_signal(signal.SIGHUP)
            self.assertEqual(server.process.wait(120), 0)
            self.assertFalse(os.path.exists(server.data + "/control.sock"))

    def test_the_terminal_itself_goes(self):
        data = self.data()
        with Server(data):  # makes the pages
            pass
        master, slave = pty.openpty()

        def own_terminal():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        process = subprocess.Popen([DAICHO, "serve", data, "--https", "127.0.0.1:0", "--web", data + ".web"],
                                   stdin=slave, stdout=slave, stderr=slave, preexec_fn=own_terminal)
        os.close(slave)
        self.assertTrue(soon(lambda: os.path.exists(data + "/control.sock")))
        time.sleep(0.5)
        os.close(master)
        self.assertEqual(process.wait(120), 0)
        self.assertFalse(os.path.exists(data + "/control.sock"))
        self.assertEqual(verify(data, "--deep").code, 0)

    def test_nohup_is_respected(self):
        data = self.data()
        with Server(data):
            pass
        process = subprocess.Popen([DAICHO, "serve", data, "--https", "127.0.0.1:0", "--web", data + ".web"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        try:
            self.assertTrue(soon(lambda: os.path.exists(data + "/control.sock")))
            process.send_signal(signal.SIGHUP)
            time.sleep(1)
            self.assertIsNone(process.poll())
            self.assertEqual(run("ledger", "status", data).code, 0)
            process.terminate()
            self.assertEqual(process.wait(120), 0)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
