"""What a metastore holds that is to be moved: made by `fill`, and read again by `read`, through the calls of the judge."""
from hive_thrift.access import ttypes as access
from hive_thrift.constraints import ttypes as constraints
from hive_thrift.objects import ttypes as objects
from hive_thrift.tables import ttypes as tables

from calls import column, descriptor, get_table, partition, table, told
from guard_calls import KIND, ROLE, USER, bag, in_order, on, row

TABLES = ("plain", "wide", "outside", "hits", "parts", "shaped", "seen", "seen_fast")
HITS = [f"dt=2026-01-{day:02}/hour={hour}" for day in range(1, 31) for hour in range(24)]
# Of the table `parts`, whose values need escapes.
VALUES = (["a/b", "1"], ["Zürich", "2"], ["__HIVE_DEFAULT_PARTITION__", "3"], ["a=b:c", "4"], ["plain", "5"])
NAMES = ["kind=a%2Fb/n=1", "kind=Zürich/n=2", "kind=__HIVE_DEFAULT_PARTITION__/n=3", "kind=a%3Db%3Ac/n=4", "kind=plain/n=5"]
TYPES = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal(38,18)", "boolean", "string", "varchar(20)",
         "char(3)", "binary", "date", "timestamp", "array<int>", "map<string,array<int>>", "struct<a:int,b:struct<c:string>>",
         "uniontype<int,string>")


def must(answer):
    if isinstance(answer, dict) and "!" in answer:
        raise AssertionError(f"the metastore refused: {answer}")
    return answer


def statistics(name, *columns, part=None):
    about = objects.ColumnStatisticsDesc(isTblLevel=part is None, dbName="shop", tableName=name, partName=part)
    return objects.ColumnStatistics(about, list(columns), engine="hive")


def figures():
    """One column of each kind of statistics, of the table `wide`."""
    data, number = objects.ColumnStatisticsData, objects.Decimal
    return [objects.ColumnStatisticsObj(name, kind, value) for name, kind, value in (
        ("c3", "bigint", data(longStats=objects.LongColumnStatsData(-5, 5, 1, 9))),
        ("c5", "double", data(doubleStats=objects.DoubleColumnStatsData(-0.5, 2.25, 0, 4))),
        ("c6", "decimal(38,18)", data(decimalStats=objects.DecimalColumnStatsData(
            number(scale=2, unscaled=b"\xff\x38"), number(scale=2, unscaled=b"\x30\x39"), 2, 3))),
        ("c7", "boolean", data(booleanStats=objects.BooleanColumnStatsData(7, 8, 9))),
        ("c8", "string", data(stringStats=objects.StringColumnStatsData(20, 4.5, 0, 11))),
        ("c11", "binary", data(binaryStats=objects.BinaryColumnStatsData(100, 50.5, 1))),
        ("c12", "date", data(dateStats=objects.DateColumnStatsData(objects.Date(-1), objects.Date(20000), 0, 5))),
        ("c13", "timestamp", data(timestampStats=objects.TimestampColumnStatsData(
            objects.Timestamp(0), objects.Timestamp(1700000000), 3, 6))))]


def fill_tables(ask, warehouse):
    make = lambda made: must(ask("create_table", made))
    make(table("shop", "plain", parameters={"comment": "täglich", "long": "x" * 3000, "empty": ""}))
    make(table("shop", "wide", columns=[column(f"c{i}", kind, f"the {i}th") for i, kind in enumerate(TYPES)]))
    make(table("shop", "outside", kind="EXTERNAL_TABLE", location=f"file:{warehouse}/elsewhere/outside",
               parameters={"EXTERNAL": "TRUE", "skip.header.line.count": "1"}))
    make(table("shop", "hits", keys=(column("dt", "string", "the day"), column("hour", "int"))))
    make(table("shop", "parts", keys=(column("kind", "string"), column("n", "int"))))
    shaped = table("shop", "shaped", keys=(column("dt", "date"),))
    shaped.sd.numBuckets, shaped.sd.bucketCols = 8, ["id"]
    shaped.sd.sortCols = [objects.Order("id", 1), objects.Order("name", 0)]
    shaped.sd.skewedInfo = objects.SkewedInfo(["name"], [["a"], ["b"]], {})
    shaped.sd.parameters = {"of": "the descriptor"}
    shaped.owner, shaped.ownerType = "keepers", ROLE
    make(shaped)
    seen = table("shop", "seen", kind="VIRTUAL_VIEW")
    seen.viewOriginalText, seen.viewExpandedText = "select id from plain", "select `plain`.`id` from `shop`.`plain`"
    seen.sd.location, seen.sd.cols = None, [column("id")]
    make(seen)
    fast = table("shop", "seen_fast", kind="MATERIALIZED_VIEW")
    fast.viewOriginalText = fast.viewExpandedText = "select id from shop.plain"
    fast.rewriteEnabled = True
    fast.creationMetadata = objects.CreationMetadata("hive", "shop", "seen_fast", {"shop.plain"})
    make(fast)


def fill_partitions(ask, warehouse):
    values = [[piece.split("=")[1] for piece in name.split("/")] for name in HITS]
    for at in range(0, len(values), 100):
        must(ask("add_partitions", [partition("shop", "hits", one, parameters={"numRows": "3"}) for one in values[at:at + 100]]))
    special = [partition("shop", "parts", one) for one in VALUES]
    special[0].sd.location = f"file:{warehouse}/elsewhere/part"
    special[1].sd = descriptor(column("id", "bigint"), column("name", "string"), column("later", "date"))
    special[2].parameters = {"k": "v", "ü": "ü"}
    must(ask("add_partitions", special))


def fill_constraints(ask):
    of = {"enable_cstr": False, "validate_cstr": False, "rely_cstr": True, "catName": "hive"}
    named = {"table_db": "shop", "table_name": "plain", **of}
    for call, request in (
            ("add_primary_key", constraints.AddPrimaryKeyRequest(
                [constraints.SQLPrimaryKey(column_name="id", key_seq=1, pk_name="plain_pk", **named)])),
            ("add_foreign_key", constraints.AddForeignKeyRequest([constraints.SQLForeignKey(
                pktable_db="shop", pktable_name="plain", pkcolumn_name="id", fktable_db="shop", fktable_name="hits",
                fkcolumn_name="id", key_seq=1, update_rule=0, delete_rule=0, fk_name="hits_fk", pk_name="plain_pk", **of)])),
            ("add_unique_constraint", constraints.AddUniqueConstraintRequest(
                [constraints.SQLUniqueConstraint(column_name="name", key_seq=1, uk_name="plain_uk", **named)])),
            ("add_not_null_constraint", constraints.AddNotNullConstraintRequest(
                [constraints.SQLNotNullConstraint(column_name="id", nn_name="plain_nn", **named)])),
            ("add_default_constraint", constraints.AddDefaultConstraintRequest([constraints.SQLDefaultConstraint(
                column_name="name", default_value="'none'", dc_name="plain_dc", **named)])),
            ("add_check_constraint", constraints.AddCheckConstraintRequest([constraints.SQLCheckConstraint(
                column_name="id", check_expression="id > 0", dc_name="plain_cc", **named)]))):
        must(ask(call, request))


def fill_access(ask):
    for role in ("keepers", "readers"):
        must(ask("create_role", access.Role(roleName=role, ownerName="ann")))
    for arguments in (("keepers", "bob", USER, "ann", USER, True), ("readers", "cid", USER, "ann", USER, False),
                      ("readers", "keepers", ROLE, "ann", USER, False)):
        must(ask("grant_role", *arguments))
    must(ask("grant_privileges", bag(
        row(on(KIND.DATABASE, "shop"), "keepers", ROLE, "CREATE"),
        row(on(KIND.TABLE, "shop", "plain"), "bob", USER, "SELECT", True),
        row(on(KIND.TABLE, "shop", "hits"), "readers", ROLE, "SELECT"),
        row(on(KIND.TABLE, "shop", "hits"), "dan", USER, "INSERT"),
        row(on(KIND.COLUMN, "shop", "plain", None, "name"), "eve", USER, "SELECT"))))


def fill(ask, warehouse):
    must(ask("create_database", objects.Database(name="shop", description="Läden", parameters={"team": "A"},
                                                 ownerName="ann", ownerType=USER)))
    must(ask("create_database", objects.Database(name="placed", locationUri=f"file:{warehouse}/elsewhere", parameters={})))
    fill_tables(ask, warehouse)
    fill_partitions(ask, warehouse)
    fill_constraints(ask)
    fill_access(ask)
    for name in ("up", "down"):
        must(ask("create_function", objects.Function(
            functionName=name, dbName="shop", className=f"com.example.{name}", ownerName="ann", ownerType=USER, createTime=0,
            functionType=objects.FunctionType.JAVA, resourceUris=[objects.ResourceUri(objects.ResourceType.JAR, "file:/x.jar"),
                                                                  objects.ResourceUri(objects.ResourceType.FILE, "file:/y")])))
    must(ask("update_table_column_statistics", statistics("wide", *figures())))
    number = objects.ColumnStatisticsObj("id", "int", objects.ColumnStatisticsData(
        longStats=objects.LongColumnStatsData(1, 9, 0, 4)))
    for name in HITS[:50]:
        must(ask("update_partition_column_statistics", statistics("hits", number, part=name)))


def read(ask):
    yield "databases", ask("get_all_databases")
    for name in ("shop", "placed"):
        yield f"database {name}", ask("get_database", name)
    yield "tables", sorted(ask("get_all_tables", "shop"))
    for name in TABLES:
        yield f"table {name}", get_table(ask, "shop", name)
    yield "names of hits", ask("get_partition_names", "shop", "hits", -1)
    yield "partitions of hits", ask("get_partitions", "shop", "hits", -1)
    yield "names of parts", sorted(ask("get_partition_names", "shop", "parts", -1))
    for name in NAMES:
        yield f"partition {name}", ask("get_partition_by_name", "shop", "parts", name)
    yield "filtered", ask("get_partitions_by_filter", "shop", "hits", 'dt = "2026-01-07" and hour >= 20', -1)
    for name in ("up", "down"):
        yield f"function {name}", ask("get_function", "shop", name)
    for name in ("plain", "hits"):
        of = {"db_name": "shop", "tbl_name": name, "catName": "hive"}
        for call, request in (("get_primary_keys", constraints.PrimaryKeysRequest), ("get_unique_constraints", constraints.UniqueConstraintsRequest),
                              ("get_not_null_constraints", constraints.NotNullConstraintsRequest),
                              ("get_default_constraints", constraints.DefaultConstraintsRequest),
                              ("get_check_constraints", constraints.CheckConstraintsRequest)):
            yield f"{call} {name}", ask(call, request(**of))
    yield "foreign keys", ask("get_foreign_keys", constraints.ForeignKeysRequest(
        parent_db_name="shop", parent_tbl_name="plain", foreign_db_name="shop", foreign_tbl_name="hits", catName="hive"))
    yield "statistics of wide", told(ask("get_table_statistics_req", tables.TableStatsRequest(
        "shop", "wide", [f"c{i}" for i in range(len(TYPES))], engine="hive")))
    yield "statistics of hits", told(ask("get_partitions_statistics_req", tables.PartitionsStatsRequest(
        "shop", "hits", ["id"], HITS[:60], engine="hive")))
    yield "roles", in_order(ask("get_role_names"))
    for name in ("keepers", "readers"):
        yield f"members of {name}", in_order(ask("get_principals_in_role", access.GetPrincipalsInRoleRequest(name)))
    for label, what in (("shop", on(KIND.DATABASE, "shop")), ("plain", on(KIND.TABLE, "shop", "plain")),
                        ("hits", on(KIND.TABLE, "shop", "hits")), ("a column", on(KIND.COLUMN, "shop", "plain", None, "name"))):
        yield f"grants on {label}", in_order(ask("list_privileges", None, None, what))
