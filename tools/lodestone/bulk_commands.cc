// lodestone ingest|sync|export
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <ostream>

#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "tools/lodestone/arguments.h"
#include "tools/lodestone/command.h"
#include "tools/lodestone/hive_transfer.h"
#include "tools/lodestone/progress.h"

namespace lodestone::cli {
namespace {

// Rows left out that are shown one by one; the rest is only counted.
constexpr int64_t kErrorsShown = 20;

struct Arguments {
  std::string table;
  std::string path;
  std::string format;
  int64_t max_errors = 0;
  IfExistsArgument if_exists;
  std::string resume_key;
  std::string spill_directory;
  std::size_t memory_mib = 256;
  bool dry_run = false;
  bool keep_missing = false;
  bool update = false;
  std::string output;
  FilterArguments filter;
  HiveArguments hive;
};

bool IsFolder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// --format, or what the name of the input says.
absl::StatusOr<InputFormat> FormatOf(const Arguments& arguments) {
  if (!arguments.format.empty()) return ParseInputFormat(arguments.format);
  static constexpr std::pair<std::string_view, InputFormat> kEndings[] = {
      {".ndjson", InputFormat::kNdjson}, {".jsonl", InputFormat::kNdjson}, {".csv", InputFormat::kCsv},
      {".tsv", InputFormat::kTsv},       {".names", InputFormat::kNames},  {".txt", InputFormat::kNames},
      {".json", InputFormat::kGlue}};
  if (arguments.path == "-") return InputFormat::kNdjson;
  if (IsFolder(arguments.path)) return InputFormat::kDirectory;
  for (const auto& [ending, format] : kEndings) {
    if (std::string_view(arguments.path).ends_with(ending)) return format;
  }
  return UsageError(base::StrCat(arguments.path,
                                 ": the name does not tell the format: give --format ndjson, csv, tsv, names, glue or "
                                 "directory"));
}

// Rows that were left out: shown once it is certain that the command is not refused, for a refusal is one message.
class LeftOut {
 public:
  void Add(const InputError& error) {
    if (++count_ > kErrorsShown) return;
    const std::string line = error.line == 0 ? "" : base::StrCat(":", error.line);
    lines_.push_back(base::StrCat("left out: ", error.file, line, ": ", error.reason));
  }
  void Print(const Context& context) const {
    for (const std::string& line : lines_) context.Note(line);
    if (count_ > kErrorsShown) context.Note(base::StrCat("left out: ", Grouped(count_ - kErrorsShown), " more"));
  }

 private:
  int64_t count_ = 0;
  std::vector<std::string> lines_;
};

absl::StatusOr<InputOptions> InputOptionsOf(const Arguments& arguments, LeftOut* left_out, Progress* progress) {
  InputOptions options;
  ASSIGN_OR_RETURN(options.format, FormatOf(arguments));
  options.max_errors = arguments.max_errors;
  options.on_error = [left_out](const InputError& error) { left_out->Add(error); };
  options.on_progress = [progress](const InputProgress& at) {
    progress->Report("reading", at.rows, at.bytes, at.bytes_total);
  };
  return options;
}

absl::Status Ingest(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName table, TableName::Parse(arguments.table));
  Progress progress("rows", context.global().quiet);
  LeftOut left_out;
  ASSIGN_OR_RETURN(const InputOptions input, InputOptionsOf(arguments, &left_out, &progress));
  BulkLoadOptions load;
  load.if_exists = arguments.if_exists.ToOption();
  load.memory_bytes = arguments.memory_mib << 20;
  load.spill_directory = arguments.spill_directory;
  load.resume_key = arguments.resume_key;
  auto report = LoadPartitions(context.session(), table, arguments.path, input, load, [&](const BulkLoadProgress& at) {
    using Phase = BulkLoadProgress::Phase;
    if (at.phase == Phase::kReading) return;  // the input reports that, with its bytes
    progress.Report(at.phase == Phase::kMerging ? "merging" : "committing", at.rows, at.rows, at.rows_total);
  });
  progress.Clear();
  RETURN_IF_ERROR(report.status());
  PrintCounts({{"added", report->result.added},
               {"replaced", report->result.replaced},
               {"skipped", report->result.skipped},
               {"left out", report->bad_rows}},
              &context.out());
  left_out.Print(context);
  context.Note(
      base::StrCat(Grouped(report->rows), report->rows == 1 ? " row in " : " rows in ", Duration(progress.Elapsed())));
  return absl::OkStatus();
}

absl::Status Sync(Context& context, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const TableName table, TableName::Parse(arguments.table));
  Progress progress("rows", context.global().quiet);
  LeftOut left_out;
  ASSIGN_OR_RETURN(const InputOptions input, InputOptionsOf(arguments, &left_out, &progress));
  SyncOptions options;
  options.drop_missing = !arguments.keep_missing;
  options.update_changed = arguments.update;
  options.dry_run = arguments.dry_run;
  // Kept until it is certain that the sync is not refused.
  std::string differences;
  options.on_difference = [&](char kind, std::string_view name) {
    if (context.out().json()) return;
    differences += kind;
    base::StrAppend(&differences, " ", name, "\n");
  };
  ASSIGN_OR_RETURN(const SyncReport report, SyncPartitions(context.session(), table, arguments.path, input, options));
  progress.Clear();
  context.out().Write(differences);
  if (context.out().format() == Format::kNames) return absl::OkStatus();
  if (arguments.dry_run && !context.out().json()) context.out().Write("dry run: ");
  PrintCounts({{"added", report.added},
               {"dropped", report.dropped},
               {"updated", report.updated},
               {"unchanged", report.unchanged},
               {"left out", report.bad_rows}},
              &context.out());
  left_out.Print(context);
  return absl::OkStatus();
}

// A file that is there only once it is complete: written beside its place, then renamed.
class OutputFile {
 public:
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path) {
    auto file = std::unique_ptr<OutputFile>(new OutputFile(path));
    file->descriptor_ = ::open(file->temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->descriptor_ < 0) return file->Failure(errno);
    file->buffer_ = std::make_unique<DescriptorBuffer>(file->descriptor_);
    file->stream_ = std::make_unique<std::ostream>(file->buffer_.get());
    return file;
  }
  ~OutputFile() {
    if (descriptor_ < 0) return;
    stream_.reset();
    buffer_.reset();
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return *stream_; }
  absl::Status Finish() {
    stream_->flush();
    if (buffer_->error() != 0) return Failure(buffer_->error());
    if (::fsync(descriptor_) != 0 && errno != EINVAL) return Failure(errno);
    ::close(descriptor_);
    descriptor_ = -1;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return Failure(errno);
    return absl::OkStatus();
  }

 private:
  explicit OutputFile(const std::string& path)
      : path_(path), temporary_(base::StrCat(path, ".", static_cast<int64_t>(::getpid()), ".part")) {}
  absl::Status Failure(int error) const {
    return absl::UnavailableError(base::StrCat(path_, ": ", std::strerror(error)));
  }

  const std::string path_;
  const std::string temporary_;
  int descriptor_ = -1;
  std::unique_ptr<DescriptorBuffer> buffer_;
  std::unique_ptr<std::ostream> stream_;
};

absl::Status Export(Context& context, const Arguments& arguments) {
  if (!arguments.hive.address.empty()) return ExportToHive(context, arguments.hive);
  if (arguments.table.empty()) return UsageError("expected a TABLE, or --hive (see lodestone export --help)");
  ASSIGN_OR_RETURN(const TableName table, TableName::Parse(arguments.table));
  ListOptions options;
  options.filter = arguments.filter.filter;
  options.filter_mode = arguments.filter.ToMode();
  const OutputFormat format = context.out().format() == Format::kNames ? OutputFormat::kNames : OutputFormat::kNdjson;
  Progress progress("partitions", context.global().quiet || arguments.output.empty());
  const auto report = [&](int64_t rows) { progress.Report("writing", rows, 0, 0); };
  if (arguments.output.empty() || arguments.output == "-") {
    const auto rows = ExportPartitions(context.session(), table, options, format, context.out().stream(), report);
    // That the reader has gone is no failure; Flush() tells the others.
    return context.out().closed() ? absl::OkStatus() : rows.status();
  }
  ASSIGN_OR_RETURN(const auto file, OutputFile::Create(arguments.output));
  ASSIGN_OR_RETURN(const int64_t rows,
                   ExportPartitions(context.session(), table, options, format, file->stream(), report));
  RETURN_IF_ERROR(file->Finish());
  progress.Clear();
  context.Note(base::StrCat(Grouped(rows), " partitions in ", Duration(progress.Elapsed())));
  return absl::OkStatus();
}

void AddInputTo(CLI::App& app, Arguments* arguments) {
  AddArgument(app, "TABLE", arguments->table, "Name of the table, as DATABASE.TABLE");
  AddArgument(app, "INPUT", arguments->path, "File, - for standard input, or folder for the format directory");
  AddText(app, "--format", arguments->format, "FORMAT",
          "ndjson, csv, tsv, names, glue (what `get-partitions` of AWS Glue prints) or directory (a tree of key=value "
          "folders); default: by the name of the input")
      ->check(CLI::IsMember({"ndjson", "csv", "tsv", "names", "glue", "directory"}));
  AddNumber(app, "--max-errors", arguments->max_errors, "N",
            "Leave out rows that can't be used, up to so many; one more fails the whole (default: 0)");
}

void AddIngest(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "ingest", Access::kWrite,
      {"load partitions, by the million",
       "Reads the input, sorts it (on disk where it is larger than --memory), and makes all partitions visible at "
       "once: a load that fails or is broken off changes nothing.\n\n"
       "ndjson has one object a line, of which only `values` is required: {\"values\":[\"2026-01-05\",\"13\"],"
       "\"parameters\":{\"numRows\":\"7\"},\"location\":\"...\",\"create_time\":0}. csv and tsv have a first line with "
       "the names of "
       "the partition keys, and of `location` and parameters as wanted. names has one partition name a line.",
       {"lodestone ingest web.hits hits.ndjson",
        "lodestone ingest web.hits s3-listing.csv --if-exists skip --max-errors 100",
        "zcat hits.ndjson.gz | lodestone ingest web.hits - --format ndjson",
        "lodestone ingest web.hits /data/web/hits --format directory"}},
      [arguments](Context& context) { return Ingest(context, *arguments); });
  AddInputTo(app, arguments.get());
  arguments->if_exists.AddTo(app);
  AddText(
      app, "--resume", arguments->resume_key, "KEY",
      "A name of your choice for this load: when it is broken off, and begun again with the same name and input, it "
      "goes on behind the rows already sorted to disk");
  AddText(app, "--spill", arguments->spill_directory, "DIR", "Folder for sorting on disk (default: beside the store)");
  AddNumber(app, "--memory", arguments->memory_mib, "MIB", "MiB kept in memory before sorting on disk (default: 256)");
}

void AddSync(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& app = program->Command(
      program->root(), "sync", Access::kWrite,
      {"make the partitions of a table those of an input",
       "Adds what the input has and the table lacks, and drops what the input lacks, in one step. Prints one line per "
       "difference: + for added, - for dropped, ~ for updated. The opposite number of Hive's MSCK REPAIR TABLE ... "
       "SYNC PARTITIONS, for any input that `ingest` takes.",
       {"lodestone sync web.hits /data/web/hits --dry-run", "lodestone sync web.hits listing.names --keep-missing"}},
      [arguments](Context& context) { return Sync(context, *arguments); });
  AddInputTo(app, arguments.get());
  app.add_flag("--dry-run", arguments->dry_run, "Change nothing, only print the differences");
  app.add_flag("--keep-missing", arguments->keep_missing, "Do not drop what the input lacks");
  app.add_flag("--update", arguments->update, "Also update locations and parameters that differ");
}

void AddExport(Program* program) {
  auto arguments = std::make_shared<Arguments>();
  std::vector<std::string> examples = {"lodestone export web.hits --output hits.ndjson",
                                       "lodestone export web.hits --filter \"dt >= '2026-01-01'\" | gzip > hits.gz"};
  if (!kHiveExportExample.empty()) examples.emplace_back(kHiveExportExample);
  CLI::App& app = program->Command(
      program->root(), "export", Access::kRead,
      {"write partitions out, in full",
       "All that pass the filter, as of one moment, one JSON object a line with all that a partition holds: `ingest` "
       "reads it back identically. With -o names their names alone. Rows are written as they are read, whatever their "
       "number." +
           std::string(kHiveExportHelp),
       examples},
      [arguments](Context& context) { return Export(context, *arguments); });
  CLI::Option* const table = AddArgument(app, "TABLE", arguments->table, "Name of the table, as DATABASE.TABLE");
  AddText(app, "--output", arguments->output, "FILE",
          "Where to write (default: standard output); the file appears once it is complete");
  arguments->filter.AddTo(app);
  if (CLI::Option* const hive = arguments->hive.AddTo(app); hive != nullptr) {
    table->required(false);
    for (const char* other : {"TABLE", "--output", "--filter"}) hive->excludes(app.get_option(other));
  }
}

}  // namespace

void AddBulkCommands(Program* program) {
  AddIngest(program);
  AddSync(program);
  AddExport(program);
}

}  // namespace lodestone::cli
