/* SPDX-License-Identifier: MIT */
/* ICMP messages as text. */
#include "packet/icmp_word.h"
#include "packet/put_packet.h"

char *put_length(char *at, const struct packet *packet)
{
    at = put_unsigned(put_character(at, '('), (uint32_t)packet->payload.length);
    return put_character(at, ')');
}

/* Type and code, as numbers or, if the text has them, as words. A code of 0 goes without saying behind a word. */
static char *put_type_and_code(char *at, const struct printing *printing)
{
    const struct icmp_header *icmp = &printing->packet->icmp;
    if (printing->icmp_type_word == 0) {
        at = put_unsigned(PUT(at, "type "), icmp->type);
        return shows(printing, FIELD_ICMP_CODE) ? put_unsigned(PUT(at, " code "), icmp->code) : at;
    }
    const char *type = icmp_type_word(printing->icmp_type_word);
    at = put_string(at, type, strlen(type));
    if (printing->icmp_code_word != 0) {
        const char *code = icmp_code_word(printing->icmp_code_word);
        return put_string(put_character(at, ' '), code, strlen(code));
    }
    return icmp->code != 0 ? put_unsigned(PUT(at, " code_"), icmp->code) : at;
}

char *put_over_udp(char *at, unsigned source, unsigned destination)
{
    at = put_unsigned(PUT(at, "/udp("), source);
    at = put_unsigned(PUT(at, " > "), destination);
    return put_character(at, ')');
}

char *put_quote(char *at, const struct pattern_quote *quote)
{
    at = put_character(at, '[');
    if (quote->transport == TRANSPORT_UDP) {
        at = PUT(at, "udp ");
    } else {
        at = put_character(put_unsigned(at, quote->sequence), ':');
        at = put_unsigned(at, quote->sequence + quote->length);
    }
    at = put_character(put_unsigned(put_character(at, '('), quote->length), ')');
    if (quote->over_udp)
        at = put_over_udp(at, quote->udp_source, quote->udp_destination);
    return put_character(at, ']');
}

char *put_icmp(char *at, const struct printing *printing)
{
    const struct packet *packet = printing->packet;
    bool six = packet->transport == TRANSPORT_ICMPV6;
    if (packet->network == (six ? NETWORK_IPV6 : NETWORK_IPV4) || (!six && packet->network == NETWORK_NONE))
        at = PUT(at, "icmp ");
    else
        at = six ? PUT(at, "icmpv6 ") : PUT(at, "icmpv4 ");
    at = put_type_and_code(at, printing);
    if (shows(printing, FIELD_ICMP_REST) && printing->icmp_type_word != 0)
        at = put_unsigned(PUT(at, " mtu "), packet->icmp.rest);
    else if (shows(printing, FIELD_ICMP_REST))
        at = put_hex_number(PUT(at, " rest "), packet->icmp.rest);
    if (shows(printing, FIELD_PAYLOAD_LENGTH))
        at = put_length(put_character(at, ' '), packet);
    if (shows(printing, FIELD_QUOTE) && printing->quote != NULL)
        at = put_quote(put_character(at, ' '), printing->quote);
    return put_braces(at, printing, packet->icmp.checksum);
}
