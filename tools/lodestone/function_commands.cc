// lodestone function ...
#include <memory>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/name_page.h"
#include "tools/lodestone/object_output.h"

namespace lodestone::cli {
namespace {

struct Arguments {
  std::string name;
  std::string new_name;
  std::string class_name;
  std::vector<std::string> resources;
  OwnerArguments owner;
  CreateArguments create;
  DropArguments drop;
  NamePageArguments page;

  void AddFieldsTo(CLI::App& app) {
    AddText(app, "--class", class_name, "CLASS", "Class that implements it");
    AddRepeated(app, "--resource", resources,
                "What the class needs, as jar:URI, file:URI or archive:URI; may be given several times")
        ->type_name("KIND:URI");
    owner.AddTo(app);
  }

  absl::Status ApplyTo(model::v1::Function* to) const {
    using Resource = model::v1::Function::Resource;
    if (!class_name.empty()) to->set_class_name(class_name);
    if (!owner.name.empty()) to->set_owner_name(owner.name);
    if (!owner.name.empty() || !owner.type.empty()) to->set_owner_type(owner.ToType());
    if (!resources.empty()) to->clear_resources();
    for (const std::string& text : resources) {
      const std::size_t colon = text.find(':');
      const std::string kind = base::AsciiLower(text.substr(0, colon));
      if (colon == std::string::npos || (kind != "jar" && kind != "file" && kind != "archive")) {
        return UsageError(
            base::StrCat("--resource: expected jar:URI, file:URI or archive:URI, found ", base::Quoted(text)));
      }
      Resource* resource = to->add_resources();
      resource->set_type(kind == "jar" ? Resource::JAR : kind == "file" ? Resource::FILE : Resource::ARCHIVE);
      resource->set_uri(text.substr(colon + 1));
    }
    return absl::OkStatus();
  }
};

CLI::Option* AddFunctionArgument(CLI::App& app, std::string& name) {
  return AddArgument(app, "FUNCTION", name, "Name of the function, as DATABASE.FUNCTION");
}

void AddReading(Program* program, CLI::App& group) {
  auto get = std::make_shared<Arguments>();
  CLI::App& get_app =
      program->Command(group, "get", Access::kRead, {"show a function", "", {"lodestone function get web.url_host"}},
                       [get](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(get->name));
                         ASSIGN_OR_RETURN(const model::v1::Function function, context.session().GetFunction(name));
                         PrintObject(function, &context.out());
                         return absl::OkStatus();
                       });
  AddFunctionArgument(get_app, get->name);

  auto list = std::make_shared<Arguments>();
  CLI::App& list_app =
      program->Command(group, "list", Access::kRead,
                       {"list the names of the functions of a database",
                        "In order of their names.",
                        {"lodestone function list web --pattern 'url_*'"}},
                       [list](Context& context) -> absl::Status {
                         return PrintNames(context, list->page.ToOptions(), [&](const ListNamesOptions& options) {
                           return context.session().ListFunctions(list->name, options);
                         });
                       });
  AddArgument(list_app, "DATABASE", list->name, "Name of the database");
  list->page.AddTo(list_app);
}

void AddWriting(Program* program, CLI::App& group) {
  auto create = std::make_shared<Arguments>();
  CLI::App& create_app = program->Command(
      group, "create", Access::kCreate,
      {"create a function",
       "",
       {"lodestone function create web.url_host --class com.example.UrlHost --resource jar:s3://lib/url.jar"}},
      [create](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(create->name));
        model::v1::Function function;
        function.set_database(name.database);
        function.set_name(name.function);
        RETURN_IF_ERROR(create->ApplyTo(&function));
        return context.session().CreateFunction(function, create->create.ToOptions());
      });
  AddFunctionArgument(create_app, create->name);
  create->AddFieldsTo(create_app);
  create->create.AddTo(create_app);

  auto alter = std::make_shared<Arguments>();
  CLI::App& alter_app =
      program->Command(group, "alter", Access::kWrite,
                       {"change a function",
                        "What is not named stays as it is; --resource replaces all resources.",
                        {"lodestone function alter web.url_host --class com.example.UrlHost2"}},
                       [alter](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(alter->name));
                         return context.session()
                             .Transact([&](Session& session) -> absl::Status {
                               ASSIGN_OR_RETURN(model::v1::Function function, session.GetFunction(name));
                               RETURN_IF_ERROR(alter->ApplyTo(&function));
                               return session.AlterFunction(name, function);
                             })
                             .status();
                       });
  AddFunctionArgument(alter_app, alter->name);
  alter->AddFieldsTo(alter_app);
}

void AddMoving(Program* program, CLI::App& group) {
  auto rename = std::make_shared<Arguments>();
  CLI::App& rename_app = program->Command(
      group, "rename", Access::kWrite,
      {"rename a function, also into another database", "", {"lodestone function rename web.url_host web.host"}},
      [rename](Context& context) -> absl::Status {
        ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(rename->name));
        ASSIGN_OR_RETURN(const FunctionName new_name, FunctionName::Parse(rename->new_name));
        return context.session().RenameFunction(name, new_name);
      });
  AddFunctionArgument(rename_app, rename->name);
  AddArgument(rename_app, "NEW_NAME", rename->new_name, "Its new name, as DATABASE.FUNCTION");

  auto drop = std::make_shared<Arguments>();
  CLI::App& drop_app = program->Command(group, "drop", Access::kWrite,
                                        {"drop a function", "", {"lodestone function drop web.url_host --if-exists"}},
                                        [drop](Context& context) -> absl::Status {
                                          ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(drop->name));
                                          return context.session().DropFunction(name, drop->drop.ToOptions());
                                        });
  AddFunctionArgument(drop_app, drop->name);
  drop->drop.AddTo(drop_app, false);

  auto undrop = std::make_shared<Arguments>();
  CLI::App& undrop_app =
      program->Command(group, "undrop", Access::kWrite,
                       {"bring back a function that was dropped",
                        "The one dropped last under this name, within the time of --undrop-retention.",
                        {"lodestone function undrop web.url_host"}},
                       [undrop](Context& context) -> absl::Status {
                         ASSIGN_OR_RETURN(const FunctionName name, FunctionName::Parse(undrop->name));
                         return context.session().UndropFunction(name);
                       });
  AddFunctionArgument(undrop_app, undrop->name);
}

}  // namespace

void AddFunctionCommands(Program* program) {
  CLI::App& group = program->Group("function", {"create, list and change functions", "", {}});
  AddWriting(program, group);
  AddReading(program, group);
  AddMoving(program, group);
}

}  // namespace lodestone::cli
