#include "generator/credentials/rsa_key.h"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "generator/credentials/der.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/primes.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::size_t kModulusBytes = 256;
constexpr std::uint64_t kExponent = 65537;

std::string Algorithm() {
  return der::Sequence({der::ObjectId("1.2.840.113549.1.1.1"), der::Null()});
}

// Both primes are the key's own, as a real one's are: of two moduli with a prime in common, anybody
// computes both keys.
RsaKey MakeKey(const std::string& material) {
  Drbg random(material);
  BigNumber p = DrawPrime(4 * kModulusBytes, kExponent, random);
  BigNumber q = DrawPrime(4 * kModulusBytes, kExponent, random);
  if (p < q) std::swap(p, q);
  const BigNumber one(1);
  const BigNumber p_less = p - one;
  const BigNumber q_less = q - one;
  RsaKey key;
  key.modulus = p * q;
  key.exponent = BigNumber(kExponent);
  key.private_exponent = Inverse(key.exponent, p_less * q_less / Gcd(p_less, q_less));
  key.exponent_p = key.private_exponent % p_less;
  key.exponent_q = key.private_exponent % q_less;
  key.coefficient = Inverse(q, p);
  key.p = std::move(p);
  key.q = std::move(q);
  return key;
}

// Each key is made once, by whichever thread needs it first.
class Keys {
 public:
  const RsaKey& Of(const std::string& material) {
    Entry& entry = EntryOf(material);
    std::call_once(entry.made, [&] { entry.key = MakeKey(material); });
    return entry.key;
  }

 private:
  struct Entry {
    std::once_flag made;
    RsaKey key;
  };

  Entry& EntryOf(const std::string& material) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Entry>& entry = entries_[material];
    if (entry == nullptr) entry = std::make_unique<Entry>();
    return *entry;
  }

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

}  // namespace

std::string RsaKey::Pkcs1() const {
  using der::Integer;
  return der::Sequence({Integer(0), Integer(modulus), Integer(exponent), Integer(private_exponent),
                        Integer(p), Integer(q), Integer(exponent_p), Integer(exponent_q),
                        Integer(coefficient)});
}

std::string RsaKey::Pkcs8() const {
  return der::Sequence({der::Integer(0), Algorithm(), der::OctetString(Pkcs1())});
}

std::string RsaKey::SubjectPublicKey() const {
  const std::string key = der::Sequence({der::Integer(modulus), der::Integer(exponent)});
  return der::Sequence({Algorithm(), der::BitString(key)});
}

std::string RsaKey::Sign(std::string_view message) const {
  const std::string digest_info =
      der::Sequence({der::Sequence({der::ObjectId("2.16.840.1.101.3.4.2.1"), der::Null()}),
                     der::OctetString(Sha256(message))});
  std::string padded = std::string("\0\1", 2);
  padded.resize(kModulusBytes - digest_info.size() - 1, '\xff');
  padded += '\0' + digest_info;
  const BigNumber number = BigNumber::FromBytes(padded);
  const BigNumber by_p = Power(number % p, exponent_p, p);
  const BigNumber by_q = Power(number % q, exponent_q, q);
  const BigNumber h = (by_p + p - by_q % p) * coefficient % p;
  return (by_q + h * q).Bytes(kModulusBytes);
}

const RsaKey& DrawRsaKey(Drbg& random) {
  static Keys keys;
  return keys.Of(random.Bytes(32));
}

}  // namespace watertight::generator::credentials
