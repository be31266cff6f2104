"""Notification events: calls of the judge (calls.py). The answers of other calls of this family are not compared, but
what both servers tell of them: kinds, order, names, how far ids are from the one before, and what both can say in
messages. Objects in messages, which are Thrift's JSON in a text, are read, and their names and contents compared."""
import json

from hive_thrift.access import ttypes as access
from hive_thrift.constraints import ttypes as constraints
from hive_thrift.objects import ttypes as objects
from hive_thrift.partitions import ttypes as partitions
from hive_thrift.tables import ttypes as tables
from hive_thrift.transactions import ttypes as transactions

from calls import column, get_table, partition, table

# What both tell of each kind beside the names of database and table; docs/wire/hive.md says what else there is.
TOLD = {"CREATE_DATABASE": ("dbJson",), "ALTER_DATABASE": ("dbObjAfterJson",), "CREATE_TABLE": ("tableType", "tableObjJson"),
        "ALTER_TABLE": ("tableType", "tableObjAfterJson"), "DROP_TABLE": (), "DROP_FUNCTION": ("functionName",),
        "ADD_PARTITION": ("tableType", "tableObjJson", "partitions", "partitionListJson"), "CREATE_FUNCTION": ("functionObjJson",),
        "ALTER_PARTITION": ("tableType", "tableObjJson", "keyValues", "partitionObjAfterJson"),
        "DROP_PARTITION": ("tableType", "tableObjJson", "partitions")}
OBJECTS = {"tableObjJson": objects.Table, "tableObjAfterJson": objects.Table, "partitionObjAfterJson": objects.Partition,
           "partitionListJson": objects.Partition, "dbJson": objects.Database, "dbObjAfterJson": objects.Database,
           "functionObjJson": objects.Function}
# Of objects. Before 4.0 an altered database is told as the client sent it: its name and parameters alone.
FACTS = ("name", "catName", "dbName", "tableName", "tableType", "owner", "parameters", "partitionKeys", "values", "functionName",
         "className", "viewOriginalText")
FACTS_OF_DESCRIPTOR = ("cols", "location", "inputFormat", "outputFormat", "serdeInfo")


def read_object(kind, text):
    from thrift.protocol.TJSONProtocol import TJSONProtocol
    from thrift.transport.TTransport import TMemoryBuffer
    found = kind()
    found.read(TJSONProtocol(TMemoryBuffer(text.encode())))
    facts = {name: getattr(found, name) for name in FACTS if getattr(found, name, None) is not None}
    if getattr(found, "sd", None):
        facts["sd"] = {name: getattr(found.sd, name) for name in FACTS_OF_DESCRIPTOR}
    if kind is objects.Function:
        facts.pop("catName", None)
    return facts


def read_message(kind, text):
    told = {}
    for name, value in json.loads(text).items():
        if name not in ("db", "table", *TOLD.get(kind, ())):
            continue
        if name in OBJECTS and value:
            value = ([read_object(OBJECTS[name], one) for one in value] if isinstance(value, list)
                     else read_object(OBJECTS[name], value))
        if value not in (None, ""):
            told[name] = value
    return told


def events(ask, warehouse):
    newest = lambda: ask("get_current_notificationEventId")["eventId"]
    began = newest()
    seen = began

    def since(answer):
        """The events behind the last one that was looked at."""
        nonlocal seen
        if isinstance(answer, dict) and "!" in answer:
            return answer
        before = seen
        found = ask("get_next_notification", transactions.NotificationEventRequest(lastEvent=seen))["events"]
        seen = newest()
        return [{"id": one["eventId"] - before, "type": one["eventType"], "catalog": one.get("catName"),
                 "database": one.get("dbName"), "table": one.get("tableName"), "format": one.get("messageFormat"),
                 "message": read_message(one["eventType"], one["message"])} for one in found]

    keys = (column("dt", "string"), column("hour", "int"))
    place = f"file:{warehouse}/ev.db/t"
    one = lambda *values, **fields: partition("ev", "t", values, **fields)
    context = objects.EnvironmentContext(properties={})
    told = lambda call, *arguments: since(ask(call, *arguments))
    yield "database made", told("create_database", objects.Database(name="ev", parameters={}, description="of events"))
    yield "database made again", told("create_database", objects.Database(name="ev", parameters={}))
    yield "database altered", told("alter_database", "ev", objects.Database(name="ev", parameters={"k": "v"}))
    yield "table made", told("create_table", table("ev", "t", keys=keys))
    yield "partition added", told("add_partition", one("a", "1"))
    yield "partitions added", told("add_partitions_req", partitions.AddPartitionsRequest(
        dbName="ev", tblName="t", parts=[one("b", "1"), one("b", "2"), one("x/y", "3")], ifNotExists=False))
    yield "partition appended", told("append_partition", "ev", "t", ["c", "1"])
    yield "partition altered", told("alter_partition", "ev", "t", one("a", "1", parameters={"k": "v"}, location=f"{place}/dt=a/hour=1"))
    yield "partition renamed", told("rename_partition", "ev", "t", ["c", "1"], one("c", "2", location=f"{place}/dt=c/hour=1"))
    yield "partition dropped", told("drop_partition", "ev", "t", ["b", "1"], True)
    yield "missing partition dropped", told("drop_partition", "ev", "t", ["no", "1"], True)
    yield "table altered", told("alter_table_with_environment_context", "ev", "t", table(
        "ev", "t", keys=keys, location=place, parameters={"k": "v"}), context)
    data = objects.LongColumnStatsData(lowValue=1, highValue=2, numNulls=0, numDVs=2)
    of_id = lambda name, part=None: objects.ColumnStatistics(
        objects.ColumnStatisticsDesc(isTblLevel=part is None, dbName="ev", tableName=name, partName=part, catName="hive"),
        [objects.ColumnStatisticsObj("id", "bigint", objects.ColumnStatisticsData(longStats=data))])
    yield "table made in capitals", told("create_table", table("ev", "Loud"))
    types_of = lambda answer: answer if isinstance(answer, dict) else [
        {name: each[name] for name in ("type", "catalog", "database", "table")} for each in answer]
    yield "statistics of a table", types_of(told("update_table_column_statistics", of_id("t")))
    yield "statistics of a partition", types_of(told("update_partition_column_statistics", of_id("t", "dt=a/hour=1")))
    yield "statistics of a table deleted", types_of(told("delete_table_column_statistics", "ev", "t", "id", "hive"))
    yield "statistics of a partition deleted", types_of(
        told("delete_partition_column_statistics", "ev", "t", "dt=a/hour=1", "id", "hive"))
    yield "table renamed", told("alter_table_with_environment_context", "ev", "t", table(
        "ev", "moved", keys=keys, location=place, parameters={"k": "v"}), context)
    yield "function made", told("create_function", objects.Function(
        functionName="up", dbName="ev", className="com.example.F", ownerName="ann", ownerType=access.PrincipalType.USER,
        createTime=0, functionType=objects.FunctionType.JAVA, resourceUris=[]))
    yield "function dropped", told("drop_function", "ev", "up")
    key = constraints.SQLPrimaryKey(table_db="ev", table_name="moved", column_name="id", key_seq=1, pk_name="pk",
                                    enable_cstr=False, validate_cstr=False, rely_cstr=True, catName="hive")
    yield "key added", types_of(told("add_primary_key", constraints.AddPrimaryKeyRequest([key])))
    yield "key dropped", types_of(told("drop_constraint", constraints.DropConstraintRequest(
        dbname="ev", tablename="moved", constraintname="pk")))
    yield "view made", told("create_table", table("ev", "v", kind="VIRTUAL_VIEW", viewOriginalText="select 1",
                                                  viewExpandedText="select 1"))
    yield "view dropped", told("drop_table", "ev", "v", True)
    yield "second table", told("create_table", table("ev", "second"))
    ask("create_database", objects.Database(name="other", parameters={}))
    seen = newest()

    read = lambda *arguments: [each["eventId"] - began for each in ask(
        "get_next_notification", transactions.NotificationEventRequest(*arguments))["events"]]
    everything = ask("get_next_notification", transactions.NotificationEventRequest(lastEvent=began))["events"]
    yield "ids follow each other", read(began) == list(range(1, newest() - began + 1))
    yield "the first ones", [read(began, most) for most in (1, 3)]
    yield "no limit", [read(began, most) == read(began) for most in (0, -1)]
    yield "behind the newest", read(newest())
    for database in ("ev", "EV", "other", "nowhere"):
        for catalog in (None, "hive", "no"):
            counted = ask("get_notification_events_count", transactions.NotificationEventsCountRequest(
                began, database, catalog))["eventsCount"]
            read_of_it = 0 if catalog == "no" else sum(one.get("dbName") == database for one in everything)
            yield f"counted beyond what was read: {database} in {catalog}", counted - read_of_it
    yield "table dropped", told("drop_table", "ev", "second", True)
    yield "database dropped with all", types_of(told("drop_database", "ev", True, True))
    yield "missing database dropped", told("drop_database", "nowhere", True, True)
    yield "table is gone", get_table(ask, "ev", "moved")
    yield "catalogs", types_of(told("create_catalog", tables.CreateCatalogRequest(objects.Catalog(
        name="evc", locationUri=f"file:{warehouse}/evc"))))


FAMILIES = (events,)
