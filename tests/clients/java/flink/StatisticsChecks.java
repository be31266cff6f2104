import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.stats.CatalogColumnStatistics;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataBase;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataBinary;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataBoolean;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataDate;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataDouble;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataLong;
import org.apache.flink.table.catalog.stats.CatalogColumnStatisticsDataString;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.catalog.stats.Date;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;

// Statistics of tables, partitions and columns, written through the catalog and by ANALYZE TABLE.
class StatisticsChecks {
  private static final ObjectPath SALES = new ObjectPath("shop", "sales");

  private final Flink flink;
  private final Catalog catalog;

  StatisticsChecks(Flink flink) {
    this.flink = flink;
    this.catalog = flink.catalog("hive");
  }

  private static List<Long> of(CatalogTableStatistics found) {
    return Arrays.asList(found.getRowCount(), (long) found.getFileCount(), found.getTotalSize(), found.getRawDataSize());
  }

  private static CatalogColumnStatistics ids(long low, long high) {
    Map<String, CatalogColumnStatisticsDataBase> data = new HashMap<>();
    data.put("id", new CatalogColumnStatisticsDataLong(low, high, high - low + 1, 0L));
    return new CatalogColumnStatistics(data);
  }

  private static List<Long> of(CatalogColumnStatistics found, String column) {
    CatalogColumnStatisticsDataLong data = (CatalogColumnStatisticsDataLong) found.getColumnStatisticsData().get(column);
    return Arrays.asList(data.getMin(), data.getMax(), data.getNdv(), data.getNullCount());
  }

  // Bytes of the files in a table's or partition's folder.
  private long sizeOf(String folder) throws IOException {
    long size = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(flink.warehouse, "shop.db", folder), "[!._]*")) {
      for (Path file : files) size += Files.size(file);
    }
    return size;
  }

  void ofTables() throws Exception {
    ObjectPath wide = new ObjectPath("shop", "measured");
    flink.hive("CREATE TABLE measured (l BIGINT, s STRING, d DOUBLE, b BOOLEAN, day DATE, bin BINARY, untold INT) STORED AS ORC");
    catalog.alterTableStatistics(wide, new CatalogTableStatistics(100, 2, 3000, 4000), false);
    // The server counts files and bytes itself; no files are -1 to Flink.
    flink.check(Arrays.asList(100L, -1L, -1L, 4000L), of(catalog.getTableStatistics(wide)));
    Map<String, CatalogColumnStatisticsDataBase> data = new HashMap<>();
    data.put("l", new CatalogColumnStatisticsDataLong(-5L, 1L << 40, 90L, 3L));
    data.put("s", new CatalogColumnStatisticsDataString(20L, 7.5, 80L, 0L));
    data.put("d", new CatalogColumnStatisticsDataDouble(-1.5, 2.25, 70L, 1L));
    data.put("b", new CatalogColumnStatisticsDataBoolean(40L, 50L, 10L));
    data.put("day", new CatalogColumnStatisticsDataDate(new Date(0), new Date(20454), 60L, 2L));
    data.put("bin", new CatalogColumnStatisticsDataBinary(1000L, 100.5, 4L));
    catalog.alterTableColumnStatistics(wide, new CatalogColumnStatistics(data), false);
    CatalogColumnStatistics found = catalog.getTableColumnStatistics(wide);
    flink.check(data.keySet(), found.getColumnStatisticsData().keySet());
    flink.check(Arrays.asList(-5L, 1L << 40, 90L, 3L), of(found, "l"));
    CatalogColumnStatisticsDataString text = (CatalogColumnStatisticsDataString) found.getColumnStatisticsData().get("s");
    flink.check(Arrays.asList(20L, 7.5, 80L), Arrays.asList(text.getMaxLength(), text.getAvgLength(), text.getNdv()));
    CatalogColumnStatisticsDataDouble real = (CatalogColumnStatisticsDataDouble) found.getColumnStatisticsData().get("d");
    flink.check(Arrays.asList(-1.5, 2.25), Arrays.asList(real.getMin(), real.getMax()));
    CatalogColumnStatisticsDataBoolean truth = (CatalogColumnStatisticsDataBoolean) found.getColumnStatisticsData().get("b");
    flink.check(Arrays.asList(40L, 50L), Arrays.asList(truth.getTrueCount(), truth.getFalseCount()));
    CatalogColumnStatisticsDataDate day = (CatalogColumnStatisticsDataDate) found.getColumnStatisticsData().get("day");
    flink.check(Arrays.asList(0L, 20454L), Arrays.asList(day.getMin().getDaysSinceEpoch(), day.getMax().getDaysSinceEpoch()));
    CatalogColumnStatisticsDataBinary bytes = (CatalogColumnStatisticsDataBinary) found.getColumnStatisticsData().get("bin");
    flink.check(Arrays.asList(1000L, 100.5, 4L), Arrays.asList(bytes.getMaxLength(), bytes.getAvgLength(), bytes.getNullCount()));
    ObjectPath nothing = new ObjectPath("shop", "nothing");
    flink.refused(TableNotExistException.class, () -> catalog.getTableStatistics(nothing));
    flink.refused(TableNotExistException.class, () -> catalog.alterTableColumnStatistics(nothing, ids(1, 2), false));
    catalog.alterTableColumnStatistics(nothing, ids(1, 2), true);
    flink.check(0, catalog.getTableColumnStatistics(new ObjectPath("shop", "copied")).getColumnStatisticsData().size());
  }

  void ofPartitions() throws Exception {
    CatalogPartitionSpec first = DataChecks.spec("y", "2020", "c", "us");
    CatalogPartitionSpec second = DataChecks.spec("y", "2020", "c", "de");
    CatalogPartitionSpec untold = DataChecks.spec("y", "2021", "c", "us");
    catalog.alterPartitionStatistics(SALES, first, new CatalogTableStatistics(7, 1, 70, 700), false);
    // The server counts files and bytes itself when a partition is altered.
    flink.check(Arrays.asList(7L, 1L, sizeOf("sales/y=2020/c=us"), 700L), of(catalog.getPartitionStatistics(SALES, first)));
    catalog.alterPartitionColumnStatistics(SALES, first, ids(1, 7), false);
    catalog.alterPartitionColumnStatistics(SALES, second, ids(20, 29), false);
    flink.check(Arrays.asList(1L, 7L, 7L, 0L), of(catalog.getPartitionColumnStatistics(SALES, first), "id"));
    catalog.alterPartitionColumnStatistics(SALES, first, ids(2, 8), false);
    List<CatalogColumnStatistics> columns =
        catalog.bulkGetPartitionColumnStatistics(SALES, Arrays.asList(first, untold, second));
    flink.check(3, columns.size());
    flink.check(Arrays.asList(2L, 8L, 7L, 0L), of(columns.get(0), "id"));
    flink.check(false, columns.get(1).getColumnStatisticsData().containsKey("id"));
    flink.check(Arrays.asList(20L, 29L, 10L, 0L), of(columns.get(2), "id"));
    List<CatalogTableStatistics> rows = catalog.bulkGetPartitionStatistics(SALES, Arrays.asList(second, first));
    flink.check(7L, rows.get(1).getRowCount());
    CatalogPartitionSpec nowhere = DataChecks.spec("y", "1999", "c", "us");
    flink.refused(NoSuchObjectException.class, () -> catalog.getPartitionStatistics(SALES, nowhere));
    flink.refused(NoSuchObjectException.class,
        () -> catalog.alterPartitionColumnStatistics(SALES, nowhere, ids(1, 2), false));
  }

  void analyzed() throws Exception {
    flink.sql("ANALYZE TABLE f_parquet COMPUTE STATISTICS FOR ALL COLUMNS");
    ObjectPath parquet = new ObjectPath("shop", "f_parquet");
    flink.check(2L, catalog.getTableStatistics(parquet).getRowCount());
    flink.check(Arrays.asList(1L, 2L, 2L, 0L), of(catalog.getTableColumnStatistics(parquet), "id"));
    ObjectPath keyed = new ObjectPath("shop", "f_flink");
    CatalogPartitionSpec seven = DataChecks.spec("k", "7");
    flink.sql("ANALYZE TABLE f_flink PARTITION (k) COMPUTE STATISTICS FOR COLUMNS id");
    flink.check(2L, catalog.getPartitionStatistics(keyed, seven).getRowCount());
    flink.check(Arrays.asList(1L, 2L, 2L, 0L), of(catalog.getPartitionColumnStatistics(keyed, seven), "id"));
    flink.sql("INSERT INTO f_flink VALUES (30, 7), (40, 8)");
    flink.sql("ANALYZE TABLE f_flink PARTITION (k = 7) COMPUTE STATISTICS FOR ALL COLUMNS");
    flink.check(Arrays.asList(1L, 30L, 3L, 0L), of(catalog.getPartitionColumnStatistics(keyed, seven), "id"));
    flink.check(1L, catalog.getPartitionStatistics(keyed, DataChecks.spec("k", "8")).getRowCount());
  }
}
