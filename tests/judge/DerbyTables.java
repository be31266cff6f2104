import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs the statements of a file, one a line, in a Derby database, which is made. Usage: DerbyTables URL FILE. */
public final class DerbyTables {
  private DerbyTables() {}

  public static void main(String[] args) throws Exception {
    // The user is the metastore's default: Derby looks for tables among those of the user.
    try (Connection connection = DriverManager.getConnection(args[0], "APP", "mine");
        Statement statement = connection.createStatement()) {
      for (String line : Files.readAllLines(Path.of(args[1]))) {
        if (!line.isBlank() && !line.startsWith("--")) statement.execute(line.replaceFirst(";$", ""));
      }
    }
    try {
      DriverManager.getConnection("jdbc:derby:;shutdown=true");
    } catch (SQLException expected) {
      // So Derby says that it has shut down, and that another process may have the database.
    }
  }
}
