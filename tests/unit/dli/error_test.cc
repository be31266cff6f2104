#include "bindings/http/dli/error.h"

#include "catalog/errors.h"
#include "tests/support/matchers.h"

namespace lodestone::http::dli {
namespace {

TEST(Failure, FollowsFromTheDomainErrorAndElseFromTheCode) {
  const auto domain = [](ErrorKind kind) { return MakeError(kind, ObjectKind::kTable, "d.t", "text"); };
  struct Case {
    absl::Status status;
    int http;
    std::string_view code;
  };
  const Case cases[] = {
      {domain(ErrorKind::kAlreadyExists), 400, "DLI.0006"},     {domain(ErrorKind::kNoSuchObject), 400, "DLI.0002"},
      {domain(ErrorKind::kInvalidObject), 400, "DLI.0001"},     {domain(ErrorKind::kInvalidFilter), 400, "DLI.0001"},
      {domain(ErrorKind::kInvalidOperation), 400, "DLI.0007"},  {domain(ErrorKind::kNotEmpty), 400, "DLI.0007"},
      {domain(ErrorKind::kNoPrivilege), 400, "DLI.0003"},       {absl::InvalidArgumentError("text"), 400, "DLI.0001"},
      {absl::NotFoundError("text"), 400, "DLI.0002"},           {absl::PermissionDeniedError("text"), 400, "DLI.0003"},
      {absl::FailedPreconditionError("text"), 400, "DLI.0007"}, {absl::UnimplementedError("text"), 400, "DLI.0007"},
      {absl::ResourceExhaustedError("text"), 400, "DLI.0009"},  {absl::AbortedError("text"), 400, "DLI.0012"},
      {absl::UnauthenticatedError("text"), 401, "DLI.0013"},    {FileAccessError("text"), 400, "DLI.0011"},
  };
  for (const Case& test : cases) {
    const Failure failure = FailureOf(test.status);
    EXPECT_EQ(failure.status, test.http) << test.status;
    EXPECT_EQ(failure.code, test.code) << test.status;
    EXPECT_EQ(failure.message, "text");
    EXPECT_EQ(failure.detail, "");
  }
}

TEST(Failure, OfTheStoreIsToldToTheLogAlone) {
  for (const absl::Status& status : {absl::DataLossError("/secret/path"), absl::UnavailableError("/secret/path"),
                                     absl::InternalError("/secret/path"), absl::UnknownError("/secret/path")}) {
    const Failure failure = FailureOf(status);
    EXPECT_EQ(failure.status, 500);
    EXPECT_EQ(failure.code, "DLI.0999");
    EXPECT_EQ(failure.message.find("secret"), std::string::npos);
    EXPECT_EQ(failure.detail, "/secret/path");
  }
}

}  // namespace
}  // namespace lodestone::http::dli
