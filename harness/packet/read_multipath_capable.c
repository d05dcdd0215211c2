/* SPDX-License-Identifier: MIT */
/* The text of MPTCP's MP_CAPABLE: `mpcapable v1 flags[flag_h] key[ckey=2, skey]`. */
#include "packet/multipath_subtype.h"
#include "packet/multipath_text.h"
#include "packet/read_named_address.h"
#include "packet/read_wide_number.h"

enum {
    CAPABLE_SIZE_MOST = 20, /* with two keys */
    CAPABLE_SUMMED = 0x80,
    CAPABLE_HMAC = 0x01,
};

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

/* Takes `flag_a`, the highest bit, to `flag_h`, or `no_flags`. */
static const char *take_flag(struct reader *reader, const char *at, uint8_t *flag)
{
    const char *behind = reader_word_end(reader, at);
    bool named = behind - at == 6 && memcmp(at, "flag_", 5) == 0 && at[5] >= 'a' && at[5] <= 'h';
    *flag = named ? (uint8_t)(0x80U >> (at[5] - 'a')) : 0;
    return named ? reader_skip(reader, behind) : multipath_take(reader, at, "no_flags");
}

/* `flags[flag_a, flag_h]`, `flags[no_flags]`, `flags 0x41` */
static struct reader_number read_flags(struct reader *reader, const char *at)
{
    const char *open = reader_take(reader, at, '[');
    if (open == at)
        return reader_number(reader, at, UINT8_MAX, "`[` and names of flags, or a number");
    uint32_t flags = 0;
    for (at = open;;) {
        uint8_t flag;
        const char *behind = take_flag(reader, at, &flag);
        if (behind == at)
            return (struct reader_number){reader_expected(reader, at, "flag_a, flag_b, ..., flag_h or no_flags"), 0};
        flags |= flag;
        at = behind;
        const char *next = reader_take(reader, at, ',');
        if (next == at)
            return (struct reader_number){reader_expect(reader, at, ']', "`,` or `]`"), flags};
        at = next;
    }
}

const char *read_multipath_capable(struct multipath_text *option, const char *at)
{
    struct reader *reader = option->reader;
    const char *behind = READER_TAKE_WORD(reader, at, "v0");
    unsigned version = behind == at;
    if (version == 1)
        behind = READER_TAKE_WORD(reader, at, "v1");
    multipath_begin(option, MULTIPATH_CAPABLE, version);
    at = READER_TAKE_WORD(reader, behind, "flags");
    if (at == behind)
        return reader_expected(reader, at, "`flags`");
    struct reader_number flags = read_flags(reader, at);
    if (flags.at == NULL)
        return NULL;
    multipath_write(option, flags.value, 1);
    behind = READER_TAKE_WORD(reader, flags.at, "nokey");
    if (behind != flags.at)
        return behind;
    at = READER_TAKE_WORD(reader, flags.at, "key");
    if (at == flags.at)
        return reader_expected(reader, at, "`key` or `nokey`");
    at = read_keys(option, at);
    if (at == NULL)
        return NULL;
    behind = multipath_take(reader, at, "mpcdatalen");
    if (behind == at)
        return at;
    struct reader_number length = reader_number(reader, behind, UINT16_MAX, "a length");
    multipath_write(option, length.value, 2);
    return length.at;
}

/* MP_CAPABLE of version 0 as older scripts have it, `mp_capable KEY [KEY] [flag_a ...]`: without flags that of
 * HMAC-SHA1 and, but for mp_capable_no_cs, that of checksums. */
static const char *read_old_capable(struct multipath_text *option, const char *at, uint8_t usual)
{
    struct reader *reader = option->reader;
    size_t flags_at = option->size + 1;
    uint8_t flags = 0;
    bool given = false;
    multipath_begin(option, MULTIPATH_CAPABLE, 0);
    multipath_write(option, 0, 1);
    at = read_key(option, at);
    while (at != NULL && character_is_word(reader_peek(reader, at))) {
        uint8_t flag;
        const char *behind = take_flag(reader, at, &flag);
        if (behind == at && given)
            return reader_expected(reader, at, "flag_a, flag_b, ..., flag_h or no_flags");
        at = behind == at ? read_key(option, at) : behind;
        given = given || behind == at;
        flags |= given ? flag : 0;
        if (option->size > CAPABLE_SIZE_MOST)
            return reader_fail(reader, at, at + 1, "there are two keys at most");
    }
    option->bytes[flags_at] = given ? flags : usual;
    return at;
}

const char *read_multipath_summed(struct multipath_text *option, const char *at)
{
    return read_old_capable(option, at, CAPABLE_HMAC | CAPABLE_SUMMED);
}

const char *read_multipath_unsummed(struct multipath_text *option, const char *at)
{
    return read_old_capable(option, at, CAPABLE_HMAC);
}
