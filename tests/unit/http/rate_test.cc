// Who counts as one caller, and how often one may call.
#include "bindings/http/rate.h"

#include <gtest/gtest.h>

namespace lodestone::http {
namespace {

TEST(RateLimiterTest, LetsABurstThroughAndThenTheRate) {
  RateLimiter limiter(10);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.Take("a", 10, 5, 1'000), 0) << i;
  EXPECT_EQ(limiter.Take("a", 10, 5, 1'000), 100);
  EXPECT_EQ(limiter.Take("a", 10, 5, 1'050), 50);
  EXPECT_EQ(limiter.Take("a", 10, 5, 1'100), 0);
  EXPECT_EQ(limiter.Take("a", 10, 5, 1'100), 100);
  // A pause fills the bucket up to the burst and not beyond.
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.Take("a", 10, 5, 100'000), 0) << i;
  EXPECT_GT(limiter.Take("a", 10, 5, 100'000), 0);
}

TEST(RateLimiterTest, CallersDoNotTouchEachOther) {
  RateLimiter limiter(10);
  EXPECT_EQ(limiter.Take("a", 1, 1, 0), 0);
  EXPECT_GT(limiter.Take("a", 1, 1, 0), 0);
  EXPECT_EQ(limiter.Take("b", 1, 1, 0), 0);
}

TEST(RateLimiterTest, NoRateIsNoLimitAndTimeMayGoBackwards) {
  RateLimiter limiter(10);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(limiter.Take("a", 0, 0, 0), 0);
  EXPECT_EQ(limiter.Take("b", 1, 1, 10'000), 0);
  EXPECT_EQ(limiter.Take("b", 1, 1, 5'000), 1'000);
  EXPECT_EQ(limiter.Take("b", 1, 1, 6'000), 0);
}

TEST(RateLimiterTest, ForgetsTheOneThatCalledLongestAgo) {
  RateLimiter limiter(2);
  EXPECT_EQ(limiter.Take("a", 1, 1, 0), 0);
  EXPECT_EQ(limiter.Take("b", 1, 1, 0), 0);
  EXPECT_GT(limiter.Take("a", 1, 1, 0), 0);
  EXPECT_EQ(limiter.Take("c", 1, 1, 0), 0);  // in place of b
  EXPECT_EQ(limiter.callers(), 2U);
  EXPECT_GT(limiter.Take("a", 1, 1, 0), 0);
  EXPECT_EQ(limiter.Take("b", 1, 1, 0), 0);
}

Request From(std::string peer, std::string header, std::string value) {
  Request request;
  request.method = "GET";
  request.target = "/";
  request.peer = std::move(peer);
  if (!header.empty()) request.headers.emplace_back(std::move(header), std::move(value));
  return request;
}

TEST(CallersTest, AClaimCountsForItsAddressUntilItIsProven) {
  Callers callers(100);
  const Request here = From("10.0.0.1", "x-auth-token", "t1");
  const Request there = From("10.0.0.2", "x-auth-token", "t1");
  EXPECT_EQ(callers.CallerOf(here), "peer 10.0.0.1");
  callers.Learn(here, "ana");
  EXPECT_EQ(callers.CallerOf(here), "principal ana");
  // Somebody elsewhere who only claims it uses up nothing of hers.
  EXPECT_EQ(callers.CallerOf(there), "peer 10.0.0.2");
  callers.Learn(there, "ana");
  EXPECT_EQ(callers.CallerOf(there), "principal ana");
  EXPECT_EQ(callers.CallerOf(From("10.0.0.1", "x-auth-token", "t2")), "peer 10.0.0.1");
  EXPECT_EQ(callers.CallerOf(From("10.0.0.1", "", "")), "peer 10.0.0.1");
}

TEST(CallersTest, FindsTheClaimOfEachScheme) {
  const auto signed_with = [](std::string key, std::string signature) {
    return From("p", "authorization", "SDK-HMAC-SHA256 Access=" + key + ", SignedHeaders=host, Signature=" + signature);
  };
  Callers callers(100);
  callers.Learn(signed_with("K1", "aa"), "ana");
  EXPECT_EQ(callers.CallerOf(signed_with("K1", "bb")), "principal ana");
  EXPECT_EQ(callers.CallerOf(signed_with("K2", "aa")), "peer p");

  Request in_query = From("p", "", "");
  in_query.target = "/?Action=GetTable&AccessKeyId=K3&Signature=a";
  Request in_body = From("p", "", "");
  in_body.body = "AccessKeyId=K3&Action=X";
  Request not_a_claim = From("p", "", "");
  not_a_claim.target = "/?XAccessKeyId=K3";
  callers.Learn(in_query, "ben");
  EXPECT_EQ(callers.CallerOf(in_query), "principal ben");
  EXPECT_EQ(callers.CallerOf(in_body), "principal ben");
  EXPECT_EQ(callers.CallerOf(not_a_claim), "peer p");
}

TEST(CallersTest, RemembersABoundedNumberOfClaims) {
  Callers callers(3);
  for (int i = 0; i < 100; ++i) callers.Learn(From("p", "x-auth-token", std::to_string(i)), "ana");
  int known = 0;
  for (int i = 0; i < 100; ++i) {
    if (callers.CallerOf(From("p", "x-auth-token", std::to_string(i))) == "principal ana") ++known;
  }
  EXPECT_GE(known, 1);
  EXPECT_LE(known, 3);
}

}  // namespace
}  // namespace lodestone::http
