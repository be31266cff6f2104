"""Tests in Python of the server `lodestoned`, each with a store of its own and a server on a free port."""
import json
import re
import subprocess

from program_case import ARGUMENTS, ProgramCase


class ServerCase(ProgramCase):
    def make_account(self, name, *options):
        """An account with one access key: (id, secret). Before the server starts, which has the store for itself."""
        self.lodestone("account", "create", name, *options)
        key = json.loads(self.lodestone("key", "create", name, "-o", "json"))
        return key["access_key_id"], key["access_key_secret"]

    def make_token(self, name):
        return json.loads(self.lodestone("token", "create", name, "-o", "json"))["token"]

    def start(self, *options, listeners=1):
        """Starts it on the test's store, stops it at the test's end, and returns where it listens: {scheme: address}."""
        log = open(self.root / "server.log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        self.server = subprocess.Popen([ARGUMENTS.lodestoned, "--store", self.store, *options],
                                       stdout=subprocess.PIPE, stderr=log, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.stop_server)
        addresses = {}
        for _ in range(listeners):
            line = self.server.stdout.readline()
            found = re.search(r"(\w+)://(\S+)", line)
            if not found:
                self.server.wait(timeout=30)
                log.flush()
                self.fail(f"the server did not start: {line} {(self.root / 'server.log').read_text(encoding='utf-8')}")
            addresses[found.group(1)] = found.group(2)
        return addresses

    def start_server(self, *options):
        """Starts it with HTTP on a free port, and returns its URL."""
        [(scheme, address)] = self.start("--http", "127.0.0.1:0", *options).items()
        return f"{scheme}://{address}"

    def stop_server(self):
        if self.server.poll() is None:
            self.server.terminate()
        self.assertEqual(self.server.wait(timeout=30), 0)
