// The fields of a report, for json_fields.h. Values stay out: a finding keeps its fingerprint.

#pragma once

#include "cli/reports/json_fields.h"
#include "cli/reports/report.h"

namespace watertight::cli {

template <>
inline constexpr Carrier kLastOf<Carrier> = Carrier::kBlob;
template <>
inline constexpr Level kLastOf<Level> = Level::kNote;
template <>
inline constexpr RemovalKind kLastOf<RemovalKind> = RemovalKind::kOverwritten;
template <>
inline constexpr CheckStatus kLastOf<CheckStatus> = CheckStatus::kSkipped;

template <class Fields>
void Visit(Fields& fields, Note& note) {
  fields("code", note.code);
  fields("layer", note.layer);
  fields("path", note.path);
  fields("text", note.text);
}

template <class Fields>
void Visit(Fields& fields, Finding& finding) {
  fields("rule", finding.rule);
  fields("level", finding.level);
  fields("secret", finding.secret);
  fields("carrier", finding.carrier);
  fields("layer", finding.layer);
  fields("entry", finding.entry);
  fields("step", finding.step);
  fields("blob", finding.blob);
  fields("path", finding.path);
  fields("field", finding.field);
  fields("name", finding.name);
  fields("offset", finding.offset);
  fields("length", finding.length);
  fields("line", finding.line);
  fields("column", finding.column);
  fields("encoding", finding.encoding);
  fields("nested", finding.nested);
  fields("links", finding.links);
  fields("package", finding.package);
  fields("allowed", finding.allowed);
}

template <class Fields>
void Visit(Fields& fields, Removal& removal) {
  fields("layer", removal.layer);
  fields("how", removal.how);
}

template <class Fields>
void Visit(Fields& fields, StoredEntry& fate) {
  fields("layer", fate.layer);
  fields("visible", fate.visible);
  fields("removed_by", fate.removed_by);
}

template <class Fields>
void Visit(Fields& fields, CheckFinding& found) {
  fields("finding", found.finding);
  fields("fingerprint", found.fingerprint);
  fields("about", found.about);
  fields("redacted", found.redacted);
  fields("recover", found.recover);
  fields("fate", found.fate);
}

template <class Fields>
void Visit(Fields& fields, FailedClaim& claim) {
  fields("text", claim.text);
  fields("reason", claim.reason);
  fields("message", claim.message);
  fields("allowed", claim.allowed);
}

template <class Fields>
void Visit(Fields& fields, CheckResult& result) {
  fields("number", result.number);
  fields("name", result.name);
  fields("status", result.status);
  fields("detail", result.detail);
  fields("claims", result.claims);
  fields("message", result.message);
  fields("seconds", result.seconds);
  fields("findings", result.findings);
  fields("told", result.told);
  fields("notes", result.notes);
}

template <class Fields>
void Visit(Fields& fields, ImageFacts& facts) {
  fields("reference", facts.reference);
  fields("id", facts.id);
  fields("tags", facts.tags);
  fields("platform", facts.platform);
  fields("diff_ids", facts.diff_ids);
  fields("size", facts.size);
  fields("remarks", facts.remarks);
  fields("notes", facts.notes);
}

template <class Fields>
void Visit(Fields& fields, CheckedImage& checked) {
  fields("number", checked.number);
  fields("facts", checked.facts);
  fields("results", checked.results);
}

template <class Fields>
void Visit(Fields& fields, UnopenedImage& image) {
  fields("number", image.number);
  fields("reference", image.reference);
  fields("error", image.error);
}

template <class Fields>
void Visit(Fields& fields, YamlPlace& place) {
  fields("line", place.line);
  fields("column", place.column);
}

template <class Fields>
void Visit(Fields& fields, RuleUse& rule) {
  fields("id", rule.id);
  fields("title", rule.title);
  fields("findings", rule.findings);
}

template <class Fields>
void Visit(Fields& fields, AllowUse& allow) {
  fields("file", allow.file);
  fields("place", allow.place);
  fields("reason", allow.reason);
  fields("expired", allow.expired);
  fields("findings", allow.findings);
  fields("is_used", allow.is_used);
}

template <class Fields>
void Visit(Fields& fields, EntryUse& entry) {
  fields("file", entry.file);
  fields("place", entry.place);
  fields("images", entry.images);
}

template <class Fields>
void Visit(Fields& fields, PolicyUse& policy) {
  fields("file", policy.file);
  fields("rules", policy.rules);
  fields("allow", policy.allow);
  fields("entries", policy.entries);
}

template <class Fields>
void Visit(Fields& fields, PlannedImage& image) {
  fields("reference", image.reference);
  fields("checks", image.checks);
}

template <class Fields>
void Visit(Fields& fields, Shard& shard) {
  fields("index", shard.index);
  fields("total", shard.total);
  fields("version", shard.version);
  fields("demands", shard.demands);
  fields("plan", shard.plan);
}

}  // namespace watertight::cli
