/* SPDX-License-Identifier: MIT */
/* The text of TCP options, from behind `<` to `>`. */
#include "packet/read_multipath.h"
#include "packet/reader.h"
#include "packet/tcp_option_table.h"

enum {
    OPTION_HEAD = 2,                                    /* kind and length */
    OPTION_ROOM = OPTION_HEAD + TCP_OPTIONS_SIZE_MOST,  /* of one option */
    OPTIONS_ROOM = TCP_OPTIONS_SIZE_MOST + OPTION_ROOM, /* of as many as fit and one more */
};

/* What was read of one option: where its text ended, NULL after a diagnostic, and how many bytes it has behind kind and
 * length. */
struct option_text {
    const char *at;
    size_t size;
    bool any_value; /* `...` in its place: `size` counts what is given nevertheless */
};

static const struct option_text option_failed = {0};

/* Reads what stands behind an option's name; the bytes behind kind and length go to BODY, which has room for
 * TCP_OPTIONS_SIZE_MOST of them. */
typedef struct option_text body_reader(struct reader *reader, const char *at, uint8_t *body);

/* True where an option's text ends. */
static bool at_option_end(const struct reader *reader, const char *at)
{
    char next = reader_peek(reader, at);
    return next == ',' || next == '>' || next == '?' || next == '\n' || next == '\0';
}

/* Bytes, or none. */
static struct option_text read_bytes_from(struct reader *reader, const char *at, uint8_t *body, size_t used)
{
    size_t count = 0;
    if (at_option_end(reader, at))
        return (struct option_text){.at = at, .size = used};
    if (UNLIKELY(reader_peek(reader, at) == '$'))
        return (struct option_text){.at = reader_slot_bytes(reader, at, body + used), .size = used};
    size_t most = TCP_OPTIONS_SIZE_MOST - used;
    if (reader_names_bytes(reader, at))
        at = reader_defined_bytes(reader, at, body + used, &count, most);
    else
        at = reader_hex_to(reader, at, body + used, &count, most);
    return (struct option_text){.at = at, .size = used + count};
}

static struct option_text read_bytes_body(struct reader *reader, const char *at, uint8_t *body)
{
    return read_bytes_from(reader, at, body, 0);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): one of a table of functions. */
static struct option_text read_empty_body(struct reader *reader, const char *at, uint8_t *body)
{
    (void)reader;
    (void)body;
    return (struct option_text){.at = at, .size = 0};
}

static struct option_text read_mss(struct reader *reader, const char *at, uint8_t *body)
{
    static const struct number_form form = {UINT16_MAX, "a maximum segment size", NAME_SEGMENT_SIZE, 2};
    struct reader_number mss = reader_number_as(reader, at, &form, body);
    store_be16(body, (uint16_t)mss.value);
    return (struct option_text){.at = mss.at, .size = 2};
}

static struct option_text read_window_scale(struct reader *reader, const char *at, uint8_t *body)
{
    static const struct number_form form = {UINT8_MAX, "a shift count", NAME_WINDOW_SCALE, 1};
    struct reader_number shift = reader_number_as(reader, at, &form, body);
    body[0] = (uint8_t)shift.value;
    return (struct option_text){.at = shift.at, .size = 1};
}

/* `LEFT:RIGHT` */
static const char *read_sack_block(struct reader *reader, const char *at, uint8_t *body)
{
    struct reader_number left = reader_number(reader, at, UINT32_MAX, "the left edge of a block");
    if (left.at == NULL)
        return NULL;
    at = reader_expect(reader, left.at, ':', "`:` and the right edge of the block");
    if (at == NULL)
        return NULL;
    struct reader_number right = reader_number(reader, at, UINT32_MAX, "the right edge of the block");
    store_be32(body, left.value);
    store_be32(body + 4, right.value);
    return right.at;
}

static struct option_text read_sack(struct reader *reader, const char *at, uint8_t *body)
{
    size_t size = 0;
    do {
        if (size == TCP_SACK_BLOCKS_MOST * sizeof(struct tcp_sack_block))
            return (struct option_text){.at = reader_expected(reader, at, "`,` or `>`: four blocks are all that fit"),
                                        .size = 0};
        at = read_sack_block(reader, at, body + size);
        if (at == NULL)
            return option_failed;
        size += sizeof(struct tcp_sack_block);
    } while (!at_option_end(reader, at));
    return (struct option_text){.at = at, .size = size};
}

/* NAME and a number. */
ALWAYS_INLINE struct reader_number read_named(struct reader *reader, const char *at, const char name[8], uint32_t most,
                                              const char *what)
{
    const char *behind = reader_take_key(reader, at, name, strlen(name));
    if (behind == at)
        return (struct reader_number){reader_expected(reader, at, what), 0};
    return reader_number(reader, behind, most, "a number");
}

/* NAME and a timestamp. */
ALWAYS_INLINE struct reader_number read_timestamp(struct reader *reader, const char *at, const char name[8],
                                                  const char *what, const uint8_t *body)
{
    static const struct number_form form = {UINT32_MAX, "a timestamp", NAME_TIMESTAMP, 4};
    const char *behind = reader_take_key(reader, at, name, 3);
    if (behind == at)
        return (struct reader_number){reader_expected(reader, at, what), 0};
    if (UNLIKELY(reader_peek(reader, behind) == '.'))
        return reader_slot_any(reader, behind, form.size, body);
    return reader_number_as(reader, behind, &form, body);
}

static struct option_text read_timestamps(struct reader *reader, const char *at, uint8_t *body)
{
    static const char names[2][8] = {"val", "ecr"};
    struct reader_number value = read_timestamp(reader, at, names[0], "`val` and a timestamp", body);
    if (value.at == NULL)
        return option_failed;
    struct reader_number echo = read_timestamp(reader, value.at, names[1], "`ecr` and a timestamp", body + 4);
    store_be32(body, value.value);
    store_be32(body + 4, echo.value);
    return (struct option_text){.at = echo.at, .size = 8};
}

/* Bytes, or `valid` for the digest over the segment. */
static struct option_text read_signature(struct reader *reader, const char *at, uint8_t *body)
{
    const char *behind = reader_take_valid(reader, at, reader_option_slot(reader, SLOT_MD5, body, MD5_SIZE));
    if (behind != at)
        return (struct option_text){.at = behind, .size = MD5_SIZE};
    return read_bytes_from(reader, at, body, 0);
}

static struct option_text read_user_timeout(struct reader *reader, const char *at, uint8_t *body)
{
    struct reader_number timeout = reader_number(reader, at, 0x7fff, "a time-out in seconds");
    if (timeout.at == NULL)
        return option_failed;
    const char *behind = READER_TAKE_WORD(reader, timeout.at, "minutes");
    store_be16(body, (uint16_t)(timeout.value | (behind != timeout.at ? 0x8000 : 0)));
    return (struct option_text){.at = behind, .size = 2};
}

static struct option_text read_authentication(struct reader *reader, const char *at, uint8_t *body)
{
    static const char names[2][8] = {"keyid", "rnext"};
    struct reader_number key = read_named(reader, at, names[0], UINT8_MAX, "`keyid` and a number");
    if (key.at == NULL)
        return option_failed;
    struct reader_number next = read_named(reader, key.at, names[1], UINT8_MAX, "`rnext` and a number");
    if (next.at == NULL)
        return option_failed;
    body[0] = (uint8_t)key.value;
    body[1] = (uint8_t)next.value;
    const char *behind = reader_take_valid(reader, next.at, reader_option_slot(reader, SLOT_MAC, body + 2, 0));
    if (behind != next.at)
        return (struct option_text){.at = behind, .size = 2};
    return read_bytes_from(reader, next.at, body, 2);
}

/* The subtype of MPTCP, by name or number. */
static struct reader_number read_subtype(struct reader *reader, const char *at)
{
    const char *behind = reader_word_end(reader, at);
    for (uint32_t subtype = 0; subtype < MULTIPATH_SUBTYPES; subtype++) {
        const char *name = multipath_subtype_names[subtype];
        size_t length = (size_t)(behind - at);
        if (name != NULL && strlen(name) == length && memcmp(at, name, length) == 0)
            return (struct reader_number){reader_skip(reader, behind), subtype};
    }
    return reader_number(reader, at, MULTIPATH_SUBTYPES - 1, "a subtype of MPTCP (mp_capable, mp_join, ...)");
}

static struct option_text read_multipath(struct reader *reader, const char *at, uint8_t *body)
{
    struct reader_number subtype = read_subtype(reader, at);
    if (subtype.at == NULL)
        return option_failed;
    struct reader_number flags = reader_number(reader, subtype.at, 15, "the four bits behind the subtype");
    if (flags.at == NULL)
        return option_failed;
    body[0] = (uint8_t)(subtype.value << 4 | flags.value);
    return read_bytes_from(reader, flags.at, body, 1);
}

/* The first counter's name tells the order, and so the kind. */
static bool counters_are_turned(const struct reader *reader, const char *at)
{
    return (reader_window(at, reader->end) & 0xffffff) == ('b' << 16 | '1' << 8 | 'e');
}

static struct option_text read_accecn(struct reader *reader, const char *at, uint8_t *body)
{
    const char(*names)[8] = accecn_counter_names[counters_are_turned(reader, at)];
    size_t count = 0;
    while (count < ACCECN_COUNTERS && !at_option_end(reader, at)) {
        struct reader_number counter = read_named(reader, at, names[count], 0xffffff,
                                                  "the counters e0b, ceb, e1b in this order, or the other way round");
        if (counter.at == NULL)
            return option_failed;
        body[3 * count] = (uint8_t)(counter.value >> 16);
        store_be16(body + 3 * count + 1, (uint16_t)counter.value);
        at = counter.at;
        count++;
    }
    return (struct option_text){.at = at, .size = 3 * count};
}

static body_reader *const body_readers[] = {
    [FORM_BYTES] = read_bytes_body,
    [FORM_EMPTY] = read_empty_body,
    [FORM_MSS] = read_mss,
    [FORM_WINDOW_SCALE] = read_window_scale,
    [FORM_SACK] = read_sack,
    [FORM_TIMESTAMPS] = read_timestamps,
    [FORM_USER_TIMEOUT] = read_user_timeout,
    [FORM_AUTHENTICATION] = read_authentication,
    [FORM_MULTIPATH] = read_multipath,
    [FORM_ACCECN] = read_accecn,
    [FORM_SIGNATURE] = read_signature,
};

/* Words for options, those with the same first letter together. The second AccECN option shares its name with the
 * first; experiment2 is FOEXP if it holds Fast Open's identifier. */
enum option_word {
#define X(kind, name, form, sizes, meaning) WORD_##kind,
    TCP_OPTIONS(X)
#undef X
        OPTION_WORD_COUNT
};

static const struct reader_word option_words[OPTION_WORD_COUNT] = {
/* A name initialises an array. NOLINTBEGIN(bugprone-macro-parentheses) */
#define X(kind, name, form, sizes, meaning) [WORD_##kind] = READER_WORD(name),
    TCP_OPTIONS(X)
#undef X
    /* NOLINTEND(bugprone-macro-parentheses) */
};

static const uint8_t option_kinds[OPTION_WORD_COUNT] = {
#define X(kind, name, form, sizes, meaning) [WORD_##kind] = (kind),
    TCP_OPTIONS(X)
#undef X
};

static const uint8_t option_words_first[128] = {
    ['E'] = WORD_172 + 1, ['F'] = WORD_34 + 1, ['T'] = WORD_8 + 1,  ['a'] = WORD_29 + 1, ['b'] = WORD_17 + 1,
    ['c'] = WORD_11 + 1,  ['e'] = WORD_0 + 1,  ['m'] = WORD_2 + 1,  ['n'] = WORD_1 + 1,  ['p'] = WORD_9 + 1,
    ['q'] = WORD_27 + 1,  ['s'] = WORD_4 + 1,  ['t'] = WORD_18 + 1, ['u'] = WORD_28 + 1, ['w'] = WORD_3 + 1,
};

static const struct reader_words option_word_list = {option_words, OPTION_WORD_COUNT, option_words_first};

/* Reads one option of KIND behind its name; all of its bytes go to BYTES, and `size` counts them all. */
static struct option_text read_option_of(struct reader *reader, const char *at, uint8_t kind, body_reader *read,
                                         uint8_t *bytes)
{
    bytes[0] = kind;
    if (kind <= TCP_OPTION_NOP)
        return (struct option_text){.at = at, .size = 1};
    struct option_text option = {.at = reader_take_ellipsis(reader, at), .any_value = true};
    if (option.at == at)
        option = read(reader, at, bytes + OPTION_HEAD);
    option.size += OPTION_HEAD;
    bytes[1] = (uint8_t)option.size;
    return option;
}

static struct option_text read_numbered_option(struct reader *reader, const char *at, uint8_t *bytes)
{
    struct reader_number kind = reader_number(reader, at, UINT8_MAX, "an option's kind");
    if (kind.at == NULL)
        return option_failed;
    return read_option_of(reader, kind.at, (uint8_t)kind.value, read_bytes_body, bytes);
}

static struct option_text read_fast_open_experiment(struct reader *reader, const char *at, uint8_t *body)
{
    store_be16(body, FAST_OPEN_EXPERIMENT);
    return read_bytes_from(reader, at, body, 2);
}

/* Whatever its cookie is, the identifier is given. */
static struct option_text read_experimental_fast_open(struct reader *reader, const char *at, uint8_t *bytes)
{
    struct option_text option = read_option_of(reader, at, TCP_OPTION_EXPERIMENT_2, read_fast_open_experiment, bytes);
    if (option.any_value) {
        option.size = OPTION_HEAD + 2;
        bytes[1] = OPTION_HEAD + 2;
        store_be16(bytes + OPTION_HEAD, FAST_OPEN_EXPERIMENT);
    }
    return option;
}

static struct option_text read_raw_option(struct reader *reader, const char *at, uint8_t *bytes)
{
    struct option_text option = {0};
    option.at = reader_hex_to(reader, at, bytes, &option.size, TCP_OPTIONS_SIZE_MOST);
    return option;
}

/* What an option's text can begin with besides the name of its kind. */
static struct option_text read_special_option(struct reader *reader, const char *at, uint8_t *bytes)
{
    const char *behind = READER_TAKE_WORD(reader, at, "kind");
    if (behind != at)
        return read_numbered_option(reader, behind, bytes);
    behind = READER_TAKE_WORD(reader, at, "raw");
    if (behind != at)
        return read_raw_option(reader, behind, bytes);
    struct option_text multipath = {.at = NULL};
    multipath.at = read_multipath_words(reader, at, bytes, &multipath.size);
    if (multipath.at != at)
        return multipath;
    behind = READER_TAKE_WORD(reader, at, "FOEXP");
    if (behind != at)
        return read_experimental_fast_open(reader, behind, bytes);
    return (struct option_text){
        .at = reader_unknown(reader, at, &option_word_list, "a TCP option (mss, nop, sackOK, ...)"), .size = 0};
}

static struct option_text read_tcp_option(struct reader *reader, const char *at, uint8_t *bytes)
{
    const struct reader_word *word = reader_find(reader, at, &option_word_list);
    if (word == NULL)
        return read_special_option(reader, at, bytes);
    uint8_t kind = option_kinds[word - option_words];
    at = reader_skip(reader, at + word->length);
    if (kind == TCP_OPTION_ACCECN_0 && counters_are_turned(reader, at))
        kind = TCP_OPTION_ACCECN_1;
    return read_option_of(reader, at, kind, body_readers[tcp_option_rows[kind].form], bytes);
}

/* Takes `...>`. */
static const char *take_any_options(struct reader *reader, const char *at)
{
    const char *behind = reader_take_ellipsis(reader, at);
    const char *closed = behind == at ? at : reader_take(reader, behind, '>');
    return closed == behind ? at : closed;
}

/* A mark behind an option makes the list a set; INDEX is the option's place in it. */
static const char *read_option_mark(struct reader *reader, struct option_text option, size_t index)
{
    struct pattern_option_set *set = &reader->pattern.option_set;
    const char *behind = reader_take(reader, option.at, '?');
    bool optional = behind != option.at;
    if (LIKELY(!optional && !option.any_value))
        return behind;
    set->is_set = true;
    set->optional |= (uint64_t)optional << index;
    set->any_value |= (uint64_t)option.any_value << index;
    return behind;
}

/* Options up to `>`. */
static const char *read_option_list(struct reader *reader, const char *start, uint8_t *bytes, size_t *size)
{
    const char *at = start;
    for (size_t index = 0;;) {
        const char *rest = take_any_options(reader, at);
        if (UNLIKELY(rest != at)) {
            reader->pattern.any_options = reader->pattern.option_set.is_set = true;
            return rest;
        }
        reader->option = (uint8_t)*size;
        struct option_text option = read_tcp_option(reader, at, bytes + *size);
        if (option.at == NULL)
            return NULL;
        at = read_option_mark(reader, option, index);
        *size += option.size;
        index += option.size > 1;
        if (*size > TCP_OPTIONS_SIZE_MOST)
            return reader_fail(reader, start, at, "these options take more than the %d bytes that there are",
                               TCP_OPTIONS_SIZE_MOST);
        const char *next = reader_take_comma(reader, at);
        if (next == at)
            return reader_expect(reader, at, '>', "`,` or `>`");
        at = next;
    }
}

/* `any order:` */
static const char *read_any_order(struct reader *reader, const char *start)
{
    const char *at = READER_TAKE_WORD(reader, start, "any");
    const char *behind = at == start ? at : READER_TAKE_WORD(reader, at, "order");
    const char *list = behind == at ? behind : reader_take(reader, behind, ':');
    if (list == behind)
        return start;
    reader->pattern.option_set.is_set = true;
    return list;
}

/* Padding counts for nothing in a set. False if there are bytes that are no option. */
static bool take_padding_out(struct reader *reader, uint8_t *bytes, size_t *size)
{
    size_t kept = 0;
    for (size_t at = 0; at < *size;) {
        size_t length = bytes[at] <= TCP_OPTION_NOP ? 1 : *size - at < OPTION_HEAD ? 0 : bytes[at + 1];
        if (length == 0 || length > *size - at || (bytes[at] > TCP_OPTION_NOP && length < OPTION_HEAD))
            return false;
        if (bytes[at] > TCP_OPTION_NOP) {
            memmove(bytes + kept, bytes + at, length);
            reader_move_slots(reader, at, kept);
            kept += length;
        }
        at += length;
    }
    *size = kept;
    return true;
}

const char *read_tcp_options(struct reader *reader, const char *at)
{
    struct pattern *pattern = &reader->pattern;
    const char *behind = take_any_options(reader, at);
    if (behind != at) {
        pattern->any_options = true;
        return behind;
    }
    pattern->given |= FIELD_BIT(FIELD_OPTIONS);
    behind = reader_take(reader, at, '>');
    if (behind != at)
        return behind;
    uint8_t *bytes = arena_take(reader->arena, OPTIONS_ROOM);
    if (bytes == NULL)
        return reader_fail(reader, at, at + 1, "memory ran out");
    size_t size = 0;
    reader->options = bytes;
    const char *list = read_any_order(reader, at);
    behind = read_option_list(reader, list, bytes, &size);
    if (UNLIKELY(behind != NULL && pattern->option_set.is_set && !take_padding_out(reader, bytes, &size)))
        return reader_fail(reader, list, behind, "bytes that are no option have no place in a set of options");
    pattern->packet.tcp.options = (struct bytes){bytes, size};
    return behind;
}
