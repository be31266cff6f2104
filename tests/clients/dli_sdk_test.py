"""The vendor's own SDK (PyPI huaweicloudsdkdli) calls everything that the DLI adapter has, against a real server; what
the SDK has no parameters for is sent by hand, signed by the SDK's signer.

usage: dli_sdk_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import datetime
import http.client
import json
import sys
import urllib.parse
import warnings

try:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer
    from huaweicloudsdkdli import v1 as dli
except ImportError:
    print("skipped: huaweicloudsdkdli is not installed (scripts/install-deps --with-tests)")
    sys.exit(77)

import program_case
from server_case import ServerCase

PROJECT = "hive"
COLUMNS = [dli.Column(column_name="id", type="int"), dli.Column(column_name="name", type="string", description="who")]


class DliSdkTest(ServerCase):
    def setUp(self):
        super().setUp()
        warnings.simplefilter("ignore", DeprecationWarning)  # of the SDK's methods
        self.keys = {"root": self.make_account("root", "--admin")}
        for name in ("ana", "bob"):
            self.keys[name] = self.make_account(name)
        self.token = self.make_token("root")
        self.data = self.root / "data"
        self.data.mkdir()
        self.url = self.start_server("--permitted-root", str(self.data))
        self.root_client = self.client("root")

    def client(self, user):
        key, secret = self.keys[user]
        return (dli.DliClient.new_builder().with_credentials(BasicCredentials(key, secret, PROJECT))
                .with_endpoints([self.url]).build())

    def send(self, user, method, path, query=(), body=None):
        """A request by hand: (status, JSON)."""
        key, secret = self.keys[user]
        host = urllib.parse.urlsplit(self.url).netloc
        text = json.dumps(body) if body is not None else ""
        request = SdkRequest(method=method, schema="http", host=host, resource_path=f"/v1.0/{PROJECT}{path}",
                             query_params=list(query), header_params={"Content-Type": "application/json"}, body=text)
        signed = Signer(BasicCredentials(key, secret, PROJECT)).sign(request)
        return self.send_raw(method, signed.uri, signed.header_params, signed.body)

    def send_raw(self, method, target, headers, body):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, target, body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def refused(self, call, request, status, code):
        with self.assertRaises(ClientRequestException) as caught:
            call(request)
        self.assertEqual((caught.exception.status_code, caught.exception.error_code), (status, code),
                         caught.exception.error_msg)
        self.assertTrue(caught.exception.request_id)
        return caught.exception.error_msg

    def good(self, answer):
        self.assertIs(answer.is_success, True)
        self.assertEqual(answer.message, "")
        return answer

    def create_database(self, name="db1", client=None, **fields):
        body = dli.CreateDatabaseRequestBody(database_name=name, **fields)
        return self.good((client or self.root_client).create_database(dli.CreateDatabaseRequest(body=body)))

    def create_table(self, **fields):
        body = dli.CreateTableRequestBody(**fields)
        return self.good(self.root_client.create_table(dli.CreateTableRequest(database_name="db1", body=body)))

    def grant(self, user, item, *privileges, action="grant", client=None):
        body = dli.RunDataAuthorizationActionRequestBody(
            user_name=user, action=action,
            privileges=[dli.DataAuthorizationPrivilege(object=item, privileges=list(privileges))])
        return (client or self.root_client).run_data_authorization_action(
            dli.RunDataAuthorizationActionRequest(body=body))

    def test_databases(self):
        self.create_database("Db1", description="Zoë", enterprise_project_id="7", tags=[dli.Tag(key="k", value="v")])
        self.create_database("db2")
        listed = self.good(self.root_client.list_databases(dli.ListDatabasesRequest(with_priv=True)))
        self.assertEqual(listed.database_count, 3)
        first = listed.databases[0]
        self.assertEqual((first.database_name, first.description, first.owner, first.table_number,
                          first.enterprise_project_id), ("db1", "Zoë", "root", 0, "7"))
        paged = self.root_client.list_databases(dli.ListDatabasesRequest(offset=1, limit=1, keyword="b"))
        self.assertEqual([one.database_name for one in paged.databases], ["db2"])
        tagged = self.root_client.list_databases(dli.ListDatabasesRequest(tags="k=v"))
        self.assertEqual([one.database_name for one in tagged.databases], ["db1"])
        body = dli.UpdateOwnerRequestBody(new_owner="ana")
        self.good(self.root_client.update_database_owner(dli.UpdateDatabaseOwnerRequest(database_name="db1", body=body)))
        self.assertEqual(self.root_client.list_databases(dli.ListDatabasesRequest()).databases[0].owner, "ana")
        dropped = self.good(self.root_client.delete_database(dli.DeleteDatabaseRequest(database_name="db2")))
        self.assertEqual(dropped.job_mode, "sync")
        dropped = self.root_client.delete_database(
            dli.DeleteDatabaseRequest(database_name="db1", cascade=True, _async=True))
        self.assertEqual((dropped.job_mode, dropped.job_type), ("async", "DDL"))
        status = self.good(self.root_client.show_sql_job_status(dli.ShowSqlJobStatusRequest(job_id=dropped.job_id)))
        self.assertEqual((status.job_id, status.status, status.job_type, status.owner, status.queue_name),
                         (dropped.job_id, "FINISHED", "DDL", "root", "default"))
        self.assertGreater(status.start_time, 1_700_000_000_000)
        self.refused(self.root_client.delete_database, dli.DeleteDatabaseRequest(database_name="db1"), 400, "DLI.0002")
        self.refused(self.root_client.create_database,
                     dli.CreateDatabaseRequest(body=dli.CreateDatabaseRequestBody(database_name="_x")), 400, "DLI.0001")

    def test_tables(self):
        self.create_database()
        keys = [*COLUMNS, dli.Column(column_name="dt", type="string", is_partition_column=True)]
        self.create_table(table_name="obs", data_location="OBS", data_type="CSV", data_path="obs://b/p", columns=keys,
                          description="c", with_column_header=True, delimiter=";", quote_char="'", escape_char="^",
                          date_format="yyyy", timestamp_format="yyyy", tags=[dli.Tag(key="k", value="v")])
        self.create_table(table_name="$own", data_location="DLI", columns=COLUMNS)
        self.create_table(table_name="v", data_location="VIEW", select_statement="select * from db1.obs", columns=[])
        shown = self.good(self.root_client.show_table(dli.ShowTableRequest(database_name="db1", table_name="obs")))
        self.assertEqual((shown.column_count, shown.table_type, shown.data_type, shown.data_location,
                          shown.table_comment), (3, "EXTERNAL", "csv", "obs://b/p", "c"))
        self.assertEqual([(one.column_name, one.type, one.description, one.is_partition_column) for one in shown.columns],
                         [("id", "int", "", False), ("name", "string", "who", False), ("dt", "string", "", True)])
        self.assertEqual({one["key"]: one["value"] for one in map(as_dict, shown.storage_properties)},
                         {"delimiter": ";", "quote": "'", "escape": "^", "header": "true", "dateformat": "yyyy",
                          "timestampformat": "yyyy"})
        self.assertIn("CREATE TABLE `db1`.`obs`", shown.create_table_sql)
        own = self.root_client.show_table(dli.ShowTableRequest(database_name="db1", table_name="$own"))
        self.assertEqual((own.table_type, own.data_type), ("MANAGED", None))
        listed = self.good(self.root_client.list_tables(dli.ListTablesRequest(
            database_name="db1", with_detail=True, page_size=2, current_page=1, with_priv=True)))
        self.assertEqual(listed.table_count, 3)
        self.assertEqual([one.table_name for one in listed.tables], ["$own", "obs"])
        one = listed.tables[1]
        self.assertEqual((one.data_location, one.data_type, one.location, one.owner, one.table_size, one.table_type),
                         ("OBS", "csv", "obs://b/p", "root", 0, "EXTERNAL"))
        self.assertEqual(one.partition_columns, ["dt"])
        views = self.root_client.list_tables(dli.ListTablesRequest(database_name="db1", table_type="VIRTUAL_VIEW", keyword="V"))
        self.assertEqual([one.table_name for one in views.tables], ["v"])
        partitions = self.good(self.root_client.list_partitions(
            dli.ListPartitionsRequest(database_name="db1", table_name="obs", limit=10, offset=0)))
        self.assertEqual((partitions.partitions.total_count, partitions.partitions.partition_infos), (0, []))
        self.good(self.root_client.delete_table(dli.DeleteTableRequest(database_name="db1", table_name="$own")))
        self.refused(self.root_client.show_table, dli.ShowTableRequest(database_name="db1", table_name="$own"), 400, "DLI.0002")
        dropped = self.good(self.root_client.delete_table(
            dli.DeleteTableRequest(database_name="db1", table_name="v", _async=True)))
        self.assertEqual(dropped.job_mode, "async")

    def test_preview(self):
        self.create_database()
        (self.data / "t").mkdir()
        (self.data / "t" / "1.csv").write_text("1,John\n2,Lily\n", encoding="utf-8")
        self.create_table(table_name="t", data_location="OBS", data_type="csv", data_path=f"file:{self.data}/t",
                          columns=COLUMNS)
        request = dli.PreviewTableRequest(database_name="db1", table_name="t")
        shown = self.good(self.root_client.preview_table(request))
        self.assertEqual((shown.schema, shown.rows), ([{"id": "int"}, {"name": "string"}], [["1", "John"], ["2", "Lily"]]))
        status, answer = self.send("root", "GET", "/databases/db1/tables/t/preview", [("mode", "ASYNC")])
        self.assertEqual(status, 200)
        rows = self.good(self.root_client.preview_sql_job_result(
            dli.PreviewSqlJobResultRequest(job_id=answer["job_id"], queue_name="default")))
        self.assertEqual((rows.row_count, rows.rows), (2, [["1", "John"], ["2", "Lily"]]))
        self.create_table(table_name="out", data_location="OBS", data_type="csv", data_path="file:/etc", columns=COLUMNS)
        request = dli.PreviewTableRequest(database_name="db1", table_name="out")
        self.refused(self.root_client.preview_table, request, 400, "DLI.0011")

    def test_privileges_on_data(self):
        self.create_database()
        self.create_table(table_name="t", data_location="DLI", columns=COLUMNS)
        ana = self.client("ana")
        show = dli.ShowTableRequest(database_name="db1", table_name="t")
        words = {self.refused(ana.show_table, show, 400, "DLI.0003"),
                 self.refused(ana.show_table, dli.ShowTableRequest(database_name="db1", table_name="x"), 400, "DLI.0003")
                 .replace("db1.x", "db1.t")}
        self.assertEqual(len(words), 1, words)  # absent and forbidden look the same
        self.assertEqual(ana.list_databases(dli.ListDatabasesRequest(keyword="db")).database_count, 0)
        self.good(self.grant("ana", "databases.db1.tables.t", "DESCRIBE_TABLE", "SELECT"))
        self.assertEqual(ana.show_table(show).column_count, 2)
        self.assertEqual(ana.list_databases(dli.ListDatabasesRequest(keyword="db")).database_count, 1)
        self.good(self.grant("bob", "databases.db1.tables.t.columns.id", "SELECT"))
        self.good(self.grant("bob", "databases.db1", "CREATE_TABLE"))
        users = self.good(self.root_client.list_table_users(
            dli.ListTableUsersRequest(database_name="db1", table_name="t")))
        self.assertEqual([(one.is_admin, one.object, one.user_name) for one in users.privileges],
                         [(True, "databases.db1.tables.t", "root"), (False, "databases.db1.tables.t", "ana"),
                          (False, "databases.db1.tables.t.columns.id", "bob")])
        self.assertEqual(users.privileges[0].privileges, ["ALL"])
        self.assertEqual(sorted(users.privileges[1].privileges), ["DESCRIBE_TABLE", "SELECT"])
        users = self.good(self.root_client.list_database_users(dli.ListDatabaseUsersRequest(database_name="db1")))
        self.assertEqual([(one.is_admin, one.user_name, one.privileges) for one in users.privileges],
                         [(True, "root", ["ALL"]), (False, "bob", ["CREATE_TABLE"])])
        one = self.good(self.root_client.list_table_privileges(
            dli.ListTablePrivilegesRequest(database_name="db1", table_name="t", user_name="bob")))
        self.assertEqual([(item.object, item.privileges) for item in one.privileges],
                         [("databases.db1.tables.t.columns.id", ["SELECT"])])
        self.good(self.grant("ana", "databases.db1.tables.t", "DROP_TABLE", action="update"))
        one = self.root_client.list_table_privileges(
            dli.ListTablePrivilegesRequest(database_name="db1", table_name="t", user_name="ana"))
        self.assertEqual([item.privileges for item in one.privileges], [["DROP_TABLE"]])
        self.good(self.grant("ana", "databases.db1.tables.t", "DROP_TABLE", action="revoke"))
        self.refused(ana.show_table, show, 400, "DLI.0003")
        with self.assertRaises(ClientRequestException) as caught:
            self.grant("bob", "databases.db1", "SELECT", client=ana)
        self.assertEqual((caught.exception.status_code, caught.exception.error_code), (400, "DLI.0003"))

    def test_queues_and_other_objects(self):
        def queue(action, *words):
            body = dli.RegisterAuthorizedQueueRequestBody(queue_name="q1", user_name="ana", action=action,
                                                          privileges=list(words))
            return self.good(self.root_client.register_authorized_queue(dli.RegisterAuthorizedQueueRequest(body=body)))

        def users():
            answer = self.good(self.root_client.list_queue_users(dli.ListQueueUsersRequest(queue_name="q1")))
            self.assertEqual(answer.queue_name, "q1")
            return [(one.is_admin, one.user_name, sorted(one.privileges)) for one in answer.privileges]

        queue("grant", "SUBMIT_JOB", "DROP_QUEUE")
        self.assertEqual(users(), [(True, "root", ["ALL"]), (False, "ana", ["DROP_QUEUE", "SUBMIT_JOB"])])
        queue("revoke", "DROP_QUEUE")
        self.assertEqual(users()[1:], [(False, "ana", ["SUBMIT_JOB"])])
        queue("update", "RESTART", "SCALE_QUEUE")
        self.assertEqual(users()[1:], [(False, "ana", ["RESTART", "SCALE_QUEUE"])])
        status, answer = self.send("root", "GET", "/queues/q1/users", [("limit", "1"), ("offset", "1")])
        self.assertEqual((status, [one["user_name"] for one in answer["privileges"]]), (200, ["ana"]))
        queue("update")
        self.assertEqual(users()[1:], [])
        self.good(self.grant("ana", "jobs.flink.9561", "GET"))
        listed = self.good(self.root_client.list_authorization_privileges(
            dli.ListAuthorizationPrivilegesRequest(object="jobs.flink.9561")))
        self.assertEqual((listed.object_name, listed.object_type, listed.count), ("9561", "flink", 2))
        self.assertEqual([(one.user_name, one.privileges) for one in listed.privileges],
                         [("root", ["ALL"]), ("ana", ["GET"])])
        status, answer = self.send("root", "GET", "/authorization/privileges",
                                   [("object", "jobs.flink.9561"), ("limit", "1"), ("offset", "1")])
        self.assertEqual((status, answer["count"], [one["user_name"] for one in answer["privileges"]]), (200, 2, ["ana"]))
        self.refused(self.root_client.list_authorization_privileges,
                     dli.ListAuthorizationPrivilegesRequest(object="jobs.sql.1"), 400, "DLI.0001")

    def test_parameters_that_the_sdk_lacks(self):
        self.create_database()
        keys = [*COLUMNS, dli.Column(column_name="dt", type="string", is_partition_column=True)]
        self.create_table(table_name="t", data_location="OBS", data_type="orc", data_path="obs://b/p", columns=keys)
        for query in ([("filter", "dt=x")], [("dt", "x")]):
            status, answer = self.send("root", "GET", "/databases/db1/tables/t/partitions", query)
            self.assertEqual((status, answer["partitions"]["total_count"]), (200, 0))
        for source, count in (("OBS", 1), ("DLI", 0)):
            status, answer = self.send("root", "GET", "/databases/db1/tables",
                                       [("datasource-type", source), ("without-tablemeta", "true")])
            self.assertEqual((status, answer["table_count"]), (200, count))

    def test_who_may_come_in(self):
        status, answer = self.send_raw("GET", f"/v1.0/{PROJECT}/databases", {}, None)
        self.assertEqual((status, answer["error_code"]), (401, "DLI.0013"))
        status, _ = self.send_raw("GET", f"/v1.0/{PROJECT}/databases", {"X-Auth-Token": self.token}, None)
        self.assertEqual(status, 200)
        status, answer = self.send_raw("GET", f"/v1.0/{PROJECT}/databases", {"X-Auth-Token": self.token + "x"}, None)
        self.assertEqual((status, answer["error_code"]), (401, "DLI.0013"))
        self.keys["thief"] = (self.keys["root"][0], "x" * 40)
        self.refused(self.client("thief").list_databases, dli.ListDatabasesRequest(), 401, "DLI.0013")
        self.keys["stranger"] = ("A" * 20, "x" * 40)
        self.refused(self.client("stranger").list_databases, dli.ListDatabasesRequest(), 401, "DLI.0013")

    def test_a_signed_change_is_taken_once(self):
        key, secret = self.keys["root"]
        host = urllib.parse.urlsplit(self.url).netloc
        request = SdkRequest(method="POST", schema="http", host=host, resource_path=f"/v1.0/{PROJECT}/databases",
                             query_params=[], header_params={"Content-Type": "application/json"},
                             body=json.dumps({"database_name": "once"}))
        signed = Signer(BasicCredentials(key, secret, PROJECT)).sign(request)
        status, _ = self.send_raw("POST", signed.uri, signed.header_params, signed.body)
        self.assertEqual(status, 200)
        self.send("root", "DELETE", "/databases/once")
        self.stop_server()
        self.url = self.start_server()  # also after a restart
        status, answer = self.send_raw("POST", signed.uri, signed.header_params, signed.body)
        self.assertEqual((status, answer["error_code"]), (401, "DLI.0013"))
        self.assertIn("used before", answer["error_msg"])

    def test_old_signatures_are_refused(self):
        key, secret = self.keys["root"]
        host = urllib.parse.urlsplit(self.url).netloc
        for minutes, wanted in ((-20, 401), (-10, 200), (10, 200), (20, 401)):
            date = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
            request = SdkRequest(method="GET", schema="http", host=host, resource_path=f"/v1.0/{PROJECT}/databases",
                                 query_params=[], header_params={"X-Sdk-Date": date.strftime("%Y%m%dT%H%M%SZ")}, body="")
            signed = Signer(BasicCredentials(key, secret, PROJECT)).sign(request)
            status, _ = self.send_raw("GET", signed.uri, signed.header_params, None)
            self.assertEqual(status, wanted, minutes)


def as_dict(value):
    return value if isinstance(value, dict) else value.to_dict()


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned")
