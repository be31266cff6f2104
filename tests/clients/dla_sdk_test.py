#!/usr/bin/env python3
"""The vendor's packages call every action of the DLA against a real server: the core SDK (PyPI aliyun-python-sdk-core)
by GET and POST, in JSON and XML; the typed SDK (PyPI alibabacloud_openanalytics_open20200928) with both its signatures.

usage: dla_sdk_test.py --lodestone PROGRAM --lodestoned PROGRAM --example examples/dla/dla_client.py
"""
import json
import logging
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

try:
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkcore.request import CommonRequest, RpcRequest
    from alibabacloud_openanalytics_open20200928 import models
    from alibabacloud_openanalytics_open20200928.client import Client
    from alibabacloud_tea_openapi.models import Config
except ImportError as missing:
    print(f"dla_sdk_test: {missing}; scripts/install-deps installs what tests/requirements.txt names")
    sys.exit(77)

from program_case import ARGUMENTS, main
from server_case import ServerCase

logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)

COLUMNS = [{"Name": "id", "Type": "bigint", "Comment": "it's an id"}, {"Name": "url", "Type": "string", "Comment": ""}]
SERDE = {"Name": "serde", "SerializationLib": "parquet.SerDe", "Parameters": {"serialization.format": "1"}}
DESCRIPTOR = {"Cols": COLUMNS, "InputFormat": "parquet.In", "OutputFormat": "parquet.Out", "Location": "oss://data/t t",
              "Parameters": {"p": "q"}, "SerDeInfo": SERDE}
KEYS = [{"Name": "dt", "Type": "string", "Comment": "the day"}]


def added(table, value, database="web"):
    """One partition of AddPartitions."""
    descriptor = {name: text for name, text in DESCRIPTOR.items() if name not in ("Cols", "Location")}
    return {"DbName": database, "TableName": table, "Values": [value], "Parameters": {"numRows": "3"},
            "StorageDescriptor": descriptor | {"Col": COLUMNS}}


def privilege(user, word, kind="DATABASE", option=False, **names):
    """One entry of a PrivilegeBag."""
    return {"HiveObjectRef": {"HiveObjectType": kind, **names}, "PrincipalName": user, "PrincipalType": "USER",
            "PrivilegeGrantInfo": {"Privilege": word, "GrantOption": option, "Grantor": "somebody",
                                   "PrincipalType": "USER"}}


class DlaCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.keys = {"root": self.make_account("root", "--admin")}
        for name in ("ana", "bob"):
            self.keys[name] = self.make_account(name)
        self.url = self.start_server()
        self.endpoint = urllib.parse.urlsplit(self.url).netloc


class CoreSdk:
    """The core SDK as a function of action and fields: JSON answers as dictionaries, XML ones as elements."""

    def __init__(self, endpoint, key, method="POST", accept="JSON", version="2018-06-19"):
        self.client = AcsClient(*key, "cn-hangzhou", timeout=60)
        self.endpoint, self.method, self.accept, self.version = endpoint, method, accept, version

    def __call__(self, action, **fields):
        request = CommonRequest(domain=self.endpoint, version=self.version, action_name=action)
        request.set_protocol_type("http")
        request.set_method(self.method)
        request.set_accept_format(self.accept)
        for name, value in fields.items():
            text = value if isinstance(value, str) else json.dumps(value)
            (request.add_query_param if self.method == "GET" else request.add_body_params)(name, text)
        if self.accept == "JSON":
            return json.loads(self.client.do_action_with_exception(request))
        # The other call asks for JSON whatever was set.
        return xml.etree.ElementTree.fromstring(self.client.get_response(request)[2])


# The typed SDK's methods and models, by action: (method, request model).
TYPED = {
    "GrantPrivileges": ("grant_privileges", models.GrantPrivilegesRequest),
    "RevokePrivileges": ("revoke_privileges", models.RevokePrivilegesRequest),
    "CreateDatabase": ("create_database", models.CreateDatabaseRequest),
    "GetDatabase": ("get_database", models.GetDatabaseRequest),
    "GetAllDatabases": ("get_all_databases", None),
    "AlterDatabase": ("alter_database", models.AlterDatabaseRequest),
    "DropDatabase": ("drop_database", models.DropDatabaseRequest),
    "CreateTable": ("create_table", models.CreateTableRequest),
    "GetTable": ("get_table", models.GetTableRequest),
    "GetAllTables": ("get_all_tables", models.GetAllTablesRequest),
    "AlterTable": ("alter_table", models.AlterTableRequest),
    "DropTable": ("drop_table", models.DropTableRequest),
    "AddPartitions": ("add_partitions", models.AddPartitionsRequest),
    "GetPartition": ("get_partition", models.GetPartitionRequest),
    "GetPartitions": ("get_partitions", models.GetPartitionsRequest),
    "DropPartition": ("drop_partition", models.DropPartitionRequest),
}


class TypedSdk:
    """The typed SDK in the same form: its models are filled from the fields, and its answers made dictionaries again."""

    def __init__(self, endpoint, key, **options):
        self.client = Client(Config(access_key_id=key[0], access_key_secret=key[1], endpoint=endpoint, protocol="http",
                                    read_timeout=60_000, **options))

    def __call__(self, action, **fields):
        method, model = TYPED[action]
        call = getattr(self.client, method)
        answer = call() if model is None else call(model().from_map(fields))
        return answer.body.to_map()


class EveryActionTest(DlaCase):
    """One walk through all actions, by each way of calling them."""

    def walk(self, call):
        def done(action, **fields):
            answer = call(action, **fields)
            self.assertIs(answer["Success"], True, answer)
            self.assertEqual((answer["Code"], answer["Message"]), ("ok", "ok"))
            self.assertTrue(answer["RequestId"])
            return answer

        def refused(code, message, action, **fields):
            answer = call(action, **fields)
            self.assertIs(answer["Success"], False, answer)
            self.assertEqual((answer["Code"], answer["Message"]), (code, message))
            return answer

        web = {"Name": "web", "Description": "läuft + 50%", "LocationUri": "oss://data/a b", "Parameters": {"k": "v=1&x"}}
        self.assertIsInstance(done("CreateDatabase", **web)["Data"], int)
        refused("ALREADY_EXISTS", "Database web already exists", "CreateDatabase", **web)
        self.assertEqual(done("GetDatabase", Name="web")["DatabaseModel"], web | {"OwnerName": "root", "TenantId": "hive"})
        refused("NO_SUCH_OBJECT", "The database none does not exist", "GetDatabase", Name="none")
        self.assertEqual(done("GetAllDatabases")["Data"], ["default", "web"])
        altered = done("AlterDatabase", OldDbName="web", Name="net", Description="d", LocationUri="oss://data/n",
                       Parameters={"a": "b"})
        self.assertIsNone(altered.get("Data"))
        refused("NO_SUCH_OBJECT", "No such database: web", "AlterDatabase", OldDbName="web", Name="x", Description="d",
                LocationUri="u")
        done("AlterDatabase", OldDbName="net", Name="web", Description="d", LocationUri="oss://data/n")

        table = {"DbName": "web", "TableName": "hits", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": DESCRIPTOR,
                 "PartitionKeys": KEYS, "Parameters": {"comment": "größer"}}
        self.assertIsInstance(done("CreateTable", **table)["Data"], int)
        refused("ALREADY_EXISTS", "Table web.hits already exists", "CreateTable", **table)
        done("CreateTable", DbName="web", TableName="v", TableType="VIEW", StorageDescriptor=DESCRIPTOR,
             ViewOriginalText="select count(*) from hits", ViewExpandedText="select count(*) from web.hits")
        found = done("GetTable", DbName="web", TableName="hits")["Table"]
        self.assertEqual(found["StorageDescriptor"], DESCRIPTOR)
        self.assertEqual((found["PartitionKeys"], found["Parameters"]), (KEYS, {"EXTERNAL": "TRUE", "comment": "größer"}))
        self.assertEqual((found["Owner"], found["TableType"]), ("root", "EXTERNAL_TABLE"))
        self.assertLess(abs(found["CreateTime"] - time.time()), 3600)
        self.assertEqual(done("GetTable", DbName="web", TableName="v")["Table"]["ViewExpandedText"],
                         "select count(*) from web.hits")
        self.assertEqual(done("GetAllTables", DbName="web")["Data"], ["hits", "v"])
        refused("NO_SUCH_OBJECT", "The database none does not exist", "GetAllTables", DbName="none")

        where = {"DbName": "web", "TableName": "hits"}
        partitions = [added("hits", f"2026-01-{day:02} a/b") for day in range(1, 6)]
        self.assertEqual(done("AddPartitions", Partition=partitions)["Data"], 5)
        self.assertEqual(call("AddPartitions", Partition=[added("hits", "new"), partitions[0]])["Code"], "ALREADY_EXISTS")
        one = done("GetPartition", **where, Values=["2026-01-02 a/b"])["PartitionModel"]
        self.assertEqual(one["StorageDescriptorModel"]["Cols"], COLUMNS)
        self.assertEqual(one["StorageDescriptorModel"]["SerDeInfoModel"], SERDE)
        self.assertEqual(one["StorageDescriptorModel"]["Location"], "oss://data/t t/dt=2026-01-02 a%2Fb")
        self.assertEqual((one["DbName"], one["TableName"], one["Values"], one["Parameters"]),
                         ("web", "hits", ["2026-01-02 a/b"], {"numRows": "3"}))
        refused("NO_SUCH_OBJECT", "No such partition with values: [not_exists] in table: web.hits", "GetPartition",
                **where, Values=["not_exists"])
        self.assertEqual(done("GetPartitions", **where)["Partitions"][1], one)
        self.assertEqual(len(done("GetPartitions", **where, MaxParts=3)["Partitions"]), 3)
        self.assertIs(done("DropPartition", **where, PartValues=["2026-01-02 a/b"])["Data"], True)
        self.assertEqual(len(done("GetPartitions", **where, MaxParts=-1)["Partitions"]), 4)
        refused("NO_SUCH_OBJECT", "Table: none not exists!", "DropPartition", DbName="web", TableName="none",
                PartValues=["p"])

        done("CreateDatabase", Name="net", Description="d", LocationUri="oss://data/net")
        names = {"OldDbName": "web", "OldTableName": "hits", "NewDbName": "net", "NewTableName": "visits"}
        new_columns = [{"Name": "new_col1", "Type": "int", "Comment": "this is comment"}]
        self.assertIs(done("AlterTable", **names, Parameters={"x": "y"}, Col=new_columns)["Data"], True)
        found = done("GetTable", DbName="net", TableName="visits")["Table"]
        self.assertEqual((found["StorageDescriptor"]["Cols"], found["Parameters"]), (new_columns, {"EXTERNAL": "TRUE", "x": "y"}))
        self.assertEqual(len(done("GetPartitions", DbName="net", TableName="visits")["Partitions"]), 4)
        refused("NO_SUCH_OBJECT", "No such table: web.hits", "GetTable", **where)

        bag = {"HiveObjectPrivilege": [privilege("ana", "CREATE,SHOW", DbName="net"),
                                       privilege("ana", "SELECT", "TABLE", DbName="net", TableName="visits")]}
        self.assertIs(done("GrantPrivileges", PrivilegeBag=bag)["Data"], True)
        self.assertIs(done("RevokePrivileges", PrivilegeBag=bag)["Data"], True)

        self.assertIs(done("DropTable", DbName="net", TableName="visits")["Data"], True)
        refused("NO_SUCH_OBJECT", "No such table: net.visits", "DropTable", DbName="net", TableName="visits")
        self.assertEqual(call("DropDatabase", Name="web", Cascade=False)["Code"], "INVALID_OPERATION")
        self.assertIsNone(done("DropDatabase", Name="web", Cascade=True).get("Data"))
        done("DropDatabase", Name="net", Cascade=False)
        refused("NO_SUCH_OBJECT", "No such database: net", "DropDatabase", Name="net", Cascade=True)

    def test_core_sdk_by_get(self):
        self.walk(CoreSdk(self.endpoint, self.keys["root"], method="GET"))

    def test_core_sdk_by_post(self):
        self.walk(CoreSdk(self.endpoint, self.keys["root"], method="POST", version="2020-09-28"))

    def test_typed_sdk_with_its_default_signature(self):
        self.walk(TypedSdk(self.endpoint, self.keys["root"]))

    def test_typed_sdk_with_the_older_signature(self):
        self.walk(TypedSdk(self.endpoint, self.keys["root"], signature_algorithm="v2"))

    def test_core_sdk_in_xml(self):
        for method in ("GET", "POST"):
            with self.subTest(method):
                self.walk(XmlSdk(self.endpoint, self.keys["root"], method))


# What XML does not say by itself: which fields are lists (of objects or texts), maps, numbers and booleans.
LISTS = {"Partitions", "Cols", "PartitionKeys", "Values"}
MAPS = {"Parameters"}
NUMBERS = {"CreateTime", "LastAccessTime"}
DATA_OF = {"CreateDatabase": int, "CreateTable": int, "AddPartitions": int, "GetAllDatabases": list, "GetAllTables": list}


class XmlSdk:
    """The core SDK with XML answers, read into the same dictionaries."""

    def __init__(self, endpoint, key, method):
        self.core = CoreSdk(endpoint, key, method, accept="XML")

    def __call__(self, action, **fields):
        root = self.core(action, **fields)
        assert root.tag == f"{action}Response", root.tag
        answer = self.read(root)
        data = [node.text for node in root.findall("Data")]
        if DATA_OF.get(action) is list:
            answer["Data"] = data
        elif data:
            answer["Data"] = {"true": True, "false": False, "null": None}.get(data[0], data[0])
            if DATA_OF.get(action) is int:
                answer["Data"] = int(data[0])
        answer["Success"] = {"true": True, "false": False}[answer["Success"]]
        if action == "GetPartitions" and answer["Success"]:
            answer.setdefault("Partitions", [])
        return answer

    def read(self, node):
        found = {}
        for child in node:
            if child.tag in LISTS:
                found.setdefault(child.tag, []).append(self.read(child) if len(child) else child.text or "")
            elif child.tag in MAPS:
                found[child.tag] = {entry.get("key", entry.tag): entry.text or "" for entry in child}
            elif child.tag in NUMBERS:
                found[child.tag] = int(child.text)
            else:
                found[child.tag] = self.read(child) if len(child) else child.text or ""
        return found


class AccessTest(DlaCase):
    """Who comes in, and what it may do then."""

    def test_wrong_secrets_and_unknown_keys_give_what_the_core_sdk_expects(self):
        key, secret = self.keys["root"]
        for wrong, code in (((key, secret[:-1] + "?"), "SignatureDoesNotMatch"),
                            (("LTAIUNKNOWN", secret), "InvalidAccessKeyId.NotFound")):
            for method in ("GET", "POST"):
                with self.subTest(code, method=method), self.assertRaises(ServerException) as caught:
                    CoreSdk(self.endpoint, wrong, method)("GetAllDatabases")
                self.assertEqual(caught.exception.get_error_code(), code)
                self.assertTrue(caught.exception.get_request_id())

    def test_the_core_sdk_finds_its_own_string_to_sign_in_the_refusal(self):
        key, secret = self.keys["root"]
        for method in ("GET", "POST"):
            request = RpcRequest("openanalytics", "2018-06-19", "GetAllDatabases")
            request.set_endpoint(self.endpoint)
            request.set_protocol_type("http")
            request.set_method(method)
            with self.subTest(method), self.assertRaises(ServerException) as caught:
                AcsClient(key, secret[:-1] + "?", "cn-hangzhou").do_action_with_exception(request)
            # So it calls a refusal in which both agree on what was signed: then it must be the secret.
            self.assertEqual(caught.exception.get_error_code(), "InvalidAccessKeySecret")

    def test_wrong_secrets_and_unknown_keys_give_what_the_typed_sdk_expects(self):
        key, secret = self.keys["root"]
        for options in ({}, {"signature_algorithm": "v2"}):
            for wrong, code in (((key, secret[:-1] + "?"), "SignatureDoesNotMatch"),
                                (("LTAIUNKNOWN", secret), "InvalidAccessKeyId.NotFound")):
                with self.subTest(code, **options), self.assertRaises(Exception) as caught:
                    TypedSdk(self.endpoint, wrong, **options)("GetAllDatabases")
                self.assertEqual(caught.exception.code, code)
                self.assertNotIn(secret, str(caught.exception))

    def test_missing_parameters_are_named(self):
        with self.assertRaises(ServerException) as caught:
            CoreSdk(self.endpoint, self.keys["root"])("GetTable", DbName="web")
        self.assertEqual((caught.exception.get_http_status(), caught.exception.get_error_code()),
                         (400, "MissingParameter.TableName"))
        with self.assertRaises(Exception) as caught:
            TypedSdk(self.endpoint, self.keys["root"])("GetTable", DbName="web")
        self.assertEqual(caught.exception.code, "MissingParameter.TableName")

    def test_a_request_is_taken_once_also_after_a_restart(self):
        sent = []

        class Spy(AcsClient):
            def _make_http_response(self, *arguments, **named):
                made = super()._make_http_response(*arguments, **named)
                sent.append(made.get_url())
                return made

        call = CoreSdk(self.endpoint, self.keys["root"], "GET")
        call.client = Spy(*self.keys["root"], "cn-hangzhou")
        call("GetAllDatabases")

        def replay():
            try:
                with urllib.request.urlopen(f"{self.url}{sent[0]}", timeout=30) as answer:
                    return answer.status, json.load(answer)["Code"]
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)["Code"]

        self.assertEqual(replay(), (400, "SignatureNonceUsed"))
        self.stop_server()
        self.url = self.start_server()
        self.assertEqual(replay(), (400, "SignatureNonceUsed"))

    def test_the_signer_is_who_acts(self):
        root, ana, bob = (TypedSdk(self.endpoint, self.keys[name]) for name in ("root", "ana", "bob"))
        root("CreateDatabase", Name="web", Description="d", LocationUri="oss://w")
        table = {"TableName": "hits", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": DESCRIPTOR, "PartitionKeys": KEYS}
        self.assertEqual(root("CreateTable", DbName="web", **table)["Code"], "ok")

        def grant(signer, user, word, kind="DATABASE", action="GrantPrivileges", option=False, **names):
            return signer(action, PrivilegeBag={"HiveObjectPrivilege": [privilege(user, word, kind, option, **names)]})

        self.assertEqual(ana("GetAllDatabases")["Data"], [])
        self.assertEqual(ana("CreateTable", DbName="web", **table)["Code"], "NO_PRIVILEGE")
        for database in ("web", "none"):
            answer = grant(ana, "bob", "CREATE,SHOW", DbName=database)
            self.assertEqual((answer["Code"], answer["Success"], answer["Data"]), ("NO_PRIVILEGE", False, False))
            self.assertEqual(answer["Message"], "Access denied for user 'ana' to grant 'CREATE,SHOW' to bob")
        self.assertEqual(grant(ana, "bob", "CREATE", DbName="web", action="RevokePrivileges")["Message"],
                         "Access denied for user 'ana' to revoke 'CREATE' to bob")

        # With the option, ana hands on what she has, and nothing else.
        self.assertEqual(grant(root, "ana", "CREATE", DbName="web", option=True)["Code"], "ok")
        self.assertEqual(ana("CreateTable", DbName="web", **(table | {"TableName": "mine"}))["Code"], "ok")
        self.assertEqual(ana("GetTable", DbName="web", TableName="mine")["Table"]["Owner"], "ana")
        self.assertEqual(ana("GetAllDatabases")["Data"], ["web"])
        self.assertEqual(grant(ana, "bob", "DROP", DbName="web")["Code"], "NO_PRIVILEGE")
        self.assertEqual(grant(ana, "bob", "CREATE", DbName="web")["Code"], "ok")
        self.assertEqual(bob("CreateTable", DbName="web", **(table | {"TableName": "his"}))["Code"], "ok")

        # What goes from ana goes from bob, and at once.
        self.assertEqual(grant(root, "ana", "CREATE", DbName="web", action="RevokePrivileges")["Code"], "ok")
        for call in (ana, bob):
            self.assertEqual(call("CreateTable", DbName="web", **(table | {"TableName": "more"}))["Code"], "NO_PRIVILEGE")

    def test_a_bag_is_granted_whole_or_not_at_all(self):
        root = CoreSdk(self.endpoint, self.keys["root"])
        ana = CoreSdk(self.endpoint, self.keys["ana"])
        root("CreateDatabase", Name="web", Description="d", LocationUri="oss://w")
        bag = {"HiveObjectPrivilege": [privilege("ana", "SHOW", DbName="web"),
                                       privilege("ana", "SHOW", "TABLE", DbName="web", TableName="none")]}
        answer = root("GrantPrivileges", PrivilegeBag=bag)
        self.assertEqual((answer["Code"], answer["Message"]), ("NO_SUCH_OBJECT", "No such table: web.none"))
        self.assertEqual(ana("GetAllDatabases")["Data"], [])

    def test_absent_and_forbidden_look_the_same(self):
        root = CoreSdk(self.endpoint, self.keys["root"])
        ana = CoreSdk(self.endpoint, self.keys["ana"])
        root("CreateDatabase", Name="web1", Description="d", LocationUri="oss://w")
        root("CreateTable", DbName="web1", TableName="hits1", TableType="EXTERNAL_TABLE", StorageDescriptor=DESCRIPTOR,
             PartitionKeys=KEYS)
        root("AddPartitions", Partition=[added("hits1", "p1", "web1")])
        reads = [("GetDatabase", {"Name": "web{}"}), ("GetAllTables", {"DbName": "web{}"}),
                 ("GetTable", {"DbName": "web{}", "TableName": "hits1"}),
                 ("GetTable", {"DbName": "web1", "TableName": "hits{}"}),
                 ("GetPartitions", {"DbName": "web{}", "TableName": "hits1"}),
                 ("GetPartitions", {"DbName": "web1", "TableName": "hits{}"}),
                 ("GetPartition", {"DbName": "web1", "TableName": "hits{}", "Values": '["p1"]'}),
                 ("GetPartition", {"DbName": "web1", "TableName": "hits1", "Values": '["p{}"]'}),
                 ("GetPartition", {"DbName": "web1", "TableName": "hits{}", "Values": '["p1","p2"]'})]
        for action, fields in reads:
            with self.subTest(action, **fields):
                there, absent = ({name: text.format(number) for name, text in fields.items()} for number in (1, 2))
                answers = []
                for names in (there, absent):
                    answer = ana(action, **names)
                    del answer["RequestId"]
                    answers.append(json.dumps(answer))
                self.assertEqual(answers[0].replace("1", "2"), answers[1].replace("1", "2"))
                self.assertIn("NO_PRIVILEGE", answers[0])

    def test_the_example_runs(self):
        done = subprocess.run([sys.executable, ARGUMENTS.example, self.url, *self.keys["root"], "ana"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.splitlines(),
                         ["added 7 partitions"] +
                         [f"['2026-01-0{n}'] oss://data/example/hits/dt=2026-01-0{n}" for n in (1, 2, 3)] +
                         ["ana may read dla_example.hits", "NO_SUCH_OBJECT: No such table: dla_example.none"])
        done = subprocess.run([sys.executable, ARGUMENTS.example, self.url, self.keys["root"][0], "wrong"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("SignatureDoesNotMatch", done.stderr)

    def test_many_partitions_fit_into_a_request_and_an_answer(self):
        call = TypedSdk(self.endpoint, self.keys["root"], signature_algorithm="v2")
        call("CreateDatabase", Name="web", Description="d", LocationUri="oss://w")
        call("CreateTable", DbName="web", TableName="hits", TableType="EXTERNAL_TABLE", StorageDescriptor=DESCRIPTOR,
             PartitionKeys=KEYS)
        for sdk in (call, TypedSdk(self.endpoint, self.keys["root"])):
            first = len(sdk("GetPartitions", DbName="web", TableName="hits").get("Partitions", []))
            partitions = [added("hits", f"{number:05}") for number in range(first, first + 1000)]
            self.assertEqual(sdk("AddPartitions", Partition=partitions)["Data"], 1000)
            found = sdk("GetPartitions", DbName="web", TableName="hits")["Partitions"]
            self.assertEqual([p["Values"] for p in found], [[f"{n:05}"] for n in range(first + 1000)])


if __name__ == "__main__":
    main(__doc__, "--lodestoned", "--example")
