#!/usr/bin/env python3
"""Trees of Parquet files, partitioned as Hive does and written by DuckDB and by Arrow, become partitions.

usage: parquet_tree_test.py --lodestone PROGRAM --flights PARTITIONS.ndjson

What is expected comes from the rows that were written and from the files themselves; what DuckDB reads back from its tree
is compared, too. Needs the packages of tests/requirements.txt; without them it exits with 77.
"""
import json
import os
import pathlib
import sys

from program_case import ARGUMENTS, ProgramCase, main

try:
    import duckdb
    import pyarrow
    import pyarrow.dataset
except ImportError as missing:
    print(f"parquet_tree_test: {missing}; scripts/install-deps installs what tests/requirements.txt names")
    sys.exit(77)

FLIGHT_KEYS = ["origin", "month", "day", "carrier"]
NULL = "__HIVE_DEFAULT_PARTITION__"
# Everything that a writer might escape, and what Hive has a name of its own for.
AWKWARD = ["plain", "two words", "a/b", "a=b", "50%", "%2F", "c:\\d", "it's", 'say "x"', "x?y#z", "Zürich", "東京",
           "{a,b}", "a+b", None]


def write_with_duckdb(rows, keys, tree):
    """`rows`: dictionaries. Strings and integers keep their types."""
    database = duckdb.connect()
    table = pyarrow.Table.from_pylist(rows)
    database.register("source", table)
    names = ", ".join(keys)
    database.execute(f"copy (select * from source) to '{tree}' (format parquet, partition_by ({names}))")


def write_with_arrow(rows, keys, tree):
    table = pyarrow.Table.from_pylist(rows)
    schema = pyarrow.schema([table.schema.field(key) for key in keys])
    pyarrow.dataset.write_dataset(table, tree, format="parquet", max_partitions=100_000,
                                  existing_data_behavior="overwrite_or_ignore",
                                  partitioning=pyarrow.dataset.partitioning(schema, flavor="hive"))


WRITERS = {"duckdb": write_with_duckdb, "arrow": write_with_arrow}


def files_by_folder(tree):
    """Number and bytes of the files of each folder that has some."""
    found = {}
    for folder, _, files in os.walk(tree):
        if files:
            found[folder] = (len(files), sum(os.path.getsize(os.path.join(folder, name)) for name in files))
    return found


class ParquetTreeTest(ProgramCase):
    def setUp(self):
        super().setUp()
        self.lodestone("database", "create", "lake")

    def listed(self, table):
        """Partitions by their values."""
        lines = self.lodestone("partition", "list", table, "--show", "all", "-o", "ndjson").splitlines()
        return {tuple(row["values"]): row for row in map(json.loads, lines)}

    def flights(self):
        """One month of real flights; one row for each of the first few flights of a partition."""
        rows = []
        for line in pathlib.Path(ARGUMENTS.flights).read_text(encoding="utf-8").splitlines():
            origin, month, day, carrier = json.loads(line)["values"]
            if month == "12":
                number = int(json.loads(line)["parameters"]["numRows"])
                rows += [{"origin": origin, "month": 12, "day": int(day), "carrier": carrier, "flight": i}
                         for i in range(min(number, 3))]
        self.assertGreater(len(rows), 1000)
        return rows

    def check_files(self, table, tree):
        """Each partition is where its files are, and knows their number and size."""
        files = files_by_folder(tree)
        found = {row["location"]: row["parameters"] for row in self.listed(table).values()}
        self.assertEqual(set(found), set(files))
        for location, parameters in found.items():
            self.assertEqual((int(parameters["numFiles"]), int(parameters["totalSize"])), files[location], location)

    def load_flights(self, table, tree):
        """A new table of flights with the partitions of the tree."""
        self.lodestone("table", "create", table, "--columns", "flight bigint", "--partition-keys",
                       "origin string, month int, day int, carrier string")
        self.lodestone("ingest", table, tree)

    def test_flights_of_a_month(self):
        rows = self.flights()
        expected = {tuple(str(row[key]) for key in FLIGHT_KEYS) for row in rows}
        for writer, write in WRITERS.items():
            with self.subTest(writer):
                tree = str(self.root / writer)
                write(rows, FLIGHT_KEYS, tree)
                table = f"lake.flights_{writer}"
                self.load_flights(table, tree)
                self.assertEqual(set(self.listed(table)), expected)
                self.check_files(table, tree)
                christmas = sum(1 for values in expected if values[2] == "25" and values[0] == "JFK")
                count = self.lodestone("partition", "count", table, "--filter", "day = 25 and origin = 'JFK'")
                self.assertEqual(int(count), christmas)

    def test_duckdb_reads_the_same_partitions(self):
        tree = str(self.root / "tree")
        write_with_duckdb(self.flights(), FLIGHT_KEYS, tree)
        self.load_flights("lake.flights", tree)
        for condition in ["day > 20 and carrier in ('AA', 'B6')", "origin <> 'JFK' or day between 3 and 5",
                          "carrier like '%A' and not (day = 24)"]:
            with self.subTest(condition):
                read = duckdb.sql(f"select distinct origin, month, day, carrier from "
                                  f"read_parquet('{tree}/**/*.parquet', hive_partitioning = true) where {condition}")
                theirs = {tuple(map(str, row)) for row in read.fetchall()}
                ours = self.lodestone("partition", "list", "lake.flights", "--filter", condition, "-o", "ndjson")
                self.assertEqual({tuple(json.loads(line)["values"]) for line in ours.splitlines()}, theirs)

    def test_awkward_values(self):
        rows = [{"label": value, "n": i, "x": 1} for i, value in enumerate(AWKWARD)]
        expected = {(value or NULL, str(i)) for i, value in enumerate(AWKWARD)}
        for writer, write in WRITERS.items():
            with self.subTest(writer):
                tree = str(self.root / writer)
                write(rows, ["label", "n"], tree)
                table = f"lake.awkward_{writer}"
                self.lodestone("table", "create", table, "--columns", "x bigint", "--partition-keys",
                               "label string, n int")
                self.lodestone("ingest", table, tree)
                self.assertEqual(set(self.listed(table)), expected)
                self.check_files(table, tree)

    def test_a_value_that_no_partition_may_have_is_refused_by_its_folder(self):
        for writer, write in WRITERS.items():
            with self.subTest(writer):
                tree = self.root / writer
                write([{"label": "fine", "x": 1}, {"label": "new\nline", "x": 2}], ["label"], str(tree))
                [folder] = [path for path in tree.iterdir() if "fine" not in path.name]
                table = f"lake.refused_{writer}"
                self.lodestone("table", "create", table, "--columns", "x bigint", "--partition-keys", "label string")
                done = self.run_lodestone("ingest", table, str(tree))
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(f"{folder}: ", done.stderr)
                self.assertIn('the value of key "label" has a control character (0x0a) at position 4', done.stderr)
                self.assertEqual(self.listed(table), {})

    def test_sync_follows_the_tree(self):
        tree = str(self.root / "tree")
        write_with_arrow(self.flights(), FLIGHT_KEYS, tree)
        self.load_flights("lake.flights", tree)
        before = set(self.listed("lake.flights"))
        gone = {values for values in before if values[2] == "25"}
        for values in gone:
            folder = os.path.join(tree, *(f"{key}={value}" for key, value in zip(FLIGHT_KEYS, values)))
            for name in os.listdir(folder):
                os.remove(os.path.join(folder, name))
            os.rmdir(folder)
        more = [{"origin": "EWR", "month": 12, "day": 32, "carrier": "ZZ", "flight": 1}]
        write_with_arrow(more, FLIGHT_KEYS, tree)
        report = json.loads(self.lodestone("sync", "lake.flights", tree, "-o", "json"))
        self.assertEqual((report["added"], report["dropped"]), (1, len(gone)))
        self.assertEqual(set(self.listed("lake.flights")), before - gone | {("EWR", "12", "32", "ZZ")})
        self.check_files("lake.flights", tree)
        self.lodestone("verify")


if __name__ == "__main__":
    main(__doc__, "--flights")
