"""The calls that the judge makes, in the same order to both servers. Each family is a generator of (label, answer):
`ask(call, ...)` gives an answer in plain values, also of exceptions."""
import itertools
import random

from hive_thrift.access import ttypes as access
from hive_thrift.constraints import ttypes as constraints
from hive_thrift.objects import ttypes as objects
from hive_thrift.partitions import ttypes as partitions
from hive_thrift.tables import ttypes as tables

TEXT = ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "org.apache.hadoop.mapred.TextInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")


def column(name, kind="int", comment=None):
    return objects.FieldSchema(name=name, type=kind, comment=comment)


def descriptor(*columns, location=None):
    return objects.StorageDescriptor(
        cols=list(columns) or [column("id"), column("name", "string", "a comment")], location=location,
        inputFormat=TEXT[1], outputFormat=TEXT[2], compressed=False, numBuckets=-1, bucketCols=[], sortCols=[],
        parameters={}, serdeInfo=objects.SerDeInfo(name="s", serializationLib=TEXT[0], parameters={"field.delim": "\x01"}))


def table(database, name, *, keys=(), kind="MANAGED_TABLE", parameters=None, location=None, columns=(), **more):
    return objects.Table(dbName=database, tableName=name, owner="ann", createTime=0, lastAccessTime=0, retention=0,
                         sd=descriptor(*columns, location=location), partitionKeys=list(keys),
                         parameters=dict(parameters or {}), tableType=kind, **more)


def partition(database, name, values, location=None, parameters=None):
    return objects.Partition(values=list(values), dbName=database, tableName=name, createTime=0, lastAccessTime=0,
                             sd=descriptor(location=location), parameters=dict(parameters or {}))


def get_table(ask, database, name):
    return ask("get_table_req", tables.GetTableRequest(dbName=database, tblName=name))


def databases(ask, warehouse):
    yield "all at first", ask("get_all_databases")
    yield "the first one", ask("get_database", "default")
    make = lambda **fields: ask("create_database", objects.Database(**fields))
    yield "made", make(name="Shop", description="what we sell", parameters={"Team": "A"}, ownerName="ann",
                       ownerType=access.PrincipalType.USER)
    yield "got", ask("get_database", "SHOP")
    yield "made again", make(name="shop", parameters={})
    yield "made at a place", make(name="placed", locationUri=f"file:{warehouse}/elsewhere", parameters={})
    yield "got placed", ask("get_database", "placed")
    for name in ("", "a b", "a-b", "1a", "a.b", "ä", "x" * 128, "x" * 129):
        yield f"made {name[:10]!r} {len(name)}", make(name=name, parameters={})
    yield "made without a name", make(name=None, parameters={})
    for pattern in ("*", "s*", "S*", "s*|d*", "", "s.*", "shop", "nothing", "?hop", "sh_p"):
        yield f"like {pattern!r}", ask("get_databases", pattern)
    yield "missing", ask("get_database", "nowhere")
    yield "altered", ask("alter_database", "shop", objects.Database(name="shop", parameters={"k": "v"}))
    yield "got altered", ask("get_database", "shop")
    yield "altered to another name", ask("alter_database", "shop", objects.Database(name="other", parameters={}))
    yield "alter of a missing one", ask("alter_database", "nowhere", objects.Database(name="nowhere", parameters={}))
    yield "drop of default", ask("drop_database", "default", True, False)
    yield "drop of a missing one", ask("drop_database", "nowhere", True, False)
    yield "table inside", ask("create_table", table("shop", "t"))
    yield "drop of a full one", ask("drop_database", "shop", True, False)
    yield "drop with all", ask("drop_database", "shop", True, True)
    yield "all at last", ask("get_all_databases")


def table_rules(ask, warehouse):
    ask("create_database", objects.Database(name="db", parameters={}))
    create = lambda *names, **fields: ask("create_table", table(*names, **fields))
    yield "made", create("db", "Plain", parameters={"Mixed.Case": "Kept"})
    yield "got", get_table(ask, "DB", "PLAIN")
    yield "made again", create("db", "plain")
    yield "in a missing database", create("nowhere", "t")
    yield "with keys", create("db", "keyed", keys=[column("dt", "string"), column("hour", "int", "of the day")])
    yield "got with keys", get_table(ask, "db", "keyed")
    yield "external", create("db", "ext", kind="EXTERNAL_TABLE", parameters={"EXTERNAL": "TRUE"})
    yield "got external", get_table(ask, "db", "ext")
    yield "external by parameter alone", create("db", "ext2", parameters={"EXTERNAL": "TRUE"})
    yield "got external by parameter", get_table(ask, "db", "ext2")
    yield "external by type alone", create("db", "ext3", kind="EXTERNAL_TABLE")
    yield "got external by type", get_table(ask, "db", "ext3")
    yield "view", create("db", "v", kind="VIRTUAL_VIEW", viewOriginalText="select 1", viewExpandedText="select 1")
    yield "got view", get_table(ask, "db", "v")
    yield "in default", create("default", "d")
    yield "got in default", get_table(ask, "default", "d")
    for name in ("", "a b", "a-b", "a.b", "1a", "ä", "a/b", "x" * 128, "x" * 129):
        yield f"made {name[:10]!r} {len(name)}", create("db", name)
    for number, kind in enumerate(("int", "INT", "decimal(10,2)", "decimal(50,2)", "varchar(10)", "array<int>", "map<string,struct<a:int>>",
                 "uniontype<int,string>", "no_type", "array<int", "", "timestamp with local time zone", "void")):
        yield f"column of {kind!r}", create("db", f"typed_{number}", columns=[column("c", kind)])
    yield "two columns of a name", create("db", "twice", columns=[column("a"), column("A")])
    yield "key and column of a name", create("db", "both", keys=[column("id")])
    yield "missing", get_table(ask, "db", "nothing")
    yield "missing database", get_table(ask, "nowhere", "nothing")
    for pattern in ("*", "e*", "E*", "ext|plain", "", "ext.*", "e_t"):
        yield f"like {pattern!r}", ask("get_tables", "db", pattern)
    yield "of a missing database", ask("get_tables", "nowhere", "*")
    yield "all", ask("get_all_tables", "db")
    yield "views", ask("get_tables_by_type", "db", "*", "VIRTUAL_VIEW")
    yield "meta", sorted(ask("get_table_meta", "*", "*", []), key=str)
    yield "meta of views", ask("get_table_meta", "db", "*", ["VIRTUAL_VIEW"])
    yield "objects by name", ask("get_table_objects_by_name_req",
                                 tables.GetTablesRequest(dbName="db", tblNames=["plain", "nothing", "v"]))
    yield "fields", ask("get_fields", "db", "keyed")
    yield "schema", ask("get_schema", "db", "keyed")
    yield "fields of a missing one", ask("get_fields", "db", "nothing")


def altered_tables(ask, warehouse):
    ask("create_database", objects.Database(name="al", parameters={}))
    place = f"file:{warehouse}/al.db/t"
    ask("create_table", table("al", "t", keys=[column("dt", "string")]))
    change = lambda new: ask("alter_table_with_environment_context", "al", "t", new, objects.EnvironmentContext(properties={}))

    def alter(new):
        new.sd.location = place
        return change(new)

    yield "without a location", change(table("al", "t", keys=[column("dt", "string")]))
    yield "parameters", alter(table("al", "t", keys=[column("dt", "string")], parameters={"k": "v"}))
    yield "got", get_table(ask, "al", "t")
    yield "column added", alter(table("al", "t", keys=[column("dt", "string")],
                                      columns=[column("id"), column("name", "string"), column("more", "double")]))
    yield "got with column", get_table(ask, "al", "t")
    yield "keys changed", alter(table("al", "t", keys=[column("dt", "string"), column("x", "int")]))
    yield "key renamed", alter(table("al", "t", keys=[column("day", "string")]))
    yield "key renamed back", alter(table("al", "t", keys=[column("dt", "string")]))
    yield "to a missing database", alter(table("nowhere", "t", keys=[column("dt", "string")]))
    yield "missing", ask("alter_table_with_environment_context", "al", "nothing", table("al", "nothing"),
                         objects.EnvironmentContext(properties={}))
    ask("create_table", table("al", "taken"))
    yield "renamed onto another", alter(table("al", "taken", keys=[column("dt", "string")]))
    ask("add_partitions_req", partitions.AddPartitionsRequest(dbName="al", tblName="t", parts=[partition("al", "t", ["1"])],
                                                              ifNotExists=False))
    yield "renamed", alter(table("al", "moved", keys=[column("dt", "string")]))
    yield "gone", get_table(ask, "al", "t")
    yield "got renamed", get_table(ask, "al", "moved")
    yield "its partition", ask("get_partition", "al", "moved", ["1"])
    for key, value in (("k", None), ("k", "v")):
        yield f"expected {value}", ask(
            "alter_table_with_environment_context", "al", "taken",
            table("al", "taken", location=f"file:{warehouse}/al.db/taken", parameters={"k": "w"}),
            objects.EnvironmentContext(properties={"expected_parameter_key": key, "expected_parameter_value": value or "v"}))


def partition_rules(ask, warehouse):
    ask("create_database", objects.Database(name="p", parameters={}))
    ask("create_table", table("p", "t", keys=[column("dt", "string"), column("hour", "int")]))
    add = lambda *parts, skip=False: ask("add_partitions_req", partitions.AddPartitionsRequest(
        dbName="p", tblName="t", parts=list(parts), ifNotExists=skip, needResult=True))
    one = lambda *values, **fields: partition("p", "t", values, **fields)
    yield "added", add(one("2026-01-01", "1", parameters={"Mixed": "Case"}), one("2026-01-01", "2"), one("2026-01-02", "01"))
    yield "got", ask("get_partition", "p", "t", ["2026-01-01", "1"])
    yield "added again", add(one("2026-01-01", "1"))
    yield "added again, skipped", add(one("2026-01-01", "1"), one("2026-01-03", "3"), skip=True)
    yield "twice in one", add(one("2026-01-09", "1"), one("2026-01-09", "1"))
    yield "too few values", add(one("2026-01-01"))
    yield "too many values", add(one("2026-01-01", "1", "1"))
    yield "no values", add(one())
    yield "of a missing table", ask("add_partitions_req", partitions.AddPartitionsRequest(
        dbName="p", tblName="nothing", parts=[partition("p", "nothing", ["1"])], ifNotExists=False))
    odd = ["a/b", "a b", "a=b", "a%b", "ä", "a:b", "a'b", 'a"b', "a#b", "a?b", "a{b", "a[b", "a]b", "a^b", "a\\b", "a}b", "a<b",
           "a|b", "a&b", "a,b", "a+b", "a~b", "*", ".", "..", "%41", "__HIVE_DEFAULT_PARTITION__"]
    yield "odd values", add(*(one(value, "1") for value in odd))
    yield "names", ask("get_partition_names", "p", "t", -1)
    for number in (0, 1, 3, 1000):
        yield f"{number} names", ask("get_partition_names", "p", "t", number)
    yield "names of a missing table", ask("get_partition_names", "p", "nothing", -1)
    yield "names of a missing database", ask("get_partition_names", "nowhere", "nothing", -1)
    for values in (["2026-01-01"], ["2026-01-01", ""], ["", "1"], ["", ""], ["nothing"], [], ["a", "b", "c"]):
        yield f"names by values {values}", ask("get_partition_names_ps", "p", "t", values, -1)
    yield "by names", ask("get_partitions_by_names", "p", "t", ["dt=2026-01-01/hour=1", "dt=no/hour=1", "dt=2026-01-01/hour=1"])
    yield "by name", ask("get_partition_by_name", "p", "t", "dt=2026-01-01/hour=1")
    for name in ("dt=2026-01-01/hour=9", "DT=2026-01-01/HOUR=1", "nonsense", "dt=2026-01-01", "hour=1/dt=2026-01-01"):
        yield f"by name {name}", ask("get_partition_by_name", "p", "t", name)
    yield "missing", ask("get_partition", "p", "t", ["no", "1"])
    yield "too few to get", ask("get_partition", "p", "t", ["no"])
    yield "with nothing of a missing table", ask("get_partition", "p", "nothing", ["no"])
    yield "append", ask("append_partition", "p", "t", ["appended", "7"])
    yield "append again", ask("append_partition", "p", "t", ["appended", "7"])
    yield "append by name", ask("append_partition_by_name", "p", "t", "dt=appended/hour=8")
    yield "values of names", ask("partition_name_to_vals", "dt=a%2Fb/hour=1")
    yield "specification of a name", ask("partition_name_to_spec", "dt=a%2Fb/hour=1")
    place = f"file:{warehouse}/p.db/t/dt=2026-01-01/hour="
    yield "altered", ask("alter_partitions", "p", "t", [one("2026-01-01", "1", parameters={"k": "v"}, location=place + "1")])
    yield "got altered", ask("get_partition", "p", "t", ["2026-01-01", "1"])
    yield "alter of a missing one", ask("alter_partitions", "p", "t", [one("no", "1")])
    yield "renamed", ask("rename_partition", "p", "t", ["2026-01-01", "2"], one("2026-01-01", "22", location=place + "2"))
    yield "got renamed", ask("get_partition", "p", "t", ["2026-01-01", "22"])
    yield "renamed onto another", ask("rename_partition", "p", "t", ["2026-01-01", "22"], one("2026-01-01", "1", location=place + "22"))
    yield "rename of a missing one", ask("rename_partition", "p", "t", ["no", "2"], one("no", "3"))
    yield "dropped", ask("drop_partition", "p", "t", ["2026-01-01", "22"], True)
    yield "dropped again", ask("drop_partition", "p", "t", ["2026-01-01", "22"], True)
    yield "dropped by name", ask("drop_partition_by_name", "p", "t", "dt=appended/hour=8", True)
    yield "counted", ask("get_num_partitions_by_filter", "p", "t", "hour = 1")
    yield "values", ask("get_partition_values", partitions.PartitionValuesRequest(
        dbName="p", tblName="t", partitionKeys=[column("hour", "int")], applyDistinct=True, ascending=True, maxParts=-1))
    yield "control characters", add(one("\x01", "1"), one("\t", "1"))
    yield "table dropped", ask("drop_table", "p", "t", True)
    yield "table dropped again", ask("drop_table", "p", "t", True)


def filters(ask, warehouse):
    """By the thousand, from a seed, over keys of four types."""
    chance = random.Random(20260101)
    ask("create_database", objects.Database(name="f", parameters={}))
    days = ["2026-01-01", "2026-01-02", "2026-02-28", "2027-12-31"]
    stamps = ["2026-01-01 00:00:00", "2026-01-01 12:30:00"]
    keys = {"s": ("string", ["a", "b", "ab", "B", "1", "10", "2", "a b", "__HIVE_DEFAULT_PARTITION__"]),
            "i": ("int", ["1", "2", "10", "-5", "100", "__HIVE_DEFAULT_PARTITION__"]),
            "d": ("date", [*days, "__HIVE_DEFAULT_PARTITION__"]), "t": ("timestamp", stamps)}
    for first, second in itertools.permutations(keys, 2):
        name = f"{first}{second}"
        ask("create_table", table("f", name, keys=[column(first, keys[first][0]), column(second, keys[second][0])]))
        parts = [partition("f", name, values) for values in itertools.product(keys[first][1], keys[second][1])]
        ask("add_partitions_req", partitions.AddPartitionsRequest(dbName="f", tblName=name, parts=parts, ifNotExists=False))

    def constant(key):
        kind, values = keys[key]
        value = chance.choice([v for v in values if v[0] != "_"])
        if kind == "int":
            return value
        if kind == "string":
            return chance.choice(("'{}'", '"{}"')).format(value)
        if kind == "date":
            return chance.choice(("'{}'", "{}", "DATE '{}'")).format(value)
        return chance.choice(("'{}'", "TIMESTAMP '{}'")).format(value)

    def condition(key):
        shape = chance.randrange(10)
        if shape < 5:
            return f"{key} {chance.choice(('=', '!=', '<>', '<', '<=', '>', '>='))} {constant(key)}"
        if shape < 6:
            return f"{constant(key)} {chance.choice(('=', '<', '>='))} {key}"
        negation = chance.choice(("", "not "))
        if shape < 8:
            return f"{key} {negation}between {constant(key)} and {constant(key)}"
        if shape < 9:
            return f"({key}) {negation}in ({', '.join(constant(key) for _ in range(chance.randint(1, 3)))})"
        return f"{key} like 'a%'" if keys[key][0] == "string" else f"{key} = {constant(key)}"

    def expression(names, depth):
        if depth == 0 or chance.random() < 0.4:
            return condition(chance.choice(names))
        text = f" {chance.choice(('and', 'or', 'AND'))} ".join(expression(names, depth - 1) for _ in range(2))
        return f"({text})" if chance.random() < 0.5 else text

    names = ["".join(pair) for pair in itertools.permutations(keys, 2)]
    for number in range(2400):
        name = names[number % len(names)]
        text = expression(list(name), 2)
        found = ask("get_partitions_by_filter", "f", name, text, -1)
        if isinstance(found, list):
            found = sorted("/".join(row["values"]) for row in found)
        yield f"{name}: {text}", found


def functions(ask, warehouse):
    ask("create_database", objects.Database(name="fn", parameters={}))
    make = lambda name, **fields: ask("create_function", objects.Function(
        functionName=name, dbName="fn", className="com.example.F", ownerName="ann", ownerType=access.PrincipalType.USER,
        createTime=0, functionType=objects.FunctionType.JAVA, resourceUris=[objects.ResourceUri(objects.ResourceType.JAR, "file:/x.jar")],
        **fields))
    yield "made", make("Up")
    yield "made again", make("up")
    yield "got", ask("get_function", "fn", "UP")
    yield "missing", ask("get_function", "fn", "down")
    yield "of a missing database", ask("get_function", "nowhere", "up")
    yield "like", ask("get_functions", "fn", "u*")
    yield "drop", ask("drop_function", "fn", "up")
    yield "drop again", ask("drop_function", "fn", "up")
    yield "bad name", make("a b")


def constraint_rules(ask, warehouse):
    ask("create_database", objects.Database(name="c", parameters={}))
    ask("create_table", table("c", "t"))
    key = lambda name: constraints.SQLPrimaryKey(table_db="c", table_name="t", column_name="id", key_seq=1, pk_name=name,
                                                 enable_cstr=False, validate_cstr=False, rely_cstr=True, catName="hive")
    yield "added", ask("add_primary_key", constraints.AddPrimaryKeyRequest([key("pk")]))
    yield "a second one", ask("add_primary_key", constraints.AddPrimaryKeyRequest([key("pk2")]))
    yield "got", ask("get_primary_keys", constraints.PrimaryKeysRequest(db_name="c", tbl_name="t", catName="hive"))
    yield "none", ask("get_not_null_constraints", constraints.NotNullConstraintsRequest(catName="hive", db_name="c", tbl_name="t"))
    yield "dropped", ask("drop_constraint", constraints.DropConstraintRequest(dbname="c", tablename="t", constraintname="pk"))


def told(answer):
    """Without the time of analysis, and columns by name."""
    if isinstance(answer, dict) and "statsDesc" in answer:
        answer["statsDesc"].pop("lastAnalyzed", None)
    for columns in [answer.get("tableStats"), answer.get("colStats"), *answer.get("partStats", {}).values()]:
        if columns:
            columns.sort(key=lambda one: one["colName"])
    return answer


def column_statistics(ask, warehouse):
    def of_longs(low, high, nulls, distinct, name="id"):
        data = objects.LongColumnStatsData(lowValue=low, highValue=high, numNulls=nulls, numDVs=distinct)
        return objects.ColumnStatisticsObj(name, "bigint", objects.ColumnStatisticsData(longStats=data))

    def of_texts(longest, average, nulls, distinct):
        data = objects.StringColumnStatsData(maxColLen=longest, avgColLen=average, numNulls=nulls, numDVs=distinct)
        return objects.ColumnStatisticsObj("name", "string", objects.ColumnStatisticsData(stringStats=data))

    def of(name, *columns, part=None, engine=None):
        about = objects.ColumnStatisticsDesc(isTblLevel=part is None, dbName="S", tableName=name, partName=part)
        return objects.ColumnStatistics(about, list(columns), engine=engine)

    accurate = lambda answer: answer.get("table", answer)["parameters"].get("COLUMN_STATS_ACCURATE")
    of_table = lambda name: accurate(get_table(ask, "s", name))
    of_partition = lambda name: accurate(ask("get_partition_by_name", "s", "p", name))
    set_all = lambda *all_of, merge=None: ask("set_aggr_stats_for", tables.SetPartitionsStatsRequest(list(all_of), merge))
    ask("create_database", objects.Database(name="s", parameters={}))
    ask("create_table", table("s", "t"))
    ask("create_table", table("s", "p", keys=(column("dt", "string"), column("hour", "int"))))
    for values in (["a", "1"], ["b", "2"], ["x/y", "3"], ["none", "4"]):
        ask("add_partition", partition("s", "p", values))

    yield "table: updated", ask("update_table_column_statistics", of("T", of_longs(1, 5, 2, 3)))
    yield "table: accurate", of_table("t")
    yield "table: updated by request", ask("update_table_column_statistics_req",
                                           tables.SetPartitionsStatsRequest([of("t", of_texts(5, 2.5, 2, 3))]))
    yield "table: accurate with both", of_table("t")
    for name in ("id", "ID", "name"):
        yield f"table: got {name}", told(ask("get_table_column_statistics", "S", "T", name))
    yield "table: of a missing one", ask("get_table_column_statistics", "s", "nothing", "id")
    for columns in (["id", "name"], ["ID"], ["nothing"], []):
        for engine in ("hive", "impala"):
            yield f"table: {columns} of {engine}", told(ask("get_table_statistics_req", tables.TableStatsRequest(
                "s", "t", columns, engine=engine)))
    yield "table: request of a missing one", ask("get_table_statistics_req", tables.TableStatsRequest("s", "no", ["id"]))
    yield "table: a missing column", ask("update_table_column_statistics", of("t", of_longs(1, 2, 0, 1, "nothing")))
    yield "table: updated a missing one", ask("update_table_column_statistics", of("no", of_longs(1, 2, 0, 1)))
    for name, request in (("two", tables.SetPartitionsStatsRequest([of("t"), of("t")])),
                          ("none", tables.SetPartitionsStatsRequest([])),
                          ("to merge", tables.SetPartitionsStatsRequest([of("t", of_longs(1, 2, 0, 1))], True))):
        yield f"table: request of {name}", ask("update_table_column_statistics_req", request)

    for part, columns in (("dt=a/hour=1", (of_longs(1, 5, 2, 3), of_texts(5, 2.5, 2, 3))),
                          ("dt=b/hour=2", (of_longs(0, 9, 1, 8),)), ("dt=x%2Fy/hour=3", (of_texts(7, 1.5, 0, 9),)),
                          ("dt=no/hour=5", (of_longs(0, 9, 1, 8),)), ("nonsense", (of_longs(0, 9, 1, 8),)),
                          ("dt=a", (of_longs(0, 9, 1, 8),))):
        yield f"partition: updated {part}", ask("update_partition_column_statistics", of("p", *columns, part=part))
    yield "partition: accurate", of_partition("dt=a/hour=1")
    yield "partition: the table is not", of_table("p")
    yield "partition: got", told(ask("get_partition_column_statistics", "S", "P", "dt=a/hour=1", "ID"))
    names = ["dt=a/hour=1", "dt=b/hour=2", "dt=x%2Fy/hour=3", "dt=none/hour=4", "dt=no/hour=5"]
    for columns in (["id", "name"], ["id"], ["nothing"], []):
        for count in (0, 1, 2, 3, 5):
            request = tables.PartitionsStatsRequest("s", "p", columns, names[:count])
            yield f"partition: {columns} of {count}", told(ask("get_partitions_statistics_req", request))
            yield f"rolled up: {columns} of {count}", told(ask("get_aggr_stats_for", request))
    yield "rolled up: of a missing table", ask("get_aggr_stats_for", tables.PartitionsStatsRequest("s", "no", ["id"], names))

    for number, known in enumerate((None, '{"BASIC_STATS":"true","COLUMN_STATS":{"id":"true"}}', "nonsense", "TRUE",
                                    '{"COLUMN_STATS":{"ID":"true"}}', '{"COLUMN_STATS":{"id":"false"}}',
                                    '{"BASIC_STATS":"false","COLUMN_STATS":{"id":"true"}}')):
        name = f"m{number}"
        ask("create_table", table("s", name, parameters={"COLUMN_STATS_ACCURATE": known} if known else {}))
        for low in (0, -5):
            yield f"merge: into {known}, {low}", set_all(of(name, of_longs(low, 1, 3, 5), of_texts(9, 1.0, 1, 2)), merge=True)
            yield f"merge: got of {known}, {low}", told(ask("get_table_statistics_req",
                                                            tables.TableStatsRequest("s", name, ["id", "name"])))
            yield f"merge: accurate of {known}, {low}", of_table(name)
        yield f"merge: replaced {known}", set_all(of(name, of_longs(7, 8, 3, 5)))
        yield f"merge: accurate of {known}, replaced", of_table(name)
    yield "set: none", set_all()
    yield "set: of two tables", set_all(of("t", of_longs(1, 2, 0, 1)), of("t", of_texts(1, 1.0, 0, 1)))
    yield "set: of a missing table", set_all(of("nothing", of_longs(1, 2, 0, 1)))

    yield "deleted: of a missing table", ask("delete_table_column_statistics", "s", "no", "id", "hive")
    yield "deleted: id", ask("delete_table_column_statistics", "s", "t", "ID", "hive")
    yield "deleted: left", told(ask("get_table_statistics_req", tables.TableStatsRequest("s", "t", ["id", "name"])))
    yield "deleted: all", ask("delete_table_column_statistics", "s", "t", None, "hive")
    yield "deleted: nothing left", told(ask("get_table_statistics_req", tables.TableStatsRequest("s", "t", ["id", "name"])))
    yield "deleted: of a partition", ask("delete_partition_column_statistics", "s", "p", "dt=a/hour=1", "name", "hive")
    yield "deleted: again", ask("delete_partition_column_statistics", "s", "p", "dt=a/hour=1", "name", "hive")
    yield "deleted: of a missing partition", ask("delete_partition_column_statistics", "s", "p", "dt=no/hour=5", "id", "hive")


def table_filters(ask, warehouse):
    ask("create_database", objects.Database(name="tf", parameters={}))
    for name, owner, accessed, parameters in (("a", "ann", 100, {"k": "v", "n": "10", "Mixed": "X"}),
                                              ("b", "bob", 200, {"k": "w", "n": "9"}), ("c", "ann", 300, {"other": "v"}),
                                              ("d", "dan", 0, {"k": ""}), ("e", "Ann", 0, {"k": "V", "n": "abc"})):
        made = table("tf", name, parameters=parameters)
        made.owner, made.lastAccessTime = owner, accessed
        ask("create_table", made)
    fields = {"O": "hive_filter_field_owner__", "A": "hive_filter_field_last_access__", "P": "hive_filter_field_params__"}
    for text in ('O = "ann"', "O = 'ann'", 'O != "ann"', 'O <> "ann"', 'O like "a.*"', 'O like "a%"', 'O not like "a.*"',
                 'O > "b"', 'O = ""', '"ann" = O', '(O) in ("ann", "bob")', '(O) not in ("ann", "bob")', 'O in ("ann")',
                 'O between "a" and "b"', "A = 100", 'A = "100"', "A > 100", "A <= 200", "A != 100", "A between 100 and 200",
                 "A not between 100 and 200", 'A like "1.*"', 'Pk = "v"', 'Pk != "v"', 'Pk <> "v"', 'Pk like "v"', 'Pk = ""',
                 'Pk > "v"', 'Pk between "v" and "w"', "Pn = 10", 'Pn = "10"', "Pn > 9", 'Pmixed = "X"', 'PMixed = "X"',
                 'Pnone = "v"', 'Pnone != "v"', '(Pk) in ("v", "w")', '(Pk) not in ("v", "w")', '"v" = Pk', '`Pk` = "v"',
                 'Pa.b = "v"', 'P = "v"', 'Pk = "v" and O = "ann"', 'Pk = "v" or O = "bob" and A > 200',
                 '(Pk = "v" or O = "bob") and A > 100', 'k = "v"', 'owner = "ann"', "", " ", "nonsense", "Pk =",
                 'not O = "ann"', 'O = "ann" O = "ann"'):
        spelled = "".join(fields.get(letter, letter) for letter in text)
        yield text, ask("get_table_names_by_filter", "tf", spelled, -1)
    for count in (-1, 0, 1, 2, 9):
        yield f"{count} names", ask("get_table_names_by_filter", "TF", "", count)
    yield "of a missing database", ask("get_table_names_by_filter", "nowhere", "", -1)
    yield "of a missing catalog", ask("get_table_names_by_filter", "@no#tf", "", -1)


FAMILIES = (databases, table_rules, altered_tables, partition_rules, functions, constraint_rules, column_statistics,
            table_filters, filters)
