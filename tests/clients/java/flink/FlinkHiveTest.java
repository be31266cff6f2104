// Flink's HiveCatalog against a server: SQL in Flink's own and in Hive's dialect, and the catalog's calls.
//
// usage: java -Dflink.classpath=... -Djava.system.class.loader=SystemLoader FlinkHiveTest CONF_FOLDER WAREHOUSE_FOLDER
public class FlinkHiveTest {
  public static void main(String[] arguments) throws Exception {
    Flink flink = new Flink(arguments[0], arguments[1]);
    flink.sql("CREATE CATALOG hive WITH ('type' = 'hive', 'hive-conf-dir' = '" + flink.conf + "')");
    flink.sql("USE CATALOG hive");
    ObjectChecks objects = new ObjectChecks(flink);
    flink.run("databases", objects::databases);
    flink.run("generic tables", objects::genericTables);
    flink.run("alterations of generic tables", objects::genericAlterations);
    flink.run("keys", objects::keys);
    flink.run("alterations of Hive's tables", objects::hiveAlterations);
    flink.run("views", objects::views);
    flink.run("functions", objects::functions);
    flink.run("failures", objects::failures);
    flink.run("two catalogs", objects::twoCatalogs);
    DataChecks data = new DataChecks(flink);
    flink.run("formats", data::formats);
    flink.run("external tables", data::externalTables);
    flink.run("partitions", data::partitions);
    flink.run("inserts", data::inserts);
    flink.run("pruning", data::pruning);
    flink.run("values of keys", data::valuesOfKeys);
    StatisticsChecks statistics = new StatisticsChecks(flink);
    flink.run("statistics of tables", statistics::ofTables);
    flink.run("statistics of partitions", statistics::ofPartitions);
    flink.run("analyzed", statistics::analyzed);
    flink.run("drops", objects::drops);
    System.exit(flink.finish());
  }
}
