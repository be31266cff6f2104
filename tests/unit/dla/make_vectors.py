#!/usr/bin/env python3
"""Writes data/*.ndjson: requests as the vendor's Python packages sign and send them, taken down byte by byte by a server
that only listens. dla_signature_test holds the adapter against them.

usage: make_vectors.py          (with the packages of tests/requirements.txt)

Each run writes other times, nonces and signatures; nothing else changes. One line is one request: who signed it, and
method, target, headers and body as they came.
"""
import http.server
import json
import pathlib
import threading

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from alibabacloud_openanalytics_open20200928 import models
from alibabacloud_openanalytics_open20200928.client import Client
from alibabacloud_tea_openapi.models import Config

KEY, SECRET = "LTAI5tVECTORSVECTORS", "s3cretS3cretS3cretS3cretS3cretS3cretS3cr"
FOLDER = pathlib.Path(__file__).parent / "data"
# What escapes, what the clients' libraries are known to disagree about, and other alphabets.
AWKWARD = ["plain", "two words", "a+b", "50%", "%2F", "a=b&c=d", "a/b?c#d", "*star*", "~tilde~", "quo\"te'd", "new\nline",
           "Zürich", "東京", "😀", "", "-._~", "{}[]", "semi;colon", "tab\there", "back\\slash"]
DESCRIPTOR = {"Cols": [{"Name": "id", "Type": "bigint", "Comment": "it's"}], "InputFormat": "in", "OutputFormat": "out",
              "Location": "oss://data/a b", "SerDeInfo": {"SerializationLib": "lib"}}


class Listener(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.append({"method": self.command, "target": self.path,
                          "headers": [[name.lower(), value] for name, value in self.headers.items()],
                          "body": body.decode("utf-8")})
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET

    def log_message(self, *_):
        pass


def core_requests(client):
    """The core package: GET with parameters in the query, POST with them in query and body."""
    for i, value in enumerate(AWKWARD):
        for method in ("GET", "POST"):
            request = CommonRequest(domain=client.endpoint, version="2018-06-19", action_name="CreateDatabase")
            request.set_protocol_type("http")
            request.set_method(method)
            request.set_accept_format("XML" if i % 3 == 0 else "JSON")
            request.add_query_param("Name", f"db{i:03}")
            add = request.add_query_param if method == "GET" else request.add_body_params
            add("Description", value)
            add("LocationUri", f"oss://data/{value}")
            add("Parameters", json.dumps({value or "key": value}))
            client.get_response(request)  # the other call asks for JSON whatever was set


def typed_requests(client):
    """The typed package: POST, each parameter in query and body."""
    for i, value in enumerate(AWKWARD):
        client.create_database(models.CreateDatabaseRequest(
            name=f"db{i:03}", description=value or "x", location_uri=f"oss://data/{value}", parameters={"key": value}))
        kind = i % 4
        if kind == 0:
            client.drop_partition(models.DropPartitionRequest(db_name="db", table_name="t", part_values=[value, "1"]))
        elif kind == 1:
            client.drop_database(models.DropDatabaseRequest(name="db", cascade=i % 8 == 1))
        elif kind == 2:
            client.get_all_databases()
        else:
            client.get_partitions(models.GetPartitionsRequest(db_name="db", table_name="t", max_parts=i))


def record(send):
    Listener.seen = []
    send()
    return Listener.seen


def write(name, requests):
    with open(FOLDER / name, "w", encoding="utf-8") as file:
        for request in requests:
            json.dump({"access_key_id": KEY, "access_key_secret": SECRET} | request, file, ensure_ascii=True)
            file.write("\n")
    print(f"{name}: {len(requests)} requests")


def without_machine(requests):
    """The core package names the kernel in a header that it does not sign."""
    for request in requests:
        request["headers"] = [[name, value] for name, value in request["headers"] if name != "user-agent"]
    return requests


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"127.0.0.1:{server.server_address[1]}"

    core = AcsClient(KEY, SECRET, "cn-hangzhou")
    core.endpoint = endpoint

    def typed(**options):
        return Client(Config(access_key_id=KEY, access_key_secret=SECRET, endpoint=endpoint, protocol="http", **options))

    old = typed(signature_algorithm="v2")
    new = typed()
    write("v1.ndjson", without_machine(record(lambda: core_requests(core))) + record(lambda: typed_requests(old)))
    write("acs3.ndjson", record(lambda: typed_requests(new)) + record(lambda: typed_requests(new)))
    server.shutdown()


if __name__ == "__main__":
    main()
