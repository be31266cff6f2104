#!/usr/bin/env python3
"""docs/format says enough to write a reader: one that was (reader.py) finds in a store what `lodestone export` prints.

usage: format_reader_test.py --lodestone PROGRAM --kept STORE --flights PARTITIONS.ndjson

Needs the packages of tests/requirements.txt; without them it exits with 77.
"""
import json
import pathlib
import shutil
import sys

from program_case import ARGUMENTS, ProgramCase, main

try:
    import reader
except ImportError as missing:
    print(f"format_reader_test: {missing}; scripts/install-deps installs what tests/requirements.txt names")
    sys.exit(77)

# What the sums do not reach: times, locations of their own, absent and odd parameters, NULL, escapes, numbers as text.
ROWS = [
    {"values": ["2026-01-05", "1"], "parameters": {"numRows": "7"}},
    {"values": ["2026-01-05", "2"], "parameters": {"numRows": "-9223372036854775808", "x": "9223372036854775807"}},
    {"values": ["2026-01-05", "02"], "parameters": {"numRows": "007", "note": "späte Daten"}},
    {"values": ["2026-01-05", "10"], "parameters": {"empty": ""}, "location": "file:/elsewhere"},
    {"values": ["a/b=c%d", "3"], "create_time": 5, "last_access_time": 1_700_000_000},
    {"values": ["__HIVE_DEFAULT_PARTITION__", "4"], "parameters": {"long": "x" * 70_000}},
    {"values": ["東京 {[]}^", "__HIVE_DEFAULT_PARTITION__"]},
]


class FormatReaderTest(ProgramCase):
    def check(self, catalog="hive"):
        """Every table of the store, row by row. Returns the number of partitions."""
        total = 0
        store = reader.Store(self.store)
        try:
            read = {name: list(store.partitions(table)) for name, table in store.tables(catalog).items()}
        finally:
            store.close()
        for (database, table), rows in read.items():
            with self.subTest(f"{catalog}.{database}.{table}"):
                shown = json.loads(self.lodestone("--catalog", catalog, "table", "get", f"{database}.{table}", "-o", "json"))
                if not shown.get("partition_keys"):
                    self.assertEqual(rows, [])
                    continue
                exported = self.lodestone("--catalog", catalog, "export", f"{database}.{table}").splitlines()
                expected = [json.loads(line) for line in exported]
                for row in expected:
                    row.pop("storage_descriptor", None)
                self.assertEqual(rows, expected)
                total += len(rows)
        databases = self.lodestone("--catalog", catalog, "database", "list", "-o", "names").splitlines()
        named = [(database, table) for database in databases
                 for table in self.lodestone("--catalog", catalog, "table", "list", database, "-o", "names").splitlines()]
        self.assertEqual(set(read), set(named))
        return total

    def table(self, name, *more):
        self.lodestone("table", "create", name, "--columns", "x bigint", "--partition-keys", "dt string, hour int", *more)

    def ingest(self, table, rows, *more):
        path = self.root / "rows.ndjson"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        self.lodestone("ingest", table, str(path), *more)

    def test_rows_of_every_kind(self):
        self.lodestone("database", "create", "web")
        self.table("web.derived", "--location", "s3://lake/derived")
        self.table("web.nowhere")
        for name in ("web.derived", "web.nowhere"):
            self.ingest(name, ROWS)
        self.assertEqual(self.check(), 2 * len(ROWS))

    def test_many_rows_changed_in_many_ways(self):
        self.lodestone("database", "create", "web")
        self.table("web.hits", "--location", "s3://lake/hits")
        self.lodestone("generate", "web.hits", "--partitions", "5000")
        names = self.lodestone("partition", "list", "web.hits", "-o", "names").splitlines()
        self.lodestone("partition", "drop", "web.hits", "--filter", "hour in (3, 4, 17)")
        self.lodestone("partition", "rename", "web.hits", names[100], "dt=1999-12-31/hour=77")
        self.ingest("web.hits", [{"values": ["2030-01-01", str(hour)]} for hour in range(2000)])
        self.ingest("web.hits", ROWS, "--if-exists", "replace")
        self.lodestone("table", "rename", "web.hits", "web.visits")
        self.assertGreater(self.check(), 6000)

    def test_a_store_kept_from_the_first_version(self):
        shutil.copytree(ARGUMENTS.kept, self.store)
        self.lodestone("maintain")  # whoever writes first upgrades it
        self.assertGreater(self.check(), 50)
        self.check("other")

    def test_flights(self):
        self.lodestone("database", "create", "travel")
        table = pathlib.Path(ARGUMENTS.flights).with_name("table.json")
        self.lodestone("table", "create", "travel.flights", "--file", str(table))
        self.lodestone("ingest", "travel.flights", ARGUMENTS.flights)
        self.assertEqual(self.check(), 11_864)


if __name__ == "__main__":
    main(__doc__, "--kept", "--flights")
