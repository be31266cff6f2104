// Hive's own Java client against a server: databases, tables, partitions, statistics, functions, keys, roles and grants,
// locks, transactions and events, as HiveServer2 and other Java programs use them. Compiles against 3.1.3 and 4.0.1.
//
// usage: java -cp CLASSPATH HiveClientTest.java thrift://HOST:PORT
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.LockComponentBuilder;
import org.apache.hadoop.hive.metastore.LockRequestBuilder;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.*;

public class HiveClientTest {
  interface Part { void run() throws Exception; }
  interface Action { void run() throws Exception; }

  private static final String SERDE = "org.apache.hadoop.hive.ql.io.orc.OrcSerde";
  private static final String INPUT = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";
  private static final String OUTPUT = "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat";

  private final HiveMetaStoreClient client;
  private int failures = 0;
  private String part;

  HiveClientTest(String uri) throws Exception {
    Configuration conf = new Configuration(false);
    conf.set("hive.metastore.uris", uri);
    conf.set("metastore.thrift.uris", uri);
    client = new HiveMetaStoreClient(conf);
  }

  public static void main(String[] arguments) throws Exception {
    HiveClientTest test = new HiveClientTest(arguments[0]);
    test.run("databases", test::databases);
    test.run("tables", test::tables);
    test.run("partitions", test::partitions);
    test.run("statistics", test::statistics);
    test.run("functions", test::functions);
    test.run("keys", test::keys);
    test.run("roles and grants", test::rolesAndGrants);
    test.run("locks and transactions", test::locksAndTransactions);
    test.run("events", test::events);
    test.run("drops", test::drops);
    test.client.close();
    System.exit(test.failures == 0 ? 0 : 1);
  }

  private void run(String name, Part body) {
    part = name;
    int before = failures;
    try {
      body.run();
    } catch (Exception e) {
      ++failures;
      e.printStackTrace(System.out);
    }
    System.out.println((failures == before ? "ok      " : "FAILED  ") + name);
  }

  private void check(Object expected, Object found) {
    if (expected.equals(found)) return;
    ++failures;
    System.out.println(part + ": expected " + expected + ", found " + found + " at " + new Throwable().getStackTrace()[1]);
  }

  private void refused(Class<? extends Exception> expected, Action action) {
    try {
      action.run();
      check(expected.getSimpleName(), "no exception");
    } catch (Exception e) {
      check(expected.getSimpleName(), e.getClass().getSimpleName());
    }
  }

  private static FieldSchema column(String name, String type) { return new FieldSchema(name, type, ""); }

  private static StorageDescriptor storage(String location) {
    StorageDescriptor sd = new StorageDescriptor();
    sd.setCols(new ArrayList<>(Arrays.asList(column("id", "bigint"), column("name", "string"))));
    sd.setInputFormat(INPUT);
    sd.setOutputFormat(OUTPUT);
    sd.setLocation(location);
    sd.setBucketCols(new ArrayList<>());
    sd.setSortCols(new ArrayList<>());
    sd.setParameters(new HashMap<>());
    sd.setSerdeInfo(new SerDeInfo("", SERDE, new HashMap<>()));
    return sd;
  }

  private static Table table(String name, FieldSchema... keys) {
    Table table = new Table();
    table.setDbName("shop");
    table.setTableName(name);
    table.setOwner("ann");
    table.setSd(storage(null));
    table.setPartitionKeys(new ArrayList<>(Arrays.asList(keys)));
    table.setParameters(new HashMap<>());
    table.setTableType(TableType.MANAGED_TABLE.name());
    return table;
  }

  private static Partition partition(String name, String... values) {
    Partition partition = new Partition();
    partition.setDbName("shop");
    partition.setTableName(name);
    partition.setValues(new ArrayList<>(Arrays.asList(values)));
    partition.setSd(storage(null));
    partition.setParameters(new HashMap<>());
    return partition;
  }

  private void databases() throws Exception {
    check(true, client.getAllDatabases().contains("default"));
    Database shop = new Database("shop", "what we sell", null, new HashMap<>(Map.of("team", "a")));
    client.createDatabase(shop);
    check("what we sell", client.getDatabase("shop").getDescription());
    check(true, client.getDatabase("SHOP").getLocationUri().endsWith("/shop.db"));
    shop = client.getDatabase("shop");
    shop.getParameters().put("team", "b");
    client.alterDatabase("shop", shop);
    check("b", client.getDatabase("shop").getParameters().get("team"));
    check(Arrays.asList("shop"), client.getDatabases("s*"));
    refused(AlreadyExistsException.class, () -> client.createDatabase(new Database("shop", "", null, new HashMap<>())));
    refused(NoSuchObjectException.class, () -> client.getDatabase("nowhere"));
  }

  private void tables() throws Exception {
    client.createTable(table("plain"));
    Table found = client.getTable("shop", "plain");
    check("ann", found.getOwner());
    check(2, found.getSd().getColsSize());
    check(true, client.tableExists("shop", "PLAIN"));
    check(false, client.tableExists("shop", "nothing"));
    found.getParameters().put("Mixed", "Case");
    found.getSd().addToCols(column("price", "decimal(10,2)"));
    client.alter_table("shop", "plain", found);
    check("Case", client.getTable("shop", "plain").getParameters().get("Mixed"));
    check(3, client.getFields("shop", "plain").size());
    Table view = table("v");
    view.setTableType(TableType.VIRTUAL_VIEW.name());
    view.setViewOriginalText("select 1");
    view.setViewExpandedText("select 1");
    client.createTable(view);
    check(Arrays.asList("plain", "v"), client.getAllTables("shop"));
    check(Arrays.asList("v"), client.getTables("shop", "*", TableType.VIRTUAL_VIEW));
    check(2, client.getTableMeta("shop", "*", new ArrayList<>()).size());
    check(1, client.getTableObjectsByName("shop", Arrays.asList("plain", "nothing")).size());
    refused(AlreadyExistsException.class, () -> client.createTable(table("plain")));
    refused(NoSuchObjectException.class, () -> client.getTable("shop", "nothing"));
    Table renamed = client.getTable("shop", "plain");
    renamed.setTableName("moved");
    client.alter_table("shop", "plain", renamed);
    check(true, client.getTable("shop", "moved").getSd().getLocation().endsWith("/moved"));
  }

  private void partitions() throws Exception {
    client.createTable(table("sales", column("day", "date"), column("hour", "int")));
    List<Partition> many = new ArrayList<>();
    for (int day = 1; day <= 9; ++day) {
      for (int hour = 0; hour < 24; ++hour) many.add(partition("sales", "2026-01-0" + day, "" + hour));
    }
    check(9 * 24, client.add_partitions(many));
    check(9 * 24, client.listPartitionNames("shop", "sales", (short) -1).size());
    check(5, client.listPartitionNames("shop", "sales", (short) 5).size());
    check(24, client.listPartitionNames("shop", "sales", Arrays.asList("2026-01-03"), (short) -1).size());
    check(24, client.listPartitions("shop", "sales", Arrays.asList("2026-01-03"), (short) -1).size());
    check(9, client.listPartitionsByFilter("shop", "sales", "hour = 7", (short) -1).size());
    check(2, client.listPartitionsByFilter("shop", "sales", "hour < 2 and day = '2026-01-05'", (short) -1).size());
    check(18, client.getNumPartitionsByFilter("shop", "sales", "hour >= 22"));
    check(2, client.getPartitionsByNames("shop", "sales",
        Arrays.asList("day=2026-01-01/hour=1", "day=2026-01-01/hour=2", "day=2026-01-01/hour=99")).size());
    Partition one = client.getPartition("shop", "sales", Arrays.asList("2026-01-01", "1"));
    check(true, one.getSd().getLocation().endsWith("/sales/day=2026-01-01/hour=1"));
    one.getParameters().put("k", "v");
    client.alter_partition("shop", "sales", one, null);
    check("v", client.getPartition("shop", "sales", "day=2026-01-01/hour=1").getParameters().get("k"));
    check(9 * 24, client.listPartitionSpecs("shop", "sales", -1).size());
    Partition moved = client.getPartition("shop", "sales", Arrays.asList("2026-01-09", "23"));
    moved.setValues(Arrays.asList("2026-01-09", "24"));
    client.renamePartition("shop", "sales", Arrays.asList("2026-01-09", "23"), moved);
    check(1, client.listPartitionsByFilter("shop", "sales", "hour = 24", (short) -1).size());
    check(true, client.dropPartition("shop", "sales", Arrays.asList("2026-01-09", "24"), true));
    client.appendPartition("shop", "sales", "day=2026-02-01/hour=0");
    check(9 * 24, client.listPartitionNames("shop", "sales", (short) -1).size());
    refused(AlreadyExistsException.class, () -> client.add_partition(partition("sales", "2026-01-01", "1")));
    refused(NoSuchObjectException.class, () -> client.getPartition("shop", "sales", Arrays.asList("2026-01-01", "77")));
    refused(MetaException.class, () -> client.listPartitionsByFilter("shop", "sales", "nonsense = 1", (short) -1));
    check(Map.of("day", "2026-01-01", "hour", "1"), client.partitionNameToSpec("day=2026-01-01/hour=1"));
  }

  private ColumnStatistics idStatistics(ColumnStatisticsDesc about, long low, long high) {
    LongColumnStatsData data = new LongColumnStatsData(0, high - low + 1);
    data.setLowValue(low);
    data.setHighValue(high);
    ColumnStatistics statistics = new ColumnStatistics(
        about, Arrays.asList(new ColumnStatisticsObj("id", "bigint", ColumnStatisticsData.longStats(data))));
    return statistics;
  }

  private void statistics() throws Exception {
    client.createTable(table("measured", column("day", "date")));
    client.add_partitions(Arrays.asList(partition("measured", "2026-01-01"), partition("measured", "2026-01-02")));
    for (int day = 1; day <= 2; ++day) {
      ColumnStatisticsDesc about = new ColumnStatisticsDesc(false, "shop", "measured");
      about.setPartName("day=2026-01-0" + day);
      check(true, client.updatePartitionColumnStatistics(idStatistics(about, day, 10L * day)));
    }
    List<String> names = Arrays.asList("day=2026-01-01", "day=2026-01-02");
    check(20L, StatisticsCalls.ofPartitions(client, "shop", "measured", names, "id")
        .get("day=2026-01-02").get(0).getStatsData().getLongStats().getHighValue());
    AggrStats all = StatisticsCalls.rolledUp(client, "shop", "measured", "id", names);
    check(2L, all.getPartsFound());
    LongColumnStatsData rolled = all.getColStats().get(0).getStatsData().getLongStats();
    check(1L, rolled.getLowValue());
    check(20L, rolled.getHighValue());
    check(true, client.updateTableColumnStatistics(
        idStatistics(new ColumnStatisticsDesc(true, "shop", "moved"), 5, 6)));
    check(6L, StatisticsCalls.ofTable(client, "shop", "moved", "id").get(0).getStatsData().getLongStats().getHighValue());
    StatisticsCalls.delete(client, "shop", "moved", "id");
    check(0, StatisticsCalls.ofTable(client, "shop", "moved", "id").size());
  }

  private void functions() throws Exception {
    client.createFunction(new Function("up", "shop", "com.example.Up", "ann", PrincipalType.USER, 0, FunctionType.JAVA,
        Arrays.asList(new ResourceUri(ResourceType.JAR, "file:/x.jar"))));
    check("com.example.Up", client.getFunction("shop", "UP").getClassName());
    check(Arrays.asList("up"), client.getFunctions("shop", "*"));
    check(1, client.getAllFunctions().getFunctionsSize());
    client.dropFunction("shop", "up");
    refused(NoSuchObjectException.class, () -> client.getFunction("shop", "up"));
  }

  private void keys() throws Exception {
    SQLPrimaryKey key = new SQLPrimaryKey("shop", "moved", "id", 1, "pk", false, false, true);
    key.setCatName("hive");
    client.addPrimaryKey(Arrays.asList(key));
    check("pk", client.getPrimaryKeys(new PrimaryKeysRequest("shop", "moved")).get(0).getPk_name());
    client.dropConstraint("shop", "moved", "pk");
    check(0, client.getPrimaryKeys(new PrimaryKeysRequest("shop", "moved")).size());
  }

  private void rolesAndGrants() throws Exception {
    check(true, client.listRoleNames().containsAll(Arrays.asList("admin", "public")));
    check(true, client.create_role(new Role("readers", 0, "ann")));
    check(true, client.grant_role("readers", "bob", PrincipalType.USER, "ann", PrincipalType.USER, false));
    List<String> roles = new ArrayList<>();
    for (Role role : client.list_roles("bob", PrincipalType.USER)) roles.add(role.getRoleName());
    Collections.sort(roles);
    check(Arrays.asList("public", "readers"), roles);
    HiveObjectRef moved = new HiveObjectRef(HiveObjectType.TABLE, "shop", "moved", null, null);
    moved.setCatName("hive");
    PrivilegeGrantInfo select = new PrivilegeGrantInfo("SELECT", 0, "ann", PrincipalType.USER, false);
    HiveObjectPrivilege grant = new HiveObjectPrivilege(moved, "readers", PrincipalType.ROLE, select, "SQL");
    PrivilegeBag bag = new PrivilegeBag(Arrays.asList(grant));
    check(true, client.grant_privileges(bag));
    check(1, client.list_privileges("readers", PrincipalType.ROLE, moved).size());
    check(true, client.revoke_privileges(bag, false));
    check(0, client.list_privileges("readers", PrincipalType.ROLE, moved).size());
    check(true, client.revoke_role("readers", "bob", PrincipalType.USER, false));
    check(true, client.drop_role("readers"));
    check(false, client.listRoleNames().contains("readers"));
  }

  private void locksAndTransactions() throws Exception {
    LockRequestBuilder builder = new LockRequestBuilder("a query");
    builder.setUser("ann");
    builder.addLockComponent(new LockComponentBuilder().setExclusive().setDbName("shop").setTableName("moved")
        .setOperationType(DataOperationType.NO_TXN).build());
    LockResponse first = client.lock(builder.build());
    check(LockState.ACQUIRED, first.getState());
    LockResponse second = client.lock(builder.build());
    check(LockState.WAITING, second.getState());
    client.unlock(first.getLockid());
    check(LockState.ACQUIRED, client.checkLock(second.getLockid()).getState());
    client.unlock(second.getLockid());
    refused(NoSuchLockException.class, () -> client.unlock(second.getLockid()));

    long transaction = client.openTxn("ann");
    Long written = client.allocateTableWriteId(transaction, "shop", "moved");
    check(1L, written);
    client.heartbeat(transaction, 0);
    check(Arrays.asList(written), writtenByOthers().getInvalidWriteIds());
    client.commitTxn(transaction);
    check(new ArrayList<>(), writtenByOthers().getInvalidWriteIds());
    check(written, (Long) writtenByOthers().getWriteIdHighWaterMark());
    long given_up = client.openTxn("ann");
    client.rollbackTxn(given_up);
    refused(TxnAbortedException.class, () -> client.commitTxn(given_up));
  }

  // What readers that begin now may not see, of the table `moved`.
  private TableValidWriteIds writtenByOthers() throws Exception {
    String transactions = client.getValidTxns().writeToString();
    return client.getValidWriteIds(Arrays.asList("shop.moved"), transactions).get(0);
  }

  private void events() throws Exception {
    long begin = client.getCurrentNotificationEventId().getEventId();
    client.createTable(table("told"));
    NotificationEventResponse told = client.getNextNotification(begin, 10, null);
    check(1, told.getEventsSize());
    check("CREATE_TABLE", told.getEvents().get(0).getEventType());
    check("told", told.getEvents().get(0).getTableName());
  }

  private void drops() throws Exception {
    client.dropTable("shop", "told");
    refused(NoSuchObjectException.class, () -> client.dropTable("shop", "told", true, false));
    refused(InvalidOperationException.class, () -> client.dropDatabase("shop"));
    client.dropDatabase("shop", true, false, true);
    refused(NoSuchObjectException.class, () -> client.getDatabase("shop"));
  }
}
