#include "crypto/simd/sha256_avx512.hpp"

#include <utility>

#include "base/fault.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if !defined(__clang__)
// g++ 12's own header fills "undefined" registers by reading them (GCC bug 105593), and the warning
// lands here.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define DAICHO_AVX512 __attribute__((target("avx512f,avx512bw")))
#define DAICHO_AVX512_INLINE __attribute__((target("avx512f,avx512bw"), always_inline)) inline
#endif

namespace daicho::crypto::simd {

#if defined(__x86_64__)
namespace {

// FIPS 180-4, section 4.2.2.
constexpr std::array<std::uint32_t, 64> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// Truth tables for VPTERNLOG.
constexpr int parity = 0x96;    // a ^ b ^ c
constexpr int choose = 0xCA;    // a ? b : c
constexpr int majority = 0xE8;  // two of three

template <int A, int B, int C>
DAICHO_AVX512_INLINE __m512i big_sigma(__m512i x) {
    return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, A), _mm512_ror_epi32(x, B),
                                     _mm512_ror_epi32(x, C), parity);
}
template <int A, int B, int C>
DAICHO_AVX512_INLINE __m512i small_sigma(__m512i x) {
    return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, A), _mm512_ror_epi32(x, B),
                                     _mm512_srli_epi32(x, C), parity);
}

/// Round I of sixteen. Instead of moving the eight variables, each round names them one place
/// further.
template <int I>
DAICHO_AVX512_INLINE void one_round(__m512i (&v)[8], const __m512i (&w)[16],
                                    const std::uint32_t* constants) {
    __m512i& a = v[(16 - I) % 8];
    __m512i& b = v[(17 - I) % 8];
    __m512i& c = v[(18 - I) % 8];
    __m512i& d = v[(19 - I) % 8];
    __m512i& e = v[(20 - I) % 8];
    __m512i& f = v[(21 - I) % 8];
    __m512i& g = v[(22 - I) % 8];
    __m512i& h = v[(23 - I) % 8];
    const __m512i key = _mm512_add_epi32(w[I], _mm512_set1_epi32(static_cast<int>(constants[I])));
    const __m512i first = _mm512_add_epi32(
        _mm512_add_epi32(h, key),
        _mm512_add_epi32(big_sigma<6, 11, 25>(e), _mm512_ternarylogic_epi32(e, f, g, choose)));
    d = _mm512_add_epi32(d, first);
    h = _mm512_add_epi32(first, _mm512_add_epi32(big_sigma<2, 13, 22>(a),
                                                 _mm512_ternarylogic_epi32(a, b, c, majority)));
}

template <int I>
DAICHO_AVX512_INLINE void next_word(__m512i (&w)[16]) {
    const __m512i near =
        _mm512_add_epi32(small_sigma<17, 19, 10>(w[(I + 14) % 16]), w[(I + 9) % 16]);
    const __m512i far = _mm512_add_epi32(small_sigma<7, 18, 3>(w[(I + 1) % 16]), w[I]);
    w[I] = _mm512_add_epi32(near, far);
}

template <int... I>
DAICHO_AVX512_INLINE void sixteen_rounds(__m512i (&v)[8], const __m512i (&w)[16],
                                         const std::uint32_t* constants,
                                         std::integer_sequence<int, I...>) {
    (one_round<I>(v, w, constants), ...);
}
template <int... I>
DAICHO_AVX512_INLINE void sixteen_scheduled(__m512i (&v)[8], __m512i (&w)[16],
                                            const std::uint32_t* constants,
                                            std::integer_sequence<int, I...>) {
    ((next_word<I>(w), one_round<I>(v, w, constants)), ...);
}

/// Rows are lanes, columns their words; afterwards rows are words, columns lanes. Transposes in
/// three steps: 32-bit pairs, 64-bit pairs, and twice 128-bit quarters.
DAICHO_AVX512_INLINE void transpose(__m512i (&r)[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    // r[4q + k] now holds word 4j + k of lanes 4q..4q+3 in its quarter j.
    for (int k = 0; k < 4; ++k) {
        const __m512i even_low = _mm512_shuffle_i32x4(r[k], r[4 + k], 0x88);
        const __m512i odd_low = _mm512_shuffle_i32x4(r[k], r[4 + k], 0xDD);
        const __m512i even_high = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0x88);
        const __m512i odd_high = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0xDD);
        t[k] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
        t[8 + k] = _mm512_shuffle_i32x4(even_low, even_high, 0xDD);
        t[4 + k] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
        t[12 + k] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xDD);
    }
    for (int i = 0; i < 16; ++i) r[i] = t[i];
}

DAICHO_AVX512 void compress_by_avx512(
    LaneStates& states, const std::array<const std::uint8_t*, lane_count>& blocks) noexcept {
    const __m512i big_endian =
        _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    __m512i w[16];
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        w[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(blocks[lane]), big_endian);
    }
    transpose(w);
    __m512i v[8];
    for (std::size_t i = 0; i < 8; ++i) v[i] = _mm512_load_si512(states.words[i].data());
    constexpr auto all = std::make_integer_sequence<int, 16>{};
    sixteen_rounds(v, w, round_constants.data(), all);
    for (std::size_t done = 16; done < 64; done += 16) {
        sixteen_scheduled(v, w, round_constants.data() + done, all);
    }
    for (std::size_t i = 0; i < 8; ++i) {
        auto* const words = states.words[i].data();
        _mm512_store_si512(words, _mm512_add_epi32(v[i], _mm512_load_si512(words)));
    }
}

}  // namespace

bool has_sixteen_lanes() noexcept {
    static const bool has =
        __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
    return has;
}

void compress_sixteen(LaneStates& states,
                      const std::array<const std::uint8_t*, lane_count>& blocks) noexcept {
    compress_by_avx512(states, blocks);
}

#else

bool has_sixteen_lanes() noexcept {
    return false;
}
void compress_sixteen(LaneStates&, const std::array<const std::uint8_t*, lane_count>&) noexcept {
    check(false, "sixteen lanes where there are none");
}

#endif

}  // namespace daicho::crypto::simd
