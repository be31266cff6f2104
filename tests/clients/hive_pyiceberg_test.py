"""PyIceberg (PyPI pyiceberg) against `lodestoned --hive`: namespaces, tables, appends, evolution, refusals, and two
processes that commit to one table at once.

usage: hive_pyiceberg_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import multiprocessing
import sys
from datetime import datetime

try:
    import pyarrow
    from pyiceberg.catalog import load_catalog
    from pyiceberg import exceptions
    from pyiceberg.schema import Schema
    from pyiceberg.transforms import DayTransform
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.types import LongType, NestedField, StringType, TimestampType
except ImportError:
    print("skipped: pyiceberg is not installed (scripts/install-deps --with-tests)")
    sys.exit(77)

import program_case
from hive_case import HiveCase

SCHEMA = Schema(NestedField(1, "id", LongType(), required=False), NestedField(2, "name", StringType(), required=False),
                NestedField(3, "at", TimestampType(), required=False))


def rows(*ids):
    return pyarrow.table({"id": pyarrow.array(ids, pyarrow.int64()),
                          "name": pyarrow.array([f"name {i}" for i in ids], pyarrow.string()),
                          "at": pyarrow.array([datetime(2026, 1, 1 + i % 28) for i in ids], pyarrow.timestamp("us"))})


def append_rows(uri, warehouse, first, count):
    """In a process of its own: as many appends, each taken up again when somebody else came first."""
    for i in range(first, first + count):
        while True:
            try:
                catalog = load_catalog("other", type="hive", uri=uri, warehouse=warehouse)
                catalog.load_table("shop.orders").append(rows(i))
                break
            except exceptions.CommitFailedException:
                continue


class HivePyIcebergTest(HiveCase):
    def setUp(self):
        super().setUp()
        self.address = self.start_hive("--insecure-no-auth")["thrift"]
        self.uri = f"thrift://{self.address}"
        self.warehouse_uri = f"file://{self.warehouse}"
        self.catalog = load_catalog("lodestone", type="hive", uri=self.uri, warehouse=self.warehouse_uri)

    def test_namespaces(self):
        self.assertIn(("default",), self.catalog.list_namespaces())
        self.catalog.create_namespace("shop", {"comment": "what we sell", "team": "a"})
        self.assertIn(("shop",), self.catalog.list_namespaces())
        found = self.catalog.load_namespace_properties("shop")
        self.assertEqual((found["comment"], found["team"]), ("what we sell", "a"))
        self.assertEqual(found["location"], f"file:{self.warehouse}/shop.db")
        summary = self.catalog.update_namespace_properties("shop", removals={"team"}, updates={"owner_team": "b"})
        self.assertEqual((summary.removed, summary.updated), (["team"], ["owner_team"]))
        found = self.catalog.load_namespace_properties("shop")
        self.assertNotIn("team", found)
        self.assertEqual(found["owner_team"], "b")
        with self.assertRaises(exceptions.NamespaceAlreadyExistsError):
            self.catalog.create_namespace("shop")
        self.catalog.create_table("shop.orders", SCHEMA)
        with self.assertRaises(exceptions.NamespaceNotEmptyError):
            self.catalog.drop_namespace("shop")
        self.catalog.drop_table("shop.orders")
        self.catalog.drop_namespace("shop")
        self.assertNotIn(("shop",), self.catalog.list_namespaces())
        with self.assertRaises(exceptions.NoSuchNamespaceError):
            self.catalog.load_namespace_properties("shop")
        with self.assertRaises(exceptions.NoSuchNamespaceError):
            self.catalog.drop_namespace("shop")

    def test_a_table_from_its_making_to_its_end(self):
        self.catalog.create_namespace("shop")
        self.assertEqual(self.catalog.list_tables("shop"), [])
        spec = PartitionSpec(PartitionField(3, 1000, DayTransform(), "day"))
        table = self.catalog.create_table("shop.orders", SCHEMA, partition_spec=spec, properties={"mine": "Byte for Byte"})
        self.assertEqual(table.properties["mine"], "Byte for Byte")
        self.assertEqual(self.catalog.list_tables("shop"), [("shop", "orders")])
        with self.assertRaises(exceptions.TableAlreadyExistsError):
            self.catalog.create_table("shop.orders", SCHEMA)
        with self.assertRaises(exceptions.NoSuchNamespaceError):
            self.catalog.create_table("nowhere.orders", SCHEMA)
        table.append(rows(1, 2, 3))
        table.append(rows(4))
        with table.update_schema() as update:
            update.add_column("price", LongType(), doc="in cents")
            update.rename_column("name", "title")
        with table.transaction() as transaction:
            transaction.set_properties({"more": "1"})
        again = self.catalog.load_table("shop.orders")
        self.assertEqual([field.name for field in again.schema().fields], ["id", "title", "at", "price"])
        self.assertEqual(again.properties["more"], "1")
        found = again.scan(row_filter="id > 2").to_arrow().sort_by("id").to_pydict()
        self.assertEqual(found["id"], [3, 4])
        self.assertEqual(found["title"], ["name 3", "name 4"])
        again.delete("id == 3")
        self.assertEqual(again.scan().to_arrow().num_rows, 3)
        with self.assertRaises(exceptions.NoSuchTableError):
            self.catalog.load_table("shop.none")
        self.catalog.create_namespace("archive")
        moved = self.catalog.rename_table("shop.orders", "archive.old_orders")
        self.assertEqual(moved.scan().to_arrow().num_rows, 3)
        self.assertEqual(self.catalog.list_tables("archive"), [("archive", "old_orders")])
        self.assertFalse(self.catalog.table_exists("shop.orders"))
        self.catalog.drop_table("archive.old_orders")
        with self.assertRaises(exceptions.NoSuchTableError):
            self.catalog.drop_table("archive.old_orders")
        self.assertTrue((self.warehouse / "shop.db" / "orders" / "metadata").is_dir(), "an external table keeps its data")

    def test_tables_of_other_engines_are_not_listed(self):
        self.catalog.create_namespace("shop")
        self.catalog.create_table("shop.orders", SCHEMA)
        columns = [[(1, "id"), (2, "bigint")]]
        storage = [(1, columns), (2, f"file:{self.warehouse}/shop.db/plain"), (7, [(2, "any.SerDe")])]
        plain = [(1, "plain"), (2, "shop"), (7, storage), (9, {}), (12, "MANAGED_TABLE")]
        self.connect(self.address).call("create_table", plain)
        self.assertEqual(self.catalog.list_tables("shop"), [("shop", "orders")])
        with self.assertRaises(exceptions.NoSuchPropertyException):
            self.catalog.load_table("shop.plain")

    def test_no_append_is_lost_when_two_processes_commit_at_once(self):
        self.catalog.create_namespace("shop")
        self.catalog.create_table("shop.orders", SCHEMA)
        context = multiprocessing.get_context("spawn")
        both = [context.Process(target=append_rows, args=(self.uri, self.warehouse_uri, first, 5)) for first in (0, 100)]
        for process in both:
            process.start()
        for process in both:
            process.join(timeout=300)
            self.assertEqual(process.exitcode, 0)
        table = self.catalog.load_table("shop.orders")
        self.assertEqual(sorted(table.scan().to_arrow()["id"].to_pylist()), [*range(5), *range(100, 105)])
        self.assertEqual(len(table.snapshots()), 10)

    def test_a_commit_on_an_old_state_is_refused(self):
        self.catalog.create_namespace("shop")
        table = self.catalog.create_table("shop.orders", SCHEMA, properties={"commit.retry.num-retries": "0"})
        old = self.catalog.load_table("shop.orders")
        table.append(rows(1))
        with self.assertRaises(exceptions.CommitFailedException):
            old.append(rows(2))
        self.assertEqual(self.catalog.load_table("shop.orders").scan().to_arrow()["id"].to_pylist(), [1])


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned")
