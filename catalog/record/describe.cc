// Reading keys back: the half of keys.h that has to cope with any bytes. A key is taken apart by one function per tag,
// each of which answers with the key in words, or with nothing when the key breaks a rule.
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "catalog/base/coding.h"
#include "catalog/base/strings.h"
#include "catalog/model/partition_name.h"
#include "catalog/record/grant_keys.h"
#include "catalog/record/keys.h"
#include "catalog/record/transaction_keys.h"

namespace lodestone::record {

namespace {

using Words = std::optional<std::string>;

// Takes bytes off the front; once something is missing or wrong it stays !ok().
class KeyReader {
 public:
  explicit KeyReader(std::string_view rest) : rest_(rest) {}

  unsigned char Byte() { return Need(1) ? static_cast<unsigned char>(Take(1)[0]) : 0; }
  uint32_t Number32() { return Need(4) ? base::ReadBigEndian32(Take(4).data()) : 0; }
  uint64_t Number64() { return Need(8) ? base::ReadBigEndian64(Take(8).data()) : 0; }
  // An id, which is never 0.
  uint64_t Id() {
    const uint64_t id = Number64();
    ok_ = ok_ && id != 0;
    return id;
  }
  // A number of a sequence that begins with 1.
  int64_t Positive() {
    const auto number = static_cast<int64_t>(Number64());
    ok_ = ok_ && number > 0;
    return number;
  }
  // Up to the next 0x00, which has to be there and is taken off as well.
  std::string_view UpToNul() {
    const std::size_t end = rest_.find('\0');
    ok_ = ok_ && end != std::string_view::npos;
    if (!ok_) return {};
    const std::string_view text = Take(end);
    Take(1);
    return text;
  }
  std::string_view Rest() { return Take(rest_.size()); }
  void Require(bool condition) { ok_ = ok_ && condition; }

  // The words, when everything was there and nothing is left over.
  Words Finish(std::string words) const {
    if (!ok_ || !rest_.empty()) return std::nullopt;
    return words;
  }

 private:
  bool Need(std::size_t n) {
    ok_ = ok_ && rest_.size() >= n;
    return ok_;
  }
  std::string_view Take(std::size_t n) {
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Names of objects: stored in lower case. Names of columns and constraints: any text without control characters.
bool IsText(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return false;
  }
  return !text.empty() && base::FindInvalidUtf8(text) == std::string_view::npos;
}
bool IsObjectName(std::string_view name) {
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') return false;
  }
  return IsText(name);
}

bool IsUpperHex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

// Pieces joined by '/', none of them empty, each as EscapePathName writes it.
bool IsPartitionKey(std::string_view key) {
  for (const std::string_view piece : base::Split(key, '/')) {
    if (piece.empty()) return false;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (piece[i] != '%') {
        if (model::NeedsEscape(piece[i])) return false;
        continue;
      }
      if (i + 2 >= piece.size() || !IsUpperHex(piece[i + 1]) || !IsUpperHex(piece[i + 2])) return false;
      i += 2;
    }
  }
  return true;
}

Words DescribeMeta(KeyReader in) {
  switch (static_cast<MetaItem>(in.Byte())) {
    case MetaItem::kHeader:
      return in.Finish("store header");
    case MetaItem::kObjectSequence:
      return in.Finish("object sequence");
    case MetaItem::kEventLogState:
      return in.Finish("event log state");
    case MetaItem::kKeyFileCheck:
      return in.Finish("check of the key file");
    case MetaItem::kTransactionNumbers:
      return in.Finish("numbers of locks and transactions");
  }
  return std::nullopt;
}

Words DescribeCatalogName(KeyReader in) {
  const std::string_view name = in.Rest();
  in.Require(IsObjectName(name));
  return in.Finish(base::StrCat("name of catalog ", base::Quoted(name)));
}

// `what` "name" under `parent` 17.
Words DescribeNameUnder(KeyReader in, std::string_view what, std::string_view parent) {
  const uint64_t id = in.Id();
  const std::string_view name = in.Rest();
  in.Require(IsObjectName(name));
  return in.Finish(base::StrCat(what, " ", base::Quoted(name), " in ", parent, " ", id));
}

Words DescribeId(KeyReader in, std::string_view what) {
  const uint64_t id = in.Id();
  return in.Finish(base::StrCat(what, " ", id));
}

Words DescribeReference(KeyReader in) {
  const uint64_t parent = in.Id();
  const uint64_t child = in.Id();
  return in.Finish(base::StrCat("foreign key of table ", child, " on table ", parent));
}

Words DescribeTablePart(KeyReader in) {
  const std::string table = base::StrCat("table ", in.Id());
  switch (static_cast<TablePart>(in.Byte())) {
    case TablePart::kRecord:
      return in.Finish(base::StrCat(table, " record"));
    case TablePart::kPartitionSet:
      return in.Finish(base::StrCat(table, " partition set"));
    case TablePart::kDescriptor: {
      const uint32_t number = in.Number32();
      return in.Finish(base::StrCat(table, " descriptor ", number));
    }
    case TablePart::kDescriptorHash: {
      const uint64_t fingerprint = in.Number64();
      return in.Finish(base::StrCat(table, " descriptors with fingerprint ", fingerprint));
    }
    case TablePart::kStatistics: {
      const std::string_view column = in.Rest();
      in.Require(IsText(column));
      return in.Finish(base::StrCat(table, " statistics of column ", base::Quoted(column)));
    }
    case TablePart::kConstraint: {
      const std::string_view name = in.Rest();
      in.Require(IsText(name));
      return in.Finish(base::StrCat(table, " constraint ", base::Quoted(name)));
    }
    case TablePart::kWriteIdState:
      return in.Finish(base::StrCat(table, " write ids"));
    case TablePart::kWriteId: {
      const int64_t write_id = in.Positive();
      return in.Finish(base::StrCat(table, " write id ", write_id));
    }
  }
  return std::nullopt;
}

Words DescribePartitionPart(KeyReader in) {
  const std::string set = base::StrCat("partition set ", in.Id());
  const auto part = static_cast<PartitionPart>(in.Byte());
  switch (part) {
    case PartitionPart::kKeyPage:
    case PartitionPart::kValuePage: {
      const std::string_view lowest = in.Rest();
      in.Require(IsPartitionKey(lowest));
      const std::string_view what = part == PartitionPart::kKeyPage ? " key page from " : " value page from ";
      return in.Finish(base::StrCat(set, what, base::Quoted(lowest)));
    }
    case PartitionPart::kStatistics: {
      const std::string_view partition = in.UpToNul();
      const std::string_view column = in.Rest();
      in.Require(IsPartitionKey(partition) && IsText(column));
      return in.Finish(
          base::StrCat(set, " statistics of partition ", base::Quoted(partition), " column ", base::Quoted(column)));
    }
  }
  return std::nullopt;
}

Words DescribeEvent(KeyReader in) {
  const auto id = static_cast<int64_t>(in.Id());
  in.Require(id > 0);
  return in.Finish(base::StrCat("event ", id));
}

Words DescribeDropped(KeyReader in) {
  constexpr std::string_view kKinds[] = {"", "catalog", "database", "table", "function"};
  const unsigned char kind = in.Byte();
  in.Require(kind >= 1 && kind < std::size(kKinds));
  const uint64_t parent = in.Number64();
  const bool in_store = kind == 1;  // catalogs have no parent
  in.Require(in_store == (parent == 0));
  const std::string_view name = in.UpToNul();
  in.Require(IsObjectName(name));
  const auto dropped_ms = static_cast<int64_t>(in.Number64());
  const uint64_t id = in.Id();
  Words words = in.Finish("");
  if (!words) return words;
  return base::StrCat("dropped ", kKinds[kind], " ", base::Quoted(name), " of parent ", parent, ", id ", id,
                      ", dropped at ", dropped_ms, " ms");
}

// Roles and accounts: catalog 0 is the store.
std::string InCatalog(uint64_t id) { return id == 0 ? " of the store" : base::StrCat(" of catalog ", id); }

std::string Shown(const Grantee& grantee) {
  constexpr std::string_view kKinds[] = {"", "user ", "group ", "role "};
  return base::StrCat(kKinds[static_cast<int>(grantee.kind)], base::Quoted(grantee.name));
}

Words DescribeRole(KeyReader in) {
  const uint64_t catalog = in.Id();
  const std::string_view name = in.Rest();
  in.Require(IsObjectName(name));
  return in.Finish(base::StrCat("role ", base::Quoted(name), InCatalog(catalog)));
}

// Of both kinds: `entry` says which.
Words DescribeMembership(std::string_view key, std::string_view entry, bool member_first) {
  const auto pair = ParseMembership(key);
  if (!pair) return std::nullopt;
  const auto& [member, of] = member_first ? *pair : std::pair(pair->second, pair->first);
  if (of.kind == GranteeKind::kUser) return std::nullopt;
  return base::StrCat(entry, Shown(member), " in ", Shown(of), InCatalog(ParseHead(key)->id));
}

Words DescribeAccount(KeyReader in) {
  const uint64_t catalog = in.Number64();
  const std::string_view name = in.Rest();
  in.Require(IsText(name));
  return in.Finish(base::StrCat("account ", base::Quoted(name), InCatalog(catalog)));
}

Words DescribeAccessKey(KeyReader in) {
  constexpr std::size_t kLength = 20;
  const std::string_view id = in.Rest();
  in.Require(id.size() == kLength);
  for (const char c : id) in.Require((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  return in.Finish(base::StrCat("access key ", id));
}

// The whole hash would tell no secret, but its beginning is what a token is called.
Words DescribeAccessToken(KeyReader in) {
  const std::string_view hash = in.Rest();
  in.Require(hash.size() == kTokenHashBytes);
  return in.Finish(base::StrCat("token ", absl::BytesToHexString(base::ToAbsl(hash))));
}

Words DescribeNonce(std::string_view key) {
  const auto nonce = ParseNonce(key);
  if (!nonce) return std::nullopt;
  return base::StrCat("nonce ", absl::BytesToHexString(base::ToAbsl(nonce->hash)), ", used, until ", nonce->expires_ms,
                      " ms");
}

// What a grant is on, without what it lies in.
std::string Shown(const GrantedOn& on) {
  const std::string in_table = base::StrCat(" of table ", on.object);
  switch (on.kind) {
    case Securable::Kind::kGlobal:
      return "the store";
    case Securable::Kind::kCatalog:
      return base::StrCat("catalog ", on.catalog.value);
    case Securable::Kind::kDatabase:
      return base::StrCat("database ", on.database.value);
    case Securable::Kind::kTable:
      return base::StrCat("table ", on.object);
    case Securable::Kind::kColumn:
      return base::StrCat("column ", base::Quoted(on.leaf), in_table);
    case Securable::Kind::kPartition:
      return base::StrCat("partition ", base::Quoted(on.leaf), in_table);
    case Securable::Kind::kFunction:
      return base::StrCat("function ", on.object);
    case Securable::Kind::kPath:
      return base::StrCat("path ", base::Quoted(on.leaf));
  }
  return {};
}

Words DescribeGrant(std::string_view key) {
  const auto parts = ParseGrantKey(key);
  if (!parts) return std::nullopt;
  const GrantedOn& on = parts->on;
  if (on.kind == Securable::Kind::kColumn && !IsText(on.leaf)) return std::nullopt;
  if (on.kind == Securable::Kind::kPartition && !IsPartitionKey(on.leaf)) return std::nullopt;
  if (on.kind == Securable::Kind::kPath && !IsPathText(on.leaf)) return std::nullopt;
  std::string in;
  if (on.object != 0) base::StrAppend(&in, " in database ", on.database.value);
  if (on.catalog && on.kind != Securable::Kind::kCatalog) base::StrAppend(&in, InCatalog(on.catalog.value));
  return base::StrCat("grants on ", Shown(on), in, " to ", Shown(parts->grantee));
}

Words DescribeVisible(std::string_view key) {
  const auto parts = ParseVisibleKey(key);
  if (!parts) return std::nullopt;
  const std::string to = base::StrCat(InCatalog(parts->catalog.value), ", visible to ", Shown(parts->grantee));
  if (!parts->parent) return base::StrCat("database ", parts->database.value, to);
  if (!IsObjectName(parts->name)) return std::nullopt;
  const std::string_view what = parts->kind == Securable::Kind::kTable ? "table " : "function ";
  return base::StrCat(what, base::Quoted(parts->name), " in database ", parts->parent.value, to);
}

Words DescribeNumber(KeyReader in, std::string_view what) {
  const int64_t number = in.Positive();
  return in.Finish(base::StrCat(what, " ", number));
}

std::string Shown(const WriteSpace& space) {
  if (space.table) return base::StrCat("table ", space.table.value);
  return base::StrCat("table ", base::Quoted(space.name), " of database ", base::Quoted(space.database), " in catalog ",
                      base::Quoted(space.catalog), ", which is not there,");
}

Words DescribeUnborn(std::string_view key) {
  const auto parts = ParseUnborn(key);
  if (!parts) return std::nullopt;
  if (!parts->write_id) return base::StrCat(Shown(parts->space), " write ids");
  return base::StrCat(Shown(parts->space), " write id ", *parts->write_id);
}

Words DescribeAllocated(std::string_view key) {
  const auto parts = ParseAllocated(key);
  if (!parts) return std::nullopt;
  return base::StrCat("write id of transaction ", parts->transaction, " in ", Shown(parts->space));
}

Words Read(std::string_view key) {
  if (key.empty()) return std::nullopt;
  const KeyReader in(key.substr(1));
  switch (static_cast<Tag>(key[0])) {
    case Tag::kMeta:
      return DescribeMeta(in);
    case Tag::kCatalogName:
      return DescribeCatalogName(in);
    case Tag::kDatabaseName:
      return DescribeNameUnder(in, "name of database", "catalog");
    case Tag::kDatabase:
      return DescribeId(in, "database");
    case Tag::kTableName:
      return DescribeNameUnder(in, "name of table", "database");
    case Tag::kFunction:
      return DescribeNameUnder(in, "function", "database");
    case Tag::kReference:
      return DescribeReference(in);
    case Tag::kTable:
      return DescribeTablePart(in);
    case Tag::kPartition:
      return DescribePartitionPart(in);
    case Tag::kEvent:
      return DescribeEvent(in);
    case Tag::kDropped:
      return DescribeDropped(in);
    case Tag::kPendingLoad:
      return DescribeId(in, "pending load of partition set");
    case Tag::kGrant:
      return DescribeGrant(key);
    case Tag::kVisible:
      return DescribeVisible(key);
    case Tag::kRole:
      return DescribeRole(in);
    case Tag::kMembership:
      return DescribeMembership(key, "membership of ", true);
    case Tag::kMember:
      return DescribeMembership(key, "list entry of ", false);
    case Tag::kAccount:
      return DescribeAccount(in);
    case Tag::kAccessKey:
      return DescribeAccessKey(in);
    case Tag::kAccessToken:
      return DescribeAccessToken(in);
    case Tag::kNonce:
      return DescribeNonce(key);
    case Tag::kLock:
      return DescribeNumber(in, "lock");
    case Tag::kLockComponents:
      return DescribeNumber(in, "components of lock");
    case Tag::kOpenTransaction:
      return DescribeNumber(in, "open transaction");
    case Tag::kAbortedTransaction:
      return DescribeNumber(in, "aborted transaction");
    case Tag::kCommittedTransaction:
      return DescribeNumber(in, "committed transaction");
    case Tag::kAllocatedWriteId:
      return DescribeAllocated(key);
    case Tag::kUnbornWriteIds:
      return DescribeUnborn(key);
  }
  return std::nullopt;
}

}  // namespace

std::string Describe(std::string_view key) {
  if (Words words = Read(key)) return *std::move(words);
  return base::StrCat("unknown key 0x", base::ToStd(absl::BytesToHexString(base::ToAbsl(key))));
}

bool IsWellFormed(std::string_view key) { return Read(key).has_value(); }

}  // namespace lodestone::record
