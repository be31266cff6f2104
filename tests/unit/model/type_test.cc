#include "catalog/model/type.h"

#include <random>

#include "catalog/errors.h"
#include "catalog/model/limits.h"
#include "tests/support/matchers.h"

namespace lodestone::model {
namespace {

using testing::FailsWith;

TEST(TypeTest, ParsesAndWritesTheNormalForm) {
  const struct {
    const char* text;
    const char* normal;
  } cases[] = {
      {"boolean", "boolean"},
      {"tinyint", "tinyint"},
      {"smallint", "smallint"},
      {"int", "int"},
      {"INTEGER", "int"},
      {"bigint", "bigint"},
      {"float", "float"},
      {"double", "double"},
      {"Double  Precision", "double"},
      {"string", "string"},
      {"binary", "binary"},
      {"date", "date"},
      {"timestamp", "timestamp"},
      {"timestamp with local time zone", "timestamp with local time zone"},
      {"TIMESTAMP\tWITH LOCAL\nTIME ZONE", "timestamp with local time zone"},
      {"timestamplocaltz", "timestamp with local time zone"},
      {"interval_year_month", "interval_year_month"},
      {"interval_day_time", "interval_day_time"},
      {"void", "void"},
      {"decimal", "decimal(10,0)"},
      {"numeric", "decimal(10,0)"},
      {"dec(5)", "decimal(5,0)"},
      {"decimal(10,2)", "decimal(10,2)"},
      {"DECIMAL ( 38 , 38 )", "decimal(38,38)"},
      {"varchar(1)", "varchar(1)"},
      {"varchar(65535)", "varchar(65535)"},
      {" char( 255 ) ", "char(255)"},
      {"array<int>", "array<int>"},
      {" ARRAY < ARRAY < String > > ", "array<array<string>>"},
      {"map<string,double>", "map<string,double>"},
      {"map<array<int>,int>", "map<array<int>,int>"},
      {"struct<>", "struct<>"},
      {"struct<a:int,b:decimal(10,2)>", "struct<a:int,b:decimal(10,2)>"},
      {"STRUCT< MixedCase : INT , first name : string >", "struct<MixedCase:int,first name:string>"},
      {"struct<1st:int,a.b:int,$c:int,d-e:int>", "struct<1st:int,a.b:int,$c:int,d-e:int>"},
      {"struct<`a`:int,`b:c`:int,`d``e`:int,` f`:int>", "struct<a:int,`b:c`:int,`d``e`:int,` f`:int>"},
      {"struct<\xC3\xA4:int>", "struct<\xC3\xA4:int>"},
      {"uniontype<int>", "uniontype<int>"},
      {"uniontype<int,struct<a:int>,map<int,int>>", "uniontype<int,struct<a:int>,map<int,int>>"},
  };
  for (const auto& c : cases) {
    const auto type = ParseType(c.text);
    ASSERT_OK(type) << c.text;
    EXPECT_EQ(ToString(*type), c.normal) << c.text;
    const auto again = ParseType(c.normal);
    ASSERT_OK(again) << c.normal;
    EXPECT_EQ(*again, *type) << c.text;
  }
}

TEST(TypeTest, KeepsTheParts) {
  const auto type = ParseType("struct<a:varchar(20),b:map<string,decimal(12,3)>>");
  ASSERT_OK(type);
  EXPECT_EQ(type->kind, TypeKind::kStruct);
  EXPECT_EQ(type->field_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(type->children[0].length, 20);
  EXPECT_EQ(type->children[1].children[1].precision, 12);
  EXPECT_EQ(type->children[1].children[1].scale, 3);
  EXPECT_FALSE(type->is_primitive());
  EXPECT_TRUE(type->children[0].is_primitive());
  EXPECT_FALSE(type->children[0].is_integral());
  EXPECT_TRUE(ParseType("smallint")->is_integral());
}

TEST(TypeTest, SaysWhereAndWhatWasExpected) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"", "type at position 1: expected a type, found the end\n  \n  ^"},
      {"   ", "type at position 4: expected a type, found the end"},
      {"strin", "type at position 1: expected a type, found \"strin\"\n  strin\n  ^"},
      {"array", "type at position 6: expected `<`, found the end\n  array\n       ^"},
      {"array<in>", "type at position 7: expected a type, found \"in\"\n  array<in>\n        ^"},
      {"array<int", "expected `>`, found the end"},
      {"array<int,int>", "type at position 10: expected `>`, found \",\""},
      {"array<>", "type at position 7: expected a type, found \">\""},
      {"map<int>", "type at position 8: expected `,`, found \">\""},
      {"map<int,int,int>", "type at position 12: expected `>`, found \",\""},
      {"struct<a>", "type at position 9: expected `:`, found \">\""},
      {"struct<a:int", "type at position 13: expected `,` or `>`, found the end"},
      {"struct<a:int,>", "type at position 14: expected the name of a field, found \">\""},
      {"struct<:int>", "type at position 8: expected the name of a field, found \":\""},
      {"struct<``:int>", "expected the name of a field, found"},
      {"struct<`a:int>", "type at position 8: expected a closing back-quote, found \"`\""},
      {"struct<a\x01:int>", "type at position 8: expected the name of a field without control characters"},
      {"struct<\xC3\xA4:in>",
       "type at position 10: expected a type, found \"in\"\n  struct<\xC3\xA4:in>\n           ^"},
      {"uniontype<>", "type at position 11: expected a type"},
      {"uniontype<int", "expected `,` or `>`, found the end"},
      {"int int", "type at position 5: expected the end of the type, found \"int\""},
      {"int>", "type at position 4: expected the end of the type, found \">\""},
      {"int(3)", "type at position 4: expected the end of the type, found \"(\""},
      {"varchar", "type at position 8: expected `(`, found the end"},
      {"varchar()", "type at position 9: expected a length from 1 to 65535, found \")\""},
      {"varchar(0)", "expected a length from 1 to 65535, found \"0\""},
      {"varchar(65536)", "expected a length from 1 to 65535, found \"65536\""},
      {"char(256)", "expected a length from 1 to 255, found \"256\""},
      {"char(99999999999999999999)", "expected a length from 1 to 255"},
      {"char(3", "expected `)`, found the end"},
      {"decimal(0)", "expected a precision from 1 to 38, found \"0\""},
      {"decimal(39)", "expected a precision from 1 to 38, found \"39\""},
      {"decimal(5,6)", "type at position 11: expected a scale from 0 to 5, found \"6\""},
      {"decimal(5,)", "expected a scale from 0 to 5, found \")\""},
      {"timestamp with time zone", "type at position 16: expected `timestamp with local time zone`, found \"time\""},
      {"string\xE2\x82\xAC", "type at position 7: expected the end of the type, found \"\xE2\x82\xAC\""},
      {"in\xFFt", "type is not UTF-8 at byte 3"},
  };
  for (const auto& c : cases) {
    const auto type = ParseType(c.text);
    EXPECT_THAT(type, FailsWith(absl::StatusCode::kInvalidArgument, c.message)) << c.text;
    ASSERT_TRUE(DomainErrorOf(type.status()).has_value()) << c.text;
    EXPECT_EQ(DomainErrorOf(type.status())->kind, ErrorKind::kInvalidObject) << c.text;
  }
}

TEST(TypeTest, ALongTextIsCutAroundTheCaret) {
  std::string text = "struct<";
  for (int i = 0; i < 100; ++i) text += "f" + std::to_string(i) + ":int,";
  text += "bad:strin,";
  for (int i = 0; i < 100; ++i) text += "g" + std::to_string(i) + ":int,";
  text.back() = '>';
  const std::string message(ParseType(text).status().message());
  EXPECT_LT(message.size(), 400u);
  const std::size_t line = message.find("\n  ") + 3;
  const std::size_t caret = message.rfind("\n  ") + 3;
  EXPECT_EQ(message.substr(line, 3), "...");
  EXPECT_EQ(message.substr(line + (message.find('^') - caret), 5), "strin");
}

std::string Nested(int depth) {
  std::string text;
  for (int i = 1; i < depth; ++i) text += "array<";
  return text + "int" + std::string(static_cast<std::size_t>(depth) - 1, '>');
}

TEST(TypeTest, BoundsDepthAndSize) {
  EXPECT_OK(ParseType(Nested(kMaxTypeDepth)));
  EXPECT_THAT(ParseType(Nested(kMaxTypeDepth + 1)),
              FailsWith(absl::StatusCode::kInvalidArgument, "expected at most 64 nested types"));
  EXPECT_FALSE(ParseType(Nested(100000)).ok());
  EXPECT_OK(ParseType("int" + std::string(kMaxTypeBytes - 3, ' ')));
  EXPECT_THAT(ParseType("int" + std::string(kMaxTypeBytes - 2, ' ')),
              FailsWith(absl::StatusCode::kInvalidArgument, "type has 1048577 bytes, allowed are 1048576"));
}

// A random type; what is written must be read as the same.
Type RandomType(std::mt19937& random, int depth) {
  Type type;
  const unsigned kinds = static_cast<unsigned>(depth > 3 ? TypeKind::kArray : TypeKind::kUnion);
  type.kind = static_cast<TypeKind>(random() % (kinds + (depth > 3 ? 0 : 1)));
  if (type.kind == TypeKind::kVarchar) type.length = 1 + static_cast<int>(random() % 65535);
  if (type.kind == TypeKind::kChar) type.length = 1 + static_cast<int>(random() % 255);
  if (type.kind == TypeKind::kDecimal) {
    type.precision = 1 + static_cast<int>(random() % 38);
    type.scale = static_cast<int>(random()) % (type.precision + 1);
    if (type.scale < 0) type.scale = -type.scale;
  }
  unsigned children = 0;
  if (type.kind == TypeKind::kArray) children = 1;
  if (type.kind == TypeKind::kMap) children = 2;
  if (type.kind == TypeKind::kStruct) children = random() % 4;
  if (type.kind == TypeKind::kUnion) children = 1 + random() % 3;
  const std::string letters = "aB1_ .$-,:<>()`#";
  for (unsigned i = 0; i < children; ++i) {
    type.children.push_back(RandomType(random, depth + 1));
    if (type.kind != TypeKind::kStruct) continue;
    std::string name;
    for (unsigned n = 1 + random() % 5; n > 0; --n) name += letters[random() % letters.size()];
    type.field_names.push_back(name);
  }
  return type;
}

TEST(TypeTest, WhatIsWrittenIsReadAsTheSame) {
  const unsigned seed = 42;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    const Type type = RandomType(random, 0);
    const auto again = ParseType(ToString(type));
    ASSERT_OK(again) << ToString(type);
    ASSERT_EQ(*again, type) << ToString(type);
  }
}

TEST(TypeTest, PartitionKeysArePrimitive) {
  const std::string allowed[] = {"boolean", "tinyint", "smallint",    "int",       "bigint",
                                 "float",   "double",  "decimal",     "string",    "char(1)",
                                 "date",    "binary",  "varchar(10)", "timestamp", "timestamp with local time zone"};
  for (const std::string& text : allowed) EXPECT_TRUE(IsPartitionKeyType(*ParseType(text))) << text;
  const std::string refused[] = {"void",         "interval_year_month", "interval_day_time", "array<int>",
                                 "map<int,int>", "struct<a:int>",       "uniontype<int>"};
  for (const std::string& text : refused) EXPECT_FALSE(IsPartitionKeyType(*ParseType(text))) << text;
}

}  // namespace
}  // namespace lodestone::model
