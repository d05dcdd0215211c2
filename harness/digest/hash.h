/* SPDX-License-Identifier: MIT */
/* Hashes and message authentication codes over pieces of data, by libcrypto. */
#ifndef DIGEST_HASH_H
#define DIGEST_HASH_H

#include "base/bytes.h"

enum {
    MD5_DIGEST_SIZE = 16,
    SHA1_DIGEST_SIZE = 20,
    SHA256_DIGEST_SIZE = 32,
    AES_128_KEY_SIZE = 16, /* and that of its CMAC */
    DIGEST_SIZE_MOST = SHA256_DIGEST_SIZE,
};

/* All of these digest COUNT pieces as one message and put the result to DIGEST, which has room for it. False if the
 * library does not do it: it lacks the algorithm, as one that is restricted to approved ones lacks MD5, or memory. */
MUST_USE bool hash_md5(const struct bytes *pieces, size_t count, uint8_t *digest);
MUST_USE bool hash_sha256(const struct bytes *pieces, size_t count, uint8_t *digest);

/* RFC 2104. */
MUST_USE bool hmac_sha1(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest);
MUST_USE bool hmac_sha256(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest);

/* RFC 4493. The key has AES_128_KEY_SIZE bytes. */
MUST_USE bool cmac_aes_128(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest);

#endif
