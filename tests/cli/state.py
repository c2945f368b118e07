"""daicho verify --state: whoever changes the state behind daicho's back is named."""

import http.client
import json
import os
import sqlite3
import ssl

from world import Case, Server


class Page:
    """As much of a browser as signing in takes."""

    def __init__(self, port):
        self.port, self.cookie, self.token = port, None, None

    def call(self, path, body):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=60)
        headers = {"Origin": "https://localhost:%d" % self.port, "Sec-Fetch-Site": "same-origin",
                   "Content-Type": "application/json"}
        if self.cookie:
            headers.update({"Cookie": self.cookie, "X-Daicho-CSRF": self.token})
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise AssertionError("%s gave %d: %s" % (path, response.status, content))
        self.cookie = response.headers["Set-Cookie"].split(";")[0]
        self.token = json.loads(content)["csrf_token"]
        connection.close()


class State(Case):
    def lived_in(self):
        """Data with a few changes and facts."""
        data = self.data()
        self.import_lines(data, 5)
        self.expect(0, "ledger", "search", data, "root")
        self.expect(0, "rescue", data, "--admin", "kanri")
        self.expect(0, "ledger", "export", data, "--target", self.path("target"))
        return data

    def check(self, data, code=0):
        done = self.expect(code, "verify", data, "--state", "--json")
        whole = json.loads(done.out)
        self.assertEqual(whole["verdict"], "FAIL" if code else "PASS")
        return whole["state"]

    def test_untouched_data_pass_stopped_and_running(self):
        data = self.lived_in()
        state = self.check(data)
        self.assertGreater(state["records"], 5)
        self.assertGreater(state["facts"], 3)
        self.assertEqual((state["findings"], state["newer"]), ([], 0))
        text = self.expect(0, "verify", data, "--state").out
        self.assertIn("PASS  state of daicho against its ledger", text)
        self.assertIn("照合", self.expect(0, "verify", data, "--state", "--lang", "ja").out)
        with Server(data):
            self.import_lines(data, 5, "more")
            self.assertEqual(self.check(data)["findings"], [])

    def test_it_needs_the_keys_and_a_state(self):
        data = self.data()
        self.expect(2, "verify", data, "--state", "--keyless")
        self.expect(2, "verify", data, "--state", "--keys", self.path("none"))
        os.remove(data + "/state.db")
        self.assertNotEqual(self.expect(2, "verify", data, "--state").err, "")

    # What somebody with sqlite3 might do, and what must be named: the problem, and a part of the place.
    TAMPERED = [
        ("UPDATE account SET display_name = 'somebody else'", "row", "account:1 version"),
        ("UPDATE account SET roles = '[\"security_officer\"]'", "row", "account:1 version"),
        ("UPDATE account_history SET password_hash = 'x' WHERE version = 1", "row", "account:1 version 1"),
        ("DELETE FROM account_history WHERE version = 2", "row", "account:1 version 2"),
        ("UPDATE account SET version = version + 1", "row", "account:1 version"),
        ("UPDATE setting SET value = '{}' WHERE name = 'retention:log'", "row", "setting:"),
        ("UPDATE organisation SET name = 'another'", "row", "organisation:1 version 1"),
        ("UPDATE outbox SET digest = zeroblob(32) WHERE id = 1", "evidence", "outbox:1"),
        ("UPDATE outbox SET detail = '{\"a\":1}' WHERE id = 2", "evidence", "outbox:2"),
        ("UPDATE outbox SET actor = 'account:9' WHERE id = 1", "evidence", "outbox:1"),
        ("UPDATE outbox SET time_ns = time_ns + 1 WHERE id = 1", "evidence", "outbox:1"),
        ("UPDATE outbox SET ledger_seq = ledger_seq + 1 WHERE id = 1", "evidence", "outbox:1"),
        ("DELETE FROM outbox WHERE id = (SELECT MAX(id) FROM outbox)", "evidence_gone", "outbox:"),
        ("INSERT INTO outbox SELECT id + 1000, time_ns, actor, action, object, version, salt, digest, detail, 4711 "
         "FROM outbox WHERE id = 1", "event_gone", "outbox:1001"),
        ("UPDATE fact SET time_ns = time_ns + 1 WHERE kind = 'retention.set'", "fact", "retention.set"),
        ("UPDATE fact SET detail = '{}' WHERE kind = 'export.completed'", "fact", "export.completed"),
        ("DELETE FROM fact WHERE kind = 'log.read'", "fact_gone", "log.read"),
        ("INSERT INTO fact (time_ns, kind, subject, seq, source_key, detail) "
         "VALUES (1, 'review.completed', 'x', 3, 'seq:3', '{}')", "fact", "review.completed"),
        ("INSERT INTO session (token_digest, account_id, address, created_ns, last_active_ns) "
         "VALUES (zeroblob(32), 1, '192.0.2.1', 1, 1)", "session", "session:"),
        ("INSERT INTO session (token_digest, account_id, address, created_ns, last_active_ns) SELECT zeroblob(32), 1, "
         "'192.0.2.1', time_ns, time_ns FROM outbox WHERE id = 1", "session", "session:"),
        ("INSERT INTO fact (time_ns, kind, subject, seq, source_key, detail) "
         "VALUES (1, 'review.completed', 'x', 99999999, 'seq:99999999', '{}')", "fact", "review.completed"),
    ]

    def test_every_change_by_hand_is_named(self):
        lived_in = self.lived_in()
        for number, (statement, problem, place) in enumerate(self.TAMPERED):
            with self.subTest(statement):
                data = self.copy(lived_in, "tampered-%d" % number)
                connection = sqlite3.connect(data + "/state.db")
                connection.execute("PRAGMA foreign_keys = OFF")
                changed = connection.execute(statement).rowcount
                connection.commit()
                connection.close()
                self.assertGreater(changed, 0, "the statement changes nothing")
                findings = self.check(data, code=1)["findings"]
                self.assertTrue(any(one["problem"] == problem and place in one["place"] for one in findings), findings)

    SCHEMA = [
        ("CREATE TRIGGER quiet AFTER INSERT ON fact BEGIN DELETE FROM fact WHERE id = NEW.id; END", "trigger quiet"),
        ("CREATE VIEW outlook AS SELECT 1", "view outlook"),
        ("CREATE INDEX added ON fact (kind)", "index added"),
        ("DROP INDEX fact_time", "index fact_time"),
        ("CREATE TABLE more (id INTEGER)", "table more"),
    ]

    def test_a_changed_schema_is_named(self):
        for number, (statement, place) in enumerate(self.SCHEMA):
            with self.subTest(statement):
                data = self.data("schema-%d" % number)
                connection = sqlite3.connect(data + "/state.db")
                connection.execute(statement)
                connection.close()
                findings = self.check(data, code=1)["findings"]
                self.assertEqual([(one["problem"], one["place"]) for one in findings], [("schema", place)])
                self.assertIn("データベースの形", self.expect(1, "verify", data, "--state", "--lang", "ja").out)

    def signed_in(self):
        """Data whose administrator has changed the first password (session 2), and signed in again (session 3)."""
        data = self.path("data")
        made = json.loads(self.expect(0, "init", data, "--organisation", "x", "--admin", "kanri", "--json").out)
        with Server(data) as server:
            port = int(server.url.rsplit(":", 1)[1])
            first, second = Page(port), Page(port)
            first.call("/api/v1/session", {"login": "kanri", "password": made["one_time_password"]})
            first.call("/api/v1/session/password", {"current_password": made["one_time_password"],
                                                    "new_password": "moonlit-Harbour-42-lantern"})
            second.call("/api/v1/session", {"login": "kanri", "password": "moonlit-Harbour-42-lantern"})
        return data

    # Two sessions are open: one begun by a new password, one by a sign-in; the first of all has ended.
    SESSIONS = [
        ("UPDATE session SET ended_ns = NULL, end_reason = NULL WHERE id = 1", "session:1"),
        ("UPDATE session SET created_ns = created_ns + 3600000000000 WHERE id = 2", "session:2"),
        ("UPDATE session SET created_ns = created_ns + 3600000000000 WHERE id = 3", "session:3"),
        ("INSERT INTO session SELECT 4, zeroblob(32), 1, address, created_ns + 60000000000, last_active_ns, NULL, NULL "
         "FROM session WHERE id = 3", "session:4"),
    ]

    def test_sessions_that_nobody_began_are_named(self):
        data = self.signed_in()
        state = self.check(data)
        self.assertEqual(state["sessions"], 2)
        self.assertIn("password_history", state["not_compared"])
        text = self.expect(0, "verify", data, "--state").out
        self.assertIn("not compared", text)
        self.assertIn("password_history", text)
        for number, (statement, place) in enumerate(self.SESSIONS):
            with self.subTest(statement):
                copy = self.copy(data, "session-%d" % number)
                connection = sqlite3.connect(copy + "/state.db")
                self.assertEqual(connection.execute(statement).rowcount, 1)
                connection.commit()
                connection.close()
                findings = self.check(copy, code=1)["findings"]
                self.assertEqual([(one["problem"], one["place"]) for one in findings], [("session", place)])
        copy = self.copy(data, "other-account")
        connection = sqlite3.connect(copy + "/state.db")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE session SET account_id = 2 WHERE id = 3")
        connection.commit()
        connection.close()
        self.assertEqual([one["place"] for one in self.check(copy, code=1)["findings"]], ["session:3"])

    def test_an_older_state_beside_a_newer_ledger_is_named(self):
        data = self.lived_in()
        self.copy(data, "older")
        self.expect(0, "rescue", data, "--admin", "kanri")
        os.replace(self.path("older/state.db"), data + "/state.db")
        problems = {one["problem"] for one in self.check(data, code=1)["findings"]}
        self.assertIn("evidence_gone", problems)
        # It is refused until somebody says why, and then it is on the record.
        refused = self.expect(1, "status", data, "--lang", "en")
        self.assertIn("accept-restored-state", refused.err)
        self.expect(1, "accept-restored-state", data, "--reason", "")
        self.expect(0, "accept-restored-state", data, "--reason", "the disk failed")
        self.expect(1, "accept-restored-state", data, "--reason", "the disk failed")
        self.expect(0, "status", data)
        self.check(data)

    def test_a_missing_segment_is_told_of(self):
        data = self.lived_in()
        for name in os.listdir(data + "/ledger/segment"):
            if name.endswith("-log.seg"):
                os.remove(data + "/ledger/segment/" + name)
        state = json.loads(self.expect(0, "ledger", "status", data, "--json").out)
        self.assertIn("ledger.alarm.segment_missing", [one["message"]["text_key"] for one in state["alarms"]])
        self.assertIn("with 5 entries", self.expect(0, "ledger", "status", data, "--lang", "en").out)
        found = self.expect(0, "ledger", "search", data, "root", "--json", "--lang", "en")
        self.assertFalse(json.loads(found.out)["complete"])
        self.assertIn("missing", found.err)

    def test_values_stay_out_of_what_is_said(self):
        data = self.lived_in()
        connection = sqlite3.connect(data + "/state.db")
        connection.execute("UPDATE account SET display_name = 'Nobody-Must-Read-This'")
        connection.commit()
        connection.close()
        done = self.expect(1, "verify", data, "--state")
        self.assertNotIn("Nobody-Must-Read-This", done.out + done.err)
