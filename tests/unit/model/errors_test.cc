#include "catalog/errors.h"

#include <set>
#include <string>
#include <string_view>

#include "tests/support/matchers.h"

namespace lodestone {
namespace {

using testing::HasCode;

TEST(ErrorsTest, EachKindHasItsCodeAndComesBackAsData) {
  const struct {
    ErrorKind kind;
    absl::StatusCode code;
  } cases[] = {
      {ErrorKind::kAlreadyExists, absl::StatusCode::kAlreadyExists},
      {ErrorKind::kNoSuchObject, absl::StatusCode::kNotFound},
      {ErrorKind::kInvalidObject, absl::StatusCode::kInvalidArgument},
      {ErrorKind::kInvalidFilter, absl::StatusCode::kInvalidArgument},
      {ErrorKind::kInvalidOperation, absl::StatusCode::kFailedPrecondition},
      {ErrorKind::kModified, absl::StatusCode::kFailedPrecondition},
      {ErrorKind::kNotEmpty, absl::StatusCode::kFailedPrecondition},
      {ErrorKind::kEventsExpired, absl::StatusCode::kOutOfRange},
  };
  for (const auto& c : cases) {
    for (int object = 0; object <= static_cast<int>(ObjectKind::kInput); ++object) {
      const auto object_kind = static_cast<ObjectKind>(object);
      const absl::Status status = MakeError(c.kind, object_kind, "db.t", "what happened");
      EXPECT_THAT(status, HasCode(c.code));
      EXPECT_EQ(status.message(), "what happened");
      EXPECT_EQ(DomainErrorOf(status), (DomainError{c.kind, object_kind, "db.t"}));
    }
  }
}

TEST(ErrorsTest, AnyObjectNameSurvives) {
  for (const std::string& object :
       {std::string(), std::string("a\0b", 3), std::string("\xFF\n"), std::string(5000, 'x')}) {
    const absl::Status status = MakeError(ErrorKind::kNoSuchObject, ObjectKind::kTable, object, "m");
    ASSERT_TRUE(DomainErrorOf(status).has_value());
    EXPECT_EQ(DomainErrorOf(status)->object, object);
  }
}

TEST(ErrorsTest, OtherFailuresCarryNoDomainError) {
  EXPECT_EQ(DomainErrorOf(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(DomainErrorOf(absl::UnavailableError("disk")), std::nullopt);
  EXPECT_EQ(DomainErrorOf(absl::NotFoundError("no such file")), std::nullopt);
  absl::Status foreign = absl::NotFoundError("x");
  foreign.SetPayload("lodestone/DomainError", absl::Cord("\x7F\x01t"));
  EXPECT_EQ(DomainErrorOf(foreign), std::nullopt);
  foreign.SetPayload("lodestone/DomainError", absl::Cord("\x01"));
  EXPECT_EQ(DomainErrorOf(foreign), std::nullopt);
}

TEST(ErrorsTest, KindsHaveDistinctNames) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(ObjectKind::kInput); ++kind) {
    names.insert(NameOf(static_cast<ObjectKind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ObjectKind::kInput) + 1);
  EXPECT_EQ(NameOf(ObjectKind::kTable), "table");
}

}  // namespace
}  // namespace lodestone
