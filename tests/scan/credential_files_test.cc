#include "watertight/credential_files.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "watertight/glob.h"

namespace watertight {
namespace {

bool IsCredentialFile(const std::string& path) {
  for (const CredentialFile& file : CredentialFiles()) {
    if (Glob(file.pattern).Matches(path)) return true;
  }
  return false;
}

TEST(CredentialFiles, AreFoundWhereToolsPutThem) {
  for (const char* path : {".npmrc",
                           "root/.npmrc",
                           "app/.npmrc",
                           "root/.netrc",
                           "home/u/.pypirc",
                           "root/.ssh/id_rsa",
                           "home/u/.ssh/id_ed25519",
                           "id_ecdsa",
                           "root/.aws/credentials",
                           "root/.docker/config.json",
                           "kaniko/.docker/config.json",
                           "root/.dockercfg",
                           "root/.git-credentials",
                           "root/.config/git/credentials",
                           "root/.kube/config",
                           "root/.config/gcloud/application_default_credentials.json",
                           "root/.config/gcloud/legacy_credentials/a@b/adc.json",
                           "root/.azure/msal_token_cache.json",
                           "root/.config/gh/hosts.yml",
                           "root/.cargo/credentials",
                           "root/.cargo/credentials.toml",
                           "root/.gem/credentials",
                           "root/.m2/settings.xml",
                           "root/.gradle/gradle.properties",
                           "etc/apt/auth.conf",
                           "etc/apt/auth.conf.d/corp.conf",
                           "root/.pgpass",
                           "root/.my.cnf",
                           "root/.s3cfg",
                           "root/.boto",
                           "root/.vault-token",
                           "srv/terraform.tfstate",
                           "srv/terraform.tfstate.backup",
                           "root/.terraform.d/credentials.tfrc.json",
                           "root/.cache/huggingface/token",
                           "srv/passwords.kdbx",
                           "var/run/secrets/kubernetes.io/serviceaccount/token"}) {
    EXPECT_TRUE(IsCredentialFile(path)) << path;
  }
}

// Paths that Debian, Alpine, Node.js, Python, Go, nginx, PostgreSQL and Java images hold.
TEST(CredentialFiles, AreNoFilesOfPublicImages) {
  for (const char* path : {"etc/passwd",
                           "etc/shadow",
                           "etc/ssl/certs/ca-certificates.crt",
                           "etc/ssl/private",
                           "etc/ssl/certs/java/cacerts",
                           "etc/ssh/ssh_config",
                           "root/.bashrc",
                           "root/.profile",
                           "etc/skel/.bashrc",
                           "etc/apt/apt.conf.d/docker-clean",
                           "etc/apt/trusted.gpg.d/a.asc",
                           "etc/apt/auth.conf.d",
                           "etc/apt/preferences.d",
                           "usr/local/lib/node_modules/npm/.npmrc.md",
                           "usr/local/lib/node_modules/npm/npmrc",
                           "usr/local/lib/node_modules/npm/docs/content/npmrc.md",
                           "usr/lib/python3/dist-packages/netrc.py",
                           "usr/local/lib/python3.11/netrc.py",
                           "usr/local/lib/python3.11/test/certdata/keycert.pem",
                           "usr/local/go/src/crypto/tls/testdata/x.key",
                           "usr/local/go/src/cmd/go/testdata/script/auth.txt",
                           "etc/nginx/nginx.conf",
                           "etc/postgresql/pg_hba.conf.sample",
                           "usr/share/postgresql/15/pg_service.conf.sample",
                           "etc/mysql/my.cnf",
                           "etc/my.cnf",
                           "usr/share/maven/conf/settings.xml",
                           "root/.m2/settings-docker.xml",
                           "usr/share/maven/ref/settings-docker.xml",
                           "opt/java/openjdk/lib/security/cacerts",
                           "usr/share/gnupg/sks-keyservers.netCA.pem",
                           "root/.ssh/id_rsa.pub",
                           "root/.ssh/known_hosts",
                           "root/.ssh/authorized_keys",
                           "home/node/.config",
                           "etc/docker/config.json",
                           "usr/share/doc/git/credentials.txt",
                           "usr/share/doc/x/examples/credentials",
                           "root/.aws/config",
                           "root/.kube",
                           "root/.config/gh/config.yml",
                           "usr/local/share/.config/yarn/global/.yarnrc",
                           "app/.env.example"}) {
    EXPECT_FALSE(IsCredentialFile(path)) << path;
  }
}

TEST(CredentialFiles, HaveOneRowForEachPattern) {
  std::set<std::string> patterns;
  for (const CredentialFile& file : CredentialFiles()) {
    EXPECT_TRUE(patterns.insert(file.pattern).second) << file.pattern;
    EXPECT_FALSE(std::string(file.what).empty()) << file.pattern;
  }
}

}  // namespace
}  // namespace watertight
