"""Commands beside a running server: the same results, the same traces, and a server that outlives every caller."""

import concurrent.futures
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time

from world import DAICHO, Case, Server, is_locked, line, run, soon, verify


def day():
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))


def reads(data):
    done = verify(data, "--keyless", "--json")
    return json.loads(done.out)["proven"]["leaves"]["READ"]


class Beside(Case):
    def found(self, data, *query):
        return json.loads(self.expect(0, "ledger", "search", data, "--limit", "10000", "--json", *query).out)["events"]

    def importing(self, data, source, **more):
        """An import that waits for its standard input."""
        return subprocess.Popen([DAICHO, "ledger", "import", data, "--source", source, "-"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=dict(os.environ, LC_ALL="en_US.UTF-8"), **more)


class EveryCommand(Beside):
    def test_import_search_and_proof_work_from_the_folder_where_they_are_typed(self):
        data = self.data()
        with Server(data):
            work = self.path("work")
            os.mkdir(work)
            self.write("work/auth.log", "".join(line(i) + "\n" for i in range(30)))
            done = self.expect(0, "ledger", "import", data, "--source", "web01", "auth.log", cwd=work)
            self.assertIn("30 events of 1 file(s)", done.out)
            done = self.expect(0, "ledger", "import", data, "--source", "piped", "--json", "-", cwd=work,
                               stdin=b"one \xff\x00 two\nlast without an end")
            self.assertEqual(json.loads(done.out)["events"], 2)
            before = reads(data)
            self.assertEqual(len(self.found(data, "--source", "import:web01", "--user", "root")), 30)
            seq = self.found(data, "--source", "import:piped")[-1]["seq"]
            self.assertGreater(reads(data), before)
            done = self.expect(0, "ledger", "prove", data, seq, "-o", "one.tlog-proof", cwd=work)
            self.assertEqual(done.out, "one.tlog-proof\n")
            self.assertEqual(verify(os.path.join(work, "one.tlog-proof")).code, 0)
            proof = self.expect(0, "ledger", "prove", data, seq).out
            self.write("two.tlog-proof", proof)
            self.assertEqual(verify(self.path("two.tlog-proof")).code, 0)
        self.assertEqual(len(self.found(data, "--source", "import:web01")), 30)
        self.assertEqual(verify(data, "--deep").code, 0)

    def test_status_and_state_are_the_same_as_without_a_server(self):
        data = self.data()
        self.import_lines(data, 10)
        with Server(data):
            beside = json.loads(self.expect(0, "status", data, "--json").out)
            text = self.expect(0, "status", data).out
            state = json.loads(self.expect(0, "ledger", "status", data, "--json").out)
            self.assertIn(state["origin"], self.expect(0, "ledger", "status", data).out)
        alone = json.loads(self.expect(0, "status", data, "--json").out)
        self.assertEqual(beside["clauses"].keys(), alone["clauses"].keys())
        self.assertEqual({name: one["state"] for name, one in beside["clauses"].items()},
                         {name: one["state"] for name, one in alone["clauses"].items()})
        self.assertEqual(len(text.splitlines()), len(alone["clauses"]))
        self.assertGreaterEqual(int(json.loads(self.expect(0, "ledger", "status", data, "--json").out)["events"]),
                                int(state["events"]))

    def test_export_pack_reindex_and_rescue(self):
        data = self.data()
        self.import_lines(data, 10)
        target = tempfile.mkdtemp(prefix="daicho-cli-", dir="/dev/shm")
        self.addCleanup(shutil.rmtree, target, ignore_errors=True)
        with Server(data):
            done = self.expect(0, "ledger", "export", data, "--target", os.path.basename(target), "--json",
                               cwd="/dev/shm")
            exported = json.loads(done.out)
            self.assertTrue(exported["bundle"].startswith(target + "/"), exported)
            # The page's own setting is not changed by it: there is none, and it stays so.
            self.assertEqual(self.expect(1, "ledger", "export", data).code, 1)
            refused = self.expect(1, "ledger", "export", data, "--target", "/proc/nowhere/target", lang="ja_JP.UTF-8")
            self.assertIn("書出し先", refused.err)
            self.assertEqual(verify(exported["bundle"], "--keyless").code, 0)
            self.expect(0, "ledger", "reindex", data)
            classes = json.loads(self.expect(0, "ledger", "retire", data, "--json").out)["classes"]
            self.assertIn("log", [one["id"] for one in classes])
            self.assertIn("another approves", self.expect(0, "ledger", "retire", data).out)
            done = self.expect(0, "pack", data, "--clause", "003-01-4.5-9a", "--from", day(), "--to", day(), "-o", "p.zip",
                               cwd=self.root)
            self.assertEqual(done.out, "p.zip\n")
            self.assertEqual(verify(self.path("p.zip")).code, 0)
            rescued = json.loads(self.expect(0, "rescue", data, "--admin", "kanri", "--json").out)
            self.assertTrue(rescued["one_time_password"])

    def test_a_legal_hold_is_placed_beside_a_server_and_released_without_one(self):
        data = self.data()
        period = ["--from", day(), "--to", day()]
        with Server(data):
            self.expect(1, "ledger", "hold", data, *period, "--reason", " ")
            self.expect(2, "ledger", "hold", data, "--from", "2026-11-02", "--to", "2026-11-01", "--reason", "x")
            self.assertIn("no holds", self.expect(0, "ledger", "holds", data).out)
            placed = json.loads(self.expect(0, "ledger", "hold", data, *period, "--reason", "照会 17", "--json").out)
            self.assertEqual((placed["reason"], placed["released_at"]), ("照会 17", None))
            self.assertIn("照会 17", self.expect(0, "ledger", "holds", data, lang="ja_JP.UTF-8").out)
        self.expect(1, "ledger", "release", data, "4711", "--reason", "x")
        self.assertIn("解除しました", self.expect(0, "ledger", "release", data, placed["id"], "--reason", "終了",
                                                  lang="ja_JP.UTF-8").out)
        self.assertIn("released before", self.expect(1, "ledger", "release", data, placed["id"], "--reason", "x").err)
        holds = json.loads(self.expect(0, "ledger", "holds", data, "--json").out)["holds"]
        self.assertEqual([(one["id"], one["release_reason"]) for one in holds], [(placed["id"], "終了")])
        self.assertEqual(self.expect(0, "verify", data, "--state").code, 0)

    def test_refusals_come_back_with_their_code_stream_and_language(self):
        with Server(self.data()) as server:
            done = self.expect(1, "ledger", "prove", server.data, "999999")
            self.assertEqual(done.out, "")
            self.assertIn("999999", done.err)
            done = self.expect(1, "rescue", server.data, "--admin", "nobody", lang="ja_JP.UTF-8")
            self.assertIn("管理者はいません", done.err)
            done = self.expect(1, "ledger", "import", server.data, "--source", "x", "missing.log", cwd=self.root)
            self.assertIn("missing.log", done.err)
            self.expect(2, "ledger", "search", server.data, "--outcome", "maybe")
            other = self.path("content")
            os.mkdir(other)
            done = self.expect(1, "status", server.data, "--content", other)
            self.assertIn("--content", done.err)

    def test_a_path_longer_than_a_socket_address(self):
        deep = self.path("a" * 90, "b" * 90)
        os.makedirs(deep)
        short = self.data()
        for end in ("", ".keys"):
            shutil.move(short + end, os.path.join(deep, "data" + end))
        with Server(os.path.join(deep, "data")) as server:
            self.expect(0, "ledger", "status", server.data)
            self.expect(0, "ledger", "status", "data", cwd=deep)


class AtOnce(Beside):
    def test_many_commands_lose_nothing(self):
        data = self.data()
        with Server(data), concurrent.futures.ThreadPoolExecutor(8) as pool:
            files = [self.write("%d.log" % i, "".join("%s of %d\n" % (line(j), i) for j in range(200))) for i in range(6)]
            jobs = [pool.submit(run, "ledger", "import", data, "--source", "s%d" % i, file)
                    for i, file in enumerate(files)]
            jobs += [pool.submit(run, "status", data, "--json") for _ in range(4)]
            jobs += [pool.submit(run, "ledger", "search", data, "--user", "root") for _ in range(2)]
            for job in jobs:
                self.assertEqual(job.result().code, 0, job.result())
            for i in range(6):
                self.assertEqual(len(self.found(data, "--source", "import:s%d" % i)), 200)
        self.assertEqual(verify(data, "--deep").code, 0)

    def test_whoever_stops_reading_ends_the_command_and_nothing_else(self):
        data = self.data()
        self.import_lines(data, 5000)
        with Server(data) as server:
            process = subprocess.Popen([DAICHO, "ledger", "search", data, "--limit", "5000"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            process.stdout.readline()
            process.stdout.close()
            process.wait(60)
            self.assertIsNone(server.process.poll())
            self.expect(0, "ledger", "status", data)


class Cancel(Beside):
    def hand_over_lines(self, data, process, source, count):
        process.stdin.write("".join(line(i) + "\n" for i in range(count)).encode())
        process.stdin.flush()
        self.assertTrue(soon(lambda: len(self.found(data, "--source", "import:" + source)) == count))

    def interrupt(self, process, events):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 1)  # before its input ends, which would be a good end
        _, err = process.communicate()
        self.assertIn(b"interrupted. %d events are in the ledger" % events, err)

    def test_ctrl_c_says_what_was_kept(self):
        data = self.data()
        with Server(data):
            process = self.importing(data, "beside")
            self.hand_over_lines(data, process, "beside", 3)
            self.interrupt(process, 3)
            self.assertEqual(len(self.found(data, "--source", "import:beside")), 3)
        process = self.importing(data, "alone")
        self.assertTrue(soon(lambda: is_locked(data)))
        self.interrupt(process, 0)

    def test_a_killed_caller_frees_its_place(self):
        data = self.data()
        with Server(data):
            for i in range(6):  # more than run at once
                process = self.importing(data, "k%d" % i)
                self.hand_over_lines(data, process, "k%d" % i, 2)
                held_open = os.dup(process.stdin.fileno())  # the pipe outlives the caller, as a terminal does
                process.kill()
                process.communicate()
                os.close(held_open)
            begun = time.time()
            self.expect(0, "ledger", "status", data)
            self.assertLess(time.time() - begun, 8)

    def test_a_stopping_server_takes_its_commands_along(self):
        data = self.data()
        with Server(data) as server:
            process = self.importing(data, "hanging")
            self.hand_over_lines(data, process, "hanging", 2)
            self.assertEqual(server.stop(), 0)
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 1)
            self.assertIn(b"2 events are in the ledger", err)
        self.assertFalse(os.path.exists(data + "/control.sock"))
        self.assertEqual(verify(data, "--deep").code, 0)


class Socket(Beside):
    def test_it_is_the_owners_alone_and_goes_with_the_server(self):
        data = self.data()
        with Server(data):
            info = os.lstat(data + "/control.sock")
            self.assertTrue(stat.S_ISSOCK(info.st_mode))
            self.assertEqual(stat.S_IMODE(info.st_mode), 0o600)
        self.assertFalse(os.path.exists(data + "/control.sock"))

    def test_what_a_crash_left_hinders_neither_commands_nor_the_next_server(self):
        data = self.data()
        with Server(data) as server:
            server.kill()
        self.assertTrue(os.path.exists(data + "/control.sock"))
        self.expect(0, "ledger", "status", data)
        with Server(data):
            self.expect(0, "ledger", "status", data)

    def test_another_account_is_turned_away(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        data = self.data()
        with Server(data):
            # Let the stranger as far as the socket: the rights of DATA are not what is tested here.
            for place in (self.root, data):
                os.chmod(place, 0o755)
            os.chmod(data + "/control.sock", 0o666)
            done = subprocess.run([DAICHO, "ledger", "status", data], stdin=subprocess.DEVNULL, capture_output=True,
                                  user=65534, group=65534, env={"LANG": "en_US.UTF-8", "PATH": os.environ["PATH"]},
                                  timeout=60)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(b"another account (uid 0)", done.stderr)
            self.assertEqual(done.stdout, b"")
