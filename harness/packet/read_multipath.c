/* SPDX-License-Identifier: MIT */
/* The text of MPTCP's options in the words of packetdrill's multipath branch: `mpcapable v1 flags[flag_h] key[skey]`.
 */
#include "packet/read_multipath.h"

#include "packet/multipath_subtype.h"
#include "packet/multipath_text.h"
#include "packet/read_named_address.h"
#include "packet/read_wide_number.h"

enum {
    ADDRESSES_REMOVED_MOST = 8,
    RESET_TRANSIENT = 1, /* RFC 8684 section 3.6 */
};

void multipath_write(struct multipath_text *option, uint64_t value, unsigned size)
{
    for (unsigned i = size; i > 0; i--)
        option->bytes[option->size++] = (uint8_t)(value >> 8 * (i - 1));
}

void multipath_begin(struct multipath_text *option, unsigned subtype, unsigned flags)
{
    multipath_write(option, subtype << 4 | flags, 1);
}

bool multipath_add_slot(struct multipath_text *option, enum slot_rule rule, uint8_t size, struct span at)
{
    struct pattern_slot slot = reader_option_slot(option->reader, rule, option->bytes + option->size, size);
    slot.at = at;
    option->size += size;
    return reader_add_slot(option->reader, &slot);
}

const char *multipath_take(struct reader *reader, const char *at, const char *name)
{
    const char *behind = reader_word_end(reader, at);
    bool there = (size_t)(behind - at) == strlen(name) && memcmp(at, name, strlen(name)) == 0;
    return there ? reader_skip(reader, behind) : at;
}

const char *multipath_wide_setting(struct reader *reader, const char *at, const char *name, uint64_t *number)
{
    const char *behind = multipath_take(reader, at, name);
    if (behind == at)
        return at;
    at = reader_expect(reader, behind, '=', "`=` and a number");
    return at == NULL ? NULL : read_wide_number(reader, at, "a number", number);
}

const char *multipath_setting(struct reader *reader, const char *at, const char *name, uint32_t most,
                              struct reader_number *number)
{
    const char *behind = multipath_take(reader, at, name);
    if (behind == at)
        return at;
    at = reader_expect(reader, behind, '=', "`=` and a number");
    if (at == NULL)
        return NULL;
    *number = reader_number(reader, at, most, "a number");
    return number->at;
}

/* Takes `WORD=auto`. */
static const char *take_automatic(struct reader *reader, const char *start, const char *word)
{
    const char *at = multipath_take(reader, start, word);
    const char *behind = at == start ? at : reader_take(reader, at, '=');
    at = behind == at ? behind : READER_TAKE_WORD(reader, behind, "auto");
    return at == behind ? start : at;
}

/* `address_id=N`; a slot without it, or if it is `address_id=auto`. */
static const char *read_address_id(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct reader_number id = {NULL, 0};
    const char *at = take_automatic(reader, start, "address_id");
    if (at == start)
        at = multipath_setting(reader, start, "address_id", UINT8_MAX, &id);
    option->id_is_open = id.at == NULL;
    if (at == NULL)
        return NULL;
    if (id.at == NULL)
        return multipath_add_slot(option, SLOT_OPEN, 1, reader_span(reader, start, at)) ? at : NULL;
    multipath_write(option, id.value, 1);
    return at;
}

/* `backup=1` */
static const char *read_backup(struct multipath_text *option, const char *at, unsigned subtype)
{
    struct reader_number backup = {NULL, 0};
    at = multipath_setting(option->reader, at, "backup", 1, &backup);
    multipath_begin(option, subtype, backup.value);
    return at;
}

/* What all MP_JOIN but the third begin with. */
static const char *read_join(struct multipath_text *option, const char *at)
{
    at = read_backup(option, at, MULTIPATH_JOIN);
    return at == NULL ? NULL : read_address_id(option, at);
}

/* `WORD=auto`, which is a slot. */
static const char *read_automatic(struct multipath_text *option, const char *start, const char *word,
                                  struct pattern_slot slot)
{
    struct reader *reader = option->reader;
    const char *at = multipath_take(reader, start, word);
    if (at == start)
        return reader_expected(reader, start, "sender_hmac=auto");
    at = reader_expect(reader, at, '=', "`=auto`");
    if (at == NULL)
        return NULL;
    const char *behind = READER_TAKE_WORD(reader, at, "auto");
    if (behind == at)
        return reader_expected(reader, at, "`auto`");
    slot.at = reader_span(reader, start, behind);
    option->size += slot.size;
    return reader_add_slot(reader, &slot) ? behind : NULL;
}

static void give_nonce(struct pattern_slot *slot, uint32_t nonce)
{
    slot->has_value = true;
    slot->value_size = 4;
    store_be32(slot->value, nonce);
}

/* `rand=N`, or a random number. The code in front of it, if there is one, is over it. */
static const char *read_nonce(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct reader_number nonce = {NULL, 0};
    const char *at = multipath_setting(reader, start, "rand", UINT32_MAX, &nonce);
    if (at == NULL || !multipath_add_slot(option, SLOT_NONCE, 4, reader_span(reader, start, at)))
        return NULL;
    for (size_t i = 0; i < reader->pattern.slot_count && nonce.at != NULL; i++) {
        struct pattern_slot *slot = &reader->slots[i];
        if (slot->option == reader->option && (slot->rule == SLOT_NONCE || slot->rule == SLOT_JOIN_CODE))
            give_nonce(slot, nonce.value);
    }
    return at;
}

/* `token=sha256_32(KEY)` */
static const char *read_token(struct multipath_text *option, const char *at)
{
    static const char words[] = "token=sha256_32(";
    struct reader *reader = option->reader;
    if (reader->end - at > 6 && memcmp(at, "token=", 6) == 0 && character_is_digit(at[6])) {
        struct reader_number token = reader_number(reader, at + 6, UINT32_MAX, "a token");
        multipath_write(option, token.value, 4);
        return token.at;
    }
    struct pattern_slot slot = reader_option_slot(reader, SLOT_TOKEN, option->bytes + option->size, 4);
    slot.kind = NAME_KEY;
    if ((size_t)(reader->end - at) < strlen(words) || memcmp(at, words, strlen(words)) != 0)
        return reader_expected(reader, at, "`token=sha256_32(` and the name of a key, or `token=` and a number");
    at = read_bare_name(reader, reader_skip(reader, at + strlen(words)), &slot);
    option->size += slot.size;
    if (at == NULL || !reader_add_slot(reader, &slot))
        return NULL;
    return reader_expect(reader, at, ')', "`)`");
}

static const char *read_join_syn(struct multipath_text *option, const char *start)
{
    const char *at = read_join(option, start);
    at = at == NULL ? NULL : read_token(option, at);
    return at == NULL ? NULL : read_nonce(option, at);
}

/* In the second MP_JOIN the identifier that was written is for what is injected only: the stack's stays open. */
static bool add_given_id(struct multipath_text *option, const char *start, const char *behind)
{
    uint8_t *id = option->bytes + option->size - 1;
    struct pattern_slot slot = reader_option_slot(option->reader, SLOT_OPEN, id, 1);
    slot.has_value = true;
    slot.value[0] = *id;
    slot.value_size = 1;
    slot.at = reader_span(option->reader, start, behind);
    return reader_add_slot(option->reader, &slot);
}

static const char *read_join_syn_ack(struct multipath_text *option, const char *start)
{
    const char *at = read_join(option, start);
    if (at == NULL)
        return NULL;
    if (!option->id_is_open && !add_given_id(option, start, at))
        return NULL;
    at = read_automatic(option, at, "sender_hmac",
                        reader_option_slot(option->reader, SLOT_JOIN_CODE, option->bytes + option->size, 8));
    return at == NULL ? NULL : read_nonce(option, at);
}

static const char *read_join_ack(struct multipath_text *option, const char *at)
{
    multipath_begin(option, MULTIPATH_JOIN, 0);
    multipath_write(option, 0, 1);
    return read_automatic(option, at, "sender_hmac",
                          reader_option_slot(option->reader, SLOT_JOIN_CODE, option->bytes + option->size, 20));
}

/* `addr[NAME]` or `addr[NAME=ADDRESS]`; without it a slot without a name. */
static const char *read_added_address(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct pattern_slot slot = reader_option_slot(reader, SLOT_ADDRESS, option->bytes + option->size, 0);
    if (multipath_take(reader, at, "addr") != at)
        return read_named_address(reader, at, &slot);
    slot.kind = NAME_ADDRESS;
    slot.at = reader_span(reader, at, at);
    return reader_add_slot(reader, &slot) ? at : NULL;
}

/* `hmac=auto`, `hmac=N` or `addr_echo` */
static const char *read_address_code(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    const char *at = multipath_take(reader, start, "addr_echo");
    if (at != start) {
        option->bytes[2] |= 1;
        return at;
    }
    if (take_automatic(reader, start, "hmac") == start) {
        uint64_t code = 0;
        at = multipath_wide_setting(reader, start, "hmac", &code);
        multipath_write(option, code, at == start ? 0 : 8);
        return at == start ? reader_expected(reader, at, "hmac=auto, hmac= and a number or addr_echo") : at;
    }
    return read_automatic(option, start, "hmac",
                          reader_option_slot(reader, SLOT_ADDRESS_CODE, option->bytes + option->size, 8));
}

static const char *read_add_address(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct reader_number port = {NULL, 0};
    multipath_begin(option, MULTIPATH_ADD_ADDRESS, 0);
    const char *at = read_address_id(option, start);
    at = at == NULL ? NULL : read_added_address(option, at);
    at = at == NULL ? NULL : multipath_setting(reader, at, "port", UINT16_MAX, &port);
    if (at == NULL)
        return NULL;
    if (port.at != NULL)
        multipath_write(option, port.value, 2);
    return read_address_code(option, at);
}

/* `address_id=[N, ...]` */
static const char *read_remove_address(struct multipath_text *option, const char *at)
{
    static const char words[] = "address_id=[";
    struct reader *reader = option->reader;
    multipath_begin(option, MULTIPATH_REMOVE_ADDRESS, 0);
    if ((size_t)(reader->end - at) < strlen(words) || memcmp(at, words, strlen(words)) != 0)
        return reader_expected(reader, at, "`address_id=[` and numbers");
    at = reader_skip(reader, at + strlen(words));
    for (unsigned count = 0; count < ADDRESSES_REMOVED_MOST; count++) {
        struct reader_number id = reader_number(reader, at, UINT8_MAX, "an address identifier");
        if (id.at == NULL)
            return NULL;
        multipath_write(option, id.value, 1);
        at = reader_take(reader, id.at, ',');
        if (at == id.at)
            break;
    }
    return reader_expect(reader, at, ']', "`,` or `]`");
}

static const char *read_priority(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct reader_number id = {NULL, 0};
    at = read_backup(option, at, MULTIPATH_PRIORITY);
    at = at == NULL ? NULL : multipath_setting(reader, at, "address_id", UINT8_MAX, &id);
    if (at != NULL && id.at != NULL)
        multipath_write(option, id.value, 1);
    return at;
}

/* The key of the host that the segment goes to, `NAME`: that of the name, or `NAME=N`. */
static const char *read_fast_close(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct pattern_slot slot;
    multipath_begin(option, MULTIPATH_FAST_CLOSE, 0);
    multipath_write(option, 0, 1);
    slot = reader_option_slot(reader, SLOT_PEER_KEY, option->bytes + option->size, 8);
    slot.at = reader_span(reader, start, start);
    slot.kind = NAME_KEY;
    const char *at = start;
    if (character_is_word(reader_peek(reader, start))) {
        at = read_bare_name(reader, start, &slot);
        const char *behind = at == NULL ? NULL : reader_take(reader, at, '=');
        if (behind != at) {
            uint64_t key = 0;
            at = read_wide_number(reader, behind, "a key", &key);
            multipath_write(option, key, 8);
            return at;
        }
    }
    option->size += slot.size;
    return at != NULL && reader_add_slot(reader, &slot) ? at : NULL;
}

static const char *read_fail(struct multipath_text *option, const char *start)
{
    uint64_t number = 0;
    const char *at = multipath_wide_setting(option->reader, start, "dsn8", &number);
    multipath_begin(option, MULTIPATH_FAIL, 0);
    multipath_write(option, 0, 1);
    if (at == start)
        return reader_expected(option->reader, at, "`dsn8=` and a number");
    struct pattern_slot slot = reader_option_slot(option->reader, SLOT_FAILED, option->bytes + option->size, 8);
    multipath_write(option, number, 8);
    slot.at = reader_span(option->reader, start, at == NULL ? start : at);
    return at != NULL && reader_add_slot(option->reader, &slot) ? at : NULL;
}

/* `N`, `N flags[flag_t]`, `N flags[no_flags]` */
static const char *read_reset(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct reader_number reason = reader_number(reader, at, UINT8_MAX, "a reason");
    if (reason.at == NULL)
        return NULL;
    multipath_begin(option, MULTIPATH_RESET, 0);
    multipath_write(option, reason.value, 1);
    const char *open = multipath_take(reader, reason.at, "flags");
    if (open == reason.at)
        return open;
    open = reader_expect(reader, open, '[', "`[flag_t]` or `[no_flags]`");
    if (open == NULL)
        return NULL;
    const char *behind = multipath_take(reader, open, "flag_t");
    option->bytes[2] |= behind == open ? 0 : RESET_TRANSIENT;
    behind = behind == open ? multipath_take(reader, open, "no_flags") : behind;
    if (behind == open)
        return reader_expected(reader, open, "flag_t or no_flags");
    return reader_expect(reader, behind, ']', "`]`");
}

static const struct {
    const char *word;
    const char *(*read)(struct multipath_text *option, const char *at);
} rows[] = {
    {"mpcapable", read_multipath_capable},
    {"mp_capable", read_multipath_summed},
    {"mp_capable_no_cs", read_multipath_unsummed},
    {"dss", read_multipath_dss},
    {"mp_join_syn", read_join_syn},
    {"mp_join_syn_ack", read_join_syn_ack},
    {"mp_join_ack", read_join_ack},
    {"add_address", read_add_address},
    {"remove_address", read_remove_address},
    {"mp_prio", read_priority},
    {"mp_fail", read_fail},
    {"mp_fastclose", read_fast_close},
    {"mp_reset", read_reset},
};

const char *read_multipath_words(struct reader *reader, const char *at, uint8_t *bytes, size_t *size)
{
    const char *behind = reader_word_end(reader, at);
    size_t length = (size_t)(behind - at);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strlen(rows[i].word) != length || memcmp(at, rows[i].word, length) != 0)
            continue;
        struct multipath_text option = {.reader = reader, .bytes = bytes, .size = 2};
        bytes[0] = TCP_OPTION_MULTIPATH;
        const char *end = rows[i].read(&option, reader_skip(reader, behind));
        bytes[1] = (uint8_t)option.size;
        *size = option.size;
        return end;
    }
    return at;
}
