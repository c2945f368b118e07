"""The programs that daicho is measured against, each as its own users would run it for the same duty."""
import glob
import os
import re
import shutil
import subprocess
import time

from harness import PEERS, PORT, Process, listening, run, wait_until

PEER_PORT = PORT + 5

RSYSLOG = """global(workDirectory="{folder}" maxMessageSize="64k")
main_queue(queue.timeoutShutdown="200000")
module(load="builtin:omfile"{driver})
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="{port}")
template(name="asReceived" type="string" string="%rawmsg%\\n")
action(type="omfile" file="{out}" template="asReceived"{action})
"""


class Rsyslog:
    """imptcp into one file of lines; `level` > 0: through omfile's zstd driver."""

    def __init__(self, scratch, name, level=0):
        folder = scratch.folder(name)
        self.out = os.path.join(folder, "out")
        settings = {"folder": folder, "out": self.out, "port": PEER_PORT,
                    "driver": ' compression.driver="zstd"' if level else "",
                    "action": ' zipLevel="%d"' % level if level else ""}
        with open(folder + "/rsyslog.conf", "w") as file:
            file.write(RSYSLOG.format(**settings))
        self.process = Process(scratch, ["rsyslogd", "-n", "-x", "-i", "NONE", "-f", folder + "/rsyslog.conf"],
                               folder + "/rsyslog.log").wait_listening(PEER_PORT)

    def wait_lines(self, events):
        """Until the file holds so many lines and is synced."""
        seen = 0
        wait_until(lambda: os.path.exists(self.out), "rsyslog's file")
        with open(self.out, "rb", buffering=0) as file:
            while seen < events:
                piece = file.read(1 << 20)
                seen += piece.count(b"\n")
                if not piece:
                    time.sleep(0.005)
            os.fsync(file.fileno())
        return time.monotonic()


# systemd's own tools are only unpacked (script/bootstrap --bench): their libraries must fit each other.
JOURNAL = PEERS + "/journal"


def journal_env():
    library = JOURNAL + "/usr/lib/x86_64-linux-gnu"
    return dict(os.environ, LC_ALL="C", LD_LIBRARY_PATH=":".join(
        [JOURNAL + "/lib/x86_64-linux-gnu", JOURNAL + "/lib/x86_64-linux-gnu/systemd", library, library + "/systemd",
         JOURNAL + "/lib/systemd"]))


class SealedJournal:
    """A journal with forward-secure sealing, filled through systemd-journal-remote.

    The sealing key lies in /var/log/journal, so both programs run in a mount namespace where that is a scratch folder.
    Entries have to be younger than the key, hence the dates of the stream (tomorrow's)."""

    def __init__(self, scratch, name):
        self.folder = scratch.folder(name)
        self.keys = self.folder + "/keys"
        self.file = self.folder + "/remote.journal"
        os.mkdir(self.keys)
        out = run("unshare -m sh -c 'mount --bind %s /var/log/journal && mkdir -p /var/log/journal/$(cat /etc/machine-id)"
                  " && exec %s/bin/journalctl --setup-keys --force --interval=15min'" % (self.keys, JOURNAL),
                  env=journal_env(), stderr=subprocess.DEVNULL)[2]
        self.key = out.split()[-1]
        self.scratch = scratch

    def fill(self, export, send):
        command = ("mount --bind %s /var/log/journal && exec %s/lib/systemd/systemd-journal-remote "
                   "--listen-raw=127.0.0.1:%d --split-mode=none --seal=yes -o %s"
                   % (self.keys, JOURNAL, PEER_PORT, self.file))
        remote = Process(self.scratch, ["unshare", "-m", "sh", "-c", command], self.folder + "/remote.log",
                         env=journal_env()).wait_listening(PEER_PORT)
        send(PEER_PORT, export)
        remote.stop()
        if len(glob.glob(self.folder + "/*.journal")) != 1:
            raise RuntimeError("the journal was split into several files")

    def entries(self):
        out = run([JOURNAL + "/bin/journalctl", "--file", self.file, "--header"], env=journal_env())[2]
        return int(re.search(r"Entry objects: (\d+)", out).group(1))

    def verify(self):
        return run([JOURNAL + "/bin/journalctl", "--file", self.file, "--verify", "--quiet", "--verify-key=" + self.key],
                   env=journal_env(), stderr=subprocess.DEVNULL)


CLICKHOUSE = """<yandex><logger><level>warning</level><log>{d}/log</log><errorlog>{d}/errors</errorlog></logger>
<http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><interserver_http_port>{inter}</interserver_http_port>
<listen_host>127.0.0.1</listen_host><path>{d}/data/</path><tmp_path>{d}/tmp/</tmp_path>
<mark_cache_size>268435456</mark_cache_size><users_config>{d}/users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database></yandex>"""
CLICKHOUSE_USERS = """<yandex><profiles><default><max_memory_usage>8000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota></default></users><quotas><default></default></quotas></yandex>"""
CLICKHOUSE_TABLE = """CREATE TABLE events (time_us UInt64, host String, app String, pri UInt8, user String, address String,
action String, raw String) ENGINE = MergeTree() PARTITION BY tuple() ORDER BY time_us"""


class ClickHouse:
    """Debian's ClickHouse with the fields already in columns, in order of time."""

    def __init__(self, scratch, name):
        folder = scratch.folder(name)
        for part in ("data", "tmp"):
            os.mkdir(os.path.join(folder, part))
        with open(folder + "/config.xml", "w") as file:
            file.write(CLICKHOUSE.format(d=folder, tcp=PEER_PORT, http=PEER_PORT + 1, inter=PEER_PORT + 2))
        with open(folder + "/users.xml", "w") as file:
            file.write(CLICKHOUSE_USERS)
        self.process = Process(scratch, ["clickhouse-server", "--config-file", folder + "/config.xml"], folder + "/out")
        self.process.wait_listening(PEER_PORT)
        wait_until(lambda: self._client("SELECT 1", expect=(0, 210))[2].strip() == "1", "ClickHouse's answer", 60, 0.1)

    def _client(self, query, stdin=subprocess.DEVNULL, expect=(0,), more=()):
        return run(["clickhouse-client", "--host", "127.0.0.1", "--port", str(PEER_PORT), "--query", query, *more],
                   expect, stdin=stdin)

    def load(self, tsv):
        self._client(CLICKHOUSE_TABLE)
        with open(tsv, "rb") as file:
            return self._client("INSERT INTO events FORMAT TabSeparated", file)[0]

    def ask(self, query):
        """The client's own clock (without its start), the server's CPU, and the answer with colons."""
        before = self.process.cpu()
        child = subprocess.run(["clickhouse-client", "--host", "127.0.0.1", "--port", str(PEER_PORT), "--time",
                                "--query", query], capture_output=True, text=True, check=True)
        return float(child.stderr.split()[-1]), self.process.cpu() - before, child.stdout.strip().replace("\t", ":")

    def bytes(self):
        return int(self._client("SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'events' AND active")[2])


def missing(*programs):
    """Which of these are not installed."""
    return [name for name in programs if not (os.access(name, os.X_OK) if "/" in name else shutil.which(name))]


__all__ = ["ClickHouse", "JOURNAL", "PEER_PORT", "Rsyslog", "SealedJournal", "listening", "missing"]
