// One server of the Hive Metastore's protocol, timed at the client, with the client that Hive's own artifact generated.
// Each row is a line of JSON: its name, how many calls, wall time at the client and CPU time of the server's processes.
//
// usage: java -cp CLASSPATH HiveBench HOST PORT PARTITIONS PID[,PID...]
//   PID   processes of the server and its database, whose children count as well
import java.io.IOException;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.hadoop.hive.metastore.api.*;
import org.apache.thrift.protocol.*;
import org.apache.thrift.transport.*;

public class HiveBench {
  interface Work { void run() throws Exception; }

  // Knows how many bytes came.
  static final class CountingSocket extends TSocket {
    long bytes = 0;

    CountingSocket(String host, int port, int timeout) throws TTransportException { super(host, port, timeout); }

    @Override
    public int read(byte[] to, int offset, int count) throws TTransportException {
      int read = super.read(to, offset, count);
      bytes += read;
      return read;
    }
  }

  private static final int BATCH = 500;
  private static final int WARM_UPS = 3;  // of a client that compiles while it runs
  // Each is read so often, and on until there is enough to see in ticks of CPU time.
  private static final int READS = 7;
  private static final int MOST_READS = 300;
  private static final long READING_NANOS = 2_000_000_000L;
  private static final int GETS = 1000;
  private static final int CLIENTS = 8;

  private final String host;
  private final int port;
  private final int partitions;
  private final Set<Long> processes = new HashSet<>();
  private final ThriftHiveMetastore.Client client;

  HiveBench(String[] arguments) throws Exception {
    host = arguments[0];
    port = Integer.parseInt(arguments[1]);
    partitions = Integer.parseInt(arguments[2]);
    for (String pid : arguments[3].split(",")) processes.add(Long.parseLong(pid));
    client = connect();
  }

  public static void main(String[] arguments) throws Exception { new HiveBench(arguments).run(); }

  private ThriftHiveMetastore.Client connect() throws Exception {
    TTransport transport = new CountingSocket(host, port, 3_600_000);
    transport.open();
    ThriftHiveMetastore.Client made = new ThriftHiveMetastore.Client(new TBinaryProtocol(transport));
    made.set_ugi("bench", new ArrayList<>());
    return made;
  }

  private void run() throws Exception {
    client.create_database(new Database("bench", "", null, new HashMap<>()));
    client.create_table(table("warm"));
    add("warm", BATCH);
    client.get_partitions("bench", "warm", (short) -1);

    once("create a table and drop it", 50, () -> {
      for (int i = 0; i < 50; ++i) {
        client.create_table(table("short_" + i));
        client.drop_table("bench", "short_" + i, true);
      }
    });
    client.create_table(table("t"));
    once("add in batches of 500", partitions / BATCH, () -> add("t", partitions));
    repeated("names", () -> expect(partitions, client.get_partition_names("bench", "t", (short) -1).size()));
    repeated("full objects", () -> expect(partitions, client.get_partitions("bench", "t", (short) -1).size()));
    CountingSocket socket = (CountingSocket) client.getInputProtocol().getTransport();
    long before = socket.bytes;
    client.get_partitions("bench", "t", (short) -1);
    long length = socket.bytes - before;
    byte[] chunk = new byte[1 << 16];
    repeated("full objects, not decoded", () -> {
      client.send_get_partitions("bench", "t", (short) -1);
      for (long left = length; left > 0;) left -= socket.read(chunk, 0, (int) Math.min(left, chunk.length));
    });
    repeated("by filter on the first key", () ->
        expect(Math.min(480, partitions), filtered("dt = '" + day(0) + "'")));
    repeated("by filter on the second key", () -> filtered("hour = 7"));
    List<String> names = client.get_partition_names("bench", "t", (short) -1);
    Collections.shuffle(names, new Random(1));
    List<String> some = new ArrayList<>(names.subList(0, Math.min(1000, names.size())));
    repeated("1,000 by names", () -> expect(some.size(), client.get_partitions_by_names("bench", "t", some).size()));
    once("get one, 1 client", GETS, () -> get(client, 1));
    once("get one, " + CLIENTS + " clients", CLIENTS * GETS, this::getAtOnce);
    once("drop with all partitions", 1, () -> client.drop_table("bench", "t", true));
    System.exit(0);
  }

  // ---- What is asked ----
  private static String day(int number) { return java.time.LocalDate.of(2026, 1, 1).plusDays(number).toString(); }
  // 24 hours by 20 regions: 480 a day.
  private static List<String> values(int number) {
    return new ArrayList<>(Arrays.asList(day(number / 480), "" + number / 20 % 24, "r" + number % 20));
  }

  private static StorageDescriptor storage() {
    StorageDescriptor sd = new StorageDescriptor();
    List<FieldSchema> columns = new ArrayList<>();
    for (int i = 0; i < 20; ++i) columns.add(new FieldSchema("column_" + i, i % 2 == 0 ? "bigint" : "string", ""));
    sd.setCols(columns);
    sd.setInputFormat("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat");
    sd.setOutputFormat("org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat");
    sd.setNumBuckets(-1);
    sd.setBucketCols(new ArrayList<>());
    sd.setSortCols(new ArrayList<>());
    sd.setParameters(new HashMap<>());
    sd.setSerdeInfo(new SerDeInfo("", "org.apache.hadoop.hive.ql.io.orc.OrcSerde", new HashMap<>()));
    return sd;
  }

  private static Table table(String name) {
    Table table = new Table();
    table.setDbName("bench");
    table.setTableName(name);
    table.setOwner("bench");
    table.setSd(storage());
    table.setPartitionKeys(new ArrayList<>(Arrays.asList(new FieldSchema("dt", "string", ""),
        new FieldSchema("hour", "int", ""), new FieldSchema("region", "string", ""))));
    table.setParameters(new HashMap<>());
    table.setTableType("MANAGED_TABLE");
    return table;
  }

  private void add(String name, int count) throws Exception {
    for (int begin = 0; begin < count; begin += BATCH) {
      List<Partition> batch = new ArrayList<>();
      for (int number = begin; number < Math.min(begin + BATCH, count); ++number) {
        Partition partition = new Partition();
        partition.setDbName("bench");
        partition.setTableName(name);
        partition.setValues(values(number));
        partition.setSd(storage());
        partition.setParameters(new HashMap<>(Map.of("numRows", "" + number, "totalSize", "" + 1024 * number)));
        batch.add(partition);
      }
      client.add_partitions(batch);
    }
  }

  private int filtered(String filter) throws Exception {
    return client.get_partitions_by_filter("bench", "t", filter, (short) -1).size();
  }

  private void get(ThriftHiveMetastore.Client by, int seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < GETS; ++i) by.get_partition("bench", "t", values(random.nextInt(partitions)));
  }

  private void getAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<Future<Void>> all = new ArrayList<>();
    for (int number = 0; number < CLIENTS; ++number) {
      int seed = number;
      all.add(threads.submit(() -> {
        get(connect(), seed);
        return null;
      }));
    }
    for (Future<Void> one : all) one.get();
    threads.shutdown();
  }

  // ---- How it is timed ----
  private static void expect(int expected, int found) {
    if (expected != found) throw new IllegalStateException("expected " + expected + " partitions, found " + found);
  }

  private void once(String row, int calls, Work work) throws Exception {
    double cpu = cpuMillis();
    long begin = System.nanoTime();
    work.run();
    double wall = (System.nanoTime() - begin) / 1e6;
    print(row, calls, wall, settledCpuMillis() - cpu);
  }

  // With what the server still does behind its answers: until it uses none for a tenth of a second.
  private double settledCpuMillis() throws Exception {
    double before = -1;
    double now = cpuMillis();
    for (int i = 0; i < 100 && now != before; ++i) {
      Thread.sleep(100);
      before = now;
      now = cpuMillis();
    }
    return now;
  }

  // The median of several, after some that aren't counted.
  private void repeated(String row, Work work) throws Exception {
    for (int i = 0; i < WARM_UPS; ++i) work.run();
    double cpu = cpuMillis();
    List<Double> millis = new ArrayList<>();
    long start = System.nanoTime();
    while (millis.size() < READS || (millis.size() < MOST_READS && System.nanoTime() - start < READING_NANOS)) {
      long begin = System.nanoTime();
      work.run();
      millis.add((System.nanoTime() - begin) / 1e6);
    }
    Collections.sort(millis);
    print(row, 1, millis.get(millis.size() / 2), (cpuMillis() - cpu) / millis.size());
  }

  private static void print(String row, int calls, double wall, double cpu) {
    System.out.printf(Locale.ROOT, "{\"row\": \"%s\", \"calls\": %d, \"wall_ms\": %.3f, \"cpu_ms\": %.3f}%n", row, calls, wall, cpu);
  }

  // User and system time of the processes, of their children, and of their children that have ended; in ticks of 10 ms.
  private double cpuMillis() throws IOException {
    long ticks = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Paths.get("/proc"), "[0-9]*")) {
      for (Path process : all) {
        String stat;
        try {
          stat = Files.readString(process.resolve("stat"));
        } catch (IOException ended) {
          continue;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        boolean own = processes.contains(Long.parseLong(process.getFileName().toString()));
        boolean child = processes.contains(Long.parseLong(fields[1]));
        if (own || child) ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        if (own) ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
      }
    }
    return ticks * 10.0;
  }
}
