"""Writes sdk_signatures.json: requests signed by the vendor's own signer (PyPI huaweicloudsdkcore), as they go over the
wire. Run it with the Python of build/venv; the same input always gives the same file.

usage: make_signatures.py > sdk_signatures.json
"""
import json
import random
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from urllib.parse import quote

PROJECT = "p1"
NAMES = ["db1", "web", "$test", "a b", "Zoë", "x/y", "50%", "plus+plus", "tilde~", "semi;colon", "quote'", "q?m", "h#h"]
VALUES = ["", "1", "100", "true", "a b", "a+b", "k1=v1,k2=v2", "dt=2026-01-05", "*", "%2F", "Zoë", "a&b", "~-_."]
AGENTS = ["huaweicloud-usdk-python/3.0", "agent/1.0; os=linux#6 (x; y)", "  padded  ", "ü"]
ROUTES = [
    ("POST", "/v1.0/{p}/databases", ["database_name", "description"]),
    ("GET", "/v1.0/{p}/databases", None),
    ("DELETE", "/v1.0/{p}/databases/{0}", None),
    ("PUT", "/v1.0/{p}/databases/{0}/owner", ["new_owner"]),
    ("POST", "/v1.0/{p}/databases/{0}/tables", ["table_name", "data_location"]),
    ("GET", "/v1.0/{p}/databases/{0}/tables", None),
    ("GET", "/v1.0/{p}/databases/{0}/tables/{1}", None),
    ("DELETE", "/v1.0/{p}/databases/{0}/tables/{1}", None),
    ("GET", "/v1.0/{p}/databases/{0}/tables/{1}/partitions", None),
    ("GET", "/v1.0/{p}/databases/{0}/tables/{1}/preview", None),
    ("PUT", "/v1.0/{p}/user-authorization", ["user_name", "action"]),
    ("PUT", "/v1.0/{p}/queues/user-authorization", ["queue_name", "action"]),
    ("GET", "/v1.0/{p}/authorization/privileges", None),
    ("GET", "/v1.0/{p}/databases/{0}/tables/{1}/users/{1}", None),
]
QUERY_NAMES = ["limit", "offset", "filter", "keyword", "with-priv", "page-size", "object", "tags", "a b", "a"]


def make(number, random_source):
    method, pattern, fields = ROUTES[number % len(ROUTES)]
    first, second = random_source.choice(NAMES), random_source.choice(NAMES)
    path = pattern.format(quote(first, safe=""), quote(second, safe=""), p=PROJECT)
    query = []
    for _ in range(random_source.randrange(4) if method != "POST" else 0):
        query.append((random_source.choice(QUERY_NAMES), random_source.choice(VALUES)))
    body = ""
    if fields is not None:
        body = json.dumps({name: random_source.choice(NAMES) for name in fields})
    key = "AK%018d" % number
    secret = "".join(random_source.choices("abcdefXYZ0123456789", k=40))
    headers = {
        "Content-Type": "application/json",
        "X-Sdk-Date": "20260105T%02d%02d%02dZ" % (number % 24, number % 60, (number * 7) % 60),
        "User-Agent": random_source.choice(AGENTS),
        "X-Project-Id": PROJECT,
    }
    host = random_source.choice(["127.0.0.1:8080", "dli.example.com"])
    request = SdkRequest(method=method, schema="http", host=host, resource_path=path, query_params=query,
                         header_params=headers, body=body)
    signed = Signer(BasicCredentials(key, secret, PROJECT)).sign(request)
    # On the wire values are the bytes of UTF-8.
    sent = {name.lower(): value.encode("iso-8859-1").decode("utf-8") for name, value in signed.header_params.items()}
    return {"method": method, "target": signed.uri, "headers": sent, "body": body, "key": key, "secret": secret}


def main():
    random_source = random.Random(20260105)
    vectors = [make(number, random_source) for number in range(84)]
    json.dump(vectors, sys.stdout, indent=1, ensure_ascii=True)
    print()


if __name__ == "__main__":
    main()
