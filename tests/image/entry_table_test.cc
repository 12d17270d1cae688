#include "framework/image/entry_table.h"

#include <gtest/gtest.h>

namespace watertight {
namespace {

Entry AddOne(EntryTable* table, const TarEntry& tar) {
  table->Add(tar);
  return table->entries().back();
}

TEST(EntryTable, RecognisesWhiteoutsByTheLastComponentAlone) {
  EntryTable table;
  EXPECT_EQ(AddOne(&table, {.name = "a/.wh.x"}).type(), EntryType::kWhiteout);
  EXPECT_EQ(table.entries().back().path(), "a/x");
  EXPECT_EQ(table.entries().back().stored_name(), "a/.wh.x");
  EXPECT_EQ(AddOne(&table, {.name = "a/.wh..wh..opq"}).type(), EntryType::kOpaque);
  EXPECT_EQ(table.entries().back().path(), "a");
  EXPECT_EQ(AddOne(&table, {.name = ".wh.dir/x"}).type(), EntryType::kFile);
}

TEST(EntryTable, KeepsTheStoredName) {
  EntryTable table;
  EXPECT_EQ(AddOne(&table, {.name = "./a/b"}).stored_name(), "./a/b");
  EXPECT_EQ(table.entries().back().path(), "a/b");
  EXPECT_EQ(AddOne(&table, {.name = "d/", .type = '5'}).stored_name(), "d/");
  EXPECT_EQ(table.entries().back().path(), "d");
}

TEST(EntryTable, DecodesXattrs) {
  EntryTable table;
  TarEntry tar;
  tar.name = "f";
  tar.pax = {{"SCHILY.xattr.user.bin", std::string("a\0\n=b", 5)}};
  EXPECT_EQ(AddOne(&table, tar).xattrs().at("user.bin"), std::string("a\0\n=b", 5));
}

TEST(EntryTable, NotesNamesThatLeaveTheRoot) {
  EntryTable table;
  table.Add({.name = "../../etc/passwd"});
  ASSERT_EQ(table.notes().size(), 1U);
  EXPECT_EQ(table.notes()[0].code, "ambiguous-path");
  EXPECT_EQ(table.entries()[0].path(), "etc/passwd");
}

}  // namespace
}  // namespace watertight
