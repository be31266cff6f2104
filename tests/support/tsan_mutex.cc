// Teaches ThreadSanitizer absl::Mutex. Debian's abseil is not instrumented, so ThreadSanitizer neither sees its locks
// nor what they order, and would report every access that they protect. These definitions stand before the library's
// own, call them, and say what was acquired and released. Linked into test programs under the preset tsan only.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

#include "absl/base/config.h"
#include "absl/synchronization/mutex.h"

// Mangled names hold abseil's inline namespace, which differs between packages.
#define LODESTONE_TEXT_INNER(x) #x
#define LODESTONE_TEXT(x) LODESTONE_TEXT_INNER(x)

// Of ThreadSanitizer, in no header of its own.
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);

namespace {

// `_ZN4absl8lts_...5Mutex4LockEv`: the library's own definition of `name`, which is spelled behind the namespace.
void* Original(const char* name) {
  constexpr const char* kNamespace = LODESTONE_TEXT(ABSL_OPTION_INLINE_NAMESPACE_NAME);
  char symbol[256];
  std::snprintf(symbol, sizeof symbol, "_ZN4absl%zu%s%s", __builtin_strlen(kNamespace), kNamespace, name);
  void* found = dlsym(RTLD_NEXT, symbol);
  if (found == nullptr) {
    // A constant or const-qualified variant of the name is not tried: better no test than one that hides races.
    std::fprintf(stderr, "tsan_mutex: no symbol %s\n", symbol);
    std::abort();
  }
  return found;
}

template <typename Result, typename... Args>
Result Call(void* function, Args... args) {
  return reinterpret_cast<Result (*)(Args...)>(function)(args...);
}

// abseil evaluates a waiter's condition also in the thread that unlocks: under the lock, but after what that thread
// could tell of its release. These reads are left out; the waiter acquires the lock before it reads anything itself.
bool EvaluateUnseen(void* condition) {
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  const bool holds = static_cast<const absl::Condition*>(condition)->Eval();
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  return holds;
}
// Of a void*, so that abseil's own code, which is not instrumented, reads the condition that lies on the waiter's
// stack.
absl::Condition Unseen(const absl::Condition& condition) {
  return absl::Condition(&EvaluateUnseen, static_cast<void*>(const_cast<absl::Condition*>(&condition)));
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static void* const original = Original("5Mutex4LockEv");
  Call<void>(original, this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static void* const original = Original("5Mutex6UnlockEv");
  __tsan_release(this);
  Call<void>(original, this);
}

bool Mutex::TryLock() {
  static void* const original = Original("5Mutex7TryLockEv");
  const bool locked = Call<bool>(original, this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  static void* const original = Original("5Mutex10ReaderLockEv");
  Call<void>(original, this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static void* const original = Original("5Mutex12ReaderUnlockEv");
  __tsan_release(this);
  Call<void>(original, this);
}

void Mutex::Await(const Condition& condition) {
  static void* const original = Original("5Mutex5AwaitERKNS0_9ConditionE");
  const Condition unseen = Unseen(condition);
  __tsan_release(this);
  Call<void>(original, this, &unseen);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static void* const original = Original("5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const Condition unseen = Unseen(condition);
  __tsan_release(this);
  const bool held = Call<bool>(original, this, &unseen, timeout);
  __tsan_acquire(this);
  return held;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static void* const original = Original("5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Condition unseen = Unseen(condition);
  __tsan_release(this);
  const bool held = Call<bool>(original, this, &unseen, deadline);
  __tsan_acquire(this);
  return held;
}

void CondVar::Wait(Mutex* mutex) {
  static void* const original = Original("7CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  Call<void>(original, this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static void* const original = Original("7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool timed_out = Call<bool>(original, this, mutex, timeout);
  __tsan_acquire(mutex);
  return timed_out;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static void* const original = Original("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool timed_out = Call<bool>(original, this, mutex, deadline);
  __tsan_acquire(mutex);
  return timed_out;
}

ABSL_NAMESPACE_END
}  // namespace absl
