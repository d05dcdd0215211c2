/* SPDX-License-Identifier: MIT */
#include "engine/multipath.h"

#include "digest/hash.h"
#include "packet/multipath_subtype.h"

enum {
    KEY_SIZE = 8,
    NONCE_SIZE = 4,
    AT_SECOND = 3, /* of an option: the address identifier; the flags of DSS */
    AT_REST = 4,
    JOIN_NONCE = 12, /* in the second MP_JOIN */
    FIRST_CODE_SIZE = 8,
};

/* Ours, where a script names a key or random number without a value: the same in each run. */
static const uint64_t own_key = UINT64_C(0x7368616b65646f77);
static const uint32_t own_nonce = 0x6e6f6e63;

static bool fail_digest(struct error *error)
{
    return error_set(error, ERROR_NOT_APPLICABLE, "the system's libcrypto does not reckon MPTCP's digests");
}

static bool fail_memory(struct error *error)
{
    return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a name's value");
}

bool multipath_digest(uint64_t key, uint32_t *token, uint64_t *initial_number)
{
    uint8_t bytes[KEY_SIZE], digest[DIGEST_SIZE_MOST];
    store_be64(bytes, key);
    const struct bytes piece = {bytes, sizeof(bytes)};
    if (!hash_sha256(&piece, 1, digest))
        return false;
    *token = load_be32(digest);
    *initial_number = load_be64(digest + SHA256_DIGEST_SIZE - sizeof(uint64_t));
    return true;
}

/* HMAC-SHA256 with the sender's key and then the receiver's (section 3.2). */
static bool code_of(const struct multipath_filling *filling, struct bytes message, uint8_t digest[DIGEST_SIZE_MOST])
{
    const struct multipath *state = filling->state;
    uint8_t keys[2 * KEY_SIZE];
    store_be64(keys, filling->injected ? state->remote_key : state->local_key);
    store_be64(keys + KEY_SIZE, filling->injected ? state->local_key : state->remote_key);
    return hmac_sha256((struct bytes){keys, sizeof(keys)}, &message, 1, digest);
}

/* SIZE bytes of what came in the place; NULL if they did not. */
static const uint8_t *came_at(const struct multipath_place *place, size_t size)
{
    size_t within = (size_t)place->slot->offset - place->slot->option;
    return within + size <= place->came.length ? place->came.data + within : NULL;
}

/* Bytes that came are what is expected; where they did not come zeros are. */
static void fill_open(const struct multipath_place *place, size_t size, struct byte_writer *writer)
{
    const uint8_t *came = came_at(place, size);
    uint8_t *room = byte_writer_room(writer, size);
    if (came != NULL && room != NULL)
        memcpy(room, came, size);
}

/* The value of a key, and what has been learnt of it by now. */
static bool key_value(const struct multipath_filling *filling, const struct multipath_place *place, uint64_t *value,
                      bool *known)
{
    const struct pattern_slot *slot = place->slot;
    const struct named_value *named = names_find(filling->names, slot->name);
    const uint8_t *came = came_at(place, KEY_SIZE);
    *known = named != NULL;
    if (slot->has_value)
        *value = load_be64(slot->value);
    else if (named != NULL)
        *value = load_be64(named->bytes);
    else if (filling->injected)
        *value = own_key + filling->names->count;
    else if (came != NULL)
        *value = load_be64(came);
    else
        return false;
    return true;
}

/* The first key of an option is its sender's. */
static void note_key(const struct multipath_filling *filling, const struct pattern_slot *slot, uint64_t value)
{
    struct multipath *state = filling->state;
    if (slot->offset - slot->option != AT_REST)
        return;
    if (filling->injected && !state->remote_known) {
        state->remote_known = true;
        state->remote_key = value;
    } else if (!filling->injected && !state->local_known) {
        state->local_known = true;
        state->local_key = value;
    }
}

static bool fill_key(const struct multipath_filling *filling, const struct multipath_place *place,
                     struct byte_writer *writer, struct error *error)
{
    uint64_t value;
    bool known;
    if (!key_value(filling, place, &value, &known)) {
        (void)byte_writer_room(writer, KEY_SIZE);
        return true;
    }
    byte_writer_u64(writer, value);
    note_key(filling, place->slot, value);
    struct named_value named = {.name = place->slot->name, .kind = NAME_KEY, .length = KEY_SIZE};
    store_be64(named.bytes, value);
    return known || names_add(filling->names, filling->arena, &named) || fail_memory(error);
}

static bool fill_peer_key(const struct multipath_filling *filling, const struct multipath_place *place,
                          struct byte_writer *writer, struct error *error)
{
    (void)place;
    (void)error;
    byte_writer_u64(writer, filling->injected ? filling->state->local_key : filling->state->remote_key);
    return true;
}

static bool fill_token(const struct multipath_filling *filling, const struct multipath_place *place,
                       struct byte_writer *writer, struct error *error)
{
    const struct named_value *named = names_find(filling->names, place->slot->name);
    uint32_t token;
    uint64_t initial_number;
    if (named == NULL)
        return error_set(error, ERROR_MALFORMED, "the key `%s` has no value: no segment that came has given it one",
                         place->slot->name);
    if (!multipath_digest(load_be64(named->bytes), &token, &initial_number))
        return fail_digest(error);
    byte_writer_u32(writer, token);
    return true;
}

static bool fill_nonce(const struct multipath_filling *filling, const struct multipath_place *place,
                       struct byte_writer *writer, struct error *error)
{
    const uint8_t *came = came_at(place, NONCE_SIZE);
    (void)error;
    if (filling->injected) {
        byte_writer_u32(writer, own_nonce);
        return true;
    }
    if (came != NULL)
        filling->connection->local_nonce = load_be32(came);
    fill_open(place, NONCE_SIZE, writer);
    return true;
}

static bool fill_join_code(const struct multipath_filling *filling, const struct multipath_place *place,
                           struct byte_writer *writer, struct error *error)
{
    uint8_t message[2 * NONCE_SIZE], digest[DIGEST_SIZE_MOST];
    uint32_t local = filling->connection->local_nonce;
    /* In the second MP_JOIN the sender's random number stands behind its code. */
    if (!filling->injected && place->slot->size == FIRST_CODE_SIZE && place->came.length >= JOIN_NONCE + NONCE_SIZE)
        local = load_be32(place->came.data + JOIN_NONCE);
    store_be32(message, filling->injected ? own_nonce : local);
    store_be32(message + NONCE_SIZE, filling->injected ? local : own_nonce);
    if (!code_of(filling, (struct bytes){message, sizeof(message)}, digest))
        return fail_digest(error);
    byte_writer_bytes(writer, (struct bytes){digest, place->slot->size});
    return true;
}

static bool fill_address(const struct multipath_filling *filling, const struct multipath_place *place,
                         struct byte_writer *writer, struct error *error)
{
    const struct pattern_slot *slot = place->slot;
    const struct named_value *named = names_find(filling->names, slot->name);
    struct named_value value = {.name = slot->name, .kind = NAME_ADDRESS, .length = filling->ipv6 ? 16 : 4};
    const uint8_t *came = came_at(place, value.length);
    if (slot->has_value) {
        value.length = slot->value_size;
        memcpy(value.bytes, slot->value, slot->value_size);
    } else if (named != NULL) {
        value = *named;
    } else if (filling->injected) {
        const struct address ours = address_numbered(&filling->remote, slot->name);
        memcpy(value.bytes, ours.bytes, value.length);
    } else if (came != NULL) {
        memcpy(value.bytes, came, value.length);
    } else {
        return true;
    }
    byte_writer_bytes(writer, (struct bytes){value.bytes, value.length});
    return named != NULL || names_add(filling->names, filling->arena, &value) || fail_memory(error);
}

/* Over the address's identifier, the address and a port, which is 0 if there is none; the rightmost bytes count
 * (section 3.4.1). */
static bool fill_address_code(const struct multipath_filling *filling, const struct multipath_place *place,
                              struct byte_writer *writer, struct error *error)
{
    uint8_t message[1 + 16 + 2] = {0}, digest[DIGEST_SIZE_MOST];
    const struct bytes given = bytes_slice(place->made, AT_SECOND, sizeof(message));
    size_t address = given.length >= 1 + 16 ? 16 : 4;
    memcpy(message, given.data, given.length);
    if (!code_of(filling, (struct bytes){message, 1 + address + 2}, digest))
        return fail_digest(error);
    byte_writer_bytes(writer, (struct bytes){digest + SHA256_DIGEST_SIZE - place->slot->size, place->slot->size});
    return true;
}

/* One data number of the script's, which counts from the initial one of KEY, at *AT, which moves behind it. */
static bool fill_data_number(uint64_t key, bool wide, const uint8_t **at, struct byte_writer *writer)
{
    uint32_t token;
    uint64_t initial_number;
    if (!multipath_digest(key, &token, &initial_number))
        return false;
    if (wide)
        byte_writer_u64(writer, initial_number + load_be64(*at));
    else
        byte_writer_u32(writer, (uint32_t)initial_number + load_be32(*at));
    *at += wide ? 8 : 4;
    return true;
}

static bool fill_data_numbers(const struct multipath_filling *filling, const struct multipath_place *place,
                              struct byte_writer *writer, struct error *error)
{
    const struct multipath *state = filling->state;
    uint64_t sender = filling->injected ? state->remote_key : state->local_key;
    uint64_t receiver = filling->injected ? state->local_key : state->remote_key;
    unsigned flags = place->written[AT_SECOND];
    const uint8_t *at = place->written + AT_REST;
    if ((flags & DSS_ACKNOWLEDGMENT) != 0 &&
        !fill_data_number(receiver, (flags & DSS_ACKNOWLEDGMENT_WIDE) != 0, &at, writer))
        return fail_digest(error);
    if ((flags & DSS_MAPPING) != 0 && !fill_data_number(sender, (flags & DSS_MAPPING_WIDE) != 0, &at, writer))
        return fail_digest(error);
    return true;
}

/* What failed the receiver has sent: the number is one of its own (section 3.7). */
static bool fill_failed(const struct multipath_filling *filling, const struct multipath_place *place,
                        struct byte_writer *writer, struct error *error)
{
    const struct multipath *state = filling->state;
    const uint8_t *at = place->written + AT_REST;
    return fill_data_number(filling->injected ? state->local_key : state->remote_key, true, &at, writer) ||
           fail_digest(error);
}

static bool fill_identifier(const struct multipath_filling *filling, const struct multipath_place *place,
                            struct byte_writer *writer, struct error *error)
{
    (void)error;
    if (filling->injected)
        byte_writer_u8(writer, place->slot->has_value ? place->slot->value[0] : 1);
    else
        fill_open(place, 1, writer);
    return true;
}

bool multipath_fill(const struct multipath_filling *filling, const struct multipath_place *place,
                    struct byte_writer *writer, struct error *error)
{
    static bool (*const rows[])(const struct multipath_filling *filling, const struct multipath_place *place,
                                struct byte_writer *writer, struct error *error) = {
        [SLOT_KEY] = fill_key,
        [SLOT_PEER_KEY] = fill_peer_key,
        [SLOT_TOKEN] = fill_token,
        [SLOT_NONCE] = fill_nonce,
        [SLOT_JOIN_CODE] = fill_join_code,
        [SLOT_ADDRESS] = fill_address,
        [SLOT_ADDRESS_CODE] = fill_address_code,
        [SLOT_DATA_NUMBERS] = fill_data_numbers,
        [SLOT_FAILED] = fill_failed,
        [SLOT_OPEN] = fill_identifier,
    };
    enum slot_rule rule = place->slot->rule;
    INVARIANT((size_t)rule < COUNT_OF(rows) && rows[rule] != NULL);
    return rows[rule](filling, place, writer, error);
}
