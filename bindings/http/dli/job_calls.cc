// 7.3: what became of asynchronous calls.
#include <utility>

#include "bindings/http/dli/call.h"
#include "catalog/base/status_macros.h"
#include "catalog/base/strings.h"
#include "catalog/errors.h"

namespace lodestone::http::dli {
namespace {

// Its owner and administrators alone; to everybody else it is not there.
absl::StatusOr<Job> FindJob(const Call& call) {
  const std::string& id = call.names[0];
  const absl::Status missing =
      MakeError(ErrorKind::kNoSuchObject, ObjectKind::kInput, id, base::StrCat("there is no job ", base::Quoted(id)));
  std::optional<Job> job = call.jobs.Find(call.project, id);
  if (!job) return missing;
  if (job->owner != call.session.principal().name) {
    ASSIGN_OR_RETURN(const bool is_administrator, call.session.IsAdministrator(call.session.principal()));
    if (!is_administrator) return missing;
  }
  return *std::move(job);
}

}  // namespace

CallResult ShowJobStatus(Call& call) {
  ASSIGN_OR_RETURN(const Job job, FindJob(call));
  Json answer = {{"job_id", job.id},
                 {"job_type", job.type},
                 {"job_mode", "async"},
                 {"queue_name", "default"},
                 {"owner", job.owner},
                 {"start_time", job.start_ms},
                 {"duration", job.duration_ms},
                 {"status", "FINISHED"},
                 {"input_size", job.input_bytes},
                 {"result_count", job.rows.size()}};
  if (job.type == "QUERY") {
    answer["database_name"] = job.database;
    answer["table_name"] = job.table;
  }
  Json fields = Json::array();
  for (const Json& column : job.schema) {
    const auto only = column.begin();
    fields.push_back(
        Json{{"name", only.key()}, {"type", only.value()}, {"nullable", true}, {"metadata", Json::object()}});
  }
  answer["detail"] = fields.empty() ? "" : Json::array({Json{{"type", "struct"}, {"fields", fields}}}).dump();
  answer["statement"] = job.statement;
  return answer;
}

CallResult PreviewJobResult(Call& call) {
  ASSIGN_OR_RETURN(const Job job, FindJob(call));
  return Json{
      {"job_id", job.id},     {"job_type", job.type}, {"row_count", job.rows.size()}, {"input_size", job.input_bytes},
      {"schema", job.schema}, {"rows", job.rows}};
}

}  // namespace lodestone::http::dli
