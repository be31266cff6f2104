// What is read as a request, and what is refused because two servers in a row could read it in two ways.
#include "bindings/http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/base/strings.h"

namespace lodestone::http {
namespace {

using State = RequestReader::State;
using testing::Pair;

// The reader after all of `bytes`, given in pieces of `piece`; and how many it took.
struct Read {
  explicit Read(std::string_view bytes, std::size_t piece, const Limits& limits = {}) : reader(limits) {
    while (taken < bytes.size() && (reader.state() == State::kHead || reader.state() == State::kBody)) {
      taken += reader.Feed(bytes.substr(taken, piece));
    }
  }
  RequestReader reader;
  std::size_t taken = 0;
};

constexpr std::size_t kPieces[] = {1, 2, 3, 7, 1 << 20};

std::string Get(std::string_view headers) { return base::StrCat("GET /x HTTP/1.1\r\nHost: h\r\n", headers, "\r\n"); }
std::string Post(std::string_view headers, std::string_view body) {
  return base::StrCat("POST /x HTTP/1.1\r\nHost: h\r\n", headers, "\r\n", body);
}

TEST(RequestReaderTest, KeepsWhatWasSent) {
  const std::string bytes =
      "POST /a%2Fb?x=1&y=+ HTTP/1.1\r\nHost: h:80\r\nX-One:  a b \r\nx-one: c\r\nX-Utf8: \xc3\xa9\r\n"
      "Content-Length: 5\r\n\r\nhello";
  for (const std::size_t piece : kPieces) {
    Read read(bytes, piece);
    ASSERT_EQ(read.reader.state(), State::kDone) << read.reader.refusal().message;
    const Request& request = read.reader.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/a%2Fb?x=1&y=+");
    EXPECT_EQ(request.path(), "/a%2Fb");
    EXPECT_EQ(request.query(), "x=1&y=+");
    EXPECT_THAT(request.headers, testing::ElementsAre(Pair("host", "h:80"), Pair("x-one", "a b"), Pair("x-one", "c"),
                                                      Pair("x-utf8", "\xc3\xa9"), Pair("content-length", "5")));
    EXPECT_EQ(request.body, "hello");
    EXPECT_TRUE(read.reader.keep_alive());
    EXPECT_EQ(read.taken, bytes.size());
  }
}

TEST(RequestReaderTest, LeavesTheNextRequestAlone) {
  const std::string chunked = Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nTrailer: t\r\n\r\n");
  for (const std::string& first : {Get(""), Post("Content-Length: 3\r\n", "abc"), chunked}) {
    for (const std::size_t piece : kPieces) {
      const std::string both = first + Get("X-Second: 1\r\n");
      Read read(both, piece);
      ASSERT_EQ(read.reader.state(), State::kDone);
      EXPECT_EQ(read.taken, first.size());
      EXPECT_EQ(read.reader.request().Header("x-second"), "");
      EXPECT_EQ(read.reader.request().Header("trailer"), "");
      Read next(std::string_view(both).substr(read.taken), piece);
      ASSERT_EQ(next.reader.state(), State::kDone);
      EXPECT_EQ(next.reader.request().Header("x-second"), "1");
    }
  }
}

TEST(RequestReaderTest, ReadsChunks) {
  struct Case {
    std::string body;
    std::string expected;
  };
  for (const Case& one : std::vector<Case>{
           {"0\r\n\r\n", ""},
           {"3\r\nabc\r\n0\r\n\r\n", "abc"},
           {"3;name=value\r\nabc\r\nA\r\n0123456789\r\n00\r\n\r\n", "abc0123456789"},
           {"1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n", "\r\n"},
       }) {
    for (const std::size_t piece : kPieces) {
      Read read(Post("Transfer-Encoding: Chunked\r\n", one.body), piece);
      ASSERT_EQ(read.reader.state(), State::kDone) << one.body << ": " << read.reader.refusal().message;
      EXPECT_EQ(read.reader.request().body, one.expected);
    }
  }
}

struct Refused {
  std::string name;
  std::string bytes;
  int status;
};

std::vector<Refused> AmbiguousRequests() {
  return {
      {"both lengths", Post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"both lengths, the other order", Post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400},
      {"two lengths", Post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400},
      {"two equal lengths", Post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
      {"a list of lengths", Post("Content-Length: 3, 3\r\n", "abc"), 400},
      {"a signed length", Post("Content-Length: +3\r\n", "abc"), 400},
      {"a negative length", Post("Content-Length: -1\r\n", ""), 400},
      {"a hexadecimal length", Post("Content-Length: 0x3\r\n", "abc"), 400},
      {"an empty length", Post("Content-Length: \r\n", ""), 400},
      {"a length beyond 64 bits", Post("Content-Length: 99999999999999999999999\r\n", ""), 400},
      {"two codings", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"another coding", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {"chunked twice", Post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
      {"a coding that hides", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
      {"a coding with a vertical tab", Post("Transfer-Encoding:\x0b chunked\r\n", "0\r\n\r\n"), 400},
      {"a blank before the colon", Post("Content-Length : 3\r\n", "abc"), 400},
      {"a folded line", Get("X-A: b\r\n c\r\n"), 400},
      {"a folded line, by a tab", Get("X-A: b\r\n\tc\r\n"), 400},
      {"a first line that is folded", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"line feeds alone", "GET /x HTTP/1.1\nHost: h\n\n\r\n\r\n", 400},
      {"one line feed alone", "GET /x HTTP/1.1\r\nHost: h\nX-A: b\r\n\r\n", 400},
      {"a carriage return alone", Get("X-A: b\rc\r\n"), 400},
      {"two empty lines first", "\r\n\r\n" + Get(""), 400},
      {"a line feed first", "\n" + Get(""), 400},
      {"a carriage return first", "\r" + Get(""), 400},
      {"an empty line the wrong way round", "\n\r" + Get(""), 400},
      {"NUL in a value", Get(std::string("X-A: b\0c\r\n", 10)), 400},
      {"NUL in a name", Get(std::string("X-\0A: b\r\n", 9)), 400},
      {"DEL in a value", Get("X-A: b\x7f\r\n"), 400},
      {"a line without a colon", Get("X-A\r\n"), 400},
      {"a line without a name", Get(": a\r\n"), 400},
      {"a name that is no token", Get("X(A: b\r\n"), 400},
      {"no host", "GET /x HTTP/1.1\r\n\r\n", 400},
      {"two hosts", Get("Host: i\r\n"), 400},
      {"a target of another host", "GET http://other/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target without a slash", "GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target with a fragment", "GET /x#y HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target with a blank", "GET /x y HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target with a tab", "GET /x\ty HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a target that is not ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an asterisk", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"chunks in HTTP/1.0", "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"no version", "GET /x\r\nHost: h\r\n\r\n", 400},
      {"HTTP/2", "GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 505},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/0.9", "GET /x HTTP/0.9\r\nHost: h\r\n\r\n", 505},
      {"a method that is not known", "BREW /x HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"a method in lower case", "get /x HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"CONNECT", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"TRACE", "TRACE /x HTTP/1.1\r\nHost: h\r\n\r\n", 501},
      {"another expectation", Post("Expect: miracles\r\nContent-Length: 1\r\n", "a"), 417},
      {"a packed body", Post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), 415},
      {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 16), 400},
  };
}

std::vector<Refused> MalformedChunks() {
  std::vector<Refused> cases;
  for (const auto& [name, body] : std::vector<std::pair<std::string, std::string>>{
           {"a size that is no number", "x\r\nabc\r\n0\r\n\r\n"},
           {"an empty size", "\r\nabc\r\n0\r\n\r\n"},
           {"a signed size", "+3\r\nabc\r\n0\r\n\r\n"},
           {"a negative size", "-1\r\nabc\r\n0\r\n\r\n"},
           {"a size with a prefix", "0x3\r\nabc\r\n0\r\n\r\n"},
           {"a blank before the size", " 3\r\nabc\r\n0\r\n\r\n"},
           {"a size beyond 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n"},
           {"a size that is too small", "2\r\nabc\r\n0\r\n\r\n"},
           {"a line feed alone behind the size", "3\nabc\r\n0\r\n\r\n"},
           {"a line feed alone behind the chunk", "3\r\nabc\n0\r\n\r\n"},
           {"a length among the trailers", "0\r\nContent-Length: 3\r\n\r\nabc"},
           {"a coding among the trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\nabc"},
           {"NUL among the trailers", std::string("0\r\nX: \0\r\n\r\n", 11)},
           {"a line without a colon among the trailers", "0\r\nx\r\n\r\n"},
       }) {
    cases.push_back({name, Post("Transfer-Encoding: chunked\r\n", body), 400});
  }
  return cases;
}

TEST(RequestReaderTest, RefusesWhatIsAmbiguous) {
  std::vector<Refused> cases = AmbiguousRequests();
  for (Refused& one : MalformedChunks()) cases.push_back(std::move(one));
  for (const Refused& one : cases) {
    for (const std::size_t piece : kPieces) {
      Read read(one.bytes, piece);
      EXPECT_EQ(read.reader.state(), State::kFailed) << one.name;
      EXPECT_EQ(read.reader.refusal().status, one.status) << one.name << ": " << read.reader.refusal().message;
    }
  }
}

TEST(RequestReaderTest, AcceptsWhatIsUnusualButClear) {
  struct Case {
    std::string name;
    std::string bytes;
    std::string target;
    bool keep_alive;
  };
  for (const Case& one : std::vector<Case>{
           {"an empty line first", "\r\n" + Get(""), "/x", true},
           {"an absolute target", "GET http://H/x?y HTTP/1.1\r\nHost: h\r\n\r\n", "/x?y", true},
           {"an absolute target without a path", "GET http://h?y HTTP/1.1\r\nHost: h\r\n\r\n", "/?y", true},
           {"an asterisk for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "*", true},
           {"HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", "/x", false},
           {"HTTP/1.0 that goes on", "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "/x", true},
           {"an end that is announced", Get("Connection: close\r\n"), "/x", false},
           {"an upgrade that nobody takes up", Get("Connection: Upgrade\r\nUpgrade: h2c\r\n"), "/x", true},
           {"an empty value", Get("X-A:\r\n"), "/x", true},
           {"a body of nothing", Post("Content-Length: 0\r\n", ""), "/x", true},
           {"a POST without a length", Post("", ""), "/x", true},
           {"identity", Post("Content-Encoding: identity\r\nContent-Length: 0\r\n", ""), "/x", true},
       }) {
    for (const std::size_t piece : kPieces) {
      Read read(one.bytes, piece);
      ASSERT_EQ(read.reader.state(), State::kDone) << one.name << ": " << read.reader.refusal().message;
      EXPECT_EQ(read.reader.request().target, one.target) << one.name;
      EXPECT_EQ(read.reader.keep_alive(), one.keep_alive) << one.name;
    }
  }
}

TEST(RequestReaderTest, LimitsAreExact) {
  Limits limits;
  limits.request_line_bytes = 40;
  limits.header_bytes = 100;
  limits.header_count = 3;
  limits.body_bytes = 10;
  const auto line = [](std::size_t bytes) {
    return base::StrCat("GET /", std::string(bytes - 14, 'x'), " HTTP/1.1\r\nHost: h\r\n\r\n");
  };
  const auto header = [](std::size_t bytes) {  // with the line ends before and behind it
    return base::StrCat("GET / HTTP/1.1\r\nHost: h\r\nA: ", std::string(bytes - 18, 'x'), "\r\n\r\n");
  };
  const auto chunks = [](std::string_view body) { return Post("Transfer-Encoding: chunked\r\n", body); };
  struct Case {
    std::string name;
    std::string bytes;
    int status;
  };
  for (const Case& one : std::vector<Case>{
           {"line", line(40), 0},
           {"line", line(41), 414},
           {"endless line", "GET /" + std::string(1'000, 'x'), 414},
           {"header", header(100), 0},
           {"header", header(101), 431},
           {"endless header", "GET / HTTP/1.1\r\nHost: " + std::string(1'000, 'x'), 431},
           {"lines", Get("A: 1\r\nB: 2\r\n"), 0},
           {"lines", Get("A: 1\r\nB: 2\r\nC: 3\r\n"), 431},
           {"body", Post("Content-Length: 10\r\n", "0123456789"), 0},
           {"body, before it comes", Post("Content-Length: 11\r\n", ""), 413},
           {"chunks", chunks("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"), 0},
           {"chunks", chunks("5\r\n01234\r\n6\r\n56"), 413},
           {"chunk, before it comes", chunks("b\r\n01"), 413},
           {"a chunk's extensions", chunks("1;" + std::string(20'000, 'x')), 400},
       }) {
    for (const std::size_t piece : kPieces) {
      Read read(one.bytes, piece, limits);
      EXPECT_EQ(read.reader.refusal().status, one.status) << one.name << ", piece " << piece;
      EXPECT_EQ(read.reader.state(), one.status == 0 ? State::kDone : State::kFailed) << one.name;
      EXPECT_LT(read.reader.buffered(), std::size_t{64} << 10) << one.name;
    }
  }
}

TEST(RequestReaderTest, TellsWhenTheClientWaits) {
  const std::string bytes = Post("Expect: 100-continue\r\nContent-Length: 1\r\n", "");
  Read read(bytes, 5);
  ASSERT_EQ(read.reader.state(), State::kBody);
  EXPECT_TRUE(read.reader.expects_continue());
  EXPECT_EQ(read.reader.Feed("a"), 1U);
  EXPECT_EQ(read.reader.state(), State::kDone);
  // Nothing to wait for, and clients of HTTP/1.0 do not know of it.
  EXPECT_FALSE(Read(Post("Expect: 100-continue\r\n", ""), 5).reader.expects_continue());
  EXPECT_FALSE(
      Read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", 5).reader.expects_continue());
}

TEST(RequestReaderTest, TakesAThousandPartitionsInTheTarget) {
  const std::string value(1'500'000, 'v');
  Read read(base::StrCat("POST /?p=", value, " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"), 1 << 15);
  ASSERT_EQ(read.reader.state(), State::kDone) << read.reader.refusal().message;
  EXPECT_EQ(read.reader.request().query().size(), value.size() + 2);
}

TEST(RequestReaderTest, RefusalsRepeatNothingThatWasSent) {
  for (const Refused& one : AmbiguousRequests()) {
    Read read(one.bytes, 1 << 20);
    EXPECT_EQ(read.reader.refusal().message.find("miracles"), std::string::npos) << one.name;
    EXPECT_EQ(read.reader.refusal().message.find("BREW"), std::string::npos) << one.name;
  }
}

}  // namespace
}  // namespace lodestone::http
