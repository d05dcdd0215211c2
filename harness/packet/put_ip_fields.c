/* SPDX-License-Identifier: MIT */
#include "packet/put_packet.h"

/* Words that stand for what FIELDS gives, a bit each. */
static uint32_t ip_fields_words(const struct ip_fields *fields)
{
    uint32_t words = 0;
    for (unsigned word = 0; word < IP_WORD_COUNT; word++) {
        const struct ip_word_row *row = &ip_word_rows[word];
        bool shown = (fields->given & FIELD_BIT(row->field)) != 0;
        bool fits = row->network == NETWORK_NONE || row->network == fields->network;
        words |= (uint32_t)(shown && fits) << word;
    }
    return words;
}

/* Words that are values by themselves: those whose bits the field has. */
static uint32_t ip_fields_flag_words(const struct ip_fields *fields, uint32_t words)
{
    static const uint8_t by_code_point[] = {IP_WORD_NOT_ECT, IP_WORD_ECT1, IP_WORD_ECT0, IP_WORD_CE};
    const uint32_t ecn_words =
        1u << IP_WORD_NOT_ECT | 1u << IP_WORD_ECT0 | 1u << IP_WORD_ECT1 | 1u << IP_WORD_ECT01 | 1u << IP_WORD_CE;
    if ((words & ecn_words) != 0) {
        words &= ~ecn_words;
        words |=
            fields->ecn == ECN_ECT0_OR_ECT1 ? 1u << IP_WORD_ECT01 : 1u << by_code_point[fields->type_of_service & 3];
    }
    for (unsigned word = IP_WORD_DONT_FRAGMENT; word <= IP_WORD_RESERVED_FLAG; word++)
        if ((fields->flags & ip_word_rows[word].meaning) == 0)
            words &= ~(1u << word);
    return words;
}

static char *put_ip_value(char *at, struct ip_fields *fields, enum ip_word word)
{
    switch ((enum ip_value)ip_word_rows[word].value) {
    case IP_VALUE_ADDRESS:
        return put_address(at, word == IP_WORD_SOURCE ? &fields->source : &fields->destination);
    case IP_VALUE_DECIMAL:
        return put_unsigned(at, *ip_fields_number(fields, word));
    case IP_VALUE_CHECKSUM:
        if (fields->checksum_kind == CHECKSUM_BAD)
            return PUT(at, "bad");
        return put_hex_number(at, *ip_fields_number(fields, word));
    case IP_VALUE_HEXADECIMAL:
        return put_hex_number(at, *ip_fields_number(fields, word));
    case IP_VALUE_EXTENSIONS:
        at = put_character(put_unsigned(at, fields->next_header), ' ');
        return put_hex(at, fields->options);
    case IP_VALUE_BYTES:
        return put_hex(at, word == IP_WORD_TRAILER ? fields->trailer : fields->options);
    case IP_VALUE_NONE:
    case IP_VALUE_COUNT:
        break;
    }
    return at;
}

char *put_ip_fields(char *at, const struct ip_fields *fields)
{
    struct ip_fields shown = *fields;
    uint32_t words = ip_fields_flag_words(fields, ip_fields_words(fields));
    if (words == 0)
        return at;
    at = put_character(at, '(');
    while (words != 0) {
        unsigned word = (unsigned)__builtin_ctz(words);
        const struct ip_word_row *row = &ip_word_rows[word];
        words &= words - 1;
        at = put_block(at, row->name, row->name_length);
        if (row->value != IP_VALUE_NONE)
            at = put_ip_value(put_character(at, ' '), &shown, word);
        at = PUT(at, ", ");
    }
    return PUT(at - 2, ") ");
}
