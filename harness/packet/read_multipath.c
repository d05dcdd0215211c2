/* SPDX-License-Identifier: MIT */
/* The text of MPTCP's options in the words of packetdrill's multipath branch: `mpcapable v1 flags[flag_h] key[skey]`.
 */
#include "packet/read_multipath.h"

#include "packet/multipath_subtype.h"
#include "packet/read_named_address.h"
#include "packet/read_wide_number.h"

enum { ADDRESSES_REMOVED_MOST = 8 };

/* An option as far as it was written; what is read goes behind it. */
struct multipath_text {
    struct reader *reader;
    uint8_t *bytes; /* from the option's kind on */
    size_t size;
    bool id_is_open; /* no address identifier was written */
};

static void write_number(struct multipath_text *option, uint64_t value, unsigned size)
{
    for (unsigned i = size; i > 0; i--)
        option->bytes[option->size++] = (uint8_t)(value >> 8 * (i - 1));
}

static void begin(struct multipath_text *option, unsigned subtype, unsigned flags)
{
    write_number(option, subtype << 4 | flags, 1);
}

/* Adds a slot for the SIZE bytes to be written next, and writes zeros there. */
static bool add_slot(struct multipath_text *option, enum slot_rule rule, uint8_t size, struct span at)
{
    struct pattern_slot slot = reader_option_slot(option->reader, rule, option->bytes + option->size, size);
    slot.at = at;
    option->size += size;
    return reader_add_slot(option->reader, &slot);
}

/* `name` or `name=2` */
static const char *read_key(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct pattern_slot slot = reader_option_slot(reader, SLOT_KEY, option->bytes + option->size, 8);
    slot.kind = NAME_KEY;
    at = read_bare_name(reader, at, &slot);
    if (at == NULL)
        return NULL;
    const char *behind = reader_take(reader, at, '=');
    if (behind != at) {
        uint64_t value;
        at = read_wide_number(reader, behind, "a key", &value);
        if (at == NULL)
            return NULL;
        slot.has_value = true;
        slot.value_size = 8;
        store_be64(slot.value, value);
    }
    option->size += 8;
    return reader_add_slot(reader, &slot) ? at : NULL;
}

/* `[KEY]` or `[KEY, KEY]` */
static const char *read_keys(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    at = reader_expect(reader, at, '[', "`[` and the names of one or two keys");
    at = at == NULL ? NULL : read_key(option, at);
    if (at == NULL)
        return NULL;
    const char *behind = reader_take(reader, at, ',');
    if (behind != at)
        at = read_key(option, behind);
    return at == NULL ? NULL : reader_expect(reader, at, ']', "`,` or `]`");
}

/* `flags[flag_a, flag_h]`, `flags 0x41`; flag_a is the highest bit. */
static struct reader_number read_flags(struct reader *reader, const char *at)
{
    const char *open = reader_take(reader, at, '[');
    if (open == at)
        return reader_number(reader, at, UINT8_MAX, "`[` and names of flags, or a number");
    uint32_t flags = 0;
    for (at = open;;) {
        const char *behind = reader_word_end(reader, at);
        bool named = behind - at == 6 && memcmp(at, "flag_", 5) == 0 && at[5] >= 'a' && at[5] <= 'h';
        if (!named)
            return (struct reader_number){reader_expected(reader, at, "flag_a, flag_b, ... or flag_h"), 0};
        flags |= 0x80U >> (at[5] - 'a');
        at = reader_skip(reader, behind);
        const char *next = reader_take(reader, at, ',');
        if (next == at)
            return (struct reader_number){reader_expect(reader, at, ']', "`,` or `]`"), flags};
        at = next;
    }
}

static const char *read_capable(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    const char *behind = READER_TAKE_WORD(reader, at, "v0");
    unsigned version = behind == at;
    if (version == 1)
        behind = READER_TAKE_WORD(reader, at, "v1");
    begin(option, MULTIPATH_CAPABLE, version);
    at = READER_TAKE_WORD(reader, behind, "flags");
    if (at == behind)
        return reader_expected(reader, at, "`flags`");
    struct reader_number flags = read_flags(reader, at);
    if (flags.at == NULL)
        return NULL;
    write_number(option, flags.value, 1);
    behind = READER_TAKE_WORD(reader, flags.at, "nokey");
    if (behind != flags.at)
        return behind;
    at = READER_TAKE_WORD(reader, flags.at, "key");
    if (at == flags.at)
        return reader_expected(reader, at, "`key` or `nokey`");
    at = read_keys(option, at);
    if (at == NULL)
        return NULL;
    behind = reader_word_end(reader, at);
    if (behind - at != 10 || memcmp(at, "mpcdatalen", 10) != 0)
        return at;
    struct reader_number length = reader_number(reader, reader_skip(reader, behind), UINT16_MAX, "a length");
    write_number(option, length.value, 2);
    return length.at;
}

/* `NAME=N` of 64 bits; AT is returned if the word is not there. */
static const char *read_wide_setting(struct reader *reader, const char *at, const char *name, uint64_t *number)
{
    size_t length = strlen(name);
    const char *behind = reader_word_end(reader, at);
    if ((size_t)(behind - at) != length || memcmp(at, name, length) != 0)
        return at;
    at = reader_expect(reader, reader_skip(reader, behind), '=', "`=` and a number");
    return at == NULL ? NULL : read_wide_number(reader, at, "a number", number);
}

/* `NAME=N`; NUMBER is left as it is, and AT returned, if the word is not there. */
static const char *read_setting(struct reader *reader, const char *at, const char *name, struct reader_number *number)
{
    size_t length = strlen(name);
    const char *behind = reader_word_end(reader, at);
    if ((size_t)(behind - at) != length || memcmp(at, name, length) != 0)
        return at;
    at = reader_expect(reader, reader_skip(reader, behind), '=', "`=` and a number");
    if (at == NULL)
        return NULL;
    *number = reader_number(reader, at, UINT32_MAX, "a number");
    return number->at;
}

/* What `dss` can say. A number whose `at` is NULL was not said. */
struct dss_text {
    struct reader_number four[2]; /* acknowledgment, sequence number */
    struct reader_number eight[2];
    struct reader_number subflow;
    struct reader_number length;
    bool complete; /* `nocs` was there */
    bool fin;
};

static const char *read_dss_words(struct reader *reader, const char *at, struct dss_text *dss)
{
    const struct {
        const char *name;
        struct reader_number *number;
    } rows[] = {{"dack4", &dss->four[0]}, {"dack8", &dss->eight[0]}, {"dsn4", &dss->four[1]},
                {"dsn8", &dss->eight[1]}, {"ssn", &dss->subflow},    {"dll", &dss->length}};
    for (;;) {
        const char *start = at;
        for (size_t i = 0; i < COUNT_OF(rows) && at == start; i++)
            at = read_setting(reader, at, rows[i].name, rows[i].number);
        if (at == NULL)
            return NULL;
        if (at != start)
            continue;
        at = READER_TAKE_WORD(reader, start, "nocs");
        dss->complete = dss->complete || at != start;
        const char *behind = READER_TAKE_WORD(reader, at, "fin");
        dss->fin = dss->fin || behind != at;
        at = behind;
        if (at == start)
            return at;
    }
}

static const char *read_dss(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct dss_text dss = {0};
    const char *at = read_dss_words(reader, start, &dss);
    if (at == NULL)
        return NULL;
    if (!dss.complete)
        return reader_expected(reader, at, "dack4=, dack8=, dsn4=, dsn8=, ssn=, dll=, fin or `nocs`: without checksum");
    bool wide[2] = {dss.eight[0].at != NULL, dss.eight[1].at != NULL};
    bool there[2] = {wide[0] || dss.four[0].at != NULL, wide[1] || dss.four[1].at != NULL};
    begin(option, MULTIPATH_DSS, 0);
    write_number(option,
                 (dss.fin ? DSS_FIN : 0U) | (wide[1] ? DSS_MAPPING_WIDE : 0U) | (there[1] ? DSS_MAPPING : 0U) |
                     (wide[0] ? DSS_ACKNOWLEDGMENT_WIDE : 0U) | (there[0] ? DSS_ACKNOWLEDGMENT : 0U),
                 1);
    size_t first = option->size;
    for (size_t i = 0; i < 2; i++)
        if (there[i])
            write_number(option, (wide[i] ? dss.eight : dss.four)[i].value, wide[i] ? 8 : 4);
    struct pattern_slot slot = reader_option_slot(reader, SLOT_DATA_NUMBERS, option->bytes + first, 0);
    slot.size = (uint8_t)(option->size - first);
    slot.at = reader_span(reader, start, at);
    if (there[1]) {
        write_number(option, dss.subflow.value, 4);
        write_number(option, dss.length.value, 2);
    }
    return slot.size == 0 || reader_add_slot(reader, &slot) ? at : NULL;
}

/* `address_id=N`, or any: then it is a slot. */
static const char *read_address_id(struct multipath_text *option, const char *start)
{
    struct reader_number id = {NULL, 0};
    const char *at = read_setting(option->reader, start, "address_id", &id);
    option->id_is_open = at == start;
    if (at == start)
        return add_slot(option, SLOT_OPEN, 1, reader_span(option->reader, start, start)) ? at : NULL;
    write_number(option, id.value, 1);
    return at;
}

/* What all MP_JOIN but the third begin with. */
static const char *read_join(struct multipath_text *option, const char *at)
{
    struct reader_number backup = {NULL, 0};
    at = read_setting(option->reader, at, "backup", &backup);
    begin(option, MULTIPATH_JOIN, backup.value & 1);
    return at == NULL ? NULL : read_address_id(option, at);
}

/* `WORD=auto`, which is a slot. */
static const char *read_automatic(struct multipath_text *option, const char *start, const char *word,
                                  struct pattern_slot slot)
{
    struct reader *reader = option->reader;
    const char *at = reader_word_end(reader, start);
    if ((size_t)(at - start) != strlen(word) || memcmp(start, word, strlen(word)) != 0)
        return reader_expected(reader, start, "sender_hmac=auto, hmac=auto or addr_echo");
    at = reader_expect(reader, reader_skip(reader, at), '=', "`=auto`");
    if (at == NULL)
        return NULL;
    const char *behind = READER_TAKE_WORD(reader, at, "auto");
    if (behind == at)
        return reader_expected(reader, at, "`auto`");
    slot.at = reader_span(reader, start, behind);
    option->size += slot.size;
    return reader_add_slot(reader, &slot) ? behind : NULL;
}

/* `token=sha256_32(KEY)` */
static const char *read_token(struct multipath_text *option, const char *at)
{
    static const char words[] = "token=sha256_32(";
    struct reader *reader = option->reader;
    if (reader->end - at > 6 && memcmp(at, "token=", 6) == 0 && character_is_digit(at[6])) {
        struct reader_number token = reader_number(reader, at + 6, UINT32_MAX, "a token");
        write_number(option, token.value, 4);
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
    if (at == NULL || !add_slot(option, SLOT_NONCE, 4, reader_span(option->reader, start, at)))
        return NULL;
    return at;
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
    if (at == NULL || !add_slot(option, SLOT_NONCE, 4, reader_span(option->reader, start, at)))
        return NULL;
    return at;
}

static const char *read_join_ack(struct multipath_text *option, const char *at)
{
    begin(option, MULTIPATH_JOIN, 0);
    write_number(option, 0, 1);
    return read_automatic(option, at, "sender_hmac",
                          reader_option_slot(option->reader, SLOT_JOIN_CODE, option->bytes + option->size, 20));
}

/* `addr[NAME]` or `addr[NAME=ADDRESS]` */
static const char *read_added_address(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct pattern_slot slot = reader_option_slot(reader, SLOT_ADDRESS, option->bytes + option->size, 0);
    return read_named_address(reader, at, &slot);
}

static const char *read_add_address(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct reader_number port = {NULL, 0};
    begin(option, MULTIPATH_ADD_ADDRESS, 0);
    const char *at = read_address_id(option, start);
    at = at == NULL ? NULL : read_added_address(option, at);
    at = at == NULL ? NULL : read_setting(reader, at, "port", &port);
    if (at == NULL)
        return NULL;
    if (port.at != NULL)
        write_number(option, port.value, 2);
    const char *behind = reader_word_end(reader, at);
    if (behind - at == 9 && memcmp(at, "addr_echo", 9) == 0) {
        option->bytes[2] |= 1;
        return reader_skip(reader, behind);
    }
    return read_automatic(option, at, "hmac",
                          reader_option_slot(reader, SLOT_ADDRESS_CODE, option->bytes + option->size, 8));
}

/* `address_id=[N, ...]` */
static const char *read_remove_address(struct multipath_text *option, const char *at)
{
    static const char words[] = "address_id=[";
    struct reader *reader = option->reader;
    begin(option, MULTIPATH_REMOVE_ADDRESS, 0);
    if ((size_t)(reader->end - at) < strlen(words) || memcmp(at, words, strlen(words)) != 0)
        return reader_expected(reader, at, "`address_id=[` and numbers");
    at = reader_skip(reader, at + strlen(words));
    for (unsigned count = 0; count < ADDRESSES_REMOVED_MOST; count++) {
        struct reader_number id = reader_number(reader, at, UINT8_MAX, "an address identifier");
        if (id.at == NULL)
            return NULL;
        write_number(option, id.value, 1);
        at = reader_take(reader, id.at, ',');
        if (at == id.at)
            break;
    }
    return reader_expect(reader, at, ']', "`,` or `]`");
}

static const char *read_priority(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    struct reader_number backup = {NULL, 0}, id = {NULL, 0};
    at = read_setting(reader, at, "backup", &backup);
    at = at == NULL ? NULL : read_setting(reader, at, "address_id", &id);
    begin(option, MULTIPATH_PRIORITY, backup.value & 1);
    if (at != NULL && id.at != NULL)
        write_number(option, id.value, 1);
    return at;
}

static const char *read_fast_close(struct multipath_text *option, const char *start)
{
    uint64_t key = 0;
    const char *at = read_wide_setting(option->reader, start, "ckey", &key);
    begin(option, MULTIPATH_FAST_CLOSE, 0);
    write_number(option, 0, 1);
    if (at == start)
        return add_slot(option, SLOT_PEER_KEY, 8, reader_span(option->reader, start, start)) ? at : NULL;
    write_number(option, key, 8);
    return at;
}

static const char *read_fail(struct multipath_text *option, const char *start)
{
    uint64_t number = 0;
    const char *at = read_wide_setting(option->reader, start, "dsn8", &number);
    begin(option, MULTIPATH_FAIL, 0);
    write_number(option, 0, 1);
    if (at == start)
        return reader_expected(option->reader, at, "`dsn8=` and a number");
    struct pattern_slot slot = reader_option_slot(option->reader, SLOT_FAILED, option->bytes + option->size, 8);
    write_number(option, number, 8);
    slot.at = reader_span(option->reader, start, at == NULL ? start : at);
    return at != NULL && reader_add_slot(option->reader, &slot) ? at : NULL;
}

static const char *read_reset(struct multipath_text *option, const char *at)
{
    struct reader_number reason = reader_number(option->reader, at, UINT8_MAX, "a reason");
    begin(option, MULTIPATH_RESET, 0);
    write_number(option, reason.value, 1);
    return reason.at;
}

static const struct {
    const char *word;
    const char *(*read)(struct multipath_text *option, const char *at);
} rows[] = {
    {"mpcapable", read_capable},
    {"dss", read_dss},
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
