#!/usr/bin/env python3
"""The story of a first week, over the real program: init, import, serve, sign in, review, export, status, pack, verify.

  story.py BIN_DIRECTORY

Only the standard library. The server's certificate is checked against the one that `init` made. Everything lies in a
temporary directory; the export goes to another volume (/dev/shm), as the regulation wants. Exit code 0 when all holds.
"""
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone

LINES = [
    "<86>1 {t}Z app-01 sshd 4711 - - Accepted publickey for tanaka from 192.0.2.10 port 50022 ssh2",
    "<86>1 {t}Z app-01 sshd 4712 - - Failed password for root from 198.51.100.23 port 40022 ssh2",
    "<86>1 {t}Z app-01 sshd 4713 - - Failed password for root from 198.51.100.23 port 40023 ssh2",
    "<85>1 {t}Z app-01 sudo 4714 - -   tanaka : TTY=pts/0 ; PWD=/home/tanaka ; USER=root ; COMMAND=/bin/ls",
]
# One-time and chosen secrets of this run only.
OFFICER = "officer"


def say(text):
    print(text, flush=True)


def check(holds, what):
    if not holds:
        raise AssertionError(what)
    say("  ok  " + what)


class Browser:
    """As much of a browser as the API asks for: one cookie, the page's origin, the session's token."""

    def __init__(self, port, certificate):
        self.port = port
        self.context = ssl.create_default_context(cafile=certificate)
        self.cookie = None
        self.token = None

    def call(self, method, path, body=None):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=60)
        headers = {"Origin": "https://localhost:%d" % self.port, "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.token and method != "GET":
            headers["X-Daicho-CSRF"] = self.token
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        content = response.read()
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookie = value.split(";")[0]
        connection.close()
        return response.status, content

    def json(self, method, path, body=None, status=(200, 201, 202)):
        got, content = self.call(method, path, body)
        if got not in (status if isinstance(status, tuple) else (status,)):
            raise AssertionError("%s %s answered %d: %s" % (method, path, got, content[:600].decode(errors="replace")))
        return json.loads(content) if content else None

    def sign_in(self, login, password):
        session = self.json("POST", "/api/v1/session", {"login": login, "password": password})
        self.token = session["csrf_token"]
        return session

    def first_password(self, old, new):
        session = self.json("POST", "/api/v1/session/password", {"current_password": old, "new_password": new})
        self.token = session["csrf_token"]

    def wait_for_job(self, job):
        until = time.time() + 120
        while job["state"] in ("queued", "running") and time.time() < until:
            time.sleep(0.1)
            job = self.json("GET", "/api/v1/jobs/" + job["id"])
        check(job["state"] == "done", "%s finished: %s" % (job["kind"], job))
        return job


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daicho:
    def __init__(self, bin_directory, root):
        self.program = os.path.join(bin_directory, "daicho")
        self.verifier = os.path.join(bin_directory, "daicho-verify")
        self.data = os.path.join(root, "data")
        self.certificate = self.data + ".keys/tls/certificate.pem"
        self.server = None

    def run(self, *arguments, code=0):
        done = subprocess.run([self.program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if done.returncode != code:
            raise AssertionError("daicho %s gave %d\n%s\n%s" % (" ".join(arguments), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def verify(self, *arguments):
        done = subprocess.run([self.verifier, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    def serve(self):
        self.https, self.syslog = free_port(), free_port()
        self.server = subprocess.Popen(
            [self.program, "serve", self.data, "--https", "127.0.0.1:%d" % self.https,
             "--syslog-tcp", "127.0.0.1:%d" % self.syslog],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.data + ".log", "w"), text=True)
        line = self.server.stdout.readline()
        check(line.startswith("https://localhost:"), "serving at " + line.strip())

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            check(self.server.wait(60) == 0, "stopped on SIGTERM")


def send_lines(port, lines):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for line in lines:
            raw = line.encode()
            connection.sendall(b"%d " % len(raw) + raw)


def states(compliance):
    return {clause["id"]: clause["state"] for clause in compliance["clauses"]}


def people(daicho, one_time):
    admin = Browser(daicho.https, daicho.certificate)
    session = admin.sign_in("admin", one_time)
    check(session["password_change_required"], "the first sign-in demands a new password")
    admin.json("GET", "/api/v1/home", status=(401, 403))
    admin.first_password(one_time, "kaze-no-tani 2026 shizuka")
    admin.json("POST", "/api/v1/events/search", {}, status=403)
    say("  ok  an administrator may not read logs")
    created = admin.json("POST", "/api/v1/people", {"login": OFFICER, "display_name": "監査 花子", "roles": ["security_officer"]})
    officer = Browser(daicho.https, daicho.certificate)
    officer.sign_in(OFFICER, created["one_time_password"])
    officer.first_password(created["one_time_password"], "yama-no-oto 1954 tooku")
    return admin, officer


def search_and_prove(daicho, officer, root):
    now = datetime.now(timezone.utc)
    span = {"from": (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"), "to": (now + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}
    found = officer.json("POST", "/api/v1/events/search", dict(span, user="root", outcome="failure"))
    check(len(found["events"]) >= 2, "failed sign-ins of root are found")
    seq = found["events"][0]["seq"]
    event = officer.json("GET", "/api/v1/events/" + seq)
    check("Failed password for root" in "".join(part["text"] for part in event["display"]), "the exact line is shown")
    until = time.time() + 10
    status, content = officer.call("GET", "/api/v1/events/%s/proof" % seq)
    while status == 503 and time.time() < until:
        time.sleep(0.3)
        status, content = officer.call("GET", "/api/v1/events/%s/proof" % seq)
    check(status == 200, "the event has a proof")
    proof = json.loads(content)
    path = os.path.join(root, proof["file_name"])
    with open(path, "w") as file:
        file.write(proof["tlog_proof"])
    code, text = daicho.verify(path)
    check(code == 0, "a stranger verifies the proof: " + text[:200].replace("\n", " "))


def review(officer):
    obligations = officer.json("GET", "/api/v1/obligations")["obligations"]
    weekly = [one for one in obligations if "002-4-2a" in one["clause_ids"]][0]
    now = datetime.now(timezone.utc)
    first = (now - timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
    last = (now + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    draft = officer.json("GET", "/api/v1/reviews/draft?obligation=%s&from=%s&to=%s" % (weekly["id"], first, last))
    check(draft["range"]["count"] > 0, "the review covers entries %s to %s" % (draft["range"]["first_seq"], draft["range"]["last_seq"]))
    check(any(row["user"] == "root" and row["failed"] >= 2 for row in draft["sign_ins"]), "its summary shows the failed sign-ins")
    body = {"obligation_id": weekly["id"], "from": first, "to": last, "tree_size": draft["range"]["tree_size"],
            "digest": draft["digest"], "conclusion": "findings", "comment": "",
            "findings": [{"text": "外部からの総当たり。遮断を依頼した。", "seqs": []}],
            "checklist": [item["id"] for item in draft["checklist"]]}
    wrong = dict(body, digest="0" * 64)
    officer.json("POST", "/api/v1/reviews", wrong, status=409)
    done = officer.json("POST", "/api/v1/reviews", body)
    check(done["range"] == draft["range"], "the sign-off names exactly this range and root")
    check(done["ledger_seq"] is not None, "and is an entry of the ledger: " + str(done["ledger_seq"]))


def export(daicho, admin, officer, target):
    current = admin.json("GET", "/api/v1/ledger/export-target", status=(200, 403))
    version = current.get("version", 0)
    admin.json("PUT", "/api/v1/ledger/export-target", {"directory": target, "version": version})
    admin.wait_for_job(admin.json("POST", "/api/v1/ledger/exports"))
    bundles = os.listdir(target)
    check(len(bundles) == 1, "one bundle was written")
    code, text = daicho.verify(os.path.join(target, bundles[0]), "--keyless")
    check(code == 0, "the bundle verifies by itself: " + text[-200:].replace("\n", " "))


def pack(daicho, root, target):
    today = datetime.now(timezone(timedelta(hours=9))).strftime("%Y-%m-%d")
    path = os.path.join(root, "pack.zip")
    daicho.run("pack", daicho.data, "--clause", "002-4-2a", "--clause", "003-01-4.5-9a", "--from", today, "--to", today, "-o", path)
    code, text = daicho.verify(path)
    check(code == 0, "the pack verifies: " + text[:200].replace("\n", " "))
    content = bytearray(open(path, "rb").read())
    for at in range(0, len(content), max(1, len(content) // 40)):
        changed = bytearray(content)
        changed[at] ^= 1
        spoiled = os.path.join(root, "spoiled.zip")
        open(spoiled, "wb").write(changed)
        code, text = daicho.verify(spoiled)
        if code == 0:
            raise AssertionError("byte %d of the pack may be changed unseen" % at)
    say("  ok  forty changed bytes were all noticed")


def story(bin_directory, root, target):
    daicho = Daicho(bin_directory, root)
    made = json.loads(daicho.run("init", daicho.data, "--organisation", "見本事務所", "--admin", "admin", "--json"))
    log = os.path.join(root, "old.log")
    begin = datetime.now(timezone.utc) - timedelta(hours=3)
    with open(log, "w") as file:
        for i in range(200):
            stamp = (begin + timedelta(seconds=i)).strftime("%Y-%m-%dT%H:%M:%S.000000")
            file.write(LINES[i % len(LINES)].format(t=stamp) + "\n")
    say(daicho.run("ledger", "import", daicho.data, "--source", "old", log).strip())
    before = json.loads(daicho.run("status", daicho.data, "--json"))
    judged = {name: one["state"] for name, one in before["clauses"].items()}
    # What retention and who reads is in force from the first start on, and is its own evidence.
    check(judged.pop("003-01-4.5-9c") == "conformant" and set(judged.values()) == {"insufficient"},
          "without evidence every other clause is insufficient")
    try:
        daicho.serve()
        admin, officer = people(daicho, made["one_time_password"])
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
        send_lines(daicho.syslog, [line.format(t=now) for line in LINES])
        time.sleep(1)
        sources = officer.json("GET", "/api/v1/sources")["sources"]
        check(any(one["id"] == "tcp:127.0.0.1" and not one["registered"] for one in sources), "an unregistered sender is listed")
        search_and_prove(daicho, officer, root)
        review(officer)
        export(daicho, admin, officer, target)
        after = states(officer.json("GET", "/api/v1/compliance"))
        say("  states " + json.dumps(after))
        for clause in ("002-4-2a", "003-01-4.5-9a", "003-01-4.5-9c", "003-01-4.5-10a", "003-01-4.5-10b"):
            check(after[clause] == "conformant", clause + " is conformant after review and export")
        check(after["003-01-4.5-8a"] == "insufficient", "8a stays insufficient: no source is registered as a published server")
        officer.json("GET", "/api/v1/compliance/clauses/002-4-2a")
        officer.json("GET", "/api/v1/home")
        yesterday = (datetime.now(timezone(timedelta(hours=9))) - timedelta(days=1)).strftime("%Y-%m-%d")
        past = states(officer.json("GET", "/api/v1/compliance?as_of=" + yesterday))
        check(set(past.values()) == {"insufficient"}, "as of yesterday nothing was proven")
        state = officer.json("GET", "/api/v1/ledger")
        check(state["export_alarm"] == "ok", "no export alarm")
        typed = json.loads(daicho.run("status", daicho.data, "--json"))["clauses"]
        check({name: one["state"] for name, one in typed.items()} == after, "a command beside the server sees the same states")
    finally:
        daicho.stop()
    code, text = daicho.verify(daicho.data, "--deep", "--keys", daicho.data + ".keys")
    check(code == 0, "the ledger verifies deeply: " + text[-300:].replace("\n", " "))
    code, text = daicho.verify(daicho.data, "--keyless")
    check(code == 0, "and without keys")
    compared = json.loads(daicho.run("verify", daicho.data, "--state", "--json"))["state"]
    check(compared["verdict"] == "PASS" and compared["records"] > 10 and compared["facts"] > 10,
          "accounts, settings and facts are what the ledger says: %d records, %d facts" % (compared["records"], compared["facts"]))
    pack(daicho, root, target)


def main():
    root = tempfile.mkdtemp(prefix="daicho-story-")
    target = tempfile.mkdtemp(prefix="daicho-export-", dir="/dev/shm")
    try:
        story(sys.argv[1], root, target)
        say("the story holds")
        return 0
    except AssertionError as error:
        say("FAILED: %s" % error)
        try:
            say(open(os.path.join(root, "data.log")).read()[-4000:])
        except OSError:
            pass
        return 1
    finally:
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
