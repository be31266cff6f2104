"""Calls that choose the fields of their answers, and others of Hive 4 alone: calls of the judge (calls.py)."""
from hive_thrift.objects import ttypes as objects
from hive_thrift.partitions import ttypes as partitions
from hive_thrift.tables import ttypes as tables

from calls import column, get_table, partition, table

MODE = partitions.PartitionFilterMode


def partitions_with_specs(ask, warehouse):
    ask("create_database", objects.Database(name="ps", parameters={}))
    ask("create_table", table("ps", "t", keys=(column("dt", "string"), column("hour", "int"))))
    for values, more in ((["a", "1"], {"k": "v", "Kind": "x"}), (["a", "2"], {"k": "w"}), (["b", "1"], {}), (["c/d", "10"], {})):
        ask("add_partition", partition("ps", "t", values, parameters=more))
    ask("add_partition", partition("ps", "t", ["far", "1"], location=f"file:{warehouse}/elsewhere/far"))
    ask("create_table", table("ps", "plain"))
    ask("create_table", table("ps", "empty", keys=(column("dt", "string"),)))

    def choose(fields=None, include=None, exclude=None, mode=None, filters=None, name="t", **more):
        return ask("get_partitions_with_specs", partitions.GetPartitionsRequest(
            dbName="ps", tblName=name, projectionSpec=tables.GetProjectionsSpec(fields, include, exclude),
            filterSpec=partitions.GetPartitionsFilterSpec(mode, filters), **more))

    yield "all", choose()
    yield "in the compact form", ask("get_partitions_pspec", "ps", "t", -1)
    yield "of an empty table", choose(name="empty")
    yield "of a table without keys", choose(name="plain")
    yield "of a missing table", choose(name="nothing")
    yield "with grants", choose(withAuth=True, user="bob", groupNames=[])
    for fields in ([], ["values"], ["values", "parameters"], ["sd.location"], ["values", "sd.location"], ["sd"], ["values", "sd"],
                   ["sd.cols"], ["sd.cols.name"], ["values", "sd.cols.name", "sd.cols.type"], ["sd.serdeInfo"],
                   ["sd.serdeInfo.serializationLib"], ["values", "sd.serdeInfo.parameters"], ["sd.inputFormat", "sd.outputFormat"],
                   ["dbName"], ["tableName", "catName"], ["createTime", "lastAccessTime"], ["parameters"],
                   ["sd.parameters"], ["sd.bucketCols"], ["sd.sortCols"], ["sd.skewedInfo"], ["sd.compressed"],
                   ["sd.numBuckets"], ["sd.storedAsSubDirectories"], ["values", "values"], ["Values"], ["nothing"], ["sd.nothing"],
                   ["values", "sd.location", "sd.cols.comment", "parameters"], ["privileges"], ["writeId"], ["values.x"], [""]):
        yield f"fields {fields}", choose(fields)
        yield f"fields {fields} of one", choose(fields, mode=MODE.BY_NAMES, filters=["dt=a/hour=1"])
    for include, exclude in (("k", None), ("k%", None), ("K%", None), (None, "k"), (None, "k%"), ("k%", "k"), ("%", "%"), ("_", None),
                             ("", ""), ("numFiles", None)):
        for fields in (["values", "parameters"], None):
            yield f"parameters like {include!r} and not {exclude!r} of {fields}", choose(
                fields, include, exclude, MODE.BY_NAMES, ["dt=a/hour=1", "dt=a/hour=2"])
    values_of = lambda answer: answer if "!" in answer else sorted(
        each["values"] for spec in answer["partitionSpec"]
        for each in (spec.get("sharedSDPartitionSpec") or spec.get("partitionList") or {}).get("partitions", []))
    for mode, filters in ((MODE.BY_NAMES, ["dt=a/hour=1", "dt=b/hour=1"]), (MODE.BY_NAMES, ["dt=a/hour=1", "dt=no/hour=1"]),
                          (MODE.BY_NAMES, ["dt=a"]), (MODE.BY_NAMES, ["nonsense"]), (MODE.BY_NAMES, []), (MODE.BY_NAMES, None),
                          (MODE.BY_NAMES, ["dt=c%2Fd/hour=10"]), (MODE.BY_NAMES, ["dt=a/hour=1", "dt=a/hour=1"]),
                          (MODE.BY_VALUES, ["a"]), (MODE.BY_VALUES, ["a", "1"]), (MODE.BY_VALUES, ["", "1"]),
                          (MODE.BY_VALUES, ["c/d", "10"]), (MODE.BY_VALUES, ["no"]), (MODE.BY_VALUES, []), (MODE.BY_VALUES, None),
                          (MODE.BY_VALUES, ["a", "1", "x"]), (MODE.BY_VALUES, ["a|b"]), (MODE.BY_VALUES, ["a.*"]),
                          (MODE.BY_EXPR, ['dt = "a"']), (MODE.BY_EXPR, ['dt = "a"', "hour = 1"]), (MODE.BY_EXPR, ["hour > 1"]),
                          (MODE.BY_EXPR, ['dt = "a" or dt = "b"', "hour = 1"]), (MODE.BY_EXPR, ["nonsense"]), (MODE.BY_EXPR, []),
                          (MODE.BY_EXPR, None), (MODE.BY_EXPR, [""]), (MODE.BY_EXPR, ['x = "a"']), (None, ["dt=a/hour=1"]),
                          (9, ["a"])):
        yield f"by {mode} {filters}", values_of(choose(["values"], mode=mode, filters=filters))
        yield f"by {mode} {filters}, all fields", values_of(choose(mode=mode, filters=filters))


def tables_with_fields(ask, warehouse):
    ask("create_database", objects.Database(name="te", parameters={}))
    for name in ("ta", "tb", "Other"):
        ask("create_table", table("te", name))
    ask("create_table", table("te", "ext", kind="EXTERNAL_TABLE", parameters={"EXTERNAL": "TRUE"}))
    ask("create_table", table("te", "v", kind="VIRTUAL_VIEW", viewOriginalText="select 1", viewExpandedText="select 1"))
    extended = lambda pattern="*", fields=3, database="te", **more: ask("get_tables_ext", tables.GetTablesExtRequest(
        catalog=more.pop("catalog", "hive"), database=database, tableNamePattern=pattern, requestedFields=fields, **more))
    for fields in (0, 1, 2, 3, 4, -1):
        yield f"fields {fields}", extended(fields=fields)
    for pattern in ("t*", "T*", "ta|v", "", "nothing", "t.*", "t_"):
        yield f"like {pattern!r}", extended(pattern)
    for limit in (-1, 0, 1, 2, 99):
        yield f"{limit} at the most", extended(limit=limit)
    yield "of a missing database", extended(database="nowhere")
    yield "of a missing catalog", extended(catalog="no")
    yield "upper case", extended(database="TE")
    for capabilities in ([], ["HIVEFULLACIDWRITE"], ["EXTWRITE", "EXTREAD"]):
        yield f"with {capabilities}", extended(processorCapabilities=capabilities, processorIdentifier="judge")


def materialized_views(ask, warehouse):
    ask("create_database", objects.Database(name="mv", parameters={}))
    ask("create_table", table("mv", "source"))
    view = table("mv", "view", kind="MATERIALIZED_VIEW", viewOriginalText="select 1", viewExpandedText="select 1", rewriteEnabled=True)
    yield "made", ask("create_table", view)
    yield "got", get_table(ask, "mv", "view")
    told = objects.CreationMetadata(catName="hive", dbName="mv", tblName="view", tablesUsed=["mv.source"])
    for label, arguments in (("one", ("hive", "mv", "view", told)), ("a missing one", ("hive", "mv", "nothing", told)),
                             ("a table", ("hive", "mv", "source", told))):
        yield f"updated {label}", ask("update_creation_metadata", *arguments)
    yield "got again", get_table(ask, "mv", "view")
    for name, more in (("dry", {}), ("dry_ext", {"kind": "EXTERNAL_TABLE", "parameters": {"EXTERNAL": "TRUE"}}),
                       ("dry_view", {"kind": "VIRTUAL_VIEW"})):
        yield f"translated {name}", ask("translate_table_dryrun", tables.CreateTableRequest(table=table("mv", name, **more)))
    yield "translated of a missing database", ask("translate_table_dryrun", tables.CreateTableRequest(table=table("nowhere", "dry")))
    yield "translated of one that is there", ask("translate_table_dryrun", tables.CreateTableRequest(table=table("mv", "source")))
    yield "nothing was made", ask("get_all_tables", "mv")


FAMILIES = (partitions_with_specs, tables_with_fields, materialized_views)
