import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;

// Loads everything from the class path in the property `flink.classpath`, as java -Djava.system.class.loader=SystemLoader.
// Hive 3.1.3's sessions, which Flink's Hive dialect begins, want their loader to be a URLClassLoader: since Java 9 the one
// that comes with Java is none.
public class SystemLoader extends URLClassLoader {
  public SystemLoader(ClassLoader parent) throws MalformedURLException { super(urls(), parent); }

  private static URL[] urls() throws MalformedURLException {
    String[] paths = System.getProperty("flink.classpath").split(File.pathSeparator);
    URL[] urls = new URL[paths.length];
    for (int i = 0; i < paths.length; ++i) urls[i] = new File(paths[i]).toURI().toURL();
    return urls;
  }
}
