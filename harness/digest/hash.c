/* SPDX-License-Identifier: MIT */
#include "digest/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/* NAME is the library's name of the hash. */
static bool hash_pieces(const char *name, const struct bytes *pieces, size_t count, uint8_t *digest)
{
    uint8_t made[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_MD *method = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = method != NULL && context != NULL && EVP_DigestInit_ex2(context, method, NULL) == 1;
    for (size_t i = 0; i < count; i++)
        done = done && EVP_DigestUpdate(context, pieces[i].data, pieces[i].length) == 1;
    done = done && EVP_DigestFinal_ex(context, made, &length) == 1;
    if (done)
        memcpy(digest, made, length);
    EVP_MD_CTX_free(context);
    EVP_MD_free(method);
    return done;
}

bool hash_md5(const struct bytes *pieces, size_t count, uint8_t *digest)
{
    return hash_pieces("MD5", pieces, count, digest);
}

bool hash_sha256(const struct bytes *pieces, size_t count, uint8_t *digest)
{
    return hash_pieces("SHA256", pieces, count, digest);
}

/* A message authentication code: the library's names of it, and of what it rests on. */
struct mac_method {
    const char *name;
    const char *parameter;
    const char *base;
    size_t size;
};

static bool mac_pieces(const struct mac_method *method, struct bytes key, const struct bytes *pieces, size_t count,
                       uint8_t *digest)
{
    uint8_t made[DIGEST_SIZE_MOST];
    size_t length = 0;
    char base[16];
    memcpy(base, method->base, strlen(method->base) + 1);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(method->parameter, base, 0),
                                     OSSL_PARAM_construct_end()};
    /* A key of no bytes is one, too. */
    static const uint8_t no_key[1];
    const uint8_t *key_data = key.length == 0 ? no_key : key.data;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, method->name, NULL);
    EVP_MAC_CTX *context = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
    bool done = context != NULL && EVP_MAC_init(context, key_data, key.length, parameters) == 1;
    for (size_t i = 0; i < count; i++)
        done = done && (pieces[i].length == 0 || EVP_MAC_update(context, pieces[i].data, pieces[i].length) == 1);
    done = done && EVP_MAC_final(context, made, &length, sizeof(made)) == 1 && length == method->size;
    if (done)
        memcpy(digest, made, length);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    return done;
}

bool hmac_sha1(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest)
{
    static const struct mac_method method = {"HMAC", OSSL_MAC_PARAM_DIGEST, "SHA1", SHA1_DIGEST_SIZE};
    return mac_pieces(&method, key, pieces, count, digest);
}

bool hmac_sha256(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest)
{
    static const struct mac_method method = {"HMAC", OSSL_MAC_PARAM_DIGEST, "SHA256", SHA256_DIGEST_SIZE};
    return mac_pieces(&method, key, pieces, count, digest);
}

bool cmac_aes_128(struct bytes key, const struct bytes *pieces, size_t count, uint8_t *digest)
{
    static const struct mac_method method = {"CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC", AES_128_KEY_SIZE};
    return mac_pieces(&method, key, pieces, count, digest);
}
