/* SPDX-License-Identifier: MIT */
#include "engine/signing.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum {
    CODE_LENGTH_USUAL = 12, /* of both algorithms of RFC 5926 */
    /* struct tcp_ao_add, since Linux 6.7. */
    AO_ADD_SIZE = 288,
    AO_ALGORITHM = 128,
    AO_ALGORITHM_SIZE = 64,
    AO_PREFIX = 202,
    AO_SEND_ID = 203,
    AO_RECEIVE_ID = 204,
    AO_CODE_LENGTH = 205,
    AO_FLAGS = 206,
    AO_KEY_LENGTH = 207,
    AO_KEY = 208,
    AO_FLAG_EXCLUDE_OPTIONS = 2,
};

/* The address in a sockaddr_storage at DATA; a mapped one is IPv4. */
static struct address socket_address(const uint8_t *data)
{
    struct address address = {.family = ADDRESS_NONE};
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    memcpy(&six, data, sizeof(six));
    memcpy(&four, data, sizeof(four));
    if (four.sin_family == AF_INET) {
        address.family = ADDRESS_IPV4;
        memcpy(address.bytes, &four.sin_addr, sizeof(four.sin_addr));
    } else if (six.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
        address.family = ADDRESS_IPV4;
        memcpy(address.bytes, six.sin6_addr.s6_addr + 12, 4);
    } else if (six.sin6_family == AF_INET6) {
        address.family = ADDRESS_IPV6;
        memcpy(address.bytes, &six.sin6_addr, sizeof(six.sin6_addr));
    }
    return address;
}

static bool take_md5(const uint8_t *data, size_t size, struct signing_key *key)
{
    struct tcp_md5sig given;
    if (size < sizeof(given))
        return false;
    memcpy(&given, data, sizeof(given));
    if (given.tcpm_keylen > SIGNING_KEY_MOST)
        return false;
    *key = (struct signing_key){.rule = SLOT_MD5, .peer = socket_address(data), .length = (uint8_t)given.tcpm_keylen};
    bool prefixed = (given.tcpm_flags & TCP_MD5SIG_FLAG_PREFIX) != 0;
    key->prefix = (uint8_t)(prefixed ? given.tcpm_prefixlen : 8 * address_size(key->peer.family));
    memcpy(key->bytes, given.tcpm_key, key->length);
    return true;
}

static bool take_authentication(const uint8_t *data, size_t size, struct signing_key *key)
{
    if (size < AO_ADD_SIZE || data[AO_KEY_LENGTH] > SIGNING_KEY_MOST)
        return false;
    const char *algorithm = (const char *)data + AO_ALGORITHM;
    bool cmac = strncmp(algorithm, "cmac(aes", strlen("cmac(aes")) == 0;
    if (!cmac && strncmp(algorithm, "hmac(sha1)", AO_ALGORITHM_SIZE) != 0)
        return false;
    *key = (struct signing_key){
        .rule = SLOT_MAC,
        .peer = socket_address(data),
        .prefix = data[AO_PREFIX],
        .length = data[AO_KEY_LENGTH],
        .algorithm = cmac ? AUTHENTICATION_AES_128_CMAC : AUTHENTICATION_HMAC_SHA1,
        .omits_options = (data[AO_FLAGS] & AO_FLAG_EXCLUDE_OPTIONS) != 0,
        .send_id = data[AO_SEND_ID],
        .receive_id = data[AO_RECEIVE_ID],
        .code_length = data[AO_CODE_LENGTH] == 0 ? CODE_LENGTH_USUAL : data[AO_CODE_LENGTH],
    };
    memcpy(key->bytes, data + AO_KEY, key->length);
    return true;
}

/* Options that give keys. */
static const struct {
    const char *option;
    bool (*take)(const uint8_t *data, size_t size, struct signing_key *key);
} key_rows[] = {
    {"TCP_MD5SIG", take_md5},
    {"TCP_MD5SIG_EXT", take_md5},
    {"TCP_AO_ADD_KEY", take_authentication},
};

bool signing_note(struct signing_keys *keys, struct call_context *context, const struct prepared_call *call)
{
    const struct stack_argument *arguments = call->call.arguments;
    if (call->call.operation != STACK_SETSOCKOPT || call->call.count < 5 || arguments[1].integer != IPPROTO_TCP ||
        arguments[3].kind != ARGUMENT_POINTER || arguments[3].data == NULL)
        return true;
    for (size_t i = 0; i < COUNT_OF(key_rows); i++) {
        int64_t option;
        struct signing_key key;
        if (evaluation_symbol(context->evaluation, key_rows[i].option, &option) != SYMBOL_HERE ||
            option != arguments[2].integer || !key_rows[i].take(arguments[3].data, arguments[3].length, &key))
            continue;
        void *items = keys->items;
        if (!arena_array_room(context->arena, &items, sizeof(*keys->items), keys->count, &keys->capacity))
            return false;
        keys->items = items;
        keys->items[keys->count++] = key;
        return true;
    }
    return true;
}

static bool peer_fits(const struct signing_key *key, const struct address *peer)
{
    if (key->peer.family == ADDRESS_NONE)
        return true;
    if (key->peer.family != peer->family)
        return false;
    size_t whole = key->prefix / 8;
    unsigned rest = key->prefix % 8;
    if (whole > address_size(peer->family) || memcmp(key->peer.bytes, peer->bytes, whole) != 0)
        return false;
    return rest == 0 || (key->peer.bytes[whole] ^ peer->bytes[whole]) >> (8 - rest) == 0;
}

/* What is asked of a key. */
struct key_wanted {
    enum slot_rule rule;
    uint8_t id; /* SLOT_MAC: the identifier in the segment */
    bool injected;
    const struct address *peer; /* NULL: any */
};

static const struct signing_key *find_key(const struct signing_keys *keys, const struct key_wanted *wanted)
{
    for (size_t i = keys->count; i > 0; i--) {
        const struct signing_key *key = &keys->items[i - 1];
        uint8_t id = wanted->injected ? key->receive_id : key->send_id;
        if (key->rule != wanted->rule || (key->rule == SLOT_MAC && id != wanted->id))
            continue;
        if (wanted->peer == NULL || peer_fits(key, wanted->peer))
            return key;
    }
    return NULL;
}

uint8_t signing_code_length(const struct signing_keys *keys, const struct pattern *pattern, bool injected)
{
    for (size_t i = 0; i < pattern->slot_count; i++) {
        const struct pattern_slot *slot = &pattern->slots[i];
        if (slot->rule != SLOT_MAC)
            continue;
        const uint8_t id = pattern->packet.tcp.options.data[slot->option + 2];
        const struct signing_key *key = find_key(keys, &(struct key_wanted){SLOT_MAC, id, injected, NULL});
        return key == NULL ? CODE_LENGTH_USUAL : key->code_length;
    }
    return CODE_LENGTH_USUAL;
}

static bool fail_without_key(const struct signing *signing, enum slot_rule rule, uint8_t id, struct error *error)
{
    char place[64];
    struct text text = text_in(place, sizeof(place));
    struct address peer = signing->injected ? packet_source(signing->segment) : packet_destination(signing->segment);
    address_print(&text, &peer);
    if (rule == SLOT_MD5)
        return error_set(error, ERROR_MALFORMED, "`md5 valid`: no setsockopt() of TCP_MD5SIG has given a key for %s",
                         place);
    return error_set(error, ERROR_MALFORMED,
                     "`ao ... valid`: no setsockopt() of TCP_AO_ADD_KEY has given a key with identifier %u for %s", id,
                     place);
}

static bool reckon(const struct signing *signing, const struct signing_key *key, uint8_t digest[DIGEST_SIZE_MOST])
{
    const struct bytes secret = {key->bytes, key->length};
    if (key->rule == SLOT_MD5)
        return signature_md5(signing->segment, secret, digest);
    const struct authentication_key master = {key->algorithm, secret, key->omits_options};
    uint8_t traffic_key[DIGEST_SIZE_MOST];
    size_t size;
    return signature_traffic_key(signing->segment, &master, &signing->numbers, traffic_key, &size) &&
           signature_authenticate(signing->segment, &master, (struct bytes){traffic_key, size}, 0, digest);
}

/* Writes the signature of one option. */
static bool write_signature(const struct signing *signing, enum slot_rule rule, struct bytes options, uint8_t *at,
                            struct error *error)
{
    struct tcp_option option;
    uint8_t kind = rule == SLOT_MD5 ? TCP_OPTION_MD5 : TCP_OPTION_AUTHENTICATION;
    uint8_t digest[DIGEST_SIZE_MOST];
    if (!tcp_option_find(options, kind, &option))
        return true;
    struct address peer = signing->injected ? packet_source(signing->segment) : packet_destination(signing->segment);
    const uint8_t id = option.body.data[0];
    const struct signing_key *key = find_key(signing->keys, &(struct key_wanted){rule, id, signing->injected, &peer});
    if (key == NULL)
        return fail_without_key(signing, rule, id, error);
    size_t head = rule == SLOT_MD5 ? 2 : 4;
    size_t size = option.whole.length - head;
    /* A segment without the option has no code; then it is not the expected one. */
    if (!reckon(signing, key, digest) || size > sizeof(digest))
        return !signing->injected ||
               error_set(error, ERROR_NOT_APPLICABLE, "the system's libcrypto does not reckon this digest");
    memcpy(at + (option.whole.data - options.data) + head, digest, size);
    return true;
}

bool signing_write(const struct signing *signing, uint8_t *options, size_t length, struct error *error)
{
    for (size_t i = 0; i < signing->pattern->slot_count; i++) {
        enum slot_rule rule = signing->pattern->slots[i].rule;
        if ((rule == SLOT_MD5 || rule == SLOT_MAC) &&
            !write_signature(signing, rule, (struct bytes){options, length}, options, error))
            return false;
    }
    return true;
}
