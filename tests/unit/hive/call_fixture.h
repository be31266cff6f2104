// Calls in process, without sockets: generated structs in, results or exceptions out, over a store in memory and a
// warehouse in a folder.
#pragma once

#include <thrift/TApplicationException.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "bindings/hive/connection.h"
#include "bindings/hive/wire.h"
#include "catalog/base/strings.h"
#include "catalog/metastore.h"
#include "catalog/warehouse.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace lodestone::hive::testing {

// Stands for an argument that the client leaves out, as Java's clients do with null.
struct Absent {};

class CollectedAnswer final : public ReplySink {
 public:
  absl::Status Write(std::string_view bytes) override {
    all.append(bytes);
    return absl::OkStatus();
  }
  std::string all;
};

// In open mode, as the user `ana`. Options can be changed before SetUp().
class CallTest : public ::testing::Test {
 protected:
  CallTest() { options.authenticate = false; }
  void SetUp() override {
    store_options.warehouse = root();
    absl::StatusOr<std::unique_ptr<Metastore>> opened = Metastore::OpenInMemory(store_options);
    ASSERT_OK(opened);
    metastore = *std::move(opened);
    absl::StatusOr<std::unique_ptr<Warehouse>> made = NewLocalWarehouse({root()});
    ASSERT_OK(made);
    warehouse = *std::move(made);
    options.warehouse_root = root();
    options.hive.warehouse = warehouse.get();
    service.emplace(metastore.get(), options);
    connection.emplace(&*service, 1);
    connection->Claim("ana", {});
  }
  std::string root() const { return base::StrCat("file:", folder / "warehouse"); }

  // A partitioned table, past the wire.
  void AddTable(const std::string& database, const std::string& name) {
    model::v1::Table table;
    table.set_database(database);
    table.set_name(name);
    const auto add = [](model::v1::Column* column, const char* column_name, const char* type) {
      column->set_name(column_name);
      column->set_type(type);
    };
    add(table.mutable_storage_descriptor()->add_columns(), "id", "bigint");
    add(table.mutable_storage_descriptor()->add_columns(), "name", "string");
    add(table.add_partition_keys(), "dt", "string");
    ASSERT_OK(metastore->Local().CreateTable(table));
  }

  // The bytes of the answer behind its header: a struct of one field. `kind` is the message's: 2 a reply.
  template <typename... Args>
  std::string Answer(std::string_view call, const Args&... args) {
    return AnswerOfKind('\2', call, args...);
  }
  template <typename... Args>
  std::string AnswerOfKind(char kind, std::string_view call, const Args&... args) {
    CollectedAnswer body;
    ReplyWriter writer(&body);
    int16_t id = 0;
    [[maybe_unused]] const auto write = [&](const auto& argument) {
      using T = std::remove_cvref_t<decltype(argument)>;
      ++id;
      if constexpr (!std::is_same_v<T, Absent>) {
        writer.writeFieldBegin("", TypeOf<T>(), id);
        WriteValue(writer, argument);
      }
    };
    (write(args), ...);
    writer.writeFieldStop();
    EXPECT_OK(writer.Finish());
    Message message{.name = std::string(call), .sequence_id = 3, .body = body.all, .bytes = body.all.size()};
    CollectedAnswer answer;
    const absl::StatusOr<Served> served = connection->Serve(message, {}, &answer);
    EXPECT_OK(served);
    // Version and type, the name, the sequence id.
    const std::size_t head = 4 + 4 + call.size() + 4;
    EXPECT_GT(answer.all.size(), head);
    EXPECT_EQ(answer.all[3], kind) << call << ": " << answer.all.substr(head);
    return answer.all.substr(std::min(head, answer.all.size()));
  }

  // The result of a call that succeeds.
  template <typename Result, typename... Args>
  Result Get(std::string_view call, const Args&... args) {
    const std::string answer = Answer(call, args...);
    BodyReader reader(answer, std::size_t{1} << 30);
    std::string name;
    TType type{};
    int16_t id = -1;
    reader.readFieldBegin(name, type, id);
    EXPECT_EQ(id, 0) << call << ": " << answer;
    EXPECT_EQ(type, TypeOf<Result>()) << call;
    return id == 0 ? ReadNew<Result>(reader) : Result{};
  }

  // `2 text`: the field of the exception, and its message; empty when the call succeeds.
  template <typename... Args>
  std::string Fail(std::string_view call, const Args&... args) {
    const std::string answer = Answer(call, args...);
    BodyReader reader(answer, std::size_t{1} << 30);
    std::string name;
    TType type{};
    int16_t id = -1;
    reader.readFieldBegin(name, type, id);
    if (type == apache::thrift::protocol::T_STOP || id == 0) return {};
    const std::string field = std::to_string(id);
    reader.readFieldBegin(name, type, id);
    std::string text;
    reader.readString(text);
    return base::StrCat(field, " ", text);
  }

  // The text of the TApplicationException for a call that fails and has no exception for it.
  template <typename... Args>
  std::string Refused(std::string_view call, const Args&... args) {
    const std::string answer = AnswerOfKind('\3', call, args...);
    BodyReader reader(answer, std::size_t{1} << 30);
    apache::thrift::TApplicationException failure;
    failure.read(&reader);
    return failure.what();
  }

  // To compare structs, which have no operator for it.
  template <typename T>
  static std::string Bytes(const T& value) {
    CollectedAnswer bytes;
    ReplyWriter writer(&bytes);
    WriteValue(writer, value);
    EXPECT_OK(writer.Finish());
    return bytes.all;
  }

  ::lodestone::testing::TempFolder folder;
  std::unique_ptr<Metastore> metastore;
  std::unique_ptr<Warehouse> warehouse;
  OpenOptions store_options;
  ServiceOptions options;
  std::optional<Service> service;
  std::optional<Connection> connection;
};

}  // namespace lodestone::hive::testing
