#include "generator/credentials/bcrypt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "generator/archives/binary.h"
#include "generator/credentials/blowfish_digits.h"
#include "generator/credentials/digests.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::size_t kSubkeys = 18;
constexpr std::size_t kBoxed = 4 * 256;
constexpr std::size_t kHash = 32;  // bytes of one hash

using State = std::array<std::uint32_t, kSubkeys + kBoxed>;  // subkeys, then the boxes

State FirstState() {
  State state{};
  for (std::size_t i = 0; i < state.size(); ++i) {
    const char* const begin = kPiDigits.data() + 8 * i;
    std::from_chars(begin, begin + 8, state[i], 16);
  }
  return state;
}

// Reads words of four bytes, over and over again.
class Words {
 public:
  explicit Words(std::string_view bytes) : bytes_(bytes) {}
  std::uint32_t Next() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) {
      word = word << 8 | static_cast<unsigned char>(bytes_[at_]);
      at_ = (at_ + 1) % bytes_.size();
    }
    return word;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

void Encrypt(const State& state, std::uint32_t& left, std::uint32_t& right) {
  const std::uint32_t* const box = state.data() + kSubkeys;
  left ^= state[0];
  for (std::size_t i = 1; i < kSubkeys - 1; ++i) {
    right ^= state[i] ^
             (((box[left >> 24] + box[256 + (left >> 16 & 255)]) ^ box[512 + (left >> 8 & 255)]) +
              box[768 + (left & 255)]);
    std::swap(left, right);
  }
  std::swap(left, right);
  left ^= state[kSubkeys - 1];
}

// Mixes a key in; and a salt, of which each block takes the next words.
void Expand(State& state, std::string_view key, std::string_view salt = {}) {
  Words key_words(key);
  for (std::size_t i = 0; i < kSubkeys; ++i) state[i] ^= key_words.Next();
  Words salt_words(salt);
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  for (std::size_t i = 0; i < state.size(); i += 2) {
    if (!salt.empty()) {
      left ^= salt_words.Next();
      right ^= salt_words.Next();
    }
    Encrypt(state, left, right);
    state[i] = left;
    state[i + 1] = right;
  }
}

std::string Hash(std::string_view passphrase, std::string_view salt) {
  static const State first = FirstState();
  State state = first;
  Expand(state, passphrase, salt);
  for (int i = 0; i < 64; ++i) {
    Expand(state, salt);
    Expand(state, passphrase);
  }
  Words text("OxychromaticBlowfishSwatDynamite");
  std::string hash;
  for (std::size_t i = 0; i < kHash; i += 8) {
    std::uint32_t left = text.Next();
    std::uint32_t right = text.Next();
    for (int round = 0; round < 64; ++round) Encrypt(state, left, right);
    hash += LittleEndian(left, 4) + LittleEndian(right, 4);
  }
  return hash;
}

}  // namespace

std::string BcryptKey(std::string_view passphrase, std::string_view salt, std::size_t size,
                      unsigned rounds) {
  const std::string hashed_passphrase = Sha512(passphrase);
  const std::size_t blocks = (size + kHash - 1) / kHash;
  std::string key(size, '\0');
  for (std::size_t block = 0; block < blocks; ++block) {
    std::string last = Hash(hashed_passphrase, Sha512(std::string(salt) + BigEndian(block + 1, 4)));
    std::string sum = last;
    for (unsigned round = 1; round < rounds; ++round) {
      last = Hash(hashed_passphrase, Sha512(last));
      for (std::size_t i = 0; i < kHash; ++i) sum[i] = static_cast<char>(sum[i] ^ last[i]);
    }
    // The blocks' bytes take turns.
    for (std::size_t i = 0; i * blocks + block < size; ++i) key[i * blocks + block] = sum[i];
  }
  return key;
}

}  // namespace watertight::generator::credentials
