"""Spark 3.5 (PyPI pyspark, with Hive's own client 2.3.9) against `lodestoned --hive`: SQL over tables of several formats.

usage: hive_spark_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import shutil
import sys

try:
    from pyspark.errors import AnalysisException
    from pyspark.sql import SparkSession
except ImportError:
    SparkSession = None
if SparkSession is None or shutil.which("java") is None:
    print("skipped: pyspark or Java is not installed (scripts/install-deps --with-tests)")
    sys.exit(77)

import program_case
from hive_case import HiveCase


class HiveSparkTest(HiveCase):
    def setUp(self):
        super().setUp()
        address = self.start_hive("--insecure-no-auth", "--permitted-root", str(self.root / "outside"))["thrift"]
        self.spark = (SparkSession.builder.master("local[1]").appName("lodestone")
                      .config("spark.sql.catalogImplementation", "hive")
                      .config("spark.hadoop.hive.metastore.uris", f"thrift://{address}")
                      .config("spark.sql.warehouse.dir", f"file:{self.warehouse}")
                      .config("spark.sql.shuffle.partitions", "1")
                      .config("spark.hadoop.hive.exec.dynamic.partition.mode", "nonstrict")
                      .config("spark.ui.enabled", "false")
                      .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={self.root}")
                      .getOrCreate())
        self.spark.sparkContext.setLogLevel("ERROR")
        # Before the server goes.
        self.addCleanup(self.spark.stop)

    def sql(self, text):
        """Rows as tuples."""
        return [tuple(row) for row in self.spark.sql(text).collect()]

    def described(self, name):
        return {row[0]: row[1] for row in self.sql(f"DESCRIBE TABLE EXTENDED {name}") if row[0]}

    def refused(self, text, words):
        with self.assertRaises(AnalysisException) as caught:
            self.sql(text)
        self.assertIn(words, str(caught.exception))

    def test_sql(self):
        """One session for all: starting Spark costs more than everything that it does here."""
        for part in (self.databases, self.formats, self.partitions, self.pruning, self.repair, self.views, self.functions,
                     self.statistics, self.renames, self.truncation, self.drops):
            with self.subTest(part.__name__):
                part()

    def databases(self):
        self.assertIn(("default",), self.sql("SHOW DATABASES"))
        self.sql("CREATE DATABASE shop COMMENT 'what we sell' WITH DBPROPERTIES (team = 'a')")
        self.assertTrue((self.warehouse / "shop.db").is_dir())
        self.refused("CREATE DATABASE shop", "already exists")
        self.sql("ALTER DATABASE shop SET DBPROPERTIES (team = 'b')")
        described = dict(self.sql("DESCRIBE DATABASE EXTENDED shop"))
        self.assertEqual(described["Comment"], "what we sell")
        self.assertIn("(team,b)", described["Properties"])
        self.assertEqual(described["Location"], f"file:{self.warehouse}/shop.db")
        self.refused("USE nowhere", "nowhere")
        self.sql("CREATE DATABASE scratch")
        self.sql("CREATE TABLE scratch.t (a INT) USING parquet")
        self.refused("DROP DATABASE scratch", "scratch")
        self.sql("DROP DATABASE scratch CASCADE")
        self.assertFalse((self.warehouse / "scratch.db").exists())
        self.refused("DROP DATABASE scratch", "scratch")
        self.sql("USE shop")

    def formats(self):
        for kind, statement in (("parquet", "USING parquet"), ("orc", "USING orc"), ("json", "USING json"), ("csv", "USING csv"),
                                ("hive_text", "USING hive"), ("hive_orc", "STORED AS ORC"), ("hive_parquet", "STORED AS PARQUET"),
                                ("hive_avro", "STORED AS AVRO")):
            name = f"f_{kind}"
            self.sql(f"CREATE TABLE {name} (id BIGINT COMMENT 'the id', Name STRING, price DECIMAL(10,2)) {statement} "
                     f"COMMENT 'of {kind}' TBLPROPERTIES ('Mixed.Case' = 'Kept')")
            self.sql(f"INSERT INTO {name} VALUES (1, 'a', 1.50), (2, 'ä€', 2.25)")
            self.assertEqual([(row[0], row[1], str(row[2])) for row in self.sql(f"SELECT * FROM {name} ORDER BY id")],
                             [(1, "a", "1.50"), (2, "ä€", "2.25")], kind)
            self.assertEqual(self.described(name)["Comment"], f"of {kind}")
            self.assertIn(("Mixed.Case", "Kept"), self.sql(f"SHOW TBLPROPERTIES {name}"))
        self.sql("CREATE TABLE wide (" + ", ".join(f"column_number_{i} STRUCT<a: INT, b: ARRAY<STRING>>" for i in range(300))
                 + ") USING parquet")
        self.assertEqual(len(self.spark.table("wide").columns), 300)
        self.sql("ALTER TABLE f_parquet ADD COLUMNS (more STRING)")
        self.sql("ALTER TABLE f_parquet SET TBLPROPERTIES ('added' = '1')")
        self.sql("ALTER TABLE f_parquet UNSET TBLPROPERTIES ('added')")
        self.sql("ALTER TABLE f_parquet ALTER COLUMN id COMMENT 'another'")
        self.assertEqual(self.spark.table("f_parquet").columns, ["id", "Name", "price", "more"])
        self.sql("CREATE TABLE copied AS SELECT id, name FROM f_orc")
        self.assertEqual(self.sql("SELECT count(*) FROM copied"), [(2,)])
        self.sql("CREATE TABLE alike LIKE f_orc")
        self.refused("CREATE TABLE alike (a INT)", "already exists")
        self.refused("SELECT * FROM nothing", "nothing")
        self.sql("CREATE TABLE bucketed (a INT, b STRING) USING parquet CLUSTERED BY (a) SORTED BY (b) INTO 4 BUCKETS")
        self.assertEqual(self.described("bucketed")["Num Buckets"], "4")
        outside = self.root / "outside"
        self.sql(f"CREATE EXTERNAL TABLE ext (a INT) STORED AS PARQUET LOCATION 'file:{outside}'")
        self.sql("INSERT INTO ext VALUES (7)")
        self.assertEqual(self.described("ext")["Type"], "EXTERNAL")

    def partitions(self):
        for name, statement in (("sales", "USING parquet PARTITIONED BY (dt, hour)"),
                                ("hive_sales", "PARTITIONED BY (dt, hour) STORED AS PARQUET")):
            if name == "sales":
                self.sql(f"CREATE TABLE {name} (id BIGINT, dt DATE, hour INT) {statement}")
            else:
                self.sql(f"CREATE TABLE {name} (id BIGINT) PARTITIONED BY (dt DATE, hour INT) STORED AS PARQUET")
            self.sql(f"INSERT INTO {name} PARTITION (dt = '2026-01-01', hour = 1) VALUES (1)")
            self.sql(f"INSERT INTO {name} PARTITION (dt = '2026-01-01', hour) SELECT id, hour FROM VALUES (2, 2), (3, 3) t(id, hour)")
            self.sql(f"INSERT INTO {name} PARTITION (dt, hour) SELECT id, dt, hour FROM VALUES "
                     "(4, DATE'2026-01-02', 1), (5, DATE'2026-01-03', 1) t(id, dt, hour)")
            self.assertEqual(self.sql(f"SHOW PARTITIONS {name}"),
                             [("dt=2026-01-01/hour=1",), ("dt=2026-01-01/hour=2",), ("dt=2026-01-01/hour=3",),
                              ("dt=2026-01-02/hour=1",), ("dt=2026-01-03/hour=1",)])
            self.assertEqual(self.sql(f"SHOW PARTITIONS {name} PARTITION (dt = '2026-01-02')"), [("dt=2026-01-02/hour=1",)])
            self.sql(f"INSERT OVERWRITE {name} PARTITION (dt = '2026-01-01', hour = 1) VALUES (10), (11)")
            self.assertEqual(self.sql(f"SELECT id FROM {name} WHERE hour = 1 AND dt = '2026-01-01' ORDER BY id"), [(10,), (11,)])
            self.sql(f"ALTER TABLE {name} ADD PARTITION (dt = '2026-02-01', hour = 5) PARTITION (dt = '2026-02-01', hour = 6)")
            self.assertTrue((self.warehouse / "shop.db" / name / "dt=2026-02-01" / "hour=5").is_dir())
            self.refused(f"ALTER TABLE {name} ADD PARTITION (dt = '2026-02-01', hour = 5)", "already exist")
            self.sql(f"ALTER TABLE {name} ADD IF NOT EXISTS PARTITION (dt = '2026-02-01', hour = 5)")
            self.sql(f"ALTER TABLE {name} PARTITION (dt = '2026-02-01', hour = 6) RENAME TO PARTITION (dt = '2026-02-01', hour = 7)")
            self.sql(f"ALTER TABLE {name} DROP PARTITION (dt = '2026-02-01', hour = 5)")
            self.assertFalse((self.warehouse / "shop.db" / name / "dt=2026-02-01" / "hour=5").exists())
            self.assertEqual(self.sql(f"SHOW PARTITIONS {name} PARTITION (dt = '2026-02-01')"), [("dt=2026-02-01/hour=7",)])
            self.refused(f"ALTER TABLE {name} DROP PARTITION (dt = '2026-03-01', hour = 5)", "2026-03-01")
        self.sql("CREATE TABLE odd (id INT) PARTITIONED BY (k STRING) STORED AS PARQUET")
        self.sql("INSERT INTO odd PARTITION (k) SELECT * FROM VALUES (1, 'a/b c%=:'), (2, NULL), (3, 'ä') t(id, k)")
        self.assertEqual(self.sql("SELECT id, k FROM odd ORDER BY id"), [(1, "a/b c%=:"), (2, None), (3, "ä")])

    def pruning(self):
        for condition, expected in (("dt = '2026-01-02'", [4]), ("dt > DATE'2026-01-01' AND hour = 1", [4, 5]),
                                    ("hour IN (2, 3)", [2, 3]), ("dt BETWEEN '2026-01-02' AND '2026-01-03'", [4, 5]),
                                    ("NOT (hour = 1)", [2, 3]), ("hour <> 1 OR dt = '2026-01-03'", [2, 3, 5])):
            for name in ("sales", "hive_sales"):
                found = [row[0] for row in self.sql(f"SELECT id FROM {name} WHERE {condition} ORDER BY id")]
                self.assertEqual(found, expected, f"{name}: {condition}")
        plan = self.sql("EXPLAIN FORMATTED SELECT id FROM sales WHERE dt = '2026-01-02'")[0][0]
        self.assertIn("PartitionFilters", plan)
        self.sql("CREATE TABLE texts (id INT) PARTITIONED BY (k STRING) STORED AS PARQUET")
        self.sql("INSERT INTO texts PARTITION (k) SELECT * FROM VALUES (1, 'US-east'), (2, 'US-west'), (3, 'EU') t(id, k)")
        self.assertEqual(self.sql("SELECT id FROM texts WHERE k LIKE 'US%' ORDER BY id"), [(1,), (2,)])
        self.assertEqual(self.sql("SELECT id FROM texts WHERE k LIKE '%t' ORDER BY id"), [(1,), (2,)])

    def repair(self):
        folder = self.warehouse / "shop.db" / "hive_sales"
        shutil.copytree(folder / "dt=2026-01-02", folder / "dt=2026-05-01")
        self.sql("MSCK REPAIR TABLE hive_sales")
        self.assertIn(("dt=2026-05-01/hour=1",), self.sql("SHOW PARTITIONS hive_sales"))
        self.assertEqual(self.sql("SELECT id FROM hive_sales WHERE dt = '2026-05-01'"), [(4,)])
        shutil.rmtree(folder / "dt=2026-05-01")
        self.sql("ALTER TABLE hive_sales RECOVER PARTITIONS")
        self.sql("MSCK REPAIR TABLE hive_sales DROP PARTITIONS")
        self.assertNotIn(("dt=2026-05-01/hour=1",), self.sql("SHOW PARTITIONS hive_sales"))

    def views(self):
        self.sql("CREATE VIEW v COMMENT 'a view' AS SELECT id, hour FROM sales WHERE hour = 1")
        self.assertEqual(self.sql("SELECT count(*) FROM v"), [(4,)])
        self.sql("ALTER VIEW v AS SELECT id FROM sales")
        self.sql("CREATE OR REPLACE VIEW v AS SELECT id FROM sales WHERE hour = 2")
        self.assertEqual(self.sql("SELECT * FROM v"), [(2,)])
        self.assertIn("v", [row[1] for row in self.sql("SHOW VIEWS")])
        self.sql("ALTER VIEW v RENAME TO w")
        self.sql("DROP VIEW w")
        self.assertEqual(self.sql("SHOW VIEWS"), [])

    def functions(self):
        self.sql("CREATE FUNCTION up AS 'org.apache.hadoop.hive.ql.udf.generic.GenericUDFUpper'")
        self.assertEqual(self.sql("SELECT shop.up('abc')"), [("ABC",)])
        self.assertIn("spark_catalog.shop.up", [row[0] for row in self.sql("SHOW USER FUNCTIONS")])
        self.sql("CREATE OR REPLACE FUNCTION up AS 'org.apache.hadoop.hive.ql.udf.generic.GenericUDFLower'")
        self.sql("DROP FUNCTION up")
        self.refused("DROP FUNCTION up", "up")

    def statistics(self):
        self.sql("ANALYZE TABLE f_parquet COMPUTE STATISTICS FOR ALL COLUMNS")
        self.assertIn("2 rows", self.described("f_parquet")["Statistics"])
        self.assertIn(("distinct_count", "2"), self.sql("DESCRIBE EXTENDED f_parquet id"))
        self.sql("ANALYZE TABLE sales PARTITION (dt, hour) COMPUTE STATISTICS")
        found = dict((row[0], row[1]) for row in self.sql("DESCRIBE EXTENDED sales PARTITION (dt = '2026-01-02', hour = 1)") if row[0])
        self.assertIn("1 rows", found["Partition Statistics"])

    def renames(self):
        self.sql("ALTER TABLE f_json RENAME TO g_json")
        self.assertEqual(self.sql("SELECT count(*) FROM g_json"), [(2,)])
        self.refused("SELECT * FROM f_json", "f_json")
        self.sql("ALTER TABLE hive_sales RENAME TO renamed")
        self.assertEqual(self.sql("SELECT count(*) FROM renamed WHERE hour = 1 AND dt = '2026-01-01'"), [(2,)])
        self.assertFalse((self.warehouse / "shop.db" / "hive_sales").exists())
        self.assertEqual(self.sql("SHOW PARTITIONS renamed PARTITION (dt = '2026-01-02')"), [("dt=2026-01-02/hour=1",)])

    def truncation(self):
        self.sql("TRUNCATE TABLE renamed PARTITION (dt = '2026-01-01', hour = 1)")
        self.assertEqual(self.sql("SELECT count(*) FROM renamed WHERE dt = '2026-01-01' AND hour = 1"), [(0,)])
        self.sql("TRUNCATE TABLE f_orc")
        self.assertEqual(self.sql("SELECT count(*) FROM f_orc"), [(0,)])

    def drops(self):
        self.sql("DROP TABLE renamed")
        self.assertFalse((self.warehouse / "shop.db" / "renamed").exists())
        self.sql("DROP TABLE ext")
        self.assertTrue((self.root / "outside").is_dir(), "an external table keeps its data")
        self.refused("DROP TABLE ext", "ext")
        self.sql("USE default")
        self.sql("DROP DATABASE shop CASCADE")
        self.assertFalse((self.warehouse / "shop.db").exists())


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned")
