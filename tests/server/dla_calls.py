"""DLA actions as plain requests: enough to have something to call, without a package of anybody's."""
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import urllib.parse
import uuid


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


def signed_query(key, action, **fields):
    """The query of a GET, signed with (id, secret); with (name, None) for a server that checks nothing."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {"Action": action, "Version": "2020-09-28", "AccessKeyId": key[0], "SignatureMethod": "HMAC-SHA1",
              "SignatureVersion": "1.0", "SignatureNonce": str(uuid.uuid4()), "Timestamp": now, "Format": "JSON", **fields}
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(fields.items()))
    if key[1] is None:
        return query
    text = f"GET&%2F&{quote(query)}"
    digest = hmac.new((key[1] + "&").encode(), text.encode(), hashlib.sha1).digest()
    return f"{query}&Signature={quote(base64.b64encode(digest).decode())}"


class Dla:
    """One connection and one key. Calls return (status, answer); OSError and HTTPException when the server is gone."""

    def __init__(self, url, key, timeout=30):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=timeout)
        self.key = key

    def __call__(self, action, **fields):
        self.connection.request("GET", "/?" + signed_query(self.key, action, **fields))
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self):
        self.connection.close()
