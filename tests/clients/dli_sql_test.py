"""The statements that show_table answers with parse in Spark (PyPI pyspark, its parser in a JVM), for tables made over
the DLI adapter and for tables that others made.

usage: dli_sql_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import json
import shutil
import sys
import urllib.request

try:
    from pyspark.java_gateway import launch_gateway
except ImportError:
    launch_gateway = None
if launch_gateway is None or shutil.which("java") is None:
    print("skipped: pyspark or Java is not installed (scripts/install-deps --with-tests)")
    sys.exit(77)

import program_case
from server_case import ServerCase

COLUMNS = [
    {"column_name": "id", "type": "bigint", "description": "it's \\ \"odd\"\nand long"},
    {"column_name": "with blank", "type": "decimal(10,2)"},
    {"column_name": "back`tick", "type": "array<struct<a:int,`b c`:map<string,timestamp>>>"},
    {"column_name": "select", "type": "varchar(10)"},
    {"column_name": "zoë", "type": "date"},
]
KEYS = [{"column_name": "dt", "type": "date", "is_partition_column": True},
        {"column_name": "hour", "type": "int", "is_partition_column": True, "description": "of the day"}]


def api_tables():
    for kind in ("parquet", "orc", "csv", "json", "avro"):
        for keys in ([], KEYS):
            yield {"table_name": f"{kind}{len(keys)}", "data_location": "OBS", "data_type": kind,
                   "data_path": "obs://bucket/it's", "columns": COLUMNS + keys, "description": "a 'table'",
                   "delimiter": "\t", "quote_char": "'", "escape_char": "\\", "with_column_header": True,
                   "tags": [{"key": "k", "value": "v"}]}
    yield {"table_name": "$own", "data_location": "DLI", "columns": COLUMNS + KEYS}
    yield {"table_name": "v1", "data_location": "VIEW", "select_statement": "select id, `with blank` from db1.orc0"}
    yield {"table_name": "v2", "data_location": "VIEW", "description": "v", "select_statement": "select 1 as a, 2 as b",
           "columns": [{"column_name": "a", "type": "int", "description": "it's"}, {"column_name": "b", "type": "int"}]}


def descriptor(serde, input_format, output_format, **more):
    return {"columns": [{"name": "a b", "type": "int"}, {"name": "c", "type": "struct<x:int,y z:string>", "comment": "c"}],
            "location": "file:/tmp/x", "inputFormat": input_format, "outputFormat": output_format,
            "serdeInfo": {"serializationLib": serde, "parameters": {"field.delim": "\u0001", "serialization.format": "1"}},
            **more}


def hive_tables():
    text = ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "org.apache.hadoop.mapred.TextInputFormat",
            "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
    keys = [{"name": "dt", "type": "string", "comment": "k"}]
    for kind in ("MANAGED_TABLE", "EXTERNAL_TABLE"):
        yield {"name": f"hive_{kind.lower()}", "tableType": kind, "storageDescriptor": descriptor(*text), "partitionKeys": keys,
               "parameters": {"comment": "it's", "mine": "1", "transient_lastDdlTime": "1", "provider": "x"}}
    yield {"name": "buckets", "tableType": "MANAGED_TABLE", "partitionKeys": [],
           "storageDescriptor": descriptor(*text, numBuckets=4, bucketColumns=["c"],
                                           sortColumns=[{"column": "c", "direction": "ASCENDING"}])}
    yield {"name": "descending", "tableType": "MANAGED_TABLE", "partitionKeys": [],
           "storageDescriptor": descriptor(*text, numBuckets=4, bucketColumns=["c"],
                                           sortColumns=[{"column": "c", "direction": "DESCENDING"}])}
    yield {"name": "nothing", "tableType": "MANAGED_TABLE", "partitionKeys": [],
           "storageDescriptor": {"columns": [{"name": "a", "type": "timestamp with local time zone"}]}}


class DliSqlTest(ServerCase):
    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/v1.0/hive{path}", method=method,
                                         data=json.dumps(body).encode() if body is not None else None,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def spark_parser(self):
        gateway = launch_gateway()
        self.addCleanup(gateway.proc.wait, timeout=30)
        self.addCleanup(gateway.proc.stdin.close)  # ends the JVM
        self.addCleanup(gateway.shutdown)
        return gateway.jvm.org.apache.spark.sql.execution.SparkSqlParser()

    def test_statements_parse(self):
        self.lodestone("database", "create", "db1")
        names = []
        for table in hive_tables():
            path = self.root / "table.json"
            path.write_text(json.dumps({"database": "db1", **table}), encoding="utf-8")
            self.lodestone("table", "create", f"db1.{table['name']}", "--file", str(path))
            names.append(table["name"])
        self.url = self.start_server("--insecure-no-auth")
        for table in api_tables():
            self.call("POST", "/databases/db1/tables", table)
            names.append(table["table_name"])
        parser = self.spark_parser()
        for name in names:
            shown = self.call("GET", f"/databases/db1/tables/{urllib.parse.quote(name, safe='')}")
            with self.subTest(name, sql=shown["create_table_sql"]):
                parser.parsePlan(shown["create_table_sql"])
        self.assertRaises(Exception, parser.parsePlan, "CREATE TABLE t (a uniontype<int>)")


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned")
