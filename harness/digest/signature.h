/* SPDX-License-Identifier: MIT */
/* What signs a TCP segment: the MD5 option (RFC 2385) and the authentication option, TCP-AO (RFC 5925, RFC 5926). */
#ifndef DIGEST_SIGNATURE_H
#define DIGEST_SIGNATURE_H

#include "digest/hash.h"
#include "packet/packet.h"

/* The digest of SEGMENT, a packet as it is on the wire, with KEY; its checksum and options count for nothing (RFC 2385
 * section 2.0). False as hash_md5(), or if SEGMENT is none of TCP. */
MUST_USE bool signature_md5(const struct packet *segment, struct bytes key, uint8_t digest[MD5_DIGEST_SIZE]);

enum authentication_algorithm {
    AUTHENTICATION_HMAC_SHA1,    /* KDF_HMAC_SHA1 and HMAC-SHA-1-96 */
    AUTHENTICATION_AES_128_CMAC, /* KDF_AES_128_CMAC and AES-128-CMAC-96 */
};

/* A master key tuple, as far as it is one's own choice (RFC 5925 section 3.1). */
struct authentication_key {
    enum authentication_algorithm algorithm;
    struct bytes master;
    bool omits_options; /* other options than TCP-AO are not covered */
};

/* The connection's initial sequence numbers, of the segment's sender and its receiver; RECEIVER is 0 in a SYN without
 * ACK (RFC 5925 section 5.2). */
struct authentication_numbers {
    uint32_t sender;
    uint32_t receiver;
};

/* The traffic key of SEGMENT's direction (RFC 5926 section 3.1); *SIZE is how many bytes TRAFFIC_KEY has. */
MUST_USE bool signature_traffic_key(const struct packet *segment, const struct authentication_key *key,
                                    const struct authentication_numbers *numbers, uint8_t traffic_key[DIGEST_SIZE_MOST],
                                    size_t *size);

/*
 * The message authentication code of SEGMENT, a packet as it is on the wire, of SIZE bytes at most; its option's own
 * code and the checksum count as zeros. EXTENSION is the sequence number extension (RFC 5925 section 6.2). False as
 * hmac_sha1(), if SEGMENT is none of TCP, or if its option has less room.
 */
MUST_USE bool signature_authenticate(const struct packet *segment, const struct authentication_key *key,
                                     struct bytes traffic_key, uint32_t extension, uint8_t code[DIGEST_SIZE_MOST]);

#endif
