// Runs one test of the running test program in a process of its own. RocksDB's threads do not survive a fork, so the
// program is started anew: the child's part is a test named DISABLED_..., which no ordinary run enters.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace lodestone::testing {

// The file descriptors by which a child talks to its parent.
inline constexpr int kChildOut = 3;
inline constexpr int kChildIn = 4;

// A running child. Killed at destruction if it still runs.
class ChildProcess {
 public:
  // Starts `test` (Suite.DISABLED_Name) with these variables in its environment.
  ChildProcess(const std::string& test, const std::vector<std::pair<std::string, std::string>>& variables) {
    int out[2], in[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0) abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // Two steps: the numbers 3 and 4 may be in use by the ends themselves.
    posix_spawn_file_actions_adddup2(&actions, out[1], 100);
    posix_spawn_file_actions_adddup2(&actions, in[0], 101);
    posix_spawn_file_actions_adddup2(&actions, 100, kChildOut);
    posix_spawn_file_actions_adddup2(&actions, 101, kChildIn);
    posix_spawn_file_actions_addclose(&actions, 100);
    posix_spawn_file_actions_addclose(&actions, 101);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    const std::string filter = "--gtest_filter=" + test;
    const char* arguments[] = {"child", filter.c_str(), "--gtest_also_run_disabled_tests", nullptr};
    std::vector<std::string> settings;
    for (char** variable = environ; *variable != nullptr; ++variable) settings.emplace_back(*variable);
    for (const auto& [name, value] : variables) settings.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (std::string& setting : settings) environment.push_back(setting.data());
    environment.push_back(nullptr);
    const int error =
        posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, const_cast<char**>(arguments), environment.data());
    EXPECT_EQ(error, 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(in[0]);
    from_ = out[0];
    to_ = in[1];
  }
  ~ChildProcess() {
    if (pid_ > 0) Kill();
    close(from_);
    close(to_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // One byte from the child; 0 when it has ended.
  char ReadByte() {
    char byte = 0;
    return read(from_, &byte, 1) == 1 ? byte : '\0';
  }
  // The next `count` bytes; fewer when it has ended.
  std::string ReadBytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t got = 0;
    for (ssize_t n; got < count && (n = read(from_, bytes.data() + got, count - got)) > 0;) {
      got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    return bytes;
  }
  // All that the child still says, until it ends.
  std::string ReadRest() {
    std::string rest;
    char buffer[4096];
    for (ssize_t n; (n = read(from_, buffer, sizeof buffer)) > 0;) rest.append(buffer, static_cast<std::size_t>(n));
    return rest;
  }
  void WriteByte(char byte) { EXPECT_EQ(write(to_, &byte, 1), 1); }

  void Kill() {
    kill(pid_, SIGKILL);
    Wait();
  }
  // The child's exit code, 0 when its test passed; -1 when it was killed.
  int Wait() {
    int status = 0;
    EXPECT_EQ(waitpid(std::exchange(pid_, 0), &status, 0) > 0, true);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // Whether it has ended; then Wait() returns at once.
  bool HasEnded() {
    siginfo_t info = {};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }

 private:
  pid_t pid_ = 0;
  int from_ = -1;
  int to_ = -1;
};

}  // namespace lodestone::testing
