#include "framework/image/pax_records.h"

#include <algorithm>
#include <optional>

#include "framework/image/tar_fields.h"
#include "framework/image/varint.h"

namespace watertight {
namespace {

// How a packed value is written: as text; as the entry's name or link; as a time with so many
// digits after the point.
enum Packing : char { kText, kName, kLink, kTime };
constexpr std::size_t kMostDigits = 9;
// A key is written as its number, from 1, in the layer's list, or as 0 and its text.
constexpr std::size_t kMostKeys = 127;

struct Time {
  std::int64_t seconds = 0;
  std::uint64_t fraction = 0;
  std::size_t digits = 0;
};

// Only what TimeText gives back to the letter.
std::optional<Time> ExactTime(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  Time time;
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::optional<std::uint64_t> seconds = ParseDecimal(whole);
  if (!seconds || *seconds > INT64_MAX || (whole.size() > 1 && whole[0] == '0')) {
    return std::nullopt;
  }
  time.seconds = static_cast<std::int64_t>(*seconds);
  if (point == std::string_view::npos) return time;
  const std::string_view digits = text.substr(point + 1);
  const std::optional<std::uint64_t> fraction = ParseDecimal(digits);
  if (!fraction || digits.size() > kMostDigits) return std::nullopt;
  time.fraction = *fraction;
  time.digits = digits.size();
  return time;
}

std::string TimeText(const Time& time) {
  std::string text = std::to_string(time.seconds);
  if (time.digits == 0) return text;
  const std::string fraction = std::to_string(time.fraction);
  return text + "." + std::string(time.digits - fraction.size(), '0') + fraction;
}

// The difference may wrap around: it is added modulo 2^64 again.
std::int64_t Difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

void PackKey(const std::string& key, PaxKeys* keys, std::string* out) {
  auto known = std::find(keys->begin(), keys->end(), key);
  if (known == keys->end() && keys->size() < kMostKeys) known = keys->insert(known, key);
  if (known != keys->end()) {
    *out += static_cast<char>(known - keys->begin() + 1);
  } else {
    *out += '\0';
    PutText(key, out);
  }
}

void PackValue(const std::string& value, const PaxContext& context, std::string* out) {
  if (value == context.name) {
    *out += static_cast<char>(kName);
  } else if (value == context.link) {
    *out += static_cast<char>(kLink);
  } else if (const std::optional<Time> time = ExactTime(value)) {
    *out += static_cast<char>(kTime + time->digits);
    PutVarint(ZigZag(Difference(time->seconds, context.mtime)), out);
    if (time->digits != 0) PutVarint(time->fraction, out);
  } else {
    *out += static_cast<char>(kText);
    PutText(value, out);
  }
}

std::string UnpackValue(const char** at, const PaxContext& context) {
  const char packing = *(*at)++;
  switch (packing) {
    case kText:
      return std::string(TakeText(at));
    case kName:
      return std::string(context.name);
    case kLink:
      return std::string(context.link);
    default:
      break;
  }
  Time time;
  time.digits = static_cast<std::size_t>(packing - kTime);
  const std::int64_t difference = UnZigZag(TakeVarint(at));
  time.seconds = Difference(context.mtime, Difference(0, difference));
  if (time.digits != 0) time.fraction = TakeVarint(at);
  return TimeText(time);
}

}  // namespace

PaxRecords::PaxRecords(std::initializer_list<Record> records) {
  for (const auto& [key, value] : records) Append(key, value);
  Sort();
}

void PaxRecords::Add(const PaxRecords& others) {
  for (const auto& [key, value] : others) Append(key, value);
  Sort();
}

bool PaxRecords::Parse(std::string_view body) {
  bool whole = true;
  while (whole && !body.empty() && body[0] != '\0') {
    const std::size_t space = body.substr(0, 21).find(' ');
    whole = space != std::string_view::npos && space != 0;
    if (!whole) break;
    const std::optional<std::uint64_t> length = ParseDecimal(body.substr(0, space));
    whole = length && *length <= body.size() && *length >= space + 3;
    if (!whole) break;
    const std::string_view record =
        body.substr(space + 1, static_cast<std::size_t>(*length) - space - 2);
    const std::size_t equals = record.find('=');
    whole = equals != std::string_view::npos && equals != 0;
    if (!whole) break;
    Append(record.substr(0, equals), record.substr(equals + 1));
    body.remove_prefix(static_cast<std::size_t>(*length));
  }
  Sort();
  return whole;
}

void PaxRecords::Append(std::string_view key, std::string_view value) {
  if (size_ == records_.size()) records_.emplace_back();
  records_[size_].first = key;
  records_[size_].second = value;
  ++size_;
}

void PaxRecords::Sort() {
  const auto first = records_.begin();
  const auto last = first + static_cast<std::ptrdiff_t>(size_);
  const auto rises = [](const Record& a, const Record& b) { return a.first < b.first; };
  const auto unordered = std::adjacent_find(
      first, last, [](const Record& a, const Record& b) { return a.first >= b.first; });
  if (unordered == last) return;
  std::stable_sort(first, last, rises);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    if (i + 1 < size_ && records_[i].first == records_[i + 1].first) continue;
    if (kept != i) std::swap(records_[kept], records_[i]);
    ++kept;
  }
  size_ = kept;
}

const std::string* PaxRecords::Find(std::string_view key) const {
  const Record* found = std::lower_bound(
      begin(), end(), key, [](const Record& a, std::string_view b) { return a.first < b; });
  return found != end() && found->first == key ? &found->second : nullptr;
}

void PackPax(const PaxRecords& records, const PaxContext& context, PaxKeys* keys,
             std::string* out) {
  for (const auto& [key, value] : records) {
    PackKey(key, keys, out);
    PackValue(value, context, out);
  }
}

std::map<std::string, std::string> UnpackPax(std::string_view packed, const PaxContext& context,
                                             const PaxKeys& keys) {
  std::map<std::string, std::string> records;
  const char* at = packed.data();
  const char* const end = at + packed.size();
  while (at < end) {
    const auto number = static_cast<unsigned char>(*at++);
    std::string key = number == 0 ? std::string(TakeText(&at)) : keys[number - 1U];
    records.emplace_hint(records.end(), std::move(key), UnpackValue(&at, context));
  }
  return records;
}

}  // namespace watertight
