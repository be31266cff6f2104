import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CatalogPartition;
import org.apache.flink.table.catalog.CatalogPartitionImpl;
import org.apache.flink.table.catalog.CatalogPartitionSpec;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.PartitionAlreadyExistsException;
import org.apache.flink.table.catalog.exceptions.PartitionNotExistException;
import org.apache.flink.table.catalog.exceptions.PartitionSpecInvalidException;
import org.apache.flink.table.catalog.exceptions.TableNotPartitionedException;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;

// Hive's tables with files: formats, partitions, inserts and what is read with a filter.
class DataChecks {
  private static final ObjectPath SALES = new ObjectPath("shop", "sales");

  private final Flink flink;
  private final Catalog catalog;

  DataChecks(Flink flink) {
    this.flink = flink;
    this.catalog = flink.catalog("hive");
  }

  static CatalogPartitionSpec spec(String... keysAndValues) {
    Map<String, String> spec = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) spec.put(keysAndValues[i], keysAndValues[i + 1]);
    return new CatalogPartitionSpec(spec);
  }

  // Of the keys of `sales`, which come behind its column.
  private static CallExpression compare(BuiltInFunctionDefinition how, String key, DataType type, Object value) {
    return CallExpression.permanent(how, Arrays.asList(new FieldReferenceExpression(key, type, 0, key.equals("y") ? 1 : 2),
        new ValueLiteralExpression(value, type.notNull())), DataTypes.BOOLEAN());
  }

  private boolean exists(String path) { return Files.exists(Path.of(flink.warehouse, path)); }

  void formats() throws Exception {
    for (String format : Arrays.asList("PARQUET", "ORC", "TEXTFILE", "AVRO", "SEQUENCEFILE")) {
      String name = "f_" + format.toLowerCase();
      flink.hive("CREATE TABLE " + name + " (id BIGINT COMMENT 'the id', Name STRING, price DECIMAL(10,2), parts ARRAY<STRING>) "
          + "COMMENT 'of " + format + "' STORED AS " + format + " TBLPROPERTIES ('Mixed.Case' = 'Kept')");
      flink.sql("INSERT INTO " + name + " VALUES (1, 'a', 1.50, ARRAY['x', 'y']), (2, 'ä€', 2.25, ARRAY['z'])");
      flink.check(Arrays.asList("1,a,1.50", "2,ä€,2.25"), flink.rows("SELECT id, name, price FROM " + name));
      flink.check("of " + format, catalog.getTable(new ObjectPath("shop", name)).getComment());
    }
    flink.check(Arrays.asList("y"), flink.rows("SELECT parts[2] FROM f_parquet WHERE id = 1"));
    flink.sql("CREATE TABLE f_flink (id BIGINT, k INT) PARTITIONED BY (k) WITH ('connector' = 'hive', "
        + "'hive.storage.file-format' = 'orc')");
    flink.sql("INSERT INTO f_flink VALUES (1, 7)");
    flink.sql("INSERT INTO f_flink VALUES (2, 7)");
    flink.check(Arrays.asList("1,7", "2,7"), flink.rows("SELECT * FROM f_flink"));
    flink.sql("INSERT OVERWRITE f_orc SELECT id + 10, name, price, parts FROM f_parquet WHERE id = 2");
    flink.check(Arrays.asList("12,ä€"), flink.rows("SELECT id, name FROM f_orc"));
    flink.hive("CREATE TABLE copied STORED AS PARQUET AS SELECT id, name FROM f_textfile WHERE id = 1");
    flink.check(Arrays.asList("1,a"), flink.rows("SELECT * FROM copied"));
    flink.check(Arrays.asList("12,ä€,1"),
        flink.rows("SELECT o.id, o.name, t.n FROM f_orc o JOIN (SELECT count(*) AS n FROM copied) t ON TRUE"));
  }

  void externalTables() throws Exception {
    String place = flink.warehouse + "/outside";
    flink.hive("CREATE EXTERNAL TABLE ext (a INT) STORED AS ORC LOCATION 'file:" + place + "'");
    flink.sql("INSERT INTO ext VALUES (7), (8)");
    flink.check(Arrays.asList("7", "8"), flink.rows("SELECT * FROM ext"));
    flink.hive("CREATE EXTERNAL TABLE again (a INT) STORED AS ORC LOCATION 'file:" + place + "'");
    flink.sql("DROP TABLE ext");
    flink.check(true, exists("outside"));
    flink.check(Arrays.asList("7", "8"), flink.rows("SELECT * FROM again"));
  }

  void partitions() throws Exception {
    flink.hive("CREATE TABLE sales (id BIGINT) PARTITIONED BY (y INT, c STRING) STORED AS ORC");
    flink.sql("ALTER TABLE sales ADD PARTITION (y = 2020, c = 'us') WITH ('team' = 'a') PARTITION (y = 2020, c = 'de')");
    flink.hive("ALTER TABLE sales ADD PARTITION (y = 2021, c = 'us') LOCATION 'file:" + flink.warehouse + "/elsewhere'");
    flink.check(true, exists("shop.db/sales/y=2020/c=de"));
    flink.check(true, exists("elsewhere"));
    flink.check(Arrays.asList("y=2020/c=de", "y=2020/c=us", "y=2021/c=us"), flink.rows("SHOW PARTITIONS sales"));
    flink.check(Arrays.asList("y=2020/c=de", "y=2020/c=us"), flink.rows("SHOW PARTITIONS sales PARTITION (y = 2020)"));
    flink.check(Arrays.asList("y=2020/c=us", "y=2021/c=us"), flink.rows("SHOW PARTITIONS sales PARTITION (c = 'us')"));
    flink.check(2, catalog.listPartitions(SALES, spec("y", "2020")).size());
    flink.check(Arrays.asList(spec("y", "2021", "c", "us")), catalog.listPartitions(SALES, spec("y", "2021", "c", "us")));
    flink.refused(PartitionAlreadyExistsException.class, "ALTER TABLE sales ADD PARTITION (y = 2020, c = 'us')");
    flink.sql("ALTER TABLE sales ADD IF NOT EXISTS PARTITION (y = 2020, c = 'us')");
    CatalogPartition us = catalog.getPartition(SALES, spec("y", "2020", "c", "us"));
    flink.check("a", us.getProperties().get("team"));
    Map<String, String> properties = new HashMap<>(us.getProperties());
    properties.put("Mixed.Case", "Kept");
    properties.put("alter.table.op", "CHANGE_TBL_PROPS");
    catalog.alterPartition(SALES, spec("y", "2020", "c", "us"), new CatalogPartitionImpl(properties, ""), false);
    CatalogPartition altered = catalog.getPartition(SALES, spec("y", "2020", "c", "us"));
    flink.check(Arrays.asList("a", "Kept"),
        Arrays.asList(altered.getProperties().get("team"), altered.getProperties().get("Mixed.Case")));
    catalog.createPartition(SALES, spec("c", "fr", "y", "2022"), new CatalogPartitionImpl(new HashMap<>(), ""), false);
    flink.check(true, catalog.partitionExists(SALES, spec("y", "2022", "c", "fr")));
    flink.check(false, catalog.partitionExists(SALES, spec("y", "2023", "c", "fr")));
    flink.hive("ALTER TABLE sales PARTITION (y = 2022, c = 'fr') SET LOCATION 'file:" + flink.warehouse + "/further'");
    flink.sql("ALTER TABLE sales DROP PARTITION (y = 2022, c = 'fr')");
    flink.refused(PartitionNotExistException.class, "ALTER TABLE sales DROP PARTITION (y = 2022, c = 'fr')");
    flink.sql("ALTER TABLE sales DROP IF EXISTS PARTITION (y = 2022, c = 'fr')");
    flink.sql("ALTER TABLE sales DROP PARTITION (y = 2020, c = 'de')");
    flink.check(false, exists("shop.db/sales/y=2020/c=de"));
    partitionFailures();
  }

  private void partitionFailures() {
    CatalogPartition empty = new CatalogPartitionImpl(new HashMap<>(), "");
    CatalogPartitionSpec nowhere = spec("y", "1999", "c", "us");
    flink.refused(PartitionNotExistException.class, () -> catalog.getPartition(SALES, nowhere));
    flink.refused(PartitionNotExistException.class, () -> catalog.alterPartition(SALES, nowhere, empty, false));
    flink.refused(PartitionSpecInvalidException.class, () -> catalog.listPartitions(SALES, spec("nothing", "1")));
    flink.refused(PartitionSpecInvalidException.class, () -> catalog.createPartition(SALES, spec("y", "1"), empty, false));
    flink.refused(TableNotPartitionedException.class, () -> catalog.listPartitions(new ObjectPath("shop", "copied")));
  }

  void inserts() throws Exception {
    flink.sql("INSERT INTO sales PARTITION (y = 2020, c = 'us') SELECT 1");
    flink.sql("INSERT INTO sales PARTITION (y = 2020) SELECT id, c FROM (VALUES (2, 'de'), (3, 'fr')) AS t(id, c)");
    flink.sql("INSERT INTO sales SELECT id, y, c FROM (VALUES (4, 2021, 'us'), (5, 2022, 'us'), (6, 2022, 'de')) AS t(id, y, c)");
    flink.check(Arrays.asList("y=2020/c=de", "y=2020/c=fr", "y=2020/c=us", "y=2021/c=us", "y=2022/c=de", "y=2022/c=us"),
        flink.rows("SHOW PARTITIONS sales"));
    flink.check(Arrays.asList("1,2020,us", "2,2020,de", "3,2020,fr", "4,2021,us", "5,2022,us", "6,2022,de"),
        flink.rows("SELECT id, y, c FROM sales"));
    flink.sql("INSERT OVERWRITE sales PARTITION (y = 2020, c = 'us') SELECT 10");
    flink.check(Arrays.asList("10"), flink.rows("SELECT id FROM sales WHERE y = 2020 AND c = 'us'"));
    flink.sql("INSERT OVERWRITE sales SELECT id, y, c FROM (VALUES (50, 2022, 'us'), (70, 2023, 'us')) AS t(id, y, c)");
    flink.hive("INSERT OVERWRITE TABLE sales PARTITION (y = 2020, c = 'de') SELECT 20");
    flink.check(Arrays.asList("10,2020,us", "20,2020,de", "3,2020,fr", "4,2021,us", "50,2022,us", "6,2022,de", "70,2023,us"),
        flink.rows("SELECT id, y, c FROM sales"));
  }

  void pruning() throws Exception {
    String[][] cases = {
        // condition, ids, number of partitions in the plan
        {"y = 2021", "4", "1"},
        {"y > 2020 AND c = 'us'", "4,50,70", "3"},
        {"(y = 2020) AND (c = 'us')", "10", "1"},
        {"y IN (2021, 2023)", "4,70", "2"},
        {"y BETWEEN 2021 AND 2022", "4,50,6", "3"},
        {"c <> 'us'", "20,3,6", "3"},
        {"NOT (c = 'us' OR y = 2022)", "20,3", "2"},
        {"c LIKE 'd%'", "20,6", "2"},
        {"c IS NULL", "", "0"},
        {"y = 2021 OR c = 'fr'", "3,4", "2"},
        {"y = 2023 AND id < 5", "", "1"},
        {"y = 1999", "", "0"},
    };
    for (String[] one : cases) {
      String query = "SELECT id FROM sales WHERE " + one[0];
      flink.check(one[0] + ": " + one[1], one[0] + ": " + String.join(",", flink.rows(query)));
      String plan = flink.tables.explainSql(query).split("== Optimized Execution Plan ==")[1];
      flink.check(one[0] + ": " + one[2], one[0] + ": " + (plan.split("y=").length - 1));
    }
    filters();
  }

  private void filters() throws Exception {
    CallExpression year = compare(BuiltInFunctionDefinitions.EQUALS, "y", DataTypes.INT(), 2022);
    CallExpression us = compare(BuiltInFunctionDefinitions.EQUALS, "c", DataTypes.STRING(), "us");
    CallExpression late = compare(BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, "y", DataTypes.INT(), 2022);
    flink.check(Arrays.asList("y=2022/c=us"), found(Arrays.asList(year, us)));
    flink.check(Arrays.asList("y=2022/c=de", "y=2022/c=us", "y=2023/c=us"), found(Arrays.asList(late)));
    CallExpression either = CallExpression.permanent(BuiltInFunctionDefinitions.OR,
        Arrays.asList(compare(BuiltInFunctionDefinitions.EQUALS, "c", DataTypes.STRING(), "fr"), late), DataTypes.BOOLEAN());
    flink.check(Arrays.asList("y=2020/c=fr", "y=2022/c=de", "y=2022/c=us", "y=2023/c=us"), found(Arrays.asList(either)));
    flink.check(7, found(Collections.emptyList()).size());
  }

  // Partitions by the catalog's filter, which it asks the server for.
  private List<String> found(List<? extends CallExpression> filters) throws Exception {
    List<String> names = new ArrayList<>();
    for (CatalogPartitionSpec spec : catalog.listPartitionsByFilter(SALES, new ArrayList<>(filters))) {
      names.add("y=" + spec.getPartitionSpec().get("y") + "/c=" + spec.getPartitionSpec().get("c"));
    }
    Collections.sort(names);
    return names;
  }

  void valuesOfKeys() throws Exception {
    flink.hive("CREATE TABLE odd (id INT) PARTITIONED BY (k STRING) STORED AS PARQUET");
    flink.sql("INSERT INTO odd SELECT id, k FROM (VALUES (1, 'a/b c%=:'), (2, CAST(NULL AS STRING)), (3, 'ä')) AS t(id, k)");
    flink.check(Arrays.asList("1,a/b c%=:", "2,__HIVE_DEFAULT_PARTITION__", "3,ä"), flink.rows("SELECT id, k FROM odd"));
    flink.check(Arrays.asList("1"), flink.rows("SELECT id FROM odd WHERE k = 'a/b c%=:'"));
    flink.check(Arrays.asList("2"), flink.rows("SELECT id FROM odd WHERE k IS NULL"));
    flink.sql("ALTER TABLE odd DROP PARTITION (k = 'a/b c%=:')");
    flink.hive("CREATE TABLE days (id INT) PARTITIONED BY (day DATE) STORED AS PARQUET");
    flink.sql("INSERT INTO days SELECT id, d FROM (VALUES (1, DATE '2026-01-01'), (2, DATE '2026-01-02')) AS t(id, d)");
    flink.check(Arrays.asList("2,2026-01-02"), flink.rows("SELECT id, `day` FROM days WHERE `day` > DATE '2026-01-01'"));
    flink.check(Arrays.asList("day=2026-01-01", "day=2026-01-02"), flink.rows("SHOW PARTITIONS days"));
  }
}
