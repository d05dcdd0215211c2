/* SPDX-License-Identifier: MIT */
/* MPTCP's options with slots, in words of their own. */
#include "packet/multipath_subtype.h"
#include "packet/put_packet.h"

enum {
    AT_SUBTYPE = 2, /* of the option */
    AT_SECOND = 3,
    AT_REST = 4,
    JOIN_SYN_SIZE = 12,
    JOIN_ACK_CODE_SIZE = 20,
    ADDRESS_CODE_SIZE = 8,
};

/* An option that is being put. */
struct multipath_printing {
    const struct printing *printing;
    const struct tcp_option *option;
    size_t start; /* among the option bytes */
};

static const struct pattern_slot *slot_at(const struct multipath_printing *multipath, size_t offset)
{
    return find_option_slot(multipath->printing, multipath->start, offset);
}

/* The option's slot of this rule, or NULL. */
static const struct pattern_slot *multipath_slot_of(const struct multipath_printing *multipath, enum slot_rule rule)
{
    for (size_t i = 0; i < multipath->printing->slot_count; i++) {
        const struct pattern_slot *slot = &multipath->printing->slots[i];
        if (slot->field == FIELD_OPTIONS && slot->option == multipath->start && slot->rule == rule)
            return slot;
    }
    return NULL;
}

static char *put_text(char *at, const char *text)
{
    return put_string(at, text, strlen(text));
}

static char *put_setting(char *at, const char *name, uint32_t value)
{
    return put_unsigned(put_character(put_text(put_character(at, ' '), name), '='), value);
}

/* In hexadecimal if it is more than 32 bits. */
static char *put_wide_number(char *at, const uint8_t bytes[8])
{
    if (load_be32(bytes) == 0)
        return put_unsigned(at, load_be32(bytes + 4));
    return put_hex(PUT(at, "0x"), (struct bytes){bytes, 8});
}

static char *put_key(char *at, const struct pattern_slot *slot)
{
    at = put_text(at, slot->name);
    return slot->has_value ? put_wide_number(put_character(at, '='), slot->value) : at;
}

static char *put_capable(char *at, const struct multipath_printing *multipath)
{
    const uint8_t *bytes = multipath->option->whole.data;
    size_t behind = AT_REST;
    at = put_unsigned(PUT(at, "mpcapable v"), bytes[AT_SUBTYPE] & 15);
    at = put_hex_number(PUT(at, " flags "), bytes[AT_SECOND]);
    at = PUT(at, " key[");
    for (const struct pattern_slot *slot; (slot = slot_at(multipath, behind)) != NULL; behind += 8)
        at = put_key(behind == AT_REST ? at : PUT(at, ", "), slot);
    at = put_character(at, ']');
    if (multipath->option->whole.length == behind + 2)
        at = put_unsigned(PUT(at, " mpcdatalen "), load_be16(bytes + behind));
    return at;
}

static char *put_address_id(char *at, const struct multipath_printing *multipath)
{
    const struct pattern_slot *open = slot_at(multipath, AT_SECOND);
    if (open != NULL && !open->has_value)
        return at;
    return put_setting(at, "address_id", multipath->option->whole.data[AT_SECOND]);
}

static char *put_join(char *at, const struct multipath_printing *multipath)
{
    const struct pattern_slot *fourth = slot_at(multipath, AT_REST);
    if (fourth != NULL && fourth->size == JOIN_ACK_CODE_SIZE)
        return put_text(at, "mp_join_ack sender_hmac=auto");
    bool given = fourth == NULL && multipath->option->whole.length == JOIN_SYN_SIZE;
    bool first = given || (fourth != NULL && fourth->rule == SLOT_TOKEN);
    at = put_text(at, first ? "mp_join_syn" : "mp_join_syn_ack");
    at = put_setting(at, "backup", multipath->option->whole.data[AT_SUBTYPE] & 1);
    at = put_address_id(at, multipath);
    if (!first)
        at = put_text(at, " sender_hmac=auto");
    else if (given)
        at = put_setting(at, "token", load_be32(multipath->option->whole.data + AT_REST));
    else
        at = put_character(put_text(put_text(at, " token=sha256_32("), fourth->name), ')');
    const struct pattern_slot *nonce = slot_at(multipath, multipath->option->whole.length - 4);
    return nonce->has_value ? put_setting(at, "rand", load_be32(nonce->value)) : at;
}

/* A number of four or eight bytes at *BYTES, which moves behind it. */
static char *put_data_number(char *at, const char *name, bool wide, const uint8_t **bytes)
{
    uint32_t value = load_be32(*bytes + (wide ? 4 : 0));
    *bytes += wide ? 8 : 4;
    at = put_text(put_character(at, ' '), name);
    return put_unsigned(put_character(put_character(at, wide ? '8' : '4'), '='), value);
}

/* ` ssn=1 dll=1000 cksum=0x1234`, as far as it was written. Without `nocs` a mapping ends in its checksum. */
static char *put_mapping(char *at, const struct multipath_printing *multipath, const uint8_t *rest)
{
    struct bytes whole = multipath->option->whole;
    size_t offset = (size_t)(rest - whole.data);
    if (slot_at(multipath, offset) == NULL)
        at = put_setting(at, "ssn", load_be32(rest));
    if (slot_at(multipath, offset + 4) == NULL)
        at = put_setting(at, "dll", load_be16(rest + 4));
    if (offset + 6 == whole.length)
        return PUT(at, " nocs");
    return slot_at(multipath, offset + 6) == NULL ? put_setting(at, "cksum", load_be16(rest + 6)) : at;
}

static char *put_dss(char *at, const struct multipath_printing *multipath)
{
    const uint8_t *rest = multipath->option->whole.data + AT_REST;
    unsigned flags = multipath->option->whole.data[AT_SECOND];
    at = put_text(at, "dss");
    if ((flags & DSS_ACKNOWLEDGMENT) != 0)
        at = put_data_number(at, "dack", (flags & DSS_ACKNOWLEDGMENT_WIDE) != 0, &rest);
    if ((flags & DSS_MAPPING) != 0) {
        at = put_data_number(at, "dsn", (flags & DSS_MAPPING_WIDE) != 0, &rest);
        at = put_mapping(at, multipath, rest);
    } else {
        at = PUT(at, " nocs");
    }
    return (flags & DSS_FIN) != 0 ? PUT(at, " fin") : at;
}

char *put_named_address(char *at, const struct pattern_slot *slot)
{
    at = put_text(PUT(at, "addr["), slot->name);
    if (slot->has_value) {
        enum address_family family = slot->value_size == 4 ? ADDRESS_IPV4 : ADDRESS_IPV6;
        struct address address = address_from_bytes(family, slot->value);
        at = put_text(at, family == ADDRESS_IPV4 ? "=inet_addr(\"" : "=inet6_addr(\"");
        at = PUT(put_address(at, &address), "\")");
    }
    return put_character(at, ']');
}

static char *put_added_address(char *at, const struct multipath_printing *multipath)
{
    const struct pattern_slot *slot = slot_at(multipath, AT_REST);
    const uint8_t *bytes = multipath->option->whole.data;
    bool echo = (bytes[AT_SUBTYPE] & 1) != 0;
    size_t plain = multipath->option->whole.length - AT_REST - (echo ? 0 : ADDRESS_CODE_SIZE);
    at = put_address_id(put_text(at, "add_address"), multipath);
    if (slot->name != NULL)
        at = put_named_address(put_character(at, ' '), slot);
    if (plain == 2)
        at = put_setting(at, "port", load_be16(bytes + AT_REST));
    if (echo)
        return PUT(at, " addr_echo");
    bool given = multipath_slot_of(multipath, SLOT_ADDRESS_CODE) == NULL;
    return given ? put_wide_number(PUT(at, " hmac="), bytes + AT_REST + plain) : PUT(at, " hmac=auto");
}

static char *put_fail(char *at, const struct multipath_printing *multipath)
{
    return put_wide_number(put_text(at, "mp_fail dsn8="), multipath->option->whole.data + AT_REST);
}

static char *put_fast_close(char *at, const struct multipath_printing *multipath)
{
    const struct pattern_slot *key = slot_at(multipath, AT_REST);
    at = PUT(at, "mp_fastclose");
    return key->name == NULL ? at : put_text(put_character(at, ' '), key->name);
}

char *put_slotted_multipath(char *at, const struct printing *printing, const struct tcp_option *option)
{
    static char *(*const rows[])(char *at, const struct multipath_printing *multipath) = {
        [MULTIPATH_CAPABLE] = put_capable, [MULTIPATH_JOIN] = put_join,
        [MULTIPATH_DSS] = put_dss,         [MULTIPATH_ADD_ADDRESS] = put_added_address,
        [MULTIPATH_FAIL] = put_fail,       [MULTIPATH_FAST_CLOSE] = put_fast_close,
    };
    unsigned subtype = option->body.data[0] >> 4;
    const struct multipath_printing multipath = {printing, option,
                                                 (size_t)(option->whole.data - printing->packet->tcp.options.data)};
    INVARIANT(subtype < COUNT_OF(rows) && rows[subtype] != NULL);
    return rows[subtype](at, &multipath);
}
