// Which of the protocol's exceptions a failure becomes.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "catalog/errors.h"

namespace lodestone::hive {

// The exceptions that calls declare. Each is a struct whose field 1 is its message.
enum class Thrown : uint8_t {
  kNone,  // none of them fits: the call fails as a whole, with a TApplicationException
  kMeta,
  kNoSuchObject,
  kAlreadyExists,
  kInvalidObject,
  kInvalidOperation,
  kInvalidInput,
  kInvalidPartition,
  kUnknownDb,
  kUnknownTable,
  kUnknownPartition,
  kUnknownType,
  kConfigValSecurity,
  kNoSuchTxn,
  kTxnAborted,
  kTxnOpen,
  kNoSuchLock,
};
// As the interface description calls it: `MetaException`.
std::string_view NameOf(Thrown thrown);

// The exceptions of a call in the order of their fields, which have the ids 1, 2, ...
class Throws {
 public:
  constexpr Throws(std::initializer_list<Thrown> declared) {
    for (const Thrown one : declared) declared_[count_++] = one;
  }
  constexpr std::span<const Thrown> declared() const { return std::span(declared_).first(count_); }
  // The field's id; 0 when the call does not declare it.
  constexpr int16_t FieldOf(Thrown thrown) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (declared_[i] == thrown) return static_cast<int16_t>(i + 1);
    }
    return 0;
  }

 private:
  std::array<Thrown, 6> declared_{};
  std::size_t count_ = 0;
};

// Where a call differs from what failures usually become.
struct ErrorRule {
  ErrorKind kind;
  std::optional<ObjectKind> object;  // nullopt: of whatever kind
  Thrown thrown;
};

// A failure that is to become exactly this exception, with this text: for what the protocol says and the catalog does
// not know.
absl::Status Throw(Thrown thrown, std::string_view message);

// The exception for a failure: the one it was made for (Throw), else by the first of `rules` that fits, else by its
// DomainError, else MetaException. One that the call does not declare becomes MetaException, and kNone where that is
// not declared either.
Thrown ThrownFor(const absl::Status& failure, const Throws& throws, std::span<const ErrorRule> rules);

}  // namespace lodestone::hive
