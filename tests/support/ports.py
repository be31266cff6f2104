"""Servers that are started on a free port of this machine."""
import contextlib
import socket
import sys
import time


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def wait_for(port, process, log):
    """Until the process listens; the end of the program, with what it logged last, where that is not to be."""
    for _ in range(900):
        if process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}: {log.read_text(encoding='utf-8')[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    sys.exit(f"the server did not answer within three minutes: {log.read_text(encoding='utf-8')[-2000:]}")
