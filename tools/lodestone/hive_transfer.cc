// lodestone import --hive, lodestone export --hive
#include "tools/lodestone/hive_transfer.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "bindings/hive/client.h"
#include "bindings/hive/transfer/side.h"
#include "bindings/hive/transfer/transfer.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/progress.h"

namespace lodestone::cli {

const std::string_view kHiveExportHelp =
    "\n\nWith --hive the metadata of the whole catalog, or of some databases, goes to a running Hive metastore, by the "
    "rules of `import`: nothing is dropped there, what is there stays unless --update is given, and the same command "
    "goes on where one was broken off. A metastore makes the folders of what is made there, and may add parameters of "
    "its own.";
const std::string_view kHiveExportExample = "lodestone export --hive metastore.example.org:9083 --database web";

namespace {

using hive::TransferCounts;
using hive::TransferKind;
using hive::TransferOptions;
using hive::TransferReport;

// Remarks that are shown one by one; the rest is only counted.
constexpr std::size_t kShown = 50;

// Lines for people, kept until it is certain that the command is not refused.
class Remarks {
 public:
  explicit Remarks(std::string_view what) : what_(what) {}
  void Add(std::string_view line) {
    if (++count_ <= kShown) lines_.push_back(base::StrCat(what_, ": ", line));
  }
  void Print(const Context& context) const {
    for (const std::string& line : lines_) context.Note(line);
    if (count_ > kShown)
      context.Note(base::StrCat(what_, ": ", Grouped(static_cast<int64_t>(count_ - kShown)), " more"));
  }

 private:
  const std::string what_;
  std::size_t count_ = 0;
  std::vector<std::string> lines_;
};

absl::StatusOr<hive::ClientOptions> ClientOptionsOf(const HiveArguments& arguments) {
  hive::ClientOptions options;
  if (const absl::Status parsed = hive::ParseAddress(arguments.address, &options); !parsed.ok()) {
    return UsageError(base::StrCat("--hive: ", parsed.message()));
  }
  options.user = arguments.user;
  options.tls_ca = arguments.tls_ca;
  if (arguments.password_file.empty()) return options;
  std::ifstream file(arguments.password_file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (!file || text.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat(arguments.password_file, ": expected a file with a password, found none"));
  }
  options.password = std::move(text);
  return options;
}

void PrintReport(const TransferReport& report, Output* out) {
  ListWriter writer(
      out, {{"KIND"}, {"ADDED", true}, {"UPDATED", true}, {"THERE", true}, {"DIFFERENT", true}, {"LEFT OUT", true}});
  for (std::size_t i = 0; i < hive::kTransferKinds; ++i) {
    const auto kind = static_cast<TransferKind>(i);
    const TransferCounts& counts = report.of(kind);
    Record record;
    record.Text("", "kind", hive::NameOf(kind));
    const auto number = [&](const char* key, int64_t value) { record.Number("", key, value, Grouped(value)); };
    number("added", counts.added);
    number("updated", counts.updated);
    number("there", counts.there);
    number("different", counts.different);
    number("left_out", counts.left_out);
    writer.Add(
        hive::NameOf(kind), [&] { return record.Shown(); }, [&] { return record.ToJson(); });
  }
  writer.End();
}

absl::Status Transfer(Context& context, const HiveArguments& arguments, hive::Side* from, hive::Side* to) {
  Progress progress("objects", context.global().quiet);
  Remarks left_out("left out");
  Remarks different("different");
  TransferOptions options;
  options.databases = arguments.databases;
  options.update = arguments.update;
  options.statistics = !arguments.no_statistics;
  options.grants = !arguments.no_grants;
  options.column_grants = !arguments.no_column_grants;
  options.max_errors = arguments.max_errors;
  options.batch = arguments.batch;
  options.on_left_out = [&](TransferKind kind, std::string_view object, const absl::Status& why) {
    left_out.Add(base::StrCat(hive::NameOf(kind), ": ", object, ": ", why.message()));
  };
  options.on_different = [&](TransferKind kind, std::string_view object) {
    different.Add(base::StrCat(hive::NameOf(kind), ": ", object, ": it is there, and not the same (see --update)"));
  };
  options.on_progress = [&](const hive::TransferProgress& at) {
    progress.Report(at.what, at.objects, at.tables, at.tables_total);
  };
  const absl::StatusOr<TransferReport> report = hive::Transfer(from, to, options);
  progress.Clear();
  if (!report.ok()) {
    absl::Status failure = report.status();
    left_out.Print(context);
    context.Note("what was taken over so far stays: the same command goes on from there");
    return failure;
  }
  PrintReport(*report, &context.out());
  left_out.Print(context);
  different.Print(context);
  context.Note(base::StrCat("in ", Duration(progress.Elapsed())));
  return absl::OkStatus();
}

absl::Status ImportFromHive(Context& context, const HiveArguments& arguments) {
  ASSIGN_OR_RETURN(const hive::ClientOptions options, ClientOptionsOf(arguments));
  ASSIGN_OR_RETURN(const std::unique_ptr<hive::Client> client, hive::Connect(options));
  const std::unique_ptr<hive::Side> from = hive::NewMetastoreSide(client.get(), arguments.catalog);
  const std::unique_ptr<hive::Side> to = hive::NewStoreSide(context.session());
  return Transfer(context, arguments, from.get(), to.get());
}

}  // namespace

CLI::Option* HiveArguments::AddTo(CLI::App& app) {
  CLI::Option* const hive = AddText(app, "--hive", address, "HOST:PORT", "The metastore, also as thrift://HOST:PORT");
  AddRepeated(app, "--database", databases, "This database alone; several times (default: all)")->type_name("NAME");
  AddText(app, "--hive-catalog", catalog, "NAME", "Catalog of the metastore (default: hive)");
  AddText(app, "--hive-user", user, "NAME", "Who calls the metastore (default: lodestone)");
  AddText(app, "--password-file", password_file, "FILE", "Authenticate as that user by SASL PLAIN, with this password");
  AddText(app, "--tls-ca", tls_ca, "FILE", "Speak TLS, and trust the certificates in this PEM file");
  app.add_flag("--update", update, "Alter what is there and not the same; otherwise it is counted and left alone");
  app.add_flag("--no-statistics", no_statistics, "Leave column statistics away");
  app.add_flag("--no-grants", no_grants, "Leave roles and grants away");
  app.add_flag("--no-column-grants", no_column_grants, "Do not ask for grants on columns, which takes a call for each");
  AddNumber(app, "--max-errors", max_errors, "N",
            "Leave out objects that can't be taken over, up to so many; one more ends it (default: 0)");
  AddNumber(app, "--batch", batch, "N", "Partitions per call, fewer where they have many columns (default: 500)");
  return hive;
}

absl::Status ExportToHive(Context& context, const HiveArguments& arguments) {
  ASSIGN_OR_RETURN(const hive::ClientOptions options, ClientOptionsOf(arguments));
  ASSIGN_OR_RETURN(const std::unique_ptr<hive::Client> client, hive::Connect(options));
  // As of one moment, whatever is written meanwhile.
  const std::unique_ptr<hive::Side> from = hive::NewStoreSide(context.session().Snapshot());
  const std::unique_ptr<hive::Side> to = hive::NewMetastoreSide(client.get(), arguments.catalog);
  return Transfer(context, arguments, from.get(), to.get());
}

void AddImportCommand(Program* program) {
  auto arguments = std::make_shared<HiveArguments>();
  CLI::App& app = program->Command(
      program->root(), "import", Access::kCreate,
      {"take over the metadata of a running Hive metastore",
       "Databases, functions, tables, views, partitions, column statistics, constraints, roles and grants, of all of a "
       "catalog or of some databases, from a metastore since version 2.3 (or a lodestoned). Locations are taken as "
       "they "
       "are; no file is read, moved or made. The metastore is only read.\n\n"
       "What is there already stays as it is, so the same command goes on where one was broken off, and brings over "
       "what was added since. Partitions that are there are not looked at again without --update. Nothing is dropped "
       "here because the metastore lacks it.\n\n"
       "Unlike other commands, one that ends with exit status 1 keeps what it took over until then.",
       {"lodestone import --hive metastore.example.org:9083",
        "lodestone import --hive localhost:9083 --database web --database shop --max-errors 100",
        "# names that the strict rules refuse, such as those that begin with an underscore",
        "lodestone --name-rules hive import --hive localhost:9083"}},
      [arguments](Context& context) { return ImportFromHive(context, *arguments); });
  arguments->AddTo(app)->required();
}

}  // namespace lodestone::cli
