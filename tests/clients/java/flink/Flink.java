import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.SqlDialect;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

// Flink in this process: a cluster, a table environment in batch mode with HiveCatalogs in it, and what checks are made of.
class Flink {
  interface Part { void run() throws Exception; }
  interface Action { void run() throws Exception; }

  // A folder with hive-site.xml; where the warehouse lies.
  final String conf;
  final String warehouse;
  final TableEnvironment tables;
  private final MiniCluster cluster;
  private int failures = 0;
  private String part = "";

  Flink(String conf, String warehouse) throws Exception {
    this.conf = conf;
    this.warehouse = warehouse;
    Configuration settings = new Configuration();
    settings.setString("rest.address", "localhost");
    settings.setString("rest.bind-port", "0");
    cluster = new MiniCluster(new MiniClusterConfiguration.Builder().setConfiguration(settings).setNumTaskManagers(1)
        .setNumSlotsPerTaskManager(4).build());
    cluster.start();
    Configuration client = new Configuration();
    client.setString("execution.target", "remote");
    client.setString("rest.address", "localhost");
    client.setString("rest.port", "" + cluster.getRestAddress().get().getPort());
    client.setString("parallelism.default", "1");
    tables = TableEnvironment.create(EnvironmentSettings.newInstance().inBatchMode().withConfiguration(client).build());
  }

  int finish() throws Exception {
    cluster.close();
    return failures == 0 ? 0 : 1;
  }

  void run(String name, Part body) {
    part = name;
    int before = failures;
    long begin = System.currentTimeMillis();
    try {
      body.run();
    } catch (Throwable e) {
      ++failures;
      tell(e);
    }
    System.out.println((failures == before ? "ok      " : "FAILED  ") + name + ", "
        + (System.currentTimeMillis() - begin) + " ms");
  }

  // What failed and why, and which lines of the test were under way.
  private void tell(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) System.out.println(part + ": " + cause);
    for (StackTraceElement line : failure.getStackTrace()) {
      if (!line.getClassName().contains(".")) System.out.println("  at " + line);
    }
  }

  void check(Object expected, Object found) {
    if (expected.equals(found)) return;
    ++failures;
    StackTraceElement[] stack = new Throwable().getStackTrace();
    System.out.println(part + ": expected " + expected + ", found " + found + " at "
        + (stack[1].getClassName().equals("Flink") ? stack[2] : stack[1]));
  }

  // The action fails, and `expected` is among the causes.
  void refused(Class<? extends Throwable> expected, Action action) {
    String found = "no exception";
    try {
      action.run();
    } catch (Throwable e) {
      found = "";
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (expected.isInstance(cause)) return;
        found += cause + "; ";
      }
    }
    check(expected.getSimpleName(), found);
  }

  void refused(Class<? extends Throwable> expected, String statement) {
    refused(expected, () -> sql(statement));
  }

  // Runs a statement to its end.
  void sql(String statement) throws Exception { tables.executeSql(statement).await(); }

  // Runs it in Hive's dialect, and goes back to Flink's own.
  void hive(String statement) throws Exception {
    tables.getConfig().setSqlDialect(SqlDialect.HIVE);
    try {
      sql(statement);
    } finally {
      tables.getConfig().setSqlDialect(SqlDialect.DEFAULT);
    }
  }

  // Rows of a query as texts, their values apart by a comma, in order.
  List<String> rows(String query) throws Exception {
    List<String> found = new ArrayList<>();
    try (CloseableIterator<Row> rows = tables.executeSql(query).collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.getArity(); ++i) values.add("" + row.getField(i));
        found.add(String.join(",", values));
      }
    }
    Collections.sort(found);
    return found;
  }

  Catalog catalog(String name) { return tables.getCatalog(name).get(); }
}
