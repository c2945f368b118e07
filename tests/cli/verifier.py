"""daicho-verify: its options, its exit codes, and what it says about things that are no ledger."""

import glob
import json
import os
import shutil
import time

from world import Case, run, tree, verify


class Options(Case):
    def verdict(self, code, *arguments):
        done = verify(*arguments)
        self.assertEqual(done.code, code, "daicho-verify %s: %r" % (" ".join(map(str, arguments)), done))
        return done

    def ledger(self):
        data = self.data()
        self.import_lines(data, 20)
        return data

    def test_the_modes_of_a_ledger(self):
        data = self.ledger()
        before = tree(self.root)
        self.assertIn("[ledger, deep]", self.verdict(0, data).out)  # the keys lie beside it
        self.assertIn("[ledger]", self.verdict(0, data, "--keyless").out)
        deep = json.loads(self.verdict(0, data, "--deep", "--json").out)
        self.assertEqual((deep["verdict"], deep["mode"], deep["subject"]), ("PASS", "deep", "ledger"))
        self.assertEqual(deep["proven"]["opened_events"], deep["proven"]["events"])
        keyless = json.loads(self.verdict(0, data, "--keyless", "--json").out)
        self.assertEqual(keyless["proven"]["opened_events"], 0)
        self.assertIn("content_keyless", keyless["not_proven"])
        os.rename(data + ".keys", self.path("keys"))
        self.assertIn("[ledger]", self.verdict(0, data).out)
        self.verdict(2, data, "--deep")
        self.verdict(0, data, "--deep", "--keys", self.path("keys"))
        self.verdict(0, data + "/ledger", "--keyless")
        os.rename(self.path("keys"), data + ".keys")
        self.assertEqual(tree(self.root), before)

    def test_options_that_contradict_each_other_or_are_none(self):
        data = self.ledger()
        for wrong in (["--keyless", "--deep"], ["--keyless", "--keys", "x"], ["--surprise"], ["--lang", "fr"],
                      ["--log-key", "garbage"], ["--state"]):
            self.assertNotEqual(self.verdict(2, data, *wrong).err, "", wrong)
        self.verdict(2)

    def test_the_log_key_that_is_known_must_be_the_one(self):
        data = self.ledger()
        key = json.loads(self.verdict(0, data, "--json").out)["proven"]["log_key"]
        self.assertTrue(json.loads(self.verdict(0, data, "--log-key", key, "--json").out)["proven"]["log_key_compared"])
        os.mkdir(self.path("more"))
        self.expect(0, "init", self.path("other"), "--organisation", "x", "--admin", "kanri")
        self.expect(0, "ledger", "status", self.path("other"))
        other = json.loads(self.verdict(0, self.path("other"), "--json").out)["proven"]["log_key"]
        self.assertIn("log_key", self.verdict(1, data, "--log-key", other).out)

    def test_a_remembered_checkpoint_must_be_continued(self):
        data = self.ledger()
        shutil.copy(data + "/ledger/checkpoint", self.path("then"))
        self.copy(data, "older")
        self.import_lines(data, 5)
        self.verdict(0, data, "--since", self.path("then"))
        shutil.copy(data + "/ledger/checkpoint", self.path("now"))
        self.verdict(1, self.path("older"), "--since", self.path("now"))
        self.verdict(2, data, "--since", self.write("note", "not a note"))
        self.verdict(2, data, "--since", self.path("missing"))

    def test_a_changed_byte_is_a_failure_that_names_its_file(self):
        data = self.ledger()
        name = sorted(glob.glob(data + "/ledger/wal/*") + glob.glob(data + "/ledger/segment/*"))[-1]
        with open(name, "r+b") as file:
            file.seek(os.path.getsize(name) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        done = self.verdict(1, data)
        self.assertTrue(done.out.startswith("FAIL"), done.out)
        self.assertIn(os.path.basename(name), done.out)
        self.assertEqual(json.loads(self.verdict(1, data, "--json").out)["verdict"], "FAIL")

    def test_what_is_no_ledger_pack_or_proof_never_passes(self):
        os.mkdir(self.path("empty"))
        self.write("text", "a letter\n")
        open(self.path("nothing"), "w").close()
        with open(self.path("fake.zip"), "wb") as file:
            file.write(b"PK\x03\x04" + bytes(range(256)) * 40)
        for name in ("empty", "missing"):
            done = self.verdict(2, self.path(name))
            self.assertIn(self.path(name), done.err)
        for name in ("text", "nothing", "fake.zip"):
            done = verify(self.path(name))
            self.assertIn(done.code, (1, 2), (name, done))
            self.assertNotEqual(done.out + done.err, "")
        self.verdict(2, self.path("fake.zip"), "--deep")

    def test_what_can_not_be_read_is_no_success(self):
        data = self.ledger()
        name = sorted(glob.glob(data + "/ledger/wal/*"))[-1]
        os.remove(name)
        os.mkdir(name)  # also root can't read this
        self.assertEqual(self.verdict(1, data).out[:4], "FAIL")

    def test_both_languages(self):
        data = self.ledger()
        self.assertIn("証明", verify(data, lang="ja_JP.UTF-8").out)
        self.assertIn("証明", self.verdict(0, data, "--lang", "ja").out)
        self.assertIn("What is proven", self.verdict(0, data, "--lang", "en").out)
        for command in (["--help"], ["--lang", "en", "--help"]):
            help_text = self.verdict(0, *command).out
            for word in ("Exit codes", "Examples", "--keyless", "--since", "Usage"):
                self.assertIn(word, help_text)
            self.assertTrue(help_text.isascii(), help_text)
        for done in (verify("--help", lang="ja_JP.UTF-8"), run("verify", "--help", lang="ja_JP.UTF-8")):
            self.assertEqual(done.code, 0)
            for word in ("終了コード", "例:", "--keyless", "使い方", "併用不可"):
                self.assertIn(word, done.out)
            for word in ("Exit", "Usage", "Options", "Excludes", "TEXT", "Print", "data directory"):
                self.assertNotIn(word, done.out)

    def test_refusals_are_in_one_language(self):
        data = self.ledger()
        self.write("text", "a letter")
        for arguments, word in (([self.path("missing")], "何もありません"), ([data, "--log-key", "x"], "ログ鍵"),
                                ([data, "--since", self.path("text")], "チェックポイント"),
                                ([self.path("text"), "--deep"], "書出し"), ([data, "--deep", "--keyless"], "同時に"),
                                ([data, "--surprise"], "指定はありません"), ([], "PATH を指定")):
            for program in ("daicho-verify", "daicho verify"):
                start = [] if program == "daicho-verify" else ["verify"]
                done = (run if start else verify)(*start, *arguments, lang="ja_JP.UTF-8")
                self.assertEqual(done.code, 2, done)
                self.assertIn(word, done.err)
                for english in ("there is", "not ", " are ", "excludes", "expected", "required"):
                    self.assertNotIn(english, done.err)
                done = (run if start else verify)(*start, *arguments)
                self.assertTrue(done.err.isascii(), done)

    def test_what_a_pack_and_a_proof_tell_of_themselves_is_in_words(self):
        data = self.ledger()
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
        self.expect(0, "pack", data, "--clause", "003-01-4.5-9a", "--from", day, "--to", day, "-o", self.path("p.zip"))
        self.expect(0, "ledger", "prove", data, "0", "-o", self.path("p.proof"))
        pack = verify(self.path("p.zip"), lang="ja_JP.UTF-8").out
        for word in ("条項 003-01-4.5-9a: ", "判定の時点: ", "組織: 見本事務所", "パック内のファイル数: ", "証跡不足"):
            self.assertIn(word, pack)
        proof = verify(self.path("p.proof"), lang="ja_JP.UTF-8").out
        for word in ("受信日時: ", "送信元の確認: ", "通番: 0"):
            self.assertIn(word, proof)
        proof = "".join(one for one in proof.splitlines() if not one.startswith("  本文: "))  # it is JSON itself
        for word in ("{", "as_of", "members", "authenticated", "insufficient", "evidence_"):
            self.assertNotIn(word, pack + proof)
        detail = json.loads(verify(self.path("p.zip"), "--json").out)["detail"]
        self.assertEqual(detail["clauses"]["003-01-4.5-9a"]["status"], "insufficient")

    def test_daicho_verify_says_the_same(self):
        data = self.ledger()
        own = run("verify", data, "--json")
        self.assertEqual(json.loads(own.out), json.loads(self.verdict(0, data, "--json").out))
        self.assertEqual(own.code, 0)
        self.assertEqual(run("verify", self.path("missing")).code, 2)
