#include "generator/dockerfile/mount_buildah.h"

#include <gtest/gtest.h>

#include "generator/error.h"

namespace watertight::generator {
namespace {

std::string ErrorOf(const std::string& text) {
  try {
    ParseBuildahMount(text, "bind");
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

TEST(BuildahMount, ReadsPlainTextBetweenCommas) {
  const Mount cache = ParseBuildahMount("type=cache,id=npm,target=/root/.npm,mode=0700,uid=5", "");
  EXPECT_EQ(cache.type, "cache");
  EXPECT_EQ(cache.id, "npm");
  EXPECT_EQ(cache.target, "/root/.npm");
  EXPECT_EQ(cache.mode, 0700U);
  EXPECT_EQ(cache.uid, 5U);
  EXPECT_FALSE(cache.read_only);
  const Mount bind = ParseBuildahMount("source=a,dst=/b,Z,from=build", "bind");
  EXPECT_EQ(bind.source, "a");
  EXPECT_EQ(bind.from, "build");
  EXPECT_TRUE(bind.read_only);
  EXPECT_FALSE(ParseBuildahMount("target=/b,rw", "bind").read_only);
}

TEST(BuildahMount, HasTheTypeOfTheOneBefore) {
  EXPECT_EQ(ParseBuildahMount("id=x", "secret").type, "secret");
  EXPECT_EQ(ParseBuildahMount("type=tmpfs,target=/t", "secret").type, "tmpfs");
}

// As buildah 1.28.2 says it, behind "resolving mountpoints for container …".
TEST(BuildahMount, RefusesInBuildahsWords) {
  const std::string syntax =
      " should have syntax id=id[,target=path,required=bool,mode=uint,uid=uint,gid=uint";
  EXPECT_EQ(ErrorOf("type=bogus"), "invalid mount type \"bogus\"");
  EXPECT_EQ(ErrorOf("type=bind"), "must set volume destination");
  EXPECT_EQ(ErrorOf("type=bind,target=."),
            "invalid container path \".\", must be an absolute path");
  EXPECT_EQ(ErrorOf("type=tmpfs,target=/t,size=1m"), "size: invalid mount option");
  EXPECT_EQ(ErrorOf("type=tmpfs,target=/t,source=/a"), "source is not supported with tmpfs mounts");
  EXPECT_EQ(ErrorOf("type=cache,target"), "target: must provide an argument for option");
  EXPECT_EQ(ErrorOf("type=cache,target=/c,sharing=private"),
            "unrecognized value \"private\" for field `sharing`: %!w(<nil>)");
  EXPECT_EQ(ErrorOf("type=cache,target=/c,mode=9"),
            "unable to parse cache mode: strconv.ParseUint: parsing \"9\": invalid syntax");
  EXPECT_EQ(ErrorOf("type=cache,target=/c,uid=a"),
            "unable to parse cache uid: strconv.Atoi: parsing \"a\": invalid syntax");
  EXPECT_EQ(ErrorOf("type=secret,target=/x"), "secret" + syntax);
  EXPECT_EQ(ErrorOf("type=secret,id=x,env=Y"), "secret" + syntax);
  EXPECT_EQ(ErrorOf("type=ssh,from=x"), "ssh" + syntax);
}

}  // namespace
}  // namespace watertight::generator
