"""Reads the partitions of a store with nothing but what docs/format says: no code is shared with the library.

It exists to show that the description is enough. RocksDB's own files are left to RocksDB (package rocksdict).
"""
import struct

import rocksdict

CATALOG_ID = 5  # field of the public message Catalog


class Bytes:
    """Takes little-endian numbers and slices off the front of some bytes."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        assert self.at + count <= len(self.data), f"{count} bytes at {self.at} of {len(self.data)}"
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, form):
        [value] = struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))
        return value

    def numbers(self, count, form):
        return list(struct.unpack(f"<{count}{form}", self.take(struct.calcsize(f"<{count}{form}"))))

    def rest(self):
        return self.take(len(self.data) - self.at)


def message(data):
    """A protobuf message as lists of values by field number: integers, or bytes."""
    fields = {}
    source = Bytes(data)

    def varint():
        value = shift = 0
        while True:
            byte = source.number("B")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while source.at < len(data):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            value = varint()
        elif kind == 2:
            value = source.take(varint())
        else:
            value = source.take({1: 8, 5: 4}[kind])
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def record(data):
    """records.md: a format byte, and a message."""
    assert data[0] == 1, f"record of format {data[0]}"
    return message(data[1:])


def slices(ends, data):
    return [data[begin:end] for begin, end in zip([0] + ends, ends)]


def dictionary_column(source, rows):
    """pages.md: Dictionary column."""
    flags = source.number("B")
    index_bytes, lengths = flags & 3, flags >> 3 & 3
    count = source.number("H")
    if lengths == 0:
        length = source.number("I")
        ends = [length * (i + 1) for i in range(count)]
    else:
        ends = source.numbers(count, {1: "H", 2: "I"}[lengths])
    values = slices(ends, source.take(ends[-1]))
    if index_bytes == 0:
        return [values[0]] * rows
    return [values[i] for i in source.numbers(rows, {1: "B", 2: "H"}[index_bytes])]


def integer_column(source, rows):
    """pages.md: Integer column."""
    width = source.number("B")
    base = source.number("q")
    if width == 0:
        return [base] * rows
    differences = [int.from_bytes(source.take(width), "little") for _ in range(rows)]
    assert source.take(8 - width) == bytes(8 - width)
    return [((base + difference + 2**63) % 2**64) - 2**63 for difference in differences]


def text_column(data, rows):
    """pages.md: Text column. None where absent."""
    if not data:
        return [None] * rows
    source = Bytes(data)
    encoding = source.number("B")
    present = [True] * rows
    if encoding & 0x80:
        bits = source.take((rows + 7) // 8)
        present = [bits[row // 8] >> row % 8 & 1 == 1 for row in range(rows)]
    encoding &= 0x7F
    if encoding == 0:
        values = [source.rest()] * rows
    elif encoding == 1:
        values = [str(number).encode() for number in integer_column(source, rows)]
    elif encoding == 2:
        values = dictionary_column(source, rows)
    else:
        assert encoding == 3, f"text encoding {encoding}"
        ends = source.numbers(rows, {2: "H", 4: "I"}[source.number("B")])
        values = slices(ends, source.rest())
    assert source.at == len(data), "bytes are left over"
    return [value.decode() if there else None for value, there in zip(values, present)]


def key_page(data):
    """Rows of values."""
    source = Bytes(data)
    assert source.number("B") == 1
    columns = source.number("B")
    rows = source.number("H")
    decoded = [dictionary_column(source, rows) for _ in range(columns)]
    assert source.at == len(data), "bytes are left over"
    return [[value.decode() for value in row] for row in zip(*decoded)]


def value_page(data):
    """Rows of (create time, last access time, descriptor, location, parameters)."""
    source = Bytes(data)
    assert source.number("B") == 1 and source.number("B") == 0
    rows = source.number("H")
    names_count = source.number("H")
    column_ends = source.numbers(4 + names_count, "I")
    name_ends = source.numbers(names_count, "I")
    names = [name.decode() for name in slices(name_ends, source.take(name_ends[-1] if name_ends else 0))]
    columns = slices(column_ends, source.rest())
    times, accesses, descriptors = (integer_column(Bytes(column), rows) for column in columns[:3])
    locations = text_column(columns[3], rows)
    parameters = [text_column(column, rows) for column in columns[4:]]
    for row in range(rows):
        given = {name: column[row] for name, column in zip(names, parameters) if column[row] is not None}
        yield times[row], accesses[row], descriptors[row], locations[row], given


def escape(text):
    """semantics/names.md: what a partition's name escapes."""
    special = set('"#%\'*/:=?\\{[]^\x7f') | {chr(c) for c in range(0x20)}
    return "".join(f"%{ord(c):02X}" if c in special else c for c in text)


class Store:
    """A store that nobody writes to."""

    def __init__(self, path):
        options = rocksdict.Options(raw_mode=True)
        self.db = rocksdict.Rdict(path, options, access_type=rocksdict.AccessType.read_only())

    def close(self):
        self.db.close()

    def under(self, prefix):
        """What stands under a prefix: (rest of the key, value)."""
        for key, value in self.db.items(from_key=prefix):
            if not key.startswith(prefix):
                return
            yield key[len(prefix):], value

    def tables(self, catalog):
        """Ids of tables by (database, table)."""
        found = {}
        [catalog_record] = [value for name, value in self.under(b"\x10") if name.decode() == catalog]
        [catalog_message] = record(catalog_record)[1]
        catalog_id = message(catalog_message)[CATALOG_ID][0]
        for database, entry in self.under(b"\x12" + struct.pack(">Q", catalog_id)):
            database_id = record(entry)[1][0]
            for table, table_entry in self.under(b"\x14" + struct.pack(">Q", database_id)):
                found[database.decode(), table.decode()] = record(table_entry)[1][0]
        return found

    def descriptors(self, table_id):
        """(base location, key names) by number."""
        found = {}
        for number, value in self.under(b"\x20" + struct.pack(">Q", table_id) + b"\x03"):
            fields = record(value)
            base = fields.get(2, [b""])[0].decode()
            found[int.from_bytes(number, "big")] = (base, [name.decode() for name in fields.get(3, [])])
        return found

    def partitions(self, table_id):
        """Partitions of a table, in order, as the JSON of an export has them."""
        value = self.db.get(b"\x20" + struct.pack(">Q", table_id) + b"\x02")
        if value is None:
            return
        descriptors = self.descriptors(table_id)
        pages = b"\x30" + struct.pack(">Q", record(value)[1][0])
        values_of = dict(self.under(pages + b"\x02"))
        for lowest, page in self.under(pages + b"\x01"):
            keys = key_page(page)
            assert "/".join(map(escape, keys[0])).encode() == lowest
            for values, (created, accessed, number, location, parameters) in zip(keys, value_page(values_of[lowest])):
                base, names = descriptors[number]
                if location is None and base:
                    location = f"{base}/" + "/".join(f"{k}={escape(v)}" for k, v in zip(names, values))
                row = {"values": values, "parameters": parameters, "location": location, "create_time": created,
                       "last_access_time": accessed}
                yield {name: given for name, given in row.items() if given}
