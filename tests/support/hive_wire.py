"""A client of the Hive Metastore's protocol in plain Python: as much of it as tests of the server need."""
import socket
import struct

STOP, BOOL, BYTE, DOUBLE, I16, I32, I64, STRING, STRUCT, MAP, SET, LIST = 0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15


class Failure(Exception):
    """A declared exception (its field), or a TApplicationException (field None)."""

    def __init__(self, field, text):
        super().__init__(text)
        self.field = field


class Long(int):
    """An i64; other numbers are i32."""


def i32(number):
    return struct.pack(">i", number)


def text(value):
    value = value.encode()
    return i32(len(value)) + value


def value_of(value):
    """(type, bytes) of a bool, int (i32), Long, str, dict of str, struct as [(id, value)], or list of such values."""
    if isinstance(value, bool):
        return BOOL, bytes([value])
    if isinstance(value, Long):
        return I64, struct.pack(">q", value)
    if isinstance(value, int):
        return I32, i32(value)
    if isinstance(value, str):
        return STRING, text(value)
    if isinstance(value, dict):
        return MAP, bytes([STRING, STRING]) + i32(len(value)) + b"".join(text(k) + text(v) for k, v in value.items())
    if value and isinstance(value[0], tuple):
        return STRUCT, struct_of(value)
    element = value_of(value[0])[0] if value else STRING
    return LIST, bytes([element]) + i32(len(value)) + b"".join(value_of(one)[1] for one in value)


def struct_of(fields):
    out = b""
    for number, value in fields:
        kind, encoded = value_of(value)
        out += bytes([kind]) + struct.pack(">h", number) + encoded
    return out + b"\0"


class Client:
    """`plain`: (user, password) for SASL PLAIN."""

    def __init__(self, address, plain=None):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        self.framed = False
        self.rest = b""
        self.sequence = 0
        if plain:
            response = "\0" + "\0".join(plain)
            self.socket.sendall(b"\1" + text("PLAIN") + b"\2" + text(response))
            status = self.read_raw(1)[0]
            told = self.read_raw(struct.unpack(">i", self.read_raw(4))[0])
            if status != 5:
                raise PermissionError(told.decode())
            self.framed = True

    def close(self):
        self.socket.close()

    def read_raw(self, size):
        out = b""
        while len(out) < size:
            piece = self.socket.recv(size - len(out))
            if not piece:
                raise EOFError("the server ended the connection")
            out += piece
        return out

    def read(self, size):
        if not self.framed:
            return self.read_raw(size)
        while len(self.rest) < size:
            self.rest += self.read_raw(struct.unpack(">i", self.read_raw(4))[0])
        out, self.rest = self.rest[:size], self.rest[size:]
        return out

    def read_text(self):
        return self.read(struct.unpack(">i", self.read(4))[0]).decode()

    def read_value(self, kind):
        sizes = {BOOL: ">?", BYTE: ">b", DOUBLE: ">d", I16: ">h", I32: ">i", I64: ">q"}
        if kind in sizes:
            return struct.unpack(sizes[kind], self.read(struct.calcsize(sizes[kind])))[0]
        if kind == STRING:
            return self.read_text()
        if kind == STRUCT:
            return self.read_struct()
        if kind == MAP:
            key, value, size = struct.unpack(">bbi", self.read(6))
            return {self.read_value(key): self.read_value(value) for _ in range(size)}
        element, size = struct.unpack(">bi", self.read(5))
        return [self.read_value(element) for _ in range(size)]

    def read_struct(self):
        """{id: value}"""
        fields = {}
        while (kind := self.read(1)[0]) != STOP:
            number = struct.unpack(">h", self.read(2))[0]
            fields[number] = self.read_value(kind)
        return fields

    def call(self, name, *arguments):
        """The result, as far as there is one. None for an argument leaves it out."""
        self.sequence += 1
        fields = [(number, value) for number, value in enumerate(arguments, 1) if value is not None]
        message = i32(0x80010001 - (1 << 32)) + text(name) + i32(self.sequence) + struct_of(fields)
        self.socket.sendall(i32(len(message)) + message if self.framed else message)
        kind = struct.unpack(">I", self.read(4))[0] & 0xff
        assert (self.read_text(), struct.unpack(">i", self.read(4))[0]) == (name, self.sequence)
        answer = self.read_struct()
        if kind == 3:
            raise Failure(None, answer.get(1, ""))
        for field, value in answer.items():
            if field == 0:
                return value
            raise Failure(field, value.get(1, ""))
        return None
