"""Tests in Python of `lodestoned --hive` by way of a Trino of their own, and SQL through its client (PyPI trino)."""
import json
import pathlib
import subprocess
import time
import urllib.request

import trino

from hive_case import HiveCase
from ports import free_port
from program_case import ARGUMENTS

# What Trino's launcher would say to Java, and little memory. Modules that not every Java comes with are left away.
JVM_OPTIONS = ("-Xmx1536M", "-XX:+ExitOnOutOfMemoryError", "-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true",
               "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")
CONFIG = """coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
catalog.management=static
query.max-memory=300MB
query.max-memory-per-node=300MB
memory.heap-headroom-per-node=200MB
"""


class TrinoCase(HiveCase):
    def start_trino(self, catalogs):
        """Starts it, stops it at the test's end. `catalogs`: the properties of each, by its name."""
        folder = self.root / "trino"
        (folder / "catalog").mkdir(parents=True)
        for name, properties in catalogs.items():
            (folder / "catalog" / f"{name}.properties").write_text(
                "".join(f"{key}={value}\n" for key, value in properties.items()), encoding="utf-8")
        self.port = free_port()
        (folder / "config.properties").write_text(CONFIG.format(port=self.port), encoding="utf-8")
        home = pathlib.Path(ARGUMENTS.trino)
        settings = {"node.environment": "test", "node.id": "one", "node.internal-address": "127.0.0.1",
                    "node.data-dir": folder / "data", "config": folder / "config.properties",
                    "catalog.config-dir": folder / "catalog", "plugin.dir": home / "plugin", "log.enable-console": "true"}
        log = open(folder / "log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        # In a folder of its own: it writes where it is started.
        self.trino = subprocess.Popen([ARGUMENTS.java, *JVM_OPTIONS, *(f"-D{key}={value}" for key, value in settings.items()),
                                       "-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"],
                                      stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        self.addCleanup(self.stop_trino)
        self.connections = {}
        for _ in range(600):
            if self.trino.poll() is not None or self.is_up():
                break
            time.sleep(0.5)
        else:
            self.fail(f"Trino did not start within five minutes: {self.log_end(folder)}")
        self.assertIsNone(self.trino.poll(), f"Trino ended: {self.log_end(folder)}")

    def is_up(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/info", timeout=5) as answer:
                return not json.load(answer)["starting"]
        except OSError:
            return False

    @staticmethod
    def log_end(folder):
        return (folder / "log").read_text(encoding="utf-8")[-3000:]

    def stop_trino(self):
        for connection in self.connections.values():
            connection.close()
        self.trino.terminate()
        try:
            self.trino.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.trino.kill()
            self.trino.wait()

    def connect_trino(self, user="ana", roles=None):
        """`roles`: the role taken in each catalog."""
        return trino.dbapi.connect(host="127.0.0.1", port=self.port, user=user, roles=roles, catalog="hive", schema="shop")

    def sql(self, text, user="ana", roles=None):
        """Rows as tuples."""
        key = (user, str(roles))
        if key not in self.connections:
            self.connections[key] = self.connect_trino(user, roles)
        cursor = self.connections[key].cursor()
        cursor.execute(text)
        return [tuple(row) for row in cursor.fetchall()]

    def column(self, text, **options):
        """The first column, in the order of its texts."""
        return sorted((row[0] for row in self.sql(text, **options)), key=str)

    def refused(self, text, kind, words="", **options):
        with self.assertRaises(trino.exceptions.TrinoQueryError, msg=text) as caught:
            self.sql(text, **options)
        self.assertEqual(caught.exception.error_name, kind, caught.exception.message)
        self.assertIn(words, caught.exception.message)

    def held(self, *arguments):
        """What the server's store says, beside the server."""
        return json.loads(self.lodestone(*arguments, "-o", "json"))
