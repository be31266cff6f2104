// Calls on column statistics as the client of 4.0 writes them, with the name of an engine.
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.AggrStats;
import org.apache.hadoop.hive.metastore.api.ColumnStatisticsObj;

class StatisticsCalls {
  static List<ColumnStatisticsObj> ofTable(HiveMetaStoreClient client, String database, String table, String column)
      throws Exception {
    return client.getTableColumnStatistics(database, table, Arrays.asList(column), "hive");
  }

  static Map<String, List<ColumnStatisticsObj>> ofPartitions(HiveMetaStoreClient client, String database, String table,
      List<String> partitions, String column) throws Exception {
    return client.getPartitionColumnStatistics(database, table, partitions, Arrays.asList(column), "hive");
  }

  static AggrStats rolledUp(HiveMetaStoreClient client, String database, String table, String column,
      List<String> partitions) throws Exception {
    return client.getAggrColStatsFor(database, table, Arrays.asList(column), partitions, "hive");
  }

  static void delete(HiveMetaStoreClient client, String database, String table, String column) throws Exception {
    client.deleteTableColumnStatistics(database, table, column, "hive");
  }
}
