"""Flink's HiveCatalog (tests/clients/java/flink) against `lodestoned --hive`.

usage: hive_flink_test.py --lodestone PROGRAM --lodestoned PROGRAM --classpath FOLDER[:JAR...] --loader FOLDER
"""
import json
import subprocess

import program_case
from hive_case import HiveCase
from program_case import ARGUMENTS

# Flink and Hive 3 look into these packages of Java by reflection, which Java 17 permits when told.
OPENED = ("java.lang", "java.lang.reflect", "java.net", "java.nio", "java.text", "java.time", "java.util", "java.util.concurrent",
          "java.util.concurrent.atomic")

HIVE_SITE = """<configuration>
  <property><name>hive.metastore.uris</name><value>thrift://{address}</value></property>
  <property><name>hive.metastore.warehouse.dir</name><value>file:{warehouse}</value></property>
  <property><name>hive.exec.scratchdir</name><value>{scratch}</value></property>
</configuration>
"""


class HiveFlinkTest(HiveCase):
    def held(self, *arguments):
        return json.loads(self.lodestone(*arguments, "-o", "json"))

    def test_every_part_passes(self):
        address = self.start_hive("--insecure-no-auth")["thrift"]
        conf = self.root / "conf"
        conf.mkdir()
        (conf / "hive-site.xml").write_text(
            HIVE_SITE.format(address=address, warehouse=self.warehouse, scratch=self.root / "scratch"), encoding="utf-8")
        done = subprocess.run(
            ["java", *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED), "-Xshare:off",
             f"-Djava.io.tmpdir={self.root}", f"-Dflink.classpath={ARGUMENTS.classpath}", "-Djava.system.class.loader=SystemLoader",
             "-cp", ARGUMENTS.loader, "FlinkHiveTest", str(conf), str(self.warehouse)],
            capture_output=True, text=True, timeout=1800)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for part in (self.databases, self.generic_tables, self.hive_tables, self.partitions):
            with self.subTest(part.__name__):
                part()
        self.stop_server()
        self.lodestone("verify")

    def databases(self):
        self.assertEqual(self.held("database", "list"), ["default", "shop"])
        shop = self.held("database", "get", "shop")
        self.assertEqual(shop["description"], "what we sell")
        self.assertEqual(shop["location_uri"], f"file:{self.warehouse}/shop.db")
        self.assertEqual(shop["parameters"], {"team": "b", "Mixed.Case": "Kept", "empty": ""})

    def generic_tables(self):
        """They are Flink's alone: no columns, and everything in parameters."""
        table = self.held("table", "get", "shop.generic")
        self.assertEqual(table["table_type"], "MANAGED_TABLE")
        self.assertNotIn("columns", table["storage_descriptor"])
        self.assertNotIn("partition_keys", table)
        self.assertEqual(table["parameters"]["flink.connector"], "datagen")
        self.assertEqual(table["parameters"]["flink.schema.0.data-type"], "INT NOT NULL")
        self.assertEqual(table["parameters"]["flink.schema.primary-key.columns"], "id")
        options = self.held("table", "get", "shop.options")["parameters"]
        self.assertEqual((options["flink.Mixed.Case"], options["flink.empty"]), ("Kept", ""))
        view = self.held("table", "get", "shop.w")
        self.assertEqual(view["table_type"], "VIRTUAL_VIEW")
        self.assertNotIn("location", view["storage_descriptor"])

    def hive_tables(self):
        moved = self.held("table", "get", "shop.moved")
        self.assertEqual([(one["name"], one["type"]) for one in moved["storage_descriptor"]["columns"]],
                         [("id", "bigint"), ("name", "string")])
        self.assertEqual(moved["storage_descriptor"]["location"], f"file:{self.warehouse}/shop.db/moved")
        self.assertEqual(moved["storage_descriptor"]["input_format"], "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat")
        self.assertEqual((moved["parameters"]["Mixed.Case"], moved["parameters"]["empty"]), ("Kept", ""))
        self.assertEqual(self.held("table", "get", "shop.again")["table_type"], "EXTERNAL_TABLE")
        parquet = self.held("table", "get", "shop.f_parquet")["parameters"]
        self.assertEqual((parquet["numRows"], parquet["numFiles"]), ("2", "1"))

    def partitions(self):
        self.assertEqual(self.held("partition", "count", "shop.sales"), 7)
        self.assertEqual(self.lodestone("partition", "list", "shop.sales", "--filter", "y = 2020", "-o", "names").split(),
                         ["y=2020/c=de", "y=2020/c=fr", "y=2020/c=us"])
        kept = self.held("partition", "get", "shop.sales", "y=2021/c=us")
        self.assertEqual(kept["storage_descriptor"]["location"], f"file:{self.warehouse}/elsewhere")
        self.assertEqual(self.held("partition", "get", "shop.sales", "y=2020/c=de")["values"], ["2020", "de"])
        self.assertEqual(self.held("partition", "count", "shop.odd"), 2)


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned", "--classpath", "--loader")
