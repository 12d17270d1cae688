#include "watertight/credential_files.h"

#include <iterator>

namespace watertight {
namespace {

// Precision goes first: what packages ship, also as an example or empty, has no row. Left out for
// that: *.pem and *.key (certificates, test keys), .env (its variants are examples as a rule),
// .npmrc and the like under usr/share, shell histories, .htpasswd, settings.xml of Maven itself
// (conf/).
constexpr CredentialFile kFiles[] = {
    // Package registries
    {".npmrc", "npm registry credentials"},
    {".yarnrc.yml", "Yarn registry credentials"},
    {".pypirc", "PyPI upload credentials"},
    {"**/.config/pypoetry/auth.toml", "Poetry repository credentials"},
    {"**/.gem/credentials", "RubyGems API key"},
    {"**/.local/share/gem/credentials", "RubyGems API key"},
    {"**/.cargo/credentials{,.toml}", "crates.io token"},
    {"**/.m2/settings{,-security}.xml", "Maven repository credentials"},
    {"**/.gradle/gradle.properties", "Gradle repository credentials"},
    {"**/.composer/auth.json", "Composer repository credentials"},
    {"**/.config/composer/auth.json", "Composer repository credentials"},
    {"**/.nuget/NuGet/NuGet.Config", "NuGet feed credentials"},
    {"etc/apt/auth.conf", "APT repository credentials"},
    {"etc/apt/auth.conf.d/*.conf", "APT repository credentials"},
    // Version control
    {".netrc", "login names and passwords of hosts"},
    {"_netrc", "login names and passwords of hosts"},
    {".git-credentials", "Git credentials"},
    {"**/.config/git/credentials", "Git credentials"},
    {"**/.config/gh/hosts.yml", "GitHub CLI token"},
    {"**/.config/hub", "GitHub hub token"},
    {"**/.config/glab-cli/config.yml", "GitLab CLI token"},
    // Private keys by their usual names
    {"id_{rsa,dsa,ecdsa,ecdsa_sk,ed25519,ed25519_sk}", "SSH private key"},
    {"deploy{.key,_key,-key,_rsa}", "deploy key"},
    {"**/.gnupg/private-keys-v1.d/*.key", "GnuPG private key"},
    {"**/.gnupg/secring.gpg", "GnuPG private keys"},
    {"*.{ppk,kdbx}", "PuTTY private key or KeePass database"},
    {"**/sops/age/keys.txt", "age private key"},
    // Containers and clusters
    {"**/.docker/config.json", "container registry credentials"},
    {".dockercfg", "container registry credentials"},
    {"**/containers/auth.json", "container registry credentials"},
    {"kaniko/.docker/config.json", "container registry credentials"},
    {"**/.kube/config", "Kubernetes credentials"},
    {"**/secrets/kubernetes.io/serviceaccount/token", "Kubernetes service account token"},
    {"**/.helm/repository/repositories.yaml", "Helm repository credentials"},
    // Clouds
    {"**/.aws/credentials", "AWS credentials"},
    {"**/.aws/{sso,cli}/cache/*.json", "AWS session credentials"},
    {"**/gcloud/application_default_credentials.json", "Google Cloud credentials"},
    {"**/gcloud/{credentials,access_tokens}.db", "Google Cloud credentials"},
    {"**/gcloud/legacy_credentials/**", "Google Cloud credentials"},
    {"**/.azure/{accessTokens.json,msal_token_cache.json,msal_token_cache.bin}", "Azure tokens"},
    {"**/.azure/service_principal_entries.{json,bin}", "Azure service principal"},
    {"**/.config/doctl/config.yaml", "DigitalOcean token"},
    {"**/.oci/{oci_api_key.pem,sessions/**}", "Oracle Cloud key"},
    {"**/.bluemix/config.json", "IBM Cloud token"},
    {".s3cfg", "S3 access keys of s3cmd"},
    {".boto", "access keys of boto and gsutil"},
    {".passwd-s3fs", "S3 access keys of s3fs"},
    {"**/rclone/rclone.conf", "rclone remote credentials"},
    {".databrickscfg", "Databricks token"},
    {"**/.config/op/config", "1Password CLI session"},
    {".vault-token", "HashiCorp Vault token"},
    {"**/.terraform.d/credentials.tfrc.json", "Terraform Cloud token"},
    {".terraformrc", "Terraform Cloud token"},
    {"*.tfstate{,.backup}", "Terraform state, with the secrets of its resources"},
    {"**/.pulumi/credentials.json", "Pulumi token"},
    // Databases and services
    {".pgpass", "PostgreSQL passwords"},
    {".my.cnf", "MySQL password"},
    {".mylogin.cnf", "MySQL login"},
    {"**/.huggingface/token", "Hugging Face token"},
    {"**/.cache/huggingface/{token,stored_tokens}", "Hugging Face token"},
    {"**/.kaggle/kaggle.json", "Kaggle API key"},
    {"**/.config/gspread/service_account.json", "Google service account key"},
    // What says of itself that it is one
    {"secret{,s}.txt", "a secret, by the file's own name"},
};

}  // namespace

const std::vector<CredentialFile>& CredentialFiles() {
  static const std::vector<CredentialFile> files(std::begin(kFiles), std::end(kFiles));
  return files;
}

void PrintTo(const CredentialFile& file, std::ostream* out) {
  *out << file.pattern << ": " << file.what;
}

}  // namespace watertight
