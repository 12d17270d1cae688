// The 52 cases of docs/whiteouts.md: layer 0 is always the same, layer 1 is the question. Rows and
// codes are written by hand from the stated reading; "=2" is the size of layer 0's content, "=1" of
// layer 1's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/image/layers.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAreArray;

struct WhiteoutCase {
  const char* name;
  std::vector<TestEntry> layer;
  std::vector<std::string> rows;
  const char* code;  // "" where nothing is reported
};

void PrintTo(const WhiteoutCase& test, std::ostream* out) { *out << test.name; }

std::vector<TestEntry> BaseLayer() {
  return {{"a/", '5'},
          {"a/x", '0', "", "x0"},
          {"a/sub/", '5'},
          {"a/sub/y", '0', "", "y0"},
          {"f", '0', "", "f0"},
          {"d/", '5'},
          {"d/in", '0', "", "i0"},
          {"hl1", '0', "", "h0"},
          {"hl2", '1', "hl1"},
          {"real/", '5'},
          {"real/z", '0', "", "z0"},
          {"lnk", '2', "real"},
          {"abs", '2', "/real"}};
}

const std::vector<WhiteoutCase>& Cases() {
  static const std::vector<WhiteoutCase> cases = {
      {"wh_file",
       {{".wh.f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_dir",
       {{".wh.a", '0', "", "1"}},
       {"abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/",
        "real/z=2"},
       ""},
      {"wh_missing",
       {{".wh.nope", '0', "", "1"}, {"b/.wh.nope", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"wh_then_file",
       {{".wh.f", '0', "", "1"}, {"f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=1", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"file_then_wh",
       {{"f", '0', "", "1"}, {".wh.f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=1", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"wh_then_dir_same",
       {{".wh.a", '0', "", "1"}, {"a/", '5'}, {"a/new", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"dir_then_wh_same",
       {{"a/", '5'}, {"a/new", '0', "", "1"}, {".wh.a", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"wh_implicit_child",
       {{".wh.a", '0', "", "1"}, {"a/new", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"opq_first",
       {{"a/", '5'}, {"a/.wh..wh..opq", '0', "", "1"}, {"a/new", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       ""},
      {"opq_last",
       {{"a/", '5'}, {"a/new", '0', "", "1"}, {"a/.wh..wh..opq", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       ""},
      {"opq_last_implicit",
       {{"a/sub/new", '0', "", "1"}, {"a/.wh..wh..opq", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"opq_nodir_lower",
       {{"nn/.wh..wh..opq", '0', "", "1"}, {"nn/q", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "nn/", "nn/q=1", "real/", "real/z=2"},
       ""},
      {"opq_root",
       {{".wh..wh..opq", '0', "", "1"}, {"only", '0', "", "1"}},
       {"only=1"},
       "ambiguous-opaque-root"},
      {"opq_plus_wh",
       {{"a/", '5'},
        {"a/.wh..wh..opq", '0', "", "1"},
        {"a/.wh.x", '0', "", "1"},
        {"a/new", '0', "", "1"}},
       {"a/", "a/new=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       ""},
      {"empty_layer",
       {},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"file_to_dir",
       {{"f/", '5'}, {"f/k", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f/", "f/k=1",
        "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"dir_to_file",
       {{"a", '0', "", "1"}},
       {"a=1", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/",
        "real/z=2"},
       ""},
      {"dir_to_sym",
       {{"a", '2', "real"}},
       {"a -> real", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real",
        "real/", "real/z=2"},
       ""},
      {"implicit_under_file",
       {{"f/k", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f/", "f/k=1",
        "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-parent"},
      {"dir_over_symlink",
       {{"lnk/", '5'}, {"lnk/new", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk/", "lnk/new=1", "real/", "real/z=2"},
       ""},
      {"dup_entries",
       {{"f", '0', "", "1"}, {"f", '0', "", "333"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=3", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-duplicate-path"},
      {"dup_type",
       {{"q", '0', "", "1"}, {"q", '5'}, {"q/r", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "q/", "q/r=1", "real/", "real/z=2"},
       "ambiguous-duplicate-path"},
      {"hl_lower",
       {{"newhl", '1', "f"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "newhl=2", "real/", "real/z=2"},
       "ambiguous-hardlink"},
      {"hl_lower_abs",
       {{"newhl", '1', "/f"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "newhl=2", "real/", "real/z=2"},
       "ambiguous-hardlink"},
      {"hl_after_wh",
       {{".wh.f", '0', "", "1"}, {"newhl", '1', "f"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "newhl=2", "real/", "real/z=2"},
       "ambiguous-hardlink"},
      {"hl_before_wh",
       {{"newhl", '1', "f"}, {".wh.f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "newhl=2", "real/", "real/z=2"},
       "ambiguous-hardlink"},
      {"wh_hl1",
       {{".wh.hl1", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"mod_hl1",
       {{"hl1", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=1",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"via_symdir",
       {{"lnk/new", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk/", "lnk/new=1", "real/", "real/z=2"},
       "ambiguous-parent"},
      {"via_abs_symdir",
       {{"abs/new", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs/", "abs/new=1", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-parent"},
      {"wh_via_symdir",
       {{"lnk/.wh.z", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"opq_via_symdir",
       {{"lnk/.wh..wh..opq", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-whiteout"},
      {"sym_escape",
       {{"esc", '2', "../../../../tmp"}, {"esc/new", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2",
        "esc -> ../../../../tmp", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2",
        "tmp/", "tmp/new=1"},
       "ambiguous-parent"},
      {"dotslash",
       {{"./", '5'}, {"./a/", '5'}, {"./a/.wh.x", '0', "", "1"}, {"./new", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2",
        "lnk -> real", "new=1", "real/", "real/z=2"},
       ""},
      {"abs_name",
       {{"/absf", '0', "", "1"}, {"/a/.wh.x", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "abs -> /real", "absf=1", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"dotdot_in",
       {{"a/../dd", '0', "", "1"}, {"a/../d/.wh.in", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "dd=1", "f=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"dotdot_out",
       {{"../../../esc", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "esc=1", "f=2",
        "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "ambiguous-path"},
      {"double_slash",
       {{"a//x", '0', "", "1"}, {"a/./x2", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=1", "a/x2=1", "abs -> /real", "d/", "d/in=2", "f=2",
        "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"dir_noslash",
       {{"nd", '5'}, {"nd/q", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "nd/", "nd/q=1", "real/", "real/z=2"},
       ""},
      {"file_trailing_slash",
       {{"ts/", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2", "ts=1"},
       ""},
      {"case_dirmode_missing_parent",
       {{"m1/m2/m3", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "m1/", "m1/m2/", "m1/m2/m3=1", "real/", "real/z=2"},
       ""},
      {"wh_trailing_slash",
       {{".wh.a/", '5'}},
       {"abs -> /real", "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/",
        "real/z=2"},
       ""},
      {"wh_dirtype",
       {{".wh.f", '5'}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_symtype",
       {{".wh.f", '2', "zzz"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_nonempty",
       {{".wh.f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "hl1=2", "hl2=2",
        "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_bare",
       {{"a/.wh.", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "invalid-whiteout"},
      {"wh_dot",
       {{"a/.wh..", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "invalid-whiteout"},
      {"wh_dotdot",
       {{"a/sub/.wh...", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       "invalid-whiteout"},
      {"wh_plnk",
       {{".wh..wh.plnk/", '5'},
        {".wh..wh.plnk/1.2", '0', "", "1"},
        {"viaplnk", '1', ".wh..wh.plnk/1.2"},
        {".wh..wh.aufs", '0', "", "1"},
        {".wh..wh.orph/", '5'}},
       {".wh..wh.plnk/", ".wh..wh.plnk/1.2=1", "a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real",
        "d/", "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2", "viaplnk=1"},
       ""},
      {"wh_meta_sub",
       {{"a/.wh..wh.foo", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_wh_name",
       {{".wh..wh.f", '0', "", "1"}},
       {"a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/", "d/in=2", "f=2", "hl1=2",
        "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
      {"wh_component",
       {{".wh.dir/", '5'}, {".wh.dir/x", '0', "", "1"}},
       {".wh.dir/", ".wh.dir/x=1", "a/", "a/sub/", "a/sub/y=2", "a/x=2", "abs -> /real", "d/",
        "d/in=2", "f=2", "hl1=2", "hl2=2", "lnk -> real", "real/", "real/z=2"},
       ""},
  };
  return cases;
}

class WhiteoutCases : public ::testing::TestWithParam<WhiteoutCase> {};

TEST_P(WhiteoutCases, FollowTheStatedReading) {
  const WhiteoutCase& test = GetParam();
  const MergedLayers merged = Merge({BaseLayer(), test.layer});
  EXPECT_THAT(Rows(*merged.merged), ElementsAreArray(test.rows));
  std::vector<std::string> codes = Codes(merged.layers, *merged.merged);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  const std::vector<std::string> expected =
      *test.code == '\0' ? std::vector<std::string>() : std::vector<std::string>{test.code};
  EXPECT_EQ(codes, expected);
}

// "a/x=2" without its size: the sample's files have sizes of their own.
std::string WithoutSize(const std::string& row) { return row.substr(0, row.find('=')); }

// The same rows and codes from the archive that was loaded into the engines. Of a path in both
// layers, the size tells which one shows: "=2" is layer 0, else layer 1.
TEST_P(WhiteoutCases, FollowTheStatedReadingInTheSample) {
  REQUIRE_SAMPLES();
  const WhiteoutCase& test = GetParam();
  const Image image = Image::Open(SamplePath(std::string("corner-inputs/") + test.name + ".tar"));
  std::vector<std::string> expected;
  std::vector<std::string> rows;
  for (const std::string& row : test.rows) expected.push_back(WithoutSize(row));
  std::size_t i = 0;
  for (const RootfsEntry& entry : image.rootfs()) {
    std::string row(entry.path());
    if (entry.type() == EntryType::kDirectory) row += "/";
    if (entry.type() == EntryType::kSymlink) row += " -> " + std::string(entry.link());
    rows.push_back(row);
    if (entry.type() == EntryType::kFile && i < test.rows.size()) {
      const int layer = test.rows[i].ends_with("=2") ? 0 : 1;
      EXPECT_EQ(entry.content_layer(), layer) << row;
    }
    ++i;
  }
  EXPECT_THAT(rows, ElementsAreArray(expected));
  std::vector<std::string> codes;
  for (const Note& note : image.notes()) {
    if (codes.empty() || codes.back() != note.code) codes.push_back(note.code);
  }
  EXPECT_EQ(codes,
            *test.code == '\0' ? std::vector<std::string>() : std::vector<std::string>{test.code});
}

INSTANTIATE_TEST_SUITE_P(All, WhiteoutCases, ::testing::ValuesIn(Cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WhiteoutCaseTable, HoldsAllCasesAndReportsTwentyTwo) {
  EXPECT_EQ(Cases().size(), 52U);
  EXPECT_EQ(std::count_if(Cases().begin(), Cases().end(),
                          [](const WhiteoutCase& test) { return *test.code != '\0'; }),
            22);
}

}  // namespace
}  // namespace watertight::testing
