"""Tests in Python of `lodestoned --hive`, each with a store, a warehouse and a server of its own."""
from hive_wire import Client
from server_case import ServerCase


class HiveCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.warehouse = self.root / "warehouse"

    def start_hive(self, *options, listeners=1):
        """Starts it with --hive on a free port, and returns where it listens: {scheme: address}."""
        return self.start("--hive", "127.0.0.1:0", "--warehouse", f"file:{self.warehouse}", *options,
                          listeners=listeners)

    def connect(self, address, plain=None):
        client = Client(address, plain)
        self.addCleanup(client.close)
        return client
