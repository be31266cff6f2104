#!/usr/bin/env python3
"""`lodestone import --hive` and `lodestone export --hive`, between stores behind `lodestoned`.

usage: lodestoned_transfer_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import json
import signal
import subprocess
import time
import unittest

from hive_case import HiveCase
from program_case import ARGUMENTS, main


class TransferCase(HiveCase):
    """The source is the test's own store, behind a server; `other` names further ones."""

    def setUp(self):
        super().setUp()
        self.source = self.store
        self.fill()

    def fill(self):
        self.lodestone("database", "create", "web", "--location", "s3://bucket/web", "--owner", "ana",
                       "--description", "visits")
        self.lodestone("table", "create", "web.hits", "--columns", "url string, ms int", "--partition-keys",
                       "dt string, hour int", "--owner", "ana")
        names = [f"dt=2026-01-{day:02}/hour={hour}" for day in range(1, 29) for hour in range(24)]
        listing = self.root / "hits.names"
        listing.write_text("\n".join(names) + "\n", encoding="utf-8")
        self.lodestone("ingest", "web.hits", str(listing))
        self.lodestone("table", "create", "web.pages", "--columns", "url string", "--type", "external", "--location",
                       "s3://bucket/pages", "--owner", "ana")
        self.lodestone("role", "create", "analysts")
        self.lodestone("role", "grant", "analysts", "--to", "user:bob")
        self.lodestone("grant", "select", "--on", "table:web.hits", "--to", "role:analysts")

    def other(self, name):
        return str(self.root / name)

    def at(self, store, *arguments):
        done = self.run_at(store, *arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        return done.stdout

    @staticmethod
    def run_at(store, *arguments):
        return subprocess.run([ARGUMENTS.lodestone, "--store", store, *arguments], capture_output=True, text=True,
                              check=False, timeout=300)

    def content(self, store):
        """What is in a store, but for ids, times and grantors; and for `default`, which has its own place."""
        def lines(*arguments):
            text = self.at(store, *arguments, "-o", "ndjson")
            rows = [json.loads(line) for line in text.splitlines()]
            for row in rows:
                for key in ("id", "create_time", "created", "time", "grantor"):
                    row.pop(key, None)
                row.get("parameters", {}).pop("transient_lastDdlTime", None)
            return [said(row) for row in rows]

        def said(value):
            """Without empty objects, which say nothing."""
            if not isinstance(value, dict):
                return value
            return {key: said(inner) for key, inner in value.items() if said(inner) != {}}
        found = {"web": lines("database", "get", "web"), "roles": lines("role", "members", "analysts")}
        for table in ("web.hits", "web.pages"):
            found[table] = lines("table", "get", table)
            found[f"{table} grants"] = lines("privileges", "list", "--on", f"table:{table}")
        found["partitions"] = lines("partition", "list", "web.hits", "--show", "all")
        return found

    def serve(self, store):
        self.store = store
        return self.start_hive("--insecure-no-auth")["thrift"]


class ImportTest(TransferCase):
    def test_takes_everything_over_and_finds_it_there_again(self):
        address = self.serve(self.source)
        target = self.other("target")
        rows = json.loads(self.at(target, "import", "--hive", address, "-o", "json"))
        added = {row["kind"]: row.get("added", 0) for row in rows}
        self.assertEqual(added["partitions"], 28 * 24)
        self.assertEqual((added["databases"], added["tables"], added["roles"], added["grants"]), (1, 2, 2, 1))
        self.assertEqual(self.content(target), self.content(self.source))
        again = json.loads(self.at(target, "import", "--hive", f"thrift://{address}", "--update", "-o", "json"))
        self.assertEqual([row.get("added", 0) + row.get("updated", 0) for row in again], [0] * len(again))

    def test_goes_on_after_a_kill(self):
        address = self.serve(self.source)
        target = self.other("target")
        broken_off = 0
        for wait in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
            process = subprocess.Popen([ARGUMENTS.lodestone, "--store", target, "import", "--hive", address,
                                        "--batch", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            broken_off += process.wait() == -signal.SIGKILL
        self.assertGreater(broken_off, 0)
        self.at(target, "import", "--hive", address)
        self.assertEqual(self.content(target), self.content(self.source))
        self.at(target, "verify")

    def test_an_export_brings_it_back(self):
        target = self.other("target")
        address = self.serve(target)
        for _ in range(2):
            self.at(self.source, "export", "--hive", address)
        self.assertEqual(self.content(target), self.content(self.source))

    def test_refusals_say_why(self):
        for arguments, status, text in (
                (("import",), 2, "--hive"),
                (("import", "--hive", "host:port"), 2, "expected HOST:PORT"),
                (("import", "--hive", "127.0.0.1:1"), 1, "metastore 127.0.0.1:1: "),
                (("import", "--hive", "127.0.0.1:1", "--password-file", "/nowhere"), 1, "/nowhere: expected a file"),
                (("export",), 2, "TABLE"),
                (("export", "web.hits", "--hive", "127.0.0.1:1"), 2, "excludes"),
        ):
            with self.subTest(arguments):
                done = self.run_at(self.source, *arguments)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(text, done.stderr)
                self.assertEqual(done.stdout, "")
        address = self.serve(self.source)
        done = self.run_at(self.other("target"), "import", "--hive", address, "--database", "nowhere")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("the source has none of this name", done.stderr)

    def test_what_can_not_be_taken_over_is_named(self):
        self.lodestone("--name-rules", "hive", "table", "create", "web._odd", "--columns", "a int")
        address = self.serve(self.source)
        target = self.other("target")
        done = self.run_at(target, "import", "--hive", address)
        self.assertEqual(done.returncode, 1)
        self.assertIn("table web._odd: ", done.stderr)
        done = self.run_at(target, "import", "--hive", address, "--max-errors", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("left out: tables: web._odd: ", done.stderr)
        self.assertEqual(self.at(target, "table", "list", "web", "-o", "names").split(), ["hits", "pages"])


if __name__ == "__main__":
    main(__doc__, "--lodestoned")
