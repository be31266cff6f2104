// What every server of this family answers about itself: its name, version and health.
namespace py hive_thrift.fb303
namespace cpp lodestone.hive.thrift

enum fb_status { DEAD = 0, STARTING = 1, ALIVE = 2, STOPPING = 3, STOPPED = 4, WARNING = 5 }

service FacebookService {
  // A name for people, the version in text, and seconds since 1970 of the start.
  string getName()
  string getVersion()
  i64 aliveSince()

  fb_status getStatus()
  // Says more about the status than its number; empty when there is nothing to say.
  string getStatusDetails()

  // Counters and options of the server; those that are not there are 0 and empty.
  map<string, i64> getCounters()
  i64 getCounter(1: string key)
  void setOption(1: string key, 2: string value)
  string getOption(1: string key)
  map<string, string> getOptions()
  string getCpuProfile(1: i32 profileDurationInSec)

  // No answer is expected, and neither is obeyed: clients send `shutdown` whenever they close a connection.
  oneway void reinitialize()
  oneway void shutdown()
}
