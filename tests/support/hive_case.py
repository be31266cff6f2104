"""Tests in Python of `lodestoned --hive`, each with a store, a warehouse and a server of its own."""
import json
import re
import subprocess

from program_case import ARGUMENTS, ProgramCase


class HiveCase(ProgramCase):
    def setUp(self):
        super().setUp()
        self.warehouse = self.root / "warehouse"
        self.warehouse.mkdir()
        self.server = None

    def start_hive(self, *options):
        """Starts the server in open mode unless options say otherwise, and returns its port."""
        log = open(self.root / "server.log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        options = options or ("--insecure-no-auth",)
        self.server = subprocess.Popen([ARGUMENTS.lodestoned, "--store", self.store, "--hive", "127.0.0.1:0",
                                        "--warehouse", f"file:{self.warehouse}", *options],
                                       stdout=subprocess.PIPE, stderr=log, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.stop_hive)
        line = self.server.stdout.readline()
        found = re.search(r"thrift://[^:\s]+:(\d+)", line)
        if not found:
            self.server.wait(timeout=30)
            log.flush()
            self.fail(f"the server did not start: {line} {(self.root / 'server.log').read_text(encoding='utf-8')}")
        return int(found.group(1))

    def stop_hive(self):
        if self.server.poll() is None:
            self.server.terminate()
        self.assertEqual(self.server.wait(timeout=30), 0)

    def show(self, *arguments):
        """What the command line says of the store, once the server has ended."""
        self.stop_hive()
        return json.loads(self.lodestone(*arguments, "-o", "json"))
