#include "bindings/hive/convert/function.h"

#include "bindings/hive/convert/fields.h"
#include "bindings/hive/convert/names.h"
#include "catalog/base/status_macros.h"

namespace lodestone::hive {

namespace {

using model::v1::Function;

absl::StatusOr<Function::Resource::Type> ReadKind(const thrift::ResourceType::type& type) {
  switch (const int32_t number = NumberOf(type)) {
    case thrift::ResourceType::JAR:
      return Function::Resource::JAR;
    case thrift::ResourceType::FILE:
      return Function::Resource::FILE;
    case thrift::ResourceType::ARCHIVE:
      return Function::Resource::ARCHIVE;
    default:
      return absl::InvalidArgumentError(
          base::StrCat("a resource of a function: expected the kind JAR (1), FILE (2) or ARCHIVE (3), found ", number));
  }
}

thrift::ResourceType::type WriteKind(Function::Resource::Type type) {
  switch (type) {
    case Function::Resource::FILE:
      return thrift::ResourceType::FILE;
    case Function::Resource::ARCHIVE:
      return thrift::ResourceType::ARCHIVE;
    default:
      return thrift::ResourceType::JAR;
  }
}

}  // namespace

absl::StatusOr<Function> ToModel(const thrift::Function& function) {
  if (!function.__isset.dbName) return NullError("the database of the function");
  if (!function.__isset.functionName) return NullError("the name of the function");
  if (const int32_t type = NumberOf(function.functionType); type != 0 && type != thrift::FunctionType::JAVA) {
    return absl::InvalidArgumentError(
        base::StrCat("function ", base::Quoted(function.functionName), ": expected the kind JAVA (1), found ", type));
  }
  ASSIGN_OR_RETURN(const DatabaseArgument database, ParseDatabase(function.catName, function.dbName));
  Function out;
  out.set_catalog(database.catalog);
  out.set_database(database.name());
  out.set_name(function.functionName);
  out.set_class_name(function.className);
  out.set_owner_name(function.ownerName);
  out.set_owner_type(ToModel(function.ownerType));
  out.set_create_time(function.createTime);
  out.set_function_type(Function::JAVA);
  for (const thrift::ResourceUri& resource : function.resourceUris) {
    Function::Resource* const to = out.add_resources();
    ASSIGN_OR_RETURN(const Function::Resource::Type type, ReadKind(resource.resourceType));
    to->set_type(type);
    to->set_uri(resource.uri);
  }
  return out;
}

thrift::Function ToThrift(const Function& function) {
  thrift::Function out;
  out.__set_functionName(function.name());
  out.__set_dbName(function.database());
  if (!function.class_name().empty()) out.__set_className(function.class_name());
  if (!function.owner_name().empty()) out.__set_ownerName(function.owner_name());
  out.__set_ownerType(ToThrift(function.owner_type()));
  out.__set_createTime(ToI32(function.create_time()));
  out.__set_functionType(thrift::FunctionType::JAVA);
  out.__isset.resourceUris = true;
  for (const Function::Resource& resource : function.resources()) {
    thrift::ResourceUri& to = out.resourceUris.emplace_back();
    to.__set_resourceType(WriteKind(resource.type()));
    to.__set_uri(resource.uri());
  }
  out.__set_catName(function.catalog());
  return out;
}

}  // namespace lodestone::hive
