// Calls over HTTP, beside a handler in the same server that does nothing.
#include <algorithm>
#include <atomic>
#include <ctime>
#include <string>

#include "bench/figures/http_load.h"
#include "bench/figures/stage.h"
#include "bindings/common/crypto.h"
#include "bindings/http/dla/handler.h"
#include "bindings/http/server.h"
#include "catalog/base/strings.h"

namespace lodestone::bench {
namespace {

using base::StrCat;

class Empty final : public http::Handler {
 public:
  http::Response Handle(const http::Request&) override {
    http::Response response;
    response.call = "Empty";
    response.outcome = "ok";
    response.body = "{}";
    return response;
  }
};

std::string Get(std::string_view target) { return StrCat("GET ", target, " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); }

// The first fields of an action, in the order in which they are signed. `user` is an access key's id or, for a server
// that checks nothing, a name.
std::string Query(std::string_view user, std::string_view action, std::string_view fields, std::string_view nonce) {
  return StrCat("AccessKeyId=", user, "&Action=", action, fields,
                "&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureNonce=", nonce, "&SignatureVersion=1.0");
}

std::string Unsigned(std::string_view action, std::string_view fields) {
  return Get(StrCat("/?", Query("bench", action, fields, "n"), "&Version=2020-09-28"));
}

// GetTable, signed by version 1.0.
std::string SignedGetTable(const NewAccessKey& key, std::string_view nonce) {
  char time[32];
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  std::strftime(time, sizeof(time), "%Y-%m-%dT%H%%3A%M%%3A%SZ", gmtime_r(&now, &utc));
  const std::string query = StrCat(Query(key.id, "GetTable", "&DbName=bench", nonce),
                                   "&TableName=hits&Timestamp=", time, "&Version=2020-09-28");
  const std::string signature =
      bindings::Base64(bindings::HmacSha1(key.secret + "&", StrCat("GET&%2F&", bindings::PercentEncode(query))));
  return Get(StrCat("/?", query, "&Signature=", bindings::PercentEncode(signature)));
}

struct Served {
  std::unique_ptr<http::Handler> dla;
  Empty empty;
  http::Router router;
  http::Metrics metrics;
  http::Log log{http::LogLevel::kOff};
  std::unique_ptr<http::Server> server;

  Served(Metastore* store, bool authenticate) : dla(http::NewDlaHandler(*store, {.authenticate = authenticate})) {
    router.Add({.adapter = "dla", .path = "/", .allow = "GET", .handler = dla.get()});
    router.Add({.adapter = "empty", .path = "/empty", .allow = "GET", .handler = &empty});
    http::ServerOptions options;
    options.limits.requests_per_second = 0;
    server = Must(http::Server::Start(options, &router, &metrics, &log));
  }
};

// Both, in turns; of each the round with the median time per request.
void Compare(const std::string& what, const Served& served, int connections, int64_t requests, const RequestMaker& make,
             const std::string& expected, Report* report) {
  const RequestMaker nothing = [](int, int64_t) { return Get("/empty"); };
  std::vector<Latencies> ours;
  std::vector<Latencies> reference;
  const uint16_t port = served.server->port();
  for (int round = 0; round < 4; ++round) {
    const Latencies one = Call(port, connections, requests, make, expected);
    const Latencies other = Call(port, connections, requests, nothing, "{}");
    if (round == 0) continue;  // warm
    ours.push_back(one);
    reference.push_back(other);
  }
  const auto median = [](std::vector<Latencies>& all, double Latencies::*field) {
    std::vector<double> values;
    for (const Latencies& one : all) values.push_back(one.*field);
    return Median(values);
  };
  const std::string name = StrCat(what, " over HTTP, ", connections, connections == 1 ? " connection" : " connections");
  for (const auto& [label, field] : {std::pair{"time per request", &Latencies::per_request},
                                     std::pair{"p50", &Latencies::p50}, std::pair{"p99", &Latencies::p99}}) {
    report->Add(StrCat(name, ": ", label), "empty handler", {median(ours, field), median(reference, field)},
                Goal::kNone, 0);
  }
}

}  // namespace

void HttpFigures(const Settings& settings, Report* report) {
  const std::unique_ptr<Metastore> store = FilledOurs(settings, "http", settings.size, SyncMode::kRelaxed);
  Row row;
  Workload(settings.size).Fill(settings.size / 2, &row);
  std::string values;
  for (const std::string& value : row.values) base::StrAppend(&values, values.empty() ? "[\"" : ",\"", value, "\"");
  const std::string partition = StrCat("&DbName=bench&TableName=hits&Values=", bindings::PercentEncode(values + "]"));
  struct Case {
    const char* what;
    std::string request;
    const char* expected;
    int64_t requests;  // of each connection, where there is one
  };
  const std::string table = "&DbName=bench&TableName=hits";
  const Case cases[] = {
      {"GetTable", Unsigned("GetTable", table), "\"StorageDescriptor\"", 4'000},
      {"GetPartition", Unsigned("GetPartition", partition), "\"PartitionModel\"", 4'000},
      {"GetPartitions of 1,000", Unsigned("GetPartitions", table + "&MaxParts=1000"), "\"Partitions\"", 100},
  };
  {
    const Served served(store.get(), false);
    for (const Case& one : cases) {
      for (const int connections : {1, 8, 64}) {
        Progress(StrCat(one.what, " over HTTP, ", connections, " connections"));
        Compare(
            one.what, served, connections, std::max<int64_t>(one.requests / connections, 20),
            [&](int, int64_t) { return one.request; }, one.expected, report);
      }
    }
  }
  Session session = store->Local();
  Must(session.CreateAccount("bench"));
  Must(session.GrantRole(kAdminRole, Grantee::User("bench")));
  const NewAccessKey key = Must(session.CreateAccessKey("bench"));
  const Served served(store.get(), true);
  std::atomic<int64_t> nonces = 0;
  for (const int connections : {1, 8, 64}) {
    Progress(StrCat("signed GetTable over HTTP, ", connections, " connections"));
    Compare(
        "signed GetTable", served, connections, std::max<int64_t>(4'000 / connections, 20),
        [&](int, int64_t) { return SignedGetTable(key, std::to_string(++nonces)); }, "\"StorageDescriptor\"", report);
  }
}

}  // namespace lodestone::bench
