#include "framework/scan/rules/published.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>

#include "framework/image/sha256.h"

namespace watertight {
namespace {

// The first eight bytes of the SHA-256: of 64 bits, no value meets one of these by chance. A new
// row needs a source that everybody can read.
constexpr std::uint64_t kValues[] = {
    // jwt.io, RFC 7515, PyJWT
    0x7f75367e78812551, 0x8d4ef6536dc8895f, 0xbf145d9380bbe05b, 0x1a9e7de3fd045251,
    // RFC 5849, RFC 6749, RFC 6750, OpenID Connect Core 1.0
    0x9d03b692e941d5ac, 0x6c96130f130ab0d6, 0x00cf4c781dc37003, 0x4c20e6f5cc11b937,
    0x6aa14267d94944e6, 0xbb9b1163338b2a51, 0x649e1f5c769e718b, 0x2ff8b0fb93aca981,
    0xb87dad10a32a2d81, 0xc20fbc2b96183894, 0xcb87c87e4a138d9a, 0x293257ab6495ebb1,
    0xe9974c507d2a8021, 0xa35b81a7d7927b70, 0xca7459e2b26776de, 0xb8e148545b13c78b,
    0xa71b359a87afde13, 0xad71fb4165536675,
    // Drafts of RFC 6750
    0x3e6099e82cea8b70,
    // Docker: the specification of its registry's tokens
    0x6688c7c4e1471334, 0xab2af61575c02bd6, 0x45ff65530e6681e6,
    // RFC 6238, Google Authenticator: its URIs
    0x8be5d113c0871ce1, 0xd3873980f248ddeb, 0x549c9390539efcfa,
    // kubectl, and the Python client of Kubernetes
    0xf53cddc280b55732, 0x6a81b2429c0ba421,
    // Jetty: the passwords of its own key store, the sample of its module openid
    0x3f3f774c2e151cd2, 0x28a9d0634db5ab1f, 0x63774f6fa0c83e7e,
    // Amazon: signing in with it, DataSync
    0xc32e2773e4569c47, 0x72a2c4ce7344b0ff, 0xb171a33e8f8a16ec,
    // AWS: the examples of its APIs
    0x874a0cf0e1933491, 0x45a87856c0d470a0, 0x1314a52039d7ab42, 0x79d571b6c0c11df3,
    0xf420161d76f067dd, 0x16529b293d4d3f1a, 0x6caa448826c11cd3, 0xe6c2d3455587c47c,
    0xd8ccc3c547c85017, 0xbf03f60872cfb4ea, 0x1d23b6b67fde9263, 0x143a54d093f18549,
    // Redis, Firebird, node-forge
    0x1b58ee375b42e41f, 0x48c5a1d217fe8508, 0x7844a86c6b53052a,
    // Azure: its emulator of storage, and its command line
    0x0011cc25eb432071, 0x017ba987dd40938c,
    // Docker's API, Twitter
    0x83a76de47bd5fc90, 0xce9b398823bd4e00, 0x0e04efa6bc7d2d51,
    // CherryPy, SQLAlchemy
    0x392d9bf6be670c9d, 0xd0c01bc88bd8646c,
    // Google's Java client: a token of its tests
    0xbbca296facaefce5,
    // Google's command line: installed programs cannot keep a secret, and theirs are in every copy
    0xf0386f9be1fe905f, 0x456a51b1f1b3cf3e, 0x486743a2eab4395e, 0xa73b3ad3b416d981,
    0x6189b36d964849f3, 0xb3f19cc85129501b,
    // systemd.netdev(5); also as quoted-printable text joins its lines
    0x08136314cc06d4f2, 0x5cc1f45b6045ac19, 0xc9a5bab4fab3a633,
    // Go: what stands in the core dump of its tests
    0x06b3a64a622e1d3f, 0x14a5babca2173405, 0xe9cababd20f970e6,
    // Docker's registry and gRPC: of their documents
    0x9d3ee5aba8757cb2, 0xd96cbfbada78dd29};

constexpr std::uint64_t kKeys[] = {
    // RFC 8032
    0x644d50ab64864c20, 0x3d2d9682cdba5296, 0xd8eca0cca720d33b,
    // GnuTLS
    0x609ee998b4df4df9, 0xbe5e9a87830b1c5b, 0xca0eb39c25397983, 0x4c754d60b51f67e6,
    0xa66db2b574005411, 0xc01afc52a5f6c6fa, 0x5adbd900b71a9586, 0x324dc2e3cf417ea3,
    0xaec406b57118eec7, 0x2e9bbd0425126f0a,
    // Go
    0x8ea4f93cf5c3d326, 0xbc265f9f847b72ae, 0xb7f526bf68dd4966, 0x47f66d16526adad7,
    0xfc368bc3008c06e4, 0x38e559489b0d2b24, 0xa578c98ed0f5bf7f, 0x6e94b1ce98e91b87,
    0xbcf9dedd777aa5d2, 0x1c5fb593bd4b5986, 0xd40298ea7f998c6c, 0x4e2bf2ab1e08eb5c,
    0x995d663d7e12e931, 0x6d30086c94b3b074, 0xb326987a5c2a13a8, 0xcef7b5c2f3b1f5bf,
    0xab8f5783eb9232e4, 0x3746ac5e0f3c01ca, 0x152836eae8b16e6a, 0x33d0fdba1ab7225f,
    0x12cfb1676d50cae9,
    // Netty, with which it asks what OpenSSL can do
    0x8cf5d9a98162f06b,
    // gRPC
    0xf7c18aa22051f5c7, 0x26ccd595c7624885, 0x1a581196fa3eec13, 0x4d771d524e57aead,
    0x4e867cec9498ad7a, 0x70e44febbba42f01, 0xf4879787172194b1, 0xfc476c3bb5f4b053,
    0x7eacb12c52c7912c, 0x73a9828406243613, 0x1d54c040b02963ee, 0x77c745f908adcbf9,
    0x218b0e9ac2d89874, 0xb7c30645851a2f07, 0x60919f9ff194e4c0, 0xd90617be017e1256,
    // Google's clients in Java and Python, gsutil, boto
    0xf5e59d1d0727a550, 0x12f7fe6cd94b3da2, 0xe6f73cd5474e90b8, 0xc5ee5cc77cb0afba,
    0x2f0aca99c4d2dec9, 0x65cfc1fc8eaf13e5, 0x5ae82bfada7c6f72, 0x1e9565e992f39a4e,
    0x1641cd2fca358f50,
    // Twisted, Tornado
    0x7cebfd6b530c4ba5, 0x975f5f33473b279a, 0x29e7dd3c21182881, 0x6b8065e2ae67cb6a,
    0x2bdbebbe6f851ff2, 0x5f239e9d0231a053, 0x7c99d2a6009c6286, 0xf22fa89aba60e51a,
    0x9707603e411384e0, 0x1414c23a8927ab49, 0x1ebfb1eab06ce421, 0x5b3e68d986cacb13,
    0xc1f2efe203bb158a, 0x22ffd96f91ee8f12, 0xd8d48414483bf85c,
    // requests, urllib3
    0x7b45a0f657e5f284, 0x038df0c0b55ec8df, 0x38c297dd436e5a7b, 0xbc604c931f29ddef,
    0x5f18aaa9d88f36f6, 0x53ef3af09783c8e8,
    // Dovecot
    0x8b79fe13edcdd45d,
    // Python
    0x3bf561e04e1ab1f1, 0x9a8a4f6ed690ae14, 0x2b57cafa33ec1a6d, 0x3130d22208cd95f5,
    0x09fb53d482a074f0, 0x1c0a96418e55b2f9, 0x017e5662f41ad6f0, 0x74cdf9576bbd502a,
    0x39cedf7dab47fbbe, 0x27195c3aede13c26,
    // IO::Socket::SSL, Mojolicious
    0x9154e9d2f2ba918a, 0xc341cd43890387f0,
    // OpenSSL
    0xeb9434f48d70fd37, 0xdabd82ad6539f623, 0xf0f13b4a8821213d, 0x3da8933debb62a97,
    0x959f9d07c667f312, 0x2ff516088c4a9934, 0x9cac00b16269099d, 0x46703d4b906aaa51,
    0x5abb2be63ba8b6f2, 0x4385695e62f6526c,
    // OpenVPN
    0x39640cc900deb90b, 0x3686bb4e444fc57e, 0xdf4468091df8389f, 0xef4549e43b1136be,
    0x25f6eb913870acff, 0x439c9371e3d21497,
    // Tcllib
    0x8bde220400727ffa, 0x2e681be7ce2190f2, 0xb02598b5b7e8d338,
    // Docker
    0x2b47595b84238423, 0x81bf94a25e328d04,
    // MariaDB
    0xc8f3dcc5da193e59, 0x0cddeabbaf73c264, 0x830e8ebc25c0bbfe, 0x76231fb6b71b289f,
    0x378bf09e584220f4, 0x8c5c17b5bfcbc417, 0x03e86ac6dfa33e3c, 0x0e3126c6a2b087b5,
    0xbc3243d3fdb54c79, 0xb96a7b081669323f, 0x11c5fc15cea15599,
    // PyCryptodome
    0x0705c13df1a31008, 0x139d375862eae1ee, 0x1bfa136833d62d97, 0x1da29181d014d448,
    0x1f759421142670e1, 0x2832434737182351, 0x5032bd09a1ff0c7e, 0x55417e6b290955f4,
    0x5d24111a252b33a9, 0x7707b092dd5727c5, 0x8ed51c8438ac3806, 0x92b630be13604727,
    0xa91f9dd4a67c19bb, 0xa96451ce1594aa95, 0xc1d59d44d5d8e961, 0xc8d19fcd77c64ce8,
    0xd0add40619f97f0c, 0xdd334e7546ea01d2, 0xebeba98ef666cf58, 0xf10e6804ff73afa7,
    // python-ecdsa
    0x3a3db676d35103ad, 0x494c850732b3d2a4, 0x6784704aee2b41a7, 0x746553dd97632cb3,
    0x92c3fe9b8e5f5a6f, 0xd085eb0ec4e32c0a,
    // Certbot
    0x1fb33171f21704a3, 0x2b24c0ed5a71dad2, 0x44134bf85fab081a, 0x46bf8bb367471919,
    0x58a72355b3dd8fd2, 0x58f86dd5b6fb0642, 0x6352492206a9dcd6, 0x75da915773de4534,
    0x99afb5b9f4977f23, 0xa603efc6c182e20f, 0xbd8f2e55b9793e03, 0xe88eff74d6ac9f7f,
    // Moto
    0xb1d98d4adee98ffb, 0xf7041c2828e05e99,
    // JWCrypto
    0x0f1f620737982b01, 0x3342f532b933696a,
    // ssh2, node-saml
    0x05184c36f140bdc8, 0x065321a2fd9249e7, 0x0cc3c5388c483d5d, 0x1589af04088ada1d,
    0x177d80e528350246, 0x1bbe157799c7e604, 0x26e5b485b7b3f971, 0x3471154596516b7d,
    0x3dbfdaa648fe23de, 0x44a96ebd855a9da7, 0x4927869bb160ddf5, 0x4e0211c1b687ebc5,
    0x5868c6809b5f01b9, 0x5d9ee1da184e85d4, 0x645b4b44f07ae0e2, 0x71199710d25d188b,
    0x713e826b423fd1af, 0x86792006de8c40be, 0x8b33d278d031ea64, 0x93486f4c10b18317,
    0x952757754d9627bb, 0x9548fca5da8eecc3, 0x9839cbb5b6b854bc, 0xaa4cf7977da26296,
    0xb50328f9fb8e7ce2, 0xb53d7a4714bdcdf0, 0xbe48f2ec91dbfc24, 0xccefccbfed71ae41,
    0xd4e4ad93cf0224d9, 0xd5d421733ec5576a, 0xdbf5a028bc139f7f, 0xdcd42b6559ba4953,
    0xf0fba8c915f25076, 0xf5af66b88aa73268,
    // CMake, Jetty, XML Security Library
    0xa957fb8c8a3e3e7b, 0x09874ecf258de1f2, 0x849c27c984419e20,
    // Bazel, to sign what is debugged
    0x1671cb95a265293f};

template <std::size_t N>
bool Holds(const std::uint64_t (&table)[N], std::string_view bytes) {
  constexpr std::string_view kName = "sha256:";
  const std::string digest = Sha256Digest(bytes);
  const std::uint64_t begin = std::stoull(digest.substr(kName.size(), 16), nullptr, 16);
  return std::find(std::begin(table), std::end(table), begin) != std::end(table);
}

}  // namespace

bool IsPublished(std::string_view value) { return Holds(kValues, value); }

bool IsPublishedKey(std::string_view identity) { return Holds(kKeys, identity); }

}  // namespace watertight
