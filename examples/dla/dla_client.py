#!/usr/bin/env python3
"""A client of the DLA metadata API with nothing but Python's library: signs its requests, makes a database with a
partitioned table, adds partitions, reads them back and grants.

usage: dla_client.py URL ACCESS_KEY_ID ACCESS_KEY_SECRET [GRANTEE]

`lodestoned --demo` prints a URL and keys to try it with. What is said to the server, and what it answers, is in
docs/wire/dla.md; the vendor's own packages work as well (tests/clients/dla_sdk_test.py).
"""
import base64
import datetime
import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Refused(Exception):
    """The answer was no: the code, and the text for people."""


class DlaClient:
    def __init__(self, url, key_id, secret):
        self.url, self.key_id, self.secret = url, key_id, secret

    def call(self, action, **fields):
        """The answer's fields. What is no text is sent as JSON."""
        parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
        parameters |= {
            "Action": action, "Version": "2018-06-19", "Format": "JSON", "AccessKeyId": self.key_id,
            "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": str(uuid.uuid4()),
            "Timestamp": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        parameters["Signature"] = self.sign("POST", parameters)
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(self.url, data=body, timeout=60) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
        if answer.get("Success") is not True:
            raise Refused(f"{answer['Code']}: {answer['Message']}")
        return answer

    def sign(self, method, parameters):
        def encode(text):
            return urllib.parse.quote(text, safe="-_.~")

        query = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(parameters.items()))
        text = f"{method}&%2F&{encode(query)}"
        digest = hmac.new(f"{self.secret}&".encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()


COLUMNS = [{"Name": "url", "Type": "string", "Comment": "what was asked for"}, {"Name": "bytes", "Type": "bigint"}]
FORMAT = {"InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
          "SerDeInfo": {"SerializationLib": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}}


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    client = DlaClient(*sys.argv[1:4])
    client.call("CreateDatabase", Name="dla_example", Description="made by an example", LocationUri="oss://data/example")
    try:
        client.call("CreateTable", DbName="dla_example", TableName="hits", TableType="EXTERNAL_TABLE",
                    PartitionKeys=[{"Name": "dt", "Type": "date"}],
                    StorageDescriptor=FORMAT | {"Cols": COLUMNS, "Location": "oss://data/example/hits"})
        days = [f"2026-01-{day:02}" for day in range(1, 8)]
        added = client.call("AddPartitions", Partition=[
            {"DbName": "dla_example", "TableName": "hits", "Values": [day], "StorageDescriptor": FORMAT | {"Col": COLUMNS}}
            for day in days])
        print(f"added {added['Data']} partitions")
        for partition in client.call("GetPartitions", DbName="dla_example", TableName="hits", MaxParts=3)["Partitions"]:
            print(partition["Values"], partition["StorageDescriptorModel"]["Location"])
        if len(sys.argv) == 5:
            client.call("GrantPrivileges", PrivilegeBag={"HiveObjectPrivilege": [{
                "HiveObjectRef": {"HiveObjectType": "TABLE", "DbName": "dla_example", "TableName": "hits"},
                "PrincipalName": sys.argv[4], "PrivilegeGrantInfo": {"Privilege": "SELECT,SHOW", "GrantOption": False}}]})
            print(f"{sys.argv[4]} may read dla_example.hits")
        try:
            client.call("GetTable", DbName="dla_example", TableName="none")
        except Refused as no:
            print(no)
    finally:
        client.call("DropDatabase", Name="dla_example", Cascade=True)


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(str(refused))
