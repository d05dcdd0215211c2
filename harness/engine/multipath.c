/* SPDX-License-Identifier: MIT */
#include "engine/multipath.h"

#include "digest/hash.h"
#include "packet/checksum.h"
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

/* The key that the slot names; NULL with ERROR if nothing has given it a value. */
static const struct named_value *find_key(const struct multipath_filling *filling, const struct multipath_place *place,
                                          struct error *error)
{
    const struct named_value *named = names_find(filling->names, place->slot->name);
    if (named == NULL)
        (void)error_set(error, ERROR_MALFORMED, "the key `%s` has no value: no segment that came has given it one",
                        place->slot->name);
    return named;
}

static bool fill_peer_key(const struct multipath_filling *filling, const struct multipath_place *place,
                          struct byte_writer *writer, struct error *error)
{
    uint64_t key = filling->injected ? filling->state->local_key : filling->state->remote_key;
    if (place->slot->name != NULL) {
        const struct named_value *named = find_key(filling, place, error);
        if (named == NULL)
            return false;
        key = load_be64(named->bytes);
    }
    byte_writer_u64(writer, key);
    return true;
}

static bool fill_token(const struct multipath_filling *filling, const struct multipath_place *place,
                       struct byte_writer *writer, struct error *error)
{
    const struct named_value *named = find_key(filling, place, error);
    uint32_t token;
    uint64_t initial_number;
    if (named == NULL)
        return false;
    if (!multipath_digest(load_be64(named->bytes), &token, &initial_number))
        return fail_digest(error);
    byte_writer_u32(writer, token);
    return true;
}

/* The random number that the slot gives the harness. */
static uint32_t given_nonce(const struct pattern_slot *slot)
{
    return slot->has_value ? load_be32(slot->value) : own_nonce;
}

static bool fill_nonce(const struct multipath_filling *filling, const struct multipath_place *place,
                       struct byte_writer *writer, struct error *error)
{
    struct connection *connection = filling->connection;
    const struct pattern_slot *slot = place->slot;
    const uint8_t *came = came_at(place, NONCE_SIZE);
    (void)error;
    if (filling->injected) {
        connection->remote_nonce_known = true;
        connection->remote_nonce = given_nonce(slot);
    } else if (came != NULL) {
        connection->local_nonce = load_be32(came);
    }
    if (filling->injected || slot->has_value)
        byte_writer_u32(writer, given_nonce(slot));
    else
        fill_open(place, NONCE_SIZE, writer);
    return true;
}

static bool fill_join_code(const struct multipath_filling *filling, const struct multipath_place *place,
                           struct byte_writer *writer, struct error *error)
{
    uint8_t message[2 * NONCE_SIZE], digest[DIGEST_SIZE_MOST];
    const struct connection *connection = filling->connection;
    const bool second = place->slot->size == FIRST_CODE_SIZE;
    uint32_t local = connection->local_nonce;
    uint32_t remote = connection->remote_nonce_known ? connection->remote_nonce : own_nonce;
    /* In the second MP_JOIN the sender's random number stands behind its code. */
    if (second && filling->injected)
        remote = given_nonce(place->slot);
    else if (second && place->came.length >= JOIN_NONCE + NONCE_SIZE)
        local = load_be32(place->came.data + JOIN_NONCE);
    store_be32(message, filling->injected ? remote : local);
    store_be32(message + NONCE_SIZE, filling->injected ? local : remote);
    if (!code_of(filling, (struct bytes){message, sizeof(message)}, digest))
        return fail_digest(error);
    byte_writer_bytes(writer, (struct bytes){digest, place->slot->size});
    return true;
}

static bool fill_address(const struct multipath_filling *filling, const struct multipath_place *place,
                         struct byte_writer *writer, struct error *error)
{
    const struct pattern_slot *slot = place->slot;
    const struct named_value *named = slot->name == NULL ? NULL : names_find(filling->names, slot->name);
    struct named_value value = {.name = slot->name, .kind = NAME_ADDRESS, .length = filling->ipv6 ? 16 : 4};
    const uint8_t *came = came_at(place, value.length);
    if (slot->has_value) {
        value.length = slot->value_size;
        memcpy(value.bytes, slot->value, slot->value_size);
    } else if (named != NULL) {
        value = *named;
    } else if (filling->injected) {
        const struct address ours =
            slot->name == NULL ? filling->remote : address_numbered(&filling->remote, slot->name);
        memcpy(value.bytes, ours.bytes, value.length);
    } else if (came != NULL) {
        memcpy(value.bytes, came, value.length);
    } else {
        return true;
    }
    byte_writer_bytes(writer, (struct bytes){value.bytes, value.length});
    return named != NULL || slot->name == NULL || names_add(filling->names, filling->arena, &value) ||
           fail_memory(error);
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

/* Where in the subflow the data are: 0 if there are none (section 3.3.1), as beside nothing but the end of all data. */
static bool fill_subflow_number(const struct multipath_filling *filling, const struct multipath_place *place,
                                struct byte_writer *writer, struct error *error)
{
    (void)error;
    if (filling->injected)
        byte_writer_u32(writer, place->segment->payload.length == 0 ? 0 : place->segment->tcp.sequence);
    else
        fill_open(place, 4, writer);
    return true;
}

/* How many data there are; their end counts as one more. */
static bool fill_data_length(const struct multipath_filling *filling, const struct multipath_place *place,
                             struct byte_writer *writer, struct error *error)
{
    size_t fin = (place->written[AT_SECOND] & DSS_FIN) != 0;
    (void)error;
    if (filling->injected)
        byte_writer_u16(writer, (uint16_t)(place->segment->payload.length + fin));
    else
        fill_open(place, 2, writer);
    return true;
}

/* Of the mapping and the data that it is about, with the data sequence number in full (section 3.3.1). What a stack's
 * is isn't looked at: its data may come in more segments than one. */
static bool fill_data_checksum(const struct multipath_filling *filling, const struct multipath_place *place,
                               struct byte_writer *writer, struct error *error)
{
    uint8_t header[8 + 4 + 2 + 2] = {0};
    unsigned flags = place->written[AT_SECOND];
    const uint8_t *number = place->written + AT_REST;
    uint32_t token;
    uint64_t initial_number;
    if (!filling->injected) {
        fill_open(place, 2, writer);
        return true;
    }
    if (!multipath_digest(filling->state->remote_key, &token, &initial_number))
        return fail_digest(error);
    if ((flags & DSS_ACKNOWLEDGMENT) != 0)
        number += (flags & DSS_ACKNOWLEDGMENT_WIDE) != 0 ? 8 : 4;
    bool wide = (flags & DSS_MAPPING_WIDE) != 0;
    store_be64(header, initial_number + (wide ? load_be64(number) : load_be32(number)));
    INVARIANT(place->made.length >= 6);
    memcpy(header + 8, place->made.data + place->made.length - 6, 6);
    uint32_t sum = checksum_add(0, (struct bytes){header, sizeof(header)});
    byte_writer_u16(writer, checksum_finish(checksum_add(sum, place->segment->payload)));
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
        [SLOT_SUBFLOW_NUMBER] = fill_subflow_number,
        [SLOT_DATA_LENGTH] = fill_data_length,
        [SLOT_DATA_CHECKSUM] = fill_data_checksum,
        [SLOT_FAILED] = fill_failed,
        [SLOT_OPEN] = fill_identifier,
    };
    enum slot_rule rule = place->slot->rule;
    INVARIANT((size_t)rule < COUNT_OF(rows) && rows[rule] != NULL);
    return rows[rule](filling, place, writer, error);
}
