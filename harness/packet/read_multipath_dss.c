/* SPDX-License-Identifier: MIT */
/* The text of MPTCP's DSS: `dss dack8=1 dsn8=1 ssn=1 dll=1000 cksum=0x1234 fin`. */
#include "packet/multipath_subtype.h"
#include "packet/multipath_text.h"
#include "packet/read_named_address.h"

/* What `dss` can say. A number whose `at` is NULL was not said. */
struct dss_text {
    struct reader_number four[2]; /* acknowledgment, sequence number */
    struct reader_number eight[2];
    struct reader_number subflow;
    struct reader_number length;
    struct reader_number checksum;
    bool unsummed; /* `nocs` was there */
    bool fin;
};

static const char *read_dss_words(struct reader *reader, const char *at, struct dss_text *dss)
{
    const struct {
        const char *name;
        uint32_t most;
        struct reader_number *number;
    } rows[] = {{"dack4", UINT32_MAX, &dss->four[0]}, {"dack8", UINT32_MAX, &dss->eight[0]},
                {"dsn4", UINT32_MAX, &dss->four[1]},  {"dsn8", UINT32_MAX, &dss->eight[1]},
                {"ssn", UINT32_MAX, &dss->subflow},   {"dll", UINT16_MAX, &dss->length},
                {"cksum", UINT16_MAX, &dss->checksum}};
    for (;;) {
        const char *start = at;
        for (size_t i = 0; i < COUNT_OF(rows) && at == start; i++)
            at = multipath_setting(reader, at, rows[i].name, rows[i].most, rows[i].number);
        if (at == NULL)
            return NULL;
        if (at != start)
            continue;
        at = READER_TAKE_WORD(reader, start, "nocs");
        dss->unsummed = dss->unsummed || at != start;
        const char *behind = READER_TAKE_WORD(reader, at, "fin");
        dss->fin = dss->fin || behind != at;
        at = behind;
        if (at == start)
            return at;
    }
}

/* NUMBER, or a slot if it was not said. */
static bool write_or_leave(struct multipath_text *option, const struct reader_number *number, enum slot_rule rule,
                           uint8_t size, struct span at)
{
    if (number->at == NULL)
        return multipath_add_slot(option, rule, size, at);
    multipath_write(option, number->value, size);
    return true;
}

/* What follows the data sequence number of a mapping. */
static bool write_mapping(struct multipath_text *option, const struct dss_text *dss, struct span at)
{
    return write_or_leave(option, &dss->subflow, SLOT_SUBFLOW_NUMBER, 4, at) &&
           write_or_leave(option, &dss->length, SLOT_DATA_LENGTH, 2, at) &&
           (dss->unsummed || write_or_leave(option, &dss->checksum, SLOT_DATA_CHECKSUM, 2, at));
}

static const char *fail_checksum(struct reader *reader, const char *start, const char *at, const struct dss_text *dss)
{
    if (dss->unsummed)
        return reader_fail(reader, start, at, "with `nocs` there is no checksum: `cksum` contradicts it");
    return reader_fail(reader, start, at, "`cksum` is of a mapping: `dsn4` or `dsn8` is missing");
}

const char *read_multipath_dss(struct multipath_text *option, const char *start)
{
    struct reader *reader = option->reader;
    struct dss_text dss = {0};
    const char *at = read_dss_words(reader, start, &dss);
    if (at == NULL)
        return NULL;
    if (at == start)
        return reader_expected(reader, at, "dack4=, dack8=, dsn4=, dsn8=, ssn=, dll=, cksum=, nocs or fin");
    bool wide[2] = {dss.eight[0].at != NULL, dss.eight[1].at != NULL};
    bool there[2] = {wide[0] || dss.four[0].at != NULL, wide[1] || dss.four[1].at != NULL};
    if (dss.checksum.at != NULL && (dss.unsummed || !there[1]))
        return fail_checksum(reader, start, at, &dss);
    multipath_begin(option, MULTIPATH_DSS, 0);
    multipath_write(option,
                    (dss.fin ? DSS_FIN : 0U) | (wide[1] ? DSS_MAPPING_WIDE : 0U) | (there[1] ? DSS_MAPPING : 0U) |
                        (wide[0] ? DSS_ACKNOWLEDGMENT_WIDE : 0U) | (there[0] ? DSS_ACKNOWLEDGMENT : 0U),
                    1);
    struct pattern_slot slot = reader_option_slot(reader, SLOT_DATA_NUMBERS, option->bytes + option->size, 0);
    size_t first = option->size;
    for (size_t i = 0; i < 2; i++)
        if (there[i])
            multipath_write(option, (wide[i] ? dss.eight : dss.four)[i].value, wide[i] ? 8 : 4);
    slot.size = (uint8_t)(option->size - first);
    slot.at = reader_span(reader, start, at);
    if (slot.size > 0 && !reader_add_slot(reader, &slot))
        return NULL;
    return !there[1] || write_mapping(option, &dss, slot.at) ? at : NULL;
}
