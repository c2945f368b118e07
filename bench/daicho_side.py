"""daicho as it is measured: a fresh data directory, the server, and what its files say about what is durable.

The WAL is readable without a key as far as counts go (docs/formats/ledger.md), so nobody has to ask the server, and asking
does not cost it anything.
"""
import concurrent.futures
import glob
import http.client
import os
import socket
import ssl
import struct
import subprocess
import time

from harness import PORT, ROOT, WAIT_S_MAX, Process, bytes_below, listening, program, send_plain, wait_until

FRAME_HEAD = struct.Struct(">4sQB3xIIII32s")
WAL_HEAD = struct.Struct(">8sI")
LEAF_NUMBERS = struct.Struct(">QQIqqqq16s32s32sH")
BATCH = 1
PIECE_BYTES = 1 << 18  # of a TLS sender's writes
SEGMENT_RAW_BYTES = 64 << 20  # a WAL file with so much is closed and sealed
FOLLOW_PAUSE_S = 0.02
FILL_PAUSE_S = 0.1  # what was sent is in the WAL by then


def batch_counts(leaf):
    """Events and bytes of each source that one BATCH leaf tells of; None for leaves of other types."""
    if leaf[0] != BATCH:
        return None
    if leaf[1] != 1:
        raise ValueError("a BATCH leaf of version %d" % leaf[1])
    at = 4 + struct.unpack_from(">H", leaf, 2)[0]
    numbers = LEAF_NUMBERS.unpack_from(leaf, at)
    at += LEAF_NUMBERS.size
    counts = {}
    for _ in range(numbers[-1]):
        size = struct.unpack_from(">H", leaf, at)[0]
        name = leaf[at + 2:at + 2 + size].decode()
        at += 2 + size
        counts[name] = struct.unpack_from(">IQ", leaf, at)
        at += 12
    if at != len(leaf) or sum(events for events, _ in counts.values()) != numbers[2]:
        raise ValueError("a BATCH leaf that does not add up")
    return counts


class WalReader:
    """Follows one WAL file; keeps it open, so it may be dropped meanwhile."""

    def __init__(self, path):
        self.file = open(path, "rb", buffering=0)
        self.at = 0
        self.counts = {}
        self.raw_bytes = 0

    def follow(self):
        if self.file.closed:
            return
        size = os.fstat(self.file.fileno()).st_size
        if self.at == 0:
            head = os.pread(self.file.fileno(), WAL_HEAD.size, 0)
            if len(head) < WAL_HEAD.size:
                return
            magic, length = WAL_HEAD.unpack(head)
            if magic != b"DWAL0001":
                raise ValueError("%s is no WAL file" % self.file.name)
            self.at = length
        while self.at + FRAME_HEAD.size <= size:
            fields = FRAME_HEAD.unpack(os.pread(self.file.fileno(), FRAME_HEAD.size, self.at))
            if fields[0] != b"DWF1":
                return  # room that is reserved and not written yet
            leaf_size, body_size = fields[3], fields[4]
            end = self.at + FRAME_HEAD.size + leaf_size + body_size
            if end > size:
                return
            leaf = os.pread(self.file.fileno(), leaf_size, self.at + FRAME_HEAD.size)
            for name, (events, raw_bytes) in (batch_counts(leaf) or {}).items():
                self.counts[name] = self.counts.get(name, 0) + events
                self.raw_bytes += raw_bytes
            self.at = end

    def sync(self):
        os.fdatasync(self.file.fileno())


class Daicho:
    """One data directory and, while it is started, its server."""

    def __init__(self, scratch, name):
        self.scratch = scratch
        self.folder = scratch.folder(name)
        self.data = os.path.join(self.folder, "data")
        self.https, self.tcp, self.tls = PORT, PORT + 1, PORT + 2
        self.readers = {}
        self.server = None
        self.pages = os.path.join(ROOT, "web", "dist")
        self.has_pages = os.path.exists(self.pages + "/index.html")
        if not self.has_pages:  # serve wants some; only the idle memory is about them, and standing.py says so
            self.pages = scratch.folder(name + ".pages")
            with open(self.pages + "/index.html", "w") as file:
                file.write("<!doctype html><title>bench</title>\n")
        subprocess.run([program("daicho"), "init", self.data, "--organisation", "Bench", "--admin", "bench"],
                       check=True, stdout=subprocess.DEVNULL)

    def start(self):
        """Gives the seconds from the start of the program to its first answer over HTTPS."""
        if listening(self.https):
            raise RuntimeError("port %d is taken (DAICHO_BENCH_PORT)" % self.https)
        begin = time.monotonic()
        self.server = Process(self.scratch, [
            program("daicho"), "serve", self.data, "--https", "127.0.0.1:%d" % self.https,
            "--syslog-tcp", "127.0.0.1:%d" % self.tcp, "--syslog-tls", "127.0.0.1:%d" % self.tls,
            "--web", self.pages, "--content", os.path.join(ROOT, "content")],
            os.path.join(self.folder, "serve.log"))
        self.server.wait_listening(self.https)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the answer counts here, not who gives it
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, context=context, timeout=60)
        connection.request("GET", "/healthz", headers={"Host": "localhost:%d" % self.https})
        if connection.getresponse().status // 100 != 2:
            raise RuntimeError("the server is not well")
        passed = time.monotonic() - begin
        connection.close()
        return passed

    def wal_files(self):
        return sorted(glob.glob(self.data + "/ledger/wal/*.wal"))

    def follow(self):
        for path in self.wal_files():
            if path not in self.readers:
                try:
                    self.readers[path] = WalReader(path)
                except FileNotFoundError:  # sealed and dropped just now, and read to its end before
                    continue
        for reader in self.readers.values():
            reader.follow()

    def send(self, path, context=None):
        """The file over TCP, or TLS with `context`. The WAL is followed meanwhile: a file of it lives for seconds only."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            sending = pool.submit(send_plain, self.tcp, path) if context is None else \
                pool.submit(self.send_tls, context, path)
            while not sending.done():
                self.follow()
                time.sleep(FOLLOW_PAUSE_S)
            sending.result()

    def stored(self, prefix):
        """Events of sources that begin with `prefix`, as far as they are in the WAL or were in one."""
        self.follow()
        return sum(count for reader in self.readers.values() for name, count in reader.counts.items()
                   if name.startswith(prefix))

    def wait_durable(self, prefix, events):
        """Until so many events are in the WAL and on the medium: synced here once more, as the peers' files are."""
        wait_until(lambda: self.stored(prefix) >= events, "%d events of %s" % (events, prefix))
        for path in self.wal_files():
            self.readers[path].sync()
        return time.monotonic()

    def open_events(self, prefix):
        """Events in WAL files that are not dropped yet."""
        self.follow()
        return sum(count for path in self.wal_files() if path in self.readers
                   for name, count in self.readers[path].counts.items() if name.startswith(prefix))

    def wait_sealed(self, prefix, fill):
        """Until no event of the source is unsealed. `fill()` sends a little more, so that the last file gets full."""
        end = time.monotonic() + WAIT_S_MAX
        while self.open_events(prefix) > 0:
            if time.monotonic() > end:
                raise RuntimeError("sealing did not end")
            current = self.readers.get(self.wal_files()[-1])
            if current is not None and 0 < current.raw_bytes < SEGMENT_RAW_BYTES:
                fill()
                time.sleep(FILL_PAUSE_S)
            time.sleep(0.02)
        return time.monotonic()

    def bytes(self):
        """Everything that is kept for the events: ledger, index and state."""
        return bytes_below(self.data)

    def stop(self):
        spent = self.server.stop()
        self.server = None
        for reader in self.readers.values():
            reader.file.close()
        return spent

    def make_client(self):
        """A sender's certificate; what it proves is that the sender holds the key (RFC 5425, section 5.2)."""
        key, certificate = self.folder + "/client.key", self.folder + "/client.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=bench sender"],
                       check=True, stderr=subprocess.DEVNULL)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_cert_chain(certificate, key)
        return context

    def send_tls(self, context, path):
        with socket.create_connection(("127.0.0.1", self.tls)) as plain, open(path, "rb") as file, \
                context.wrap_socket(plain, server_hostname="localhost") as connection:
            while True:
                piece = file.read(PIECE_BYTES)
                if not piece:
                    break
                connection.sendall(piece)
            connection.settimeout(WAIT_S_MAX)
            connection.unwrap()


def filled(scratch, lines, events):
    """A ledger with the events, sealed and indexed, nobody writing."""
    node = Daicho(scratch, "ledger")
    node.start()
    node.send(lines)
    node.wait_durable("tcp:", events)
    node.stop()
    node.start()  # a WAL file that had a writer before is not written again: it is sealed now
    node.wait_sealed("tcp:", lambda: None)
    node.stop()
    return node
