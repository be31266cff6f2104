"""Trino (its server from Maven Central) against `lodestoned --hive`: SQL over its Hive and its Iceberg connector.

usage: hive_trino_test.py --lodestone PROGRAM --lodestoned PROGRAM --trino FOLDER --java PROGRAM
"""
import concurrent.futures
import datetime
import decimal

import program_case
from hive_wire import Client
from pyiceberg.catalog import load_catalog
from trino_case import TrinoCase

ADMIN = {"guarded": "admin"}


def day(number):
    return datetime.date(2026, 1, number)


class HiveTrinoTest(TrinoCase):
    def setUp(self):
        super().setUp()
        self.outside = self.root / "outside"
        self.outside.mkdir()
        self.lodestone("catalog", "create", "second")
        address = self.start_hive("--insecure-no-auth", "--hive-admin", "root", "--permitted-root", str(self.outside))["thrift"]
        self.uri = f"thrift://{address}"
        common = {"hive.metastore.uri": self.uri, "fs.hadoop.enabled": "true"}
        hive = {**common, "connector.name": "hive", "hive.metastore": "thrift"}
        self.start_trino({
            "hive": {**hive, "hive.metastore.thrift.impersonation.enabled": "true", "hive.non-managed-table-writes-enabled": "true",
                     "hive.allow-register-partition-procedure": "true"},
            "guarded": {**hive, "hive.security": "sql-standard"},
            "second": {**hive, "hive.metastore.thrift.catalog-name": "second"},
            "iceberg": {**common, "connector.name": "iceberg", "iceberg.catalog.type": "hive_metastore",
                        "iceberg.register-table-procedure.enabled": "true"}})

    def test_sql(self):
        """One server for all: starting Trino costs more than everything that it does here."""
        for part in (self.schemas, self.formats, self.types, self.columns, self.outside_tables, self.partitions, self.pruning,
                     self.keys_of_other_types, self.procedures, self.table_statistics, self.partition_statistics, self.views,
                     self.lists, self.renames, self.drops, self.roles, self.grants, self.another_catalog, self.lake,
                     self.lake_changes, self.lake_commits, self.lake_views, self.lake_drops):
            with self.subTest(part.__name__):
                part()

    def schemas(self):
        self.assertEqual(self.column("SHOW SCHEMAS FROM hive"), ["default", "information_schema"])
        self.sql("CREATE SCHEMA hive.shop")
        self.assertTrue((self.warehouse / "shop.db").is_dir())
        self.refused("CREATE SCHEMA hive.shop", "SCHEMA_ALREADY_EXISTS")
        self.sql("CREATE SCHEMA IF NOT EXISTS hive.shop")
        held = self.held("database", "get", "shop")
        self.assertEqual((held["owner_name"], held["owner_type"], held["location_uri"]),
                         ("ana", "USER", f"file:{self.warehouse}/shop.db"))
        self.sql("CREATE SCHEMA hive.scratch AUTHORIZATION ben")
        self.sql("ALTER SCHEMA hive.scratch SET AUTHORIZATION cara")
        self.assertEqual(self.held("database", "get", "scratch")["owner_name"], "cara")
        # Trino asks whether the new name is there after it has altered the old one: Hive's metastore never renames.
        self.refused("ALTER SCHEMA hive.scratch RENAME TO other", "NOT_SUPPORTED", "renaming schemas")
        self.sql("CREATE TABLE hive.scratch.t (a integer)")
        self.refused("DROP SCHEMA hive.scratch", "SCHEMA_NOT_EMPTY")
        self.sql("DROP SCHEMA hive.scratch CASCADE")
        self.assertFalse((self.warehouse / "scratch.db").exists())
        self.refused("DROP SCHEMA hive.scratch", "SCHEMA_NOT_FOUND")

    def formats(self):
        for kind in ("ORC", "PARQUET", "AVRO", "RCBINARY", "RCTEXT", "SEQUENCEFILE", "JSON", "OPENX_JSON", "TEXTFILE"):
            name = f"f_{kind.lower()}"
            self.sql(f"CREATE TABLE {name} (id bigint COMMENT 'the id', name varchar, price decimal(10,2)) COMMENT 'of {kind}' "
                     f"WITH (format = '{kind}')")
            self.sql(f"INSERT INTO {name} VALUES (1, 'a', 1.50), (2, 'ä€', 2.25)")
            self.assertEqual(self.sql(f"SELECT * FROM {name} ORDER BY id"),
                             [(1, "a", decimal.Decimal("1.50")), (2, "ä€", decimal.Decimal("2.25"))], kind)
            [(text,)] = self.sql(f"SHOW CREATE TABLE {name}")
            self.assertIn(f"format = '{kind}'", text)
            self.assertIn(f"COMMENT 'of {kind}'", text)
        self.sql("CREATE TABLE f_csv (a varchar, b varchar) WITH (format = 'CSV', csv_separator = ';')")
        self.sql("INSERT INTO f_csv VALUES ('1', 'x')")
        self.assertEqual(self.sql("SELECT * FROM f_csv"), [("1", "x")])
        held = self.held("table", "get", "shop.f_orc")
        self.assertEqual((held["owner"], held["table_type"], held["parameters"]["comment"]), ("ana", "MANAGED_TABLE", "of ORC"))
        self.assertEqual(held["storage_descriptor"]["columns"],
                         [{"name": "id", "type": "bigint", "comment": "the id"}, {"name": "name", "type": "string"},
                          {"name": "price", "type": "decimal(10,2)"}])
        self.assertEqual(held["storage_descriptor"]["location"], f"file:{self.warehouse}/shop.db/f_orc")
        self.assertEqual(held["parameters"]["numRows"], "2")
        self.refused("CREATE TABLE f_orc (a integer)", "TABLE_ALREADY_EXISTS")
        self.refused("CREATE TABLE hive.nowhere.t (a integer)", "NOT_FOUND", "nowhere")
        self.refused("SELECT * FROM nothing", "TABLE_NOT_FOUND")
        self.sql("CREATE TABLE copied WITH (format = 'PARQUET') AS SELECT id, name FROM f_orc")
        self.assertEqual(self.sql("SELECT count(*) FROM copied"), [(2,)])
        self.sql("CREATE TABLE bucketed (id bigint, name varchar) "
                 "WITH (bucketed_by = ARRAY['id'], bucket_count = 4, sorted_by = ARRAY['name DESC'])")
        self.sql("INSERT INTO bucketed SELECT id, name FROM f_orc")
        self.assertEqual(self.sql("SELECT name FROM bucketed WHERE id = 2"), [("ä€",)])
        self.assertEqual(self.held("table", "get", "shop.bucketed")["storage_descriptor"]["num_buckets"], 4)

    def types(self):
        self.sql("CREATE TABLE wide (m map(varchar, bigint), r row(a integer, b array(varchar)), t timestamp(3), c char(3), "
                 "v varchar(9), bin varbinary, d double, re real, ti tinyint, si smallint, bo boolean)")
        self.sql("INSERT INTO wide VALUES (map(ARRAY['k'], ARRAY[1]), ROW(1, ARRAY['x']), TIMESTAMP '2026-01-01 00:00:00.5', "
                 "'abc', 'v', X'00ff', 1.5, REAL '2.5', TINYINT '1', SMALLINT '2', true)")
        [row] = self.sql("SELECT m, r.b, t, c, v, bin, d, re, ti, si, bo FROM wide")
        self.assertEqual(row, ({"k": 1}, ["x"], datetime.datetime(2026, 1, 1, 0, 0, 0, 500000), "abc", "v", b"\0\xff", 1.5, 2.5, 1,
                               2, True))
        self.assertEqual([column["type"] for column in self.held("table", "get", "shop.wide")["storage_descriptor"]["columns"]],
                         ["map<string,bigint>", "struct<a:int,b:array<string>>", "timestamp", "char(3)", "varchar(9)", "binary",
                          "double", "float", "tinyint", "smallint", "boolean"])
        stats = {row[0]: row for row in self.sql("SHOW STATS FOR wide")}
        self.assertEqual((stats["d"][5], stats["ti"][5], stats["bo"][3]), ("1.5", "1", 0.0))

    def columns(self):
        self.sql("ALTER TABLE f_orc ADD COLUMN more varchar COMMENT 'added'")
        self.refused("ALTER TABLE f_orc ADD COLUMN more varchar", "COLUMN_ALREADY_EXISTS")
        self.sql("ALTER TABLE f_orc RENAME COLUMN more TO most")
        self.sql("COMMENT ON TABLE f_orc IS 'another'")
        self.sql("COMMENT ON COLUMN f_orc.id IS 'another id'")
        self.assertEqual([(row[0], row[3]) for row in self.sql("DESCRIBE f_orc")],
                         [("id", "another id"), ("name", ""), ("price", ""), ("most", "added")])
        self.sql("ALTER TABLE f_orc DROP COLUMN most")
        self.refused("SELECT most FROM f_orc", "COLUMN_NOT_FOUND")
        self.sql("ALTER TABLE f_orc SET AUTHORIZATION ben")
        held = self.held("table", "get", "shop.f_orc")
        self.assertEqual((held["owner"], held["parameters"]["comment"]), ("ben", "another"))
        self.assertEqual(self.sql("SELECT count(*) FROM f_orc"), [(2,)])

    def outside_tables(self):
        self.sql(f"CREATE TABLE ext (id integer) WITH (format = 'PARQUET', external_location = 'file:{self.outside}')")
        self.sql("INSERT INTO ext VALUES 7")
        self.assertEqual(self.sql("SELECT * FROM ext"), [(7,)])
        self.assertEqual(self.held("table", "get", "shop.ext")["table_type"], "EXTERNAL_TABLE")
        self.sql("DROP TABLE ext")
        self.assertTrue(any(self.outside.iterdir()), "an external table keeps its data")
        (self.root / "elsewhere").mkdir()
        self.refused(f"CREATE TABLE ext (id integer) WITH (external_location = 'file:{self.root}/elsewhere')",
                     "HIVE_METASTORE_ERROR", "not beneath a permitted root")

    def partitions(self):
        self.sql("CREATE TABLE sales (id bigint, dt date, hour integer, region varchar) "
                 "WITH (partitioned_by = ARRAY['dt', 'hour', 'region'])")
        self.sql("INSERT INTO sales VALUES (1, DATE '2026-01-01', 1, 'eu'), (2, DATE '2026-01-01', 2, 'us'), "
                 "(3, DATE '2026-01-02', 1, NULL), (4, DATE '2026-01-03', 1, 'a/b c%=:')")
        self.sql("INSERT INTO sales VALUES (5, DATE '2026-01-01', 1, 'eu'), (6, DATE '2026-01-04', 1, 'z')")
        self.refused("INSERT INTO sales VALUES (7, DATE '2026-01-04', 1, 'ä')", "HIVE_INVALID_PARTITION_VALUE")
        self.assertEqual(self.column('SELECT dt FROM "sales$partitions"'), [day(1), day(1), day(2), day(3), day(4)])
        self.assertEqual([one["values"] for one in self.held("partition", "list", "shop.sales")],
                         [["2026-01-01", "1", "eu"], ["2026-01-01", "2", "us"],
                          ["2026-01-02", "1", "__HIVE_DEFAULT_PARTITION__"], ["2026-01-03", "1", "a/b c%=:"],
                          ["2026-01-04", "1", "z"]])
        self.assertTrue((self.warehouse / "shop.db/sales/dt=2026-01-03/hour=1/region=a%2Fb c%25%3D%3A").is_dir())
        held = self.held("partition", "get", "shop.sales", "dt=2026-01-01/hour=1/region=eu")
        self.assertEqual((held["parameters"]["numRows"], held["parameters"]["numFiles"]), ("2", "2"))
        # With whole partitions to go, a DELETE is a drop.
        self.sql("DELETE FROM sales WHERE dt = DATE '2026-01-04'")
        self.assertFalse((self.warehouse / "shop.db/sales/dt=2026-01-04").exists())
        self.assertEqual(len(self.held("partition", "list", "shop.sales")), 4)
        self.sql("SET SESSION hive.insert_existing_partitions_behavior = 'OVERWRITE'")
        self.sql("INSERT INTO sales VALUES (10, DATE '2026-01-01', 2, 'us')")
        self.sql("RESET SESSION hive.insert_existing_partitions_behavior")
        self.assertEqual(self.column("SELECT id FROM sales WHERE hour = 2"), [10])

    def pruning(self):
        for condition, expected in (("dt = DATE '2026-01-02'", [3]), ("dt > DATE '2026-01-01' AND hour = 1", [3, 4]),
                                    ("dt BETWEEN DATE '2026-01-02' AND DATE '2026-01-03'", [3, 4]), ("hour IN (2, 3)", [10]),
                                    ("NOT (hour = 1)", [10]), ("hour <> 1 OR dt = DATE '2026-01-03'", [10, 4]),
                                    ("region IS NULL", [3]), ("region = 'a/b c%=:'", [4]), ("region LIKE 'e%'", [1, 5]),
                                    ("region > 'eu'", [10]), ("hour = 9", []), ("dt IN (DATE '2026-01-03', DATE '2027-01-01')", [4])):
            self.assertEqual(self.column(f"SELECT id FROM sales WHERE {condition}"), expected, condition)
        [(plan,)] = self.sql("EXPLAIN SELECT id FROM sales WHERE dt = DATE '2026-01-02'")
        self.assertIn("dt:date:PARTITION_KEY", plan)
        self.assertNotIn("2026-01-03", plan)

    def keys_of_other_types(self):
        self.sql("CREATE TABLE keys (id bigint, d decimal(5,2), b boolean, s smallint, c char(2), n bigint) "
                 "WITH (partitioned_by = ARRAY['d', 'b', 's', 'c', 'n'])")
        self.sql("INSERT INTO keys VALUES (1, 1.50, true, SMALLINT '7', 'x', -1), (2, 2.50, false, SMALLINT '8', 'yy', 10), "
                 "(3, NULL, NULL, NULL, NULL, NULL)")
        for condition, expected in (("d = 1.5", [1]), ("d > 1.5", [2]), ("b", [1]), ("NOT b", [2]), ("s IN (7, 8)", [1, 2]),
                                    ("c = 'x'", [1]), ("n < 2", [1]), ("n > 9", [2]), ("d IS NULL AND n IS NULL", [3]),
                                    ("s IS NOT NULL", [1, 2])):
            self.assertEqual(self.column(f"SELECT id FROM keys WHERE {condition}"), expected, condition)

    def procedures(self):
        place = "'shop', 'sales', ARRAY['dt', 'hour', 'region'], ARRAY['2026-02-01', '5', 'eu']"
        self.sql(f"CALL hive.system.create_empty_partition({place})")
        self.refused(f"CALL hive.system.create_empty_partition({place})", "ALREADY_EXISTS")
        folder = self.warehouse / "shop.db/sales/dt=2026-02-01/hour=5/region=eu"
        self.assertTrue(folder.is_dir())
        self.sql(f"CALL hive.system.unregister_partition({place})")
        self.assertTrue(folder.is_dir())
        self.assertEqual(len(self.held("partition", "list", "shop.sales")), 4)
        self.sql(f"CALL hive.system.register_partition({place})")
        self.assertEqual(len(self.held("partition", "list", "shop.sales")), 5)
        self.refused(f"CALL hive.system.register_partition({place})", "ALREADY_EXISTS")
        folder.rmdir()
        (folder.parent / "region=us").mkdir()
        self.sql("CALL hive.system.sync_partition_metadata('shop', 'sales', 'FULL')")
        self.assertEqual([one["values"] for one in self.held("partition", "list", "shop.sales")][-1], ["2026-02-01", "5", "us"])
        self.assertEqual(len(self.sql('SELECT * FROM "sales$partitions"')), 5)

    def table_statistics(self):
        expected = [("id", None, 2.0, 0.0, None, "1", "2"), ("name", 6.0, 2.0, 0.0, None, None, None),
                    ("price", None, 2.0, 0.0, None, "1.5", "2.25"), (None, None, None, None, 2.0, None, None)]
        # Statistics that INSERT wrote, then none, then those of ANALYZE.
        self.assertEqual(self.sql("SHOW STATS FOR f_parquet"), expected)
        self.sql("CALL hive.system.drop_stats('shop', 'f_parquet')")
        self.assertEqual([row[4] for row in self.sql("SHOW STATS FOR f_parquet")], [None] * 4)
        self.assertEqual(self.sql("ANALYZE f_parquet"), [(2,)])
        self.assertEqual(self.sql("SHOW STATS FOR f_parquet"), expected)
        self.sql("INSERT INTO f_parquet VALUES (9, 'c', NULL)")
        # Trino merges on its side, and of distinct values keeps the greater number.
        merged = self.sql("SHOW STATS FOR f_parquet")
        self.assertEqual(merged[0], ("id", None, 2.0, 0.0, None, "1", "9"))
        self.assertAlmostEqual(merged[2][3], 1 / 3)
        self.assertEqual(self.held("table", "get", "shop.f_parquet")["parameters"]["numRows"], "3")

    def partition_statistics(self):
        of_first = "SHOW STATS FOR (SELECT * FROM sales WHERE dt = DATE '2026-01-01' AND hour = 1)"
        self.assertEqual(self.sql(of_first)[0][5:], ("1", "5"))
        self.assertEqual(self.sql(of_first)[-1][4], 2.0)
        one = "ARRAY[ARRAY['2026-01-01', '1', 'eu']]"
        self.sql(f"CALL hive.system.drop_stats('shop', 'sales', {one})")
        self.assertIsNone(self.sql(of_first)[-1][4])
        self.sql(f"ANALYZE sales WITH (partitions = {one}, columns = ARRAY['id'])")
        self.assertEqual(self.sql(of_first)[0][5:], ("1", "5"))
        self.assertEqual(self.sql("ANALYZE sales"), [(5,)])
        self.assertEqual(self.sql("SHOW STATS FOR sales")[-1][4], 5.0)

    def views(self):
        self.sql("CREATE VIEW v COMMENT 'a view' AS SELECT id FROM sales")
        self.assertEqual(self.sql("SELECT count(*) FROM v"), [(5,)])
        self.refused("CREATE VIEW v AS SELECT 1 a", "TABLE_ALREADY_EXISTS")
        self.sql("CREATE OR REPLACE VIEW v AS SELECT id FROM sales WHERE hour = 2")
        self.assertEqual(self.sql("SELECT * FROM v"), [(10,)])
        self.sql("COMMENT ON VIEW v IS 'another'")
        self.sql("ALTER VIEW v RENAME TO w")
        self.assertEqual(self.sql("SELECT table_name FROM information_schema.views"), [("w",)])
        self.assertIn("COMMENT 'another'", self.sql("SHOW CREATE VIEW w")[0][0])
        self.assertEqual(self.held("table", "get", "shop.w")["table_type"], "VIRTUAL_VIEW")
        self.sql("DROP VIEW w")
        self.refused("SELECT * FROM w", "TABLE_NOT_FOUND")
        self.refused("DROP VIEW w", "GENERIC_USER_ERROR", "does not exist")

    def lists(self):
        tables = [one["name"] for one in self.held("table", "list", "shop")]
        self.assertEqual(self.column("SHOW TABLES FROM shop"), tables)
        self.assertEqual(self.column("SHOW TABLES FROM shop LIKE 'f\\_o%' ESCAPE '\\'"), ["f_openx_json", "f_orc"])
        self.assertEqual(self.column("SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop'"), tables)
        self.assertEqual(self.sql("SELECT column_name, data_type FROM information_schema.columns "
                                  "WHERE table_schema = 'shop' AND table_name = 'sales' ORDER BY ordinal_position"),
                         [("id", "bigint"), ("dt", "date"), ("hour", "integer"), ("region", "varchar")])
        self.assertIn(("f_orc", "another"), self.sql("SELECT table_name, comment FROM system.metadata.table_comments "
                                                     "WHERE catalog_name = 'hive' AND schema_name = 'shop'"))

    def renames(self):
        self.sql("ALTER TABLE f_json RENAME TO g_json")
        self.assertEqual(self.sql("SELECT count(*) FROM g_json"), [(2,)])
        self.refused("SELECT * FROM f_json", "TABLE_NOT_FOUND")
        self.refused("ALTER TABLE g_json RENAME TO f_orc", "TABLE_ALREADY_EXISTS")
        self.sql("ALTER TABLE sales RENAME TO renamed")
        self.assertEqual(self.column("SELECT id FROM renamed WHERE hour = 1 AND dt = DATE '2026-01-01'"), [1, 5])
        self.assertFalse((self.warehouse / "shop.db/sales").exists())
        self.assertEqual(self.sql("SHOW STATS FOR renamed")[-1][4], 5.0)
        self.sql("CREATE SCHEMA hive.store")
        self.sql("ALTER TABLE renamed RENAME TO store.moved")
        self.assertEqual(self.column("SELECT id FROM store.moved WHERE hour = 2"), [10])
        self.assertTrue((self.warehouse / "store.db/moved/dt=2026-01-01").is_dir())

    def drops(self):
        self.sql("DROP TABLE f_orc")
        self.assertFalse((self.warehouse / "shop.db/f_orc").exists())
        self.refused("DROP TABLE f_orc", "TABLE_NOT_FOUND")
        self.sql("DROP TABLE IF EXISTS f_orc")
        # The server knows for whom Trino works: set_ugi.
        who = {event["who"] for event in self.held("events") if event["kind"] == "DROP_TABLE" and event["database"] == "shop"}
        self.assertEqual(who, {"ana"})
        for schema in ("shop", "store"):
            self.sql(f"DROP SCHEMA hive.{schema} CASCADE")
            self.assertFalse((self.warehouse / f"{schema}.db").exists())

    def roles(self):
        self.refused("SHOW ROLES FROM guarded", "PERMISSION_DENIED")
        self.refused("CREATE ROLE analysts IN guarded", "PERMISSION_DENIED")
        self.refused("SET ROLE admin IN guarded", "PERMISSION_DENIED")
        self.sql("CREATE ROLE analysts IN guarded", user="root", roles=ADMIN)
        self.refused("CREATE ROLE analysts IN guarded", "ROLE_ALREADY_EXISTS", user="root", roles=ADMIN)
        self.assertEqual(self.column("SHOW ROLES FROM guarded", user="root", roles=ADMIN), ["admin", "analysts", "public"])
        self.sql("CREATE ROLE readers IN guarded", user="root", roles=ADMIN)
        self.sql("GRANT readers TO ROLE analysts IN guarded", user="root", roles=ADMIN)
        self.sql("GRANT analysts TO USER ben WITH ADMIN OPTION IN guarded", user="root", roles=ADMIN)
        self.assertEqual(self.column("SHOW ROLE GRANTS FROM guarded", user="ben"), ["analysts", "public"])
        self.assertEqual(self.column("SHOW CURRENT ROLES FROM guarded", user="ben"), ["analysts", "public", "readers"])
        self.assertIn(("ben", "USER", "analysts", "YES"),
                      self.sql("SELECT * FROM guarded.information_schema.applicable_roles", user="ben"))
        self.sql("GRANT analysts TO USER cara IN guarded", user="ben")
        self.sql("REVOKE analysts FROM USER cara IN guarded", user="ben")
        self.assertEqual(self.column("SHOW ROLE GRANTS FROM guarded", user="cara"), ["public"])
        self.assertEqual(sorted(self.held("role", "list")), ["admin", "analysts", "public", "readers"])

    def grants(self):
        self.sql("CREATE SCHEMA guarded.safe AUTHORIZATION ana", user="root", roles=ADMIN)
        self.refused("CREATE TABLE guarded.safe.t (a integer)", "PERMISSION_DENIED", user="ben")
        self.sql("CREATE TABLE guarded.safe.t (a integer)")
        self.sql("INSERT INTO guarded.safe.t VALUES 1, 2")
        granted = "SELECT grantor, grantee, privilege_type, is_grantable FROM guarded.information_schema.table_privileges"
        own = [("ana", "ana", word, "YES") for word in ("DELETE", "INSERT", "SELECT", "UPDATE")]
        self.assertEqual(sorted(self.sql(granted)), own)
        self.refused("SELECT * FROM guarded.safe.t", "PERMISSION_DENIED", user="ben")
        # By way of two roles.
        self.sql("GRANT SELECT ON guarded.safe.t TO ROLE readers")
        self.assertEqual(self.column("SELECT * FROM guarded.safe.t", user="ben"), [1, 2])
        self.assertEqual(self.sql(granted, user="ben"), [("ana", "readers", "SELECT", "NO")])
        self.refused("INSERT INTO guarded.safe.t VALUES 3", "PERMISSION_DENIED", user="ben")
        self.sql("GRANT INSERT ON guarded.safe.t TO USER ben WITH GRANT OPTION")
        self.sql("INSERT INTO guarded.safe.t VALUES 3", user="ben")
        self.sql("GRANT INSERT ON guarded.safe.t TO USER cara", user="ben")
        self.assertIn(("ben", "cara", "INSERT", "NO"), self.sql(granted, user="cara"))
        self.refused("GRANT SELECT ON guarded.safe.t TO USER cara", "PERMISSION_DENIED", user="ben")
        self.refused("DROP TABLE guarded.safe.t", "PERMISSION_DENIED", user="ben")
        listed = self.held("privileges", "list", "--on", "table:safe.t", "--of", "role:readers")
        self.assertEqual([one["privileges"] for one in listed], [["SELECT"]])
        self.sql("REVOKE INSERT ON guarded.safe.t FROM USER cara", user="ben")
        self.sql("REVOKE GRANT OPTION FOR INSERT ON guarded.safe.t FROM USER ben")
        self.assertIn(("ana", "ben", "INSERT", "NO"), self.sql(granted, user="ben"))
        self.sql("REVOKE INSERT ON guarded.safe.t FROM USER ben")
        self.sql("REVOKE SELECT ON guarded.safe.t FROM ROLE readers")
        self.refused("SELECT * FROM guarded.safe.t", "PERMISSION_DENIED", user="ben")
        self.assertEqual(sorted(self.sql(granted)), own)
        self.sql("ALTER TABLE guarded.safe.t SET AUTHORIZATION ben", user="root", roles=ADMIN)
        self.refused("DROP TABLE guarded.safe.t", "PERMISSION_DENIED")
        self.sql("DROP TABLE guarded.safe.t", user="ben")
        self.sql("DROP SCHEMA guarded.safe")
        for role in ("analysts", "readers"):
            self.sql(f"DROP ROLE {role} IN guarded", user="root", roles=ADMIN)
        self.refused("DROP ROLE analysts IN guarded", "ROLE_NOT_FOUND", user="root", roles=ADMIN)
        self.assertEqual(self.column("SHOW ROLE GRANTS FROM guarded", user="ben"), ["public"])

    def another_catalog(self):
        """A catalog of the store that is not `hive`, by hive.metastore.thrift.catalog-name."""
        location = f"file:{self.warehouse}/second"
        self.sql(f"CREATE SCHEMA second.shop WITH (location = '{location}')")
        self.sql("CREATE TABLE second.shop.t (id bigint, day date) WITH (partitioned_by = ARRAY['day'])")
        self.sql("INSERT INTO second.shop.t VALUES (1, DATE '2026-01-01'), (2, DATE '2026-01-02')")
        self.assertEqual(self.column("SELECT id FROM second.shop.t WHERE day = DATE '2026-01-02'"), [2])
        self.assertEqual(self.sql("SHOW STATS FOR second.shop.t")[-1][4], 2.0)
        self.assertNotIn("shop", self.column("SHOW SCHEMAS FROM hive"))
        self.assertEqual(len(self.held("--catalog", "second", "partition", "list", "shop.t")), 2)
        self.sql("DROP SCHEMA second.shop CASCADE")

    def lake(self):
        self.sql("CREATE SCHEMA iceberg.lake")
        self.sql("CREATE TABLE iceberg.lake.t (id bigint, region varchar) WITH (partitioning = ARRAY['region'])")
        self.refused("CREATE TABLE iceberg.lake.t (id bigint)", "TABLE_ALREADY_EXISTS")
        self.sql("INSERT INTO iceberg.lake.t VALUES (1, 'eu'), (2, 'us')")
        held = self.held("table", "get", "lake.t")
        self.assertEqual((held["table_type"], held["parameters"]["table_type"]), ("EXTERNAL_TABLE", "ICEBERG"))
        first = self.sql('SELECT snapshot_id FROM iceberg.lake."t$snapshots" ORDER BY committed_at DESC LIMIT 1')[0][0]
        self.assertEqual(held["parameters"]["current-snapshot-id"], str(first))
        self.sql("INSERT INTO iceberg.lake.t VALUES (3, 'eu')")
        self.assertEqual(self.column("SELECT id FROM iceberg.lake.t"), [1, 2, 3])
        self.assertEqual(self.column(f"SELECT id FROM iceberg.lake.t FOR VERSION AS OF {first}"), [1, 2])
        self.assertNotEqual(self.held("table", "get", "lake.t")["parameters"]["metadata_location"],
                            held["parameters"]["metadata_location"])
        self.refused("SELECT * FROM hive.lake.t", "UNSUPPORTED_TABLE_TYPE")
        read = load_catalog("lodestone", type="hive", uri=self.uri).load_table("lake.t")
        self.assertEqual(sorted(read.scan("region = 'eu'").to_arrow()["id"].to_pylist()), [1, 3])

    def lake_changes(self):
        self.sql("ALTER TABLE iceberg.lake.t ADD COLUMN price decimal(10,2)")
        self.sql("ALTER TABLE iceberg.lake.t ALTER COLUMN price SET DATA TYPE decimal(12,2)")
        self.sql("ALTER TABLE iceberg.lake.t RENAME COLUMN region TO area")
        self.sql("COMMENT ON TABLE iceberg.lake.t IS 'of the lake'")
        held = self.held("table", "get", "lake.t")
        self.assertEqual([(one["name"], one["type"]) for one in held["storage_descriptor"]["columns"]],
                         [("id", "bigint"), ("area", "string"), ("price", "decimal(12,2)")])
        self.assertEqual(held["parameters"]["comment"], "of the lake")
        self.sql("UPDATE iceberg.lake.t SET price = 1 WHERE id = 2")
        self.sql("DELETE FROM iceberg.lake.t WHERE id = 1")
        self.sql("MERGE INTO iceberg.lake.t USING (VALUES (2, 9.0), (7, 7.0)) s(id, price) ON t.id = s.id "
                 "WHEN MATCHED THEN UPDATE SET price = s.price WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'x', s.price)")
        self.assertEqual(self.sql("SELECT id, price FROM iceberg.lake.t ORDER BY id"),
                         [(2, decimal.Decimal(9)), (3, None), (7, decimal.Decimal(7))])
        self.sql("ALTER TABLE iceberg.lake.t SET PROPERTIES partitioning = ARRAY['area', 'bucket(id, 4)']")
        self.sql("ALTER TABLE iceberg.lake.t EXECUTE optimize")
        self.sql("ANALYZE iceberg.lake.t")
        self.assertEqual(self.sql("SHOW STATS FOR iceberg.lake.t")[-1][4], 3.0)
        self.sql("ALTER TABLE iceberg.lake.t RENAME TO lake.u")
        self.refused("SELECT * FROM iceberg.lake.t", "TABLE_NOT_FOUND")
        self.assertEqual(self.column("SELECT id FROM iceberg.lake.u"), [2, 3, 7])
        location = self.held("table", "get", "lake.u")["parameters"]["metadata_location"]
        self.sql("CALL iceberg.system.unregister_table('lake', 'u')")
        self.refused("SELECT * FROM iceberg.lake.u", "TABLE_NOT_FOUND")
        folder, _, name = location.partition("/metadata/")
        self.sql(f"CALL iceberg.system.register_table('lake', 'back', '{folder}', '{name}')")
        self.assertEqual(self.column("SELECT id FROM iceberg.lake.back"), [2, 3, 7])
        self.sql("DROP TABLE iceberg.lake.back")

    def lake_commits(self):
        """Two sessions, one table: each commit holds a lock or is done again, and none is lost."""
        self.sql("CREATE TABLE iceberg.lake.shared (who bigint, n bigint) WITH (max_commit_retry = 40)")

        def write(who):
            connection = self.connect_trino(f"writer{who}")
            for n in range(5):
                cursor = connection.cursor()
                cursor.execute(f"INSERT INTO iceberg.lake.shared VALUES ({who}, {n})")
                cursor.fetchall()
            connection.close()

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(write, (1, 2)))
        self.assertEqual(self.sql("SELECT who, count(DISTINCT n) FROM iceberg.lake.shared GROUP BY who ORDER BY who"),
                         [(1, 5), (2, 5)])
        client = Client(self.uri.removeprefix("thrift://"))
        self.addCleanup(client.close)
        self.assertEqual(client.call("show_locks", [(1, "lake")]).get(1, []), [], "locks are left behind")

    def lake_views(self):
        self.sql("CREATE VIEW iceberg.lake.v AS SELECT who, count(*) n FROM iceberg.lake.shared GROUP BY who")
        self.assertEqual(self.sql("SELECT * FROM iceberg.lake.v ORDER BY who"), [(1, 5), (2, 5)])
        self.sql("ALTER VIEW iceberg.lake.v RENAME TO iceberg.lake.w")
        self.sql("CREATE MATERIALIZED VIEW iceberg.lake.m AS SELECT max(n) top FROM iceberg.lake.shared")
        self.sql("REFRESH MATERIALIZED VIEW iceberg.lake.m")
        self.assertEqual(self.sql("SELECT * FROM iceberg.lake.m"), [(4,)])
        self.sql("DROP MATERIALIZED VIEW iceberg.lake.m")
        self.sql("DROP VIEW iceberg.lake.w")
        self.assertEqual(self.column("SHOW TABLES FROM iceberg.lake"), ["shared"])

    def lake_drops(self):
        self.refused("DROP SCHEMA iceberg.lake", "SCHEMA_NOT_EMPTY")
        self.sql("DROP TABLE iceberg.lake.shared")
        self.refused("DROP TABLE iceberg.lake.shared", "TABLE_NOT_FOUND")
        self.assertEqual(self.held("table", "list", "lake"), [])
        self.sql("DROP SCHEMA iceberg.lake")
        self.assertEqual(self.held("database", "list"), ["default"])


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned", "--trino", "--java")
