/* SPDX-License-Identifier: MIT */
/* What is said of texts that are no packet, and where. */
#include "packet_fixture.h"

#define NO_PACKET       "expected a packet: control bits (`S`, `.`, `-`, ...), udp, icmp, protocol or raw"
#define TOO_LARGE(most) "this number is too large: at most " most " fits here"
#define END             ", found the end of the text"

static const struct fault {
    const char *text;
    unsigned column;
    const char *message;
} faults[] = {
    {"", 1, NO_PACKET END},
    {"(ttl 64)", 9, NO_PACKET END},
    {"tcp 0:0(0)", 1, NO_PACKET ", found `tcp`"},
    {"udq (0)", 1, "no packet begins like this: did you mean `udp`?"},
    {"icmq type 8", 1, "no packet begins like this: did you mean `icmp`?"},
    {"protocl 5", 1, "no packet begins like this: did you mean `protocol`?"},
    {"row 00", 1, "no packet begins like this: did you mean `raw`?"},
    {"~", 1, NO_PACKET ", found `~`"},
    {"SS 0:0(0)", 2, "this control bit is there twice"},
    {"S.x 0:0(0)", 3, "no control bit has this letter: expected some of FSRP.UEWA"},
    {"-S 0:0(0)", 2, "no control bit has this letter: expected some of FSRP.UEWA"},
    {"S.E1 0:0(0)", 4, "E, W and A are bits of this number: give one or the other"},
    {"SE?E 0:0(0)", 4, "this control bit is there twice"},
    {"S?? 0:0(0)", 3, "expected a sequence number, found `?`"},
    {"-? 0:0(0)", 2, "expected a sequence number, found `?`"},
    {"S.E?1 0:0(0)", 5, "E, W and A are bits of this number: give one or the other"},
    {"S8 0:0(0)", 2, "no control bit has this letter: expected some of FSRP.UEWA"},
    {"1234", 5, "expected `>` and the destination port" END},
    {"1234 S 0:0(0)", 6, "expected `>` and the destination port, found `S`"},
    {"1234 > S 0:0(0)", 8, "expected a destination port, found `S`"},
    {"65536 > 80 S 0:0(0)", 1, TOO_LARGE("65535")},
    {"1 > 0x10000 S 0:0(0)", 5, TOO_LARGE("65535")},
    {"addr[a] S 0:0(0)", 9, "expected `>` and the destination, `addr[NAME]`, found `S`"},
    {"addr[a] > S 0:0(0)", 11, "expected `addr[`, found `S`"},
    {"> addr[7] S 0:0(0)", 8, "expected a name, found `7`"},
    {"> addr[a=inet_addr(\"1.2\")] S 0:0(0)", 10, "this is no address"},
    {"S", 2, "expected a sequence number" END},
    {"S x:0(0)", 3, "expected a sequence number, found `x`"},
    {"S 0", 4, "expected `:` and the sequence number behind the payload" END},
    {"S 0 0(0)", 5, "expected `:` and the sequence number behind the payload, found `0`"},
    {"S 0:x(0)", 5, "expected the sequence number behind the payload, found `x`"},
    {"S 0:0", 6, "expected `(` and the payload's length" END},
    {"S 0:0(", 7, "expected the payload's length" END},
    {"S 0:0(0", 8, "expected `)`" END},
    {"S 0:0(65536)", 7, TOO_LARGE("65535")},
    {"S 1:3(1)", 3, "these numbers don't agree: 1 and 1 byte make 2"},
    {"S 4294967296:0(0)", 3, TOO_LARGE("4294967295")},
    {"S 99999999999999999999:0(0)", 3, TOO_LARGE("4294967295")},
    {"S 0x123456789a:0(0)", 3, TOO_LARGE("4294967295")},
    {"S 0:0(0) ack", 13, "expected an acknowledgment number" END},
    {"S 0:0(0) ack x", 14, "expected an acknowledgment number, found `x`"},
    {"S 0:0(0) win 65536", 14, TOO_LARGE("65535")},
    {"S 0:0(0) win", 13, "expected a window" END},
    {"S 0:0(0) urg -1", 14, "expected an urgent pointer, found `-`"},
    {"S 0:0(0) <", 11, "expected a TCP option (mss, nop, sackOK, ...)" END},
    {"S 0:0(0) <ms 1460>", 11, "this name is not known here: did you mean `mss`?"},
    {"S 0:0(0) <sackok>", 11, "this name is not known here: did you mean `sackOK`?"},
    {"S 0:0(0) <blahblahblah>", 11, "this name is not known here: expected a TCP option (mss, nop, sackOK, ...)"},
    {"S 0:0(0) <mss>", 14, "expected a maximum segment size, found `>`"},
    {"S 0:0(0) <mss 65536>", 15, TOO_LARGE("65535")},
    {"S 0:0(0) <mss 1460", 19, "expected `,` or `>`" END},
    {"S 0:0(0) <mss 1460;nop>", 19, "expected `,` or `>`, found `;`"},
    {"S 0:0(0) <nop,>", 15, "expected a TCP option (mss, nop, sackOK, ...), found `>`"},
    {"S 0:0(0) <wscale 256,nop>", 18, TOO_LARGE("255")},
    {"S 0:0(0) <wscale x>", 18, "expected a shift count, found `x`"},
    {"S 0:0(0) <wscale 7>", 10, "these options take 3 bytes: pad them with nop to a multiple of 4"},
    {"S 0:0(0) <nop,nop,nop>", 10, "these options take 3 bytes: pad them with nop to a multiple of 4"},
    {"S 0:0(0) <sack 1>", 17, "expected `:` and the right edge of the block, found `>`"},
    {"S 0:0(0) <sack 1:>", 18, "expected the right edge of the block, found `>`"},
    {"S 0:0(0) <sack>", 15, "expected the left edge of a block, found `>`"},
    {"S 0:0(0) <sack 1:2 3:4 5:6 7:8 9:10>", 32, "expected `,` or `>`: four blocks are all that fit, found `9`"},
    {"S 0:0(0) <FO 00112233445566778899aabbccddeeff,FO 00112233445566778899aabbccddeeff,nop,FO 0011>", 11,
     "these options take more than the 40 bytes that there are"},
    {"S 0:0(0) <TS 1 2>", 14, "expected `val` and a timestamp, found `1`"},
    {"S 0:0(0) <TS val 1>", 19, "expected `ecr` and a timestamp, found `>`"},
    {"S 0:0(0) <TS val x ecr 2>", 18, "expected a timestamp, found `x`"},
    {"S 0:0(0) <TS val 1 ecr>", 23, "expected a timestamp, found `>`"},
    {"S 0:0(0) <uto 32768>", 15, TOO_LARGE("32767")},
    {"S 0:0(0) <ao 1>", 14, "expected `keyid` and a number, found `1`"},
    {"S 0:0(0) <ao keyid 1>", 21, "expected `rnext` and a number, found `>`"},
    {"S 0:0(0) <ao keyid 256 rnext 1>", 20, TOO_LARGE("255")},
    {"S 0:0(0) <ao keyid 1 rnext 1 x>", 30, "expected bytes in hexadecimal, found `x`"},
    {"S 0:0(0) <mptcp x 1>", 17, "expected a subtype of MPTCP (mp_capable, mp_join, ...), found `x`"},
    {"S 0:0(0) <mptcp 16 1>", 17, TOO_LARGE("15")},
    {"S 0:0(0) <mptcp dss>", 20, "expected the four bits behind the subtype, found `>`"},
    {"S 0:0(0) <mptcp dss 16>", 21, TOO_LARGE("15")},
    {"S 0:0(0) <ECN ceb 1>", 15,
     "expected the counters e0b, ceb, e1b in this order, or the other way round, found `ceb`"},
    {"S 0:0(0) <ECN e0b 1 e1b 2>", 21,
     "expected the counters e0b, ceb, e1b in this order, or the other way round, found `e1b`"},
    {"S 0:0(0) <ECN e0b 16777216>", 19, TOO_LARGE("16777215")},
    {"S 0:0(0) <kind>", 15, "expected an option's kind, found `>`"},
    {"S 0:0(0) <kind 256>", 16, TOO_LARGE("255")},
    {"S 0:0(0) <kind 77 123>", 19, "an odd number of hexadecimal digits: two make a byte"},
    {"S 0:0(0) <kind 77 12x>", 19, "expected bytes in hexadecimal, found `12x`"},
    {"S 0:0(0) <raw>", 14, "expected bytes in hexadecimal, found `>`"},
    {"S 0:0(0) <FO xy>", 14, "expected bytes in hexadecimal, found `xy`"},
    {"S 0:0(0) <..., mss 1460>", 11, "expected a TCP option (mss, nop, sackOK, ...), found `.`"},
    {"S 0:0(0) <mss 1460 ...>", 20, "expected `,` or `>`, found `.`"},
    {"S 0:0(0) <?>", 11, "expected a TCP option (mss, nop, sackOK, ...), found `?`"},
    {"S 0:0(0) <nop ...>", 15, "expected `,` or `>`, found `.`"},
    {"S 0:0(0) <any mss 1460>", 11, "this name is not known here: expected a TCP option (mss, nop, sackOK, ...)"},
    {"S 0:0(0) <any order: >", 22, "expected a TCP option (mss, nop, sackOK, ...), found `>`"},
    {"S 0:0(0) <raw 0200, ...>", 11, "bytes that are no option have no place in a set of options"},
    {"S 0:0(0) <...", 11, "expected a TCP option (mss, nop, sackOK, ...), found `.`"},
    {"(ttl 256) S 0:0(0)", 6, TOO_LARGE("255")},
    {"(ttl) S 0:0(0)", 5, "expected a time to live, found `)`"},
    {"(ttl 1 S 0:0(0)", 8, "expected `,` or `)`, found `S`"},
    {"[ect0) S 0:0(0)", 6, "expected `,` or `]`, found `)`"},
    {"(ttl 1, ttl 2) S 0:0(0)", 9, "this is given twice"},
    {"(df, df) S 0:0(0)", 6, "this is given twice"},
    {"(tll 64) S 0:0(0)", 2, "this name is not known here: did you mean `ttl`?"},
    {"(blahblah 64) S 0:0(0)", 2, "this name is not known here: expected an IP field (ttl, tos, ect0, ...)"},
    {"() S 0:0(0)", 2, "expected an IP field (ttl, tos, ect0, ...), found `)`"},
    {"(src 1.2.3) S 0:0(0)", 6, "expected an IPv4 or IPv6 address, found `1`"},
    {"(src 1.2.3.4, dst ::1) S 0:0(0)", 19, "this is an IPv6 address, and what comes before is of IPv4"},
    {"(src ::1, df) S 0:0(0)", 11, "IPv6 has no such field, and what comes before is of that version"},
    {"(id 65536) S 0:0(0)", 5, TOO_LARGE("65535")},
    {"(flowlabel 0x100000) S 0:0(0)", 12, TOO_LARGE("1048575")},
    {"(fragment 8192) S 0:0(0)", 11, TOO_LARGE("8191")},
    {"(options 010) S 0:0(0)", 10, "an odd number of hexadecimal digits: two make a byte"},
    {"(options 01) S 0:0(0)", 1, "1 byte of IPv4 options: expected a multiple of 4, and at most 40"},
    {"(extensions) S 0:0(0)", 12, "expected the kind of the first extension header, found `)`"},
    {"(extensions 0) S 0:0(0)", 14, "expected the extension headers in hexadecimal, found `)`"},
    {"(extensions 256 00) S 0:0(0)", 13, TOO_LARGE("255")},
    {"(checksum good) S 0:0(0)", 11, "expected a checksum: a number or `bad`, found `good`"},
    {"(checksum 65536) S 0:0(0)", 11, TOO_LARGE("65535")},
    {"(trailer \"x) S 0:0(0)", 10, "this string is never closed"},
    {"(version 16) S 0:0(0)", 10, TOO_LARGE("15")},
    {"(total_length 1, payload_length 1) S 0:0(0)", 18, "this is given twice"},
    {"S 0:0(0) {", 11, "expected a field (checksum, payload, ...)" END},
    {"S 0:0(0) {}", 11, "expected a field (checksum, payload, ...), found `}`"},
    {"S 0:0(0) {checksum}", 19, "expected a checksum: a number or `bad`, found `}`"},
    {"S 0:0(0) {checksum 65536}", 20, TOO_LARGE("65535")},
    {"S 0:0(0) {checksum 1", 21, "expected `,` or `}`" END},
    {"S 0:0(0) {chekcsum 1}", 11, "this name is not known here: did you mean `checksum`?"},
    {"S 0:0(0) {blahblahblah 1}", 11, "this name is not known here: expected a field (checksum, payload, ...)"},
    {"S 0:0(0) {length 1}", 11, "a packet of this protocol has no such field"},
    {"S 0:0(0) {data_offset 16}", 23, TOO_LARGE("15")},
    {"S 0:0(0) {reserved 8}", 20, TOO_LARGE("7")},
    {"S 0:0(0) {reserved 1, reserved 1}", 23, "this is given twice"},
    {"S 0:2(2) {payload 01}", 19, "this payload has 1 byte, not 2"},
    {"S 0:2(2) {payload}", 18, "expected bytes in hexadecimal or a string, found `}`"},
    {"S 0:1(1) {payload \"\\q\"}", 20, "unknown escape: expected \\n, \\r, \\t, \\0, \\\\, \\\" or \\xHH"},
    {"udp", 4, "expected `(` and the payload's length" END},
    {"udp 1 2 (0)", 7, "expected `>` and the destination port, found `2`"},
    {"udp x > 2 (0)", 5, "expected a source port, found `x`"},
    {"udp 1 > 2", 10, "expected `(` and the payload's length" END},
    {"udp (0) {length 65536}", 17, TOO_LARGE("65535")},
    {"udp (0) {data_offset 5}", 10, "a packet of this protocol has no such field"},
    {"icmp", 5, "expected `type` and a number, or a type of ICMP (unreachable, time_exceeded, ...)" END},
    {"icmp code 1", 6, "no type of ICMP has this name"},
    {"icmp unreachible", 6, "no type of ICMP has this name: did you mean `unreachable`?"},
    {"icmp unreachable prot_unreachable", 18, "no code of ICMP has this name: did you mean `port_unreachable`?"},
    {"icmp time_exceeded net_unknown", 20, "no code of ICMP has this name"},
    {"icmp unreachable code_256", 23, TOO_LARGE("255")},
    {"icmp unreachable frag_needed mtu", 33, "expected an MTU" END},
    {"icmp unreachable frag_needed mtu 4294967296", 34, TOO_LARGE("4294967295")},
    {"icmp unreachable [1:2(0)]", 19, "these numbers don't agree: 1 and 0 bytes make 1"},
    {"icmp unreachable [1:1(0)", 25, "expected `]`" END},
    {"icmp unreachable [1:1(0)/udp(1)]", 31, "expected `>` and the destination port, found `)`"},
    {"icmp unreachable [udp]", 22, "expected `(` and the payload's length, found `]`"},
    {"[1:1(0)] icmp unreachable [1:1(0)]", 27, "this is given twice"},
    {"icmp unreachable (8) [1:1(0)]", 6, "the quoted packet is the payload: it can't be given twice"},
    {"(src ::1) icmp unreachable net_unknown", 16, "ICMPv6 has no such type or code"},
    {"(src 1.2.3.4) icmp packet_too_big", 20, "ICMPv4 has no such type or code"},
    {"icmpv6 source_quench", 8, "ICMPv6 has no such type or code"},
    {"[1:1(0)] S 0:0(0)", 1, "only an ICMP message quotes a packet"},
    {"ipv4", 5, "expected an IPv4 address" END},
    {"ipv4 ::1 > ::2: S 0:0(0)", 6, "expected an IPv4 address"},
    {"ipv6 1.1.1.1 > ::2: S 0:0(0)", 6, "expected an IPv6 address"},
    {"ipv4 1.1.1.1: S 0:0(0)", 13, "expected `>` and the destination address, found `:`"},
    {"ipv4 1.1.1.1 > 2.2.2.2 S 0:0(0)", 24, "expected `:` and what the header carries, found `S`"},
    {"ipv4 1.1.1.1 > 2.2.2.2 (ttl 300): S 0:0(0)", 29, TOO_LARGE("255")},
    {"ipv4 1.1.1.1 > 2.2.2.2 (src 1.1.1.1): S 0:0(0)", 25, "this is given twice"},
    {"ipv4 1.1.1.1 > 2.2.2.2 (ect01): S 0:0(0)", 24,
     "an outer header's fields are given as they are: no ect01, no bad checksum"},
    {"ipv4 1.1.1.1 > 2.2.2.2 (trailer 00): S 0:0(0)", 24, "an outer header has no trailer"},
    {"ipv4 1.1.1.1 > 2.2.2.2 (options 00): S 0:0(0)", 24,
     "1 byte of IPv4 options: expected a multiple of 4, and at most 40"},
    {"gre: S 0:0(0)", 1, "GRE comes right behind an IP header"},
    {"mpls (label 1, tc 0, [S], ttl 1): S 0:0(0)", 1, "MPLS comes right behind an IP or a GRE header"},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre: gre: S 0:0(0)", 30, "GRE comes right behind an IP header"},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre kye 5: S 0:0(0)", 29, "this name is not known here: did you mean `key`?"},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre key: S 0:0(0)", 32, "expected a key, found `:`"},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre key 1, key 2: S 0:0(0)", 36, "this is given twice"},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre flags 0x10000: S 0:0(0)", 35, TOO_LARGE("65535")},
    {"ipv4 1.1.1.1 > 2.2.2.2: gre flags 0x8000, key 1: S 0:0(0)", 29,
     "the flags say that a field is not there which is given"},
    {"ipv4 1.1.1.1 > 2.2.2.2: mpls: S 0:0(0)", 29, "expected `(label N, tc N, [S], ttl N)`, found `:`"},
    {"ipv4 1.1.1.1 > 2.2.2.2: mpls (tc 1): S 0:0(0)", 31, "expected `label` and a number, found `tc`"},
    {"ipv4 1.1.1.1 > 2.2.2.2: mpls (label 1048576): S 0:0(0)", 37, TOO_LARGE("1048575")},
    {"ipv4 1.1.1.1 > 2.2.2.2: mpls (label 1, tc 8, ttl 1): S 0:0(0)", 43, TOO_LARGE("7")},
    {"ipv4 1.1.1.1 > 2.2.2.2: mpls (label 1, tc 0, [T], ttl 1): S 0:0(0)", 47,
     "expected `S` for the bottom of the stack, found `T`"},
    {"S 0:0(0)/udp", 13, "expected `(` and the ports of UDP" END},
    {"S 0:0(0)/udp(1 > 70000)", 18, TOO_LARGE("65535")},
    {"icmp type", 10, "expected a type" END},
    {"icmp type 256", 11, TOO_LARGE("255")},
    {"icmp type 1 code 256", 18, TOO_LARGE("255")},
    {"icmp type 1 rest", 17, "expected the second word of the header" END},
    {"icmp type 1 (x)", 14, "expected the payload's length, found `x`"},
    {"icmp type 1 {reserved 1}", 14, "a packet of this protocol has no such field"},
    {"protocol", 9, "expected a protocol number" END},
    {"protocol 256", 10, TOO_LARGE("255")},
    {"(protocol 1) protocol 2", 23, "this is given twice"},
    {"protocol 1 xyz", 12, "expected bytes in hexadecimal or a string, found `xyz`"},
    {"raw 123", 5, "an odd number of hexadecimal digits: two make a byte"},
    {"raw \"a", 5, "this string is never closed"},
};

static void each_fault_is_told_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct reading reading;
        read_pattern(&reading, faults[i].text, NULL);
        if (reading.diagnostics.count != 1)
            fail_msg("`%s`: %zu diagnostics", faults[i].text, reading.diagnostics.count);
        const struct diagnostic *diagnostic = &reading.diagnostics.items[0];
        const struct source source = {"text", faults[i].text, strlen(faults[i].text)};
        struct source_position at = source_position(&source, diagnostic->at.offset);
        if (at.column != faults[i].column || strcmp(diagnostic->message, faults[i].message) != 0)
            fail_msg("`%s`: column %u: %s", faults[i].text, at.column, diagnostic->message);
        reading_free(&reading);
    }
}

/* Nothing else is touched. */
static void a_text_that_is_wrong_gives_no_pattern(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    const struct source source = {"text", "S 0:0(0) <mss 1>  {x}", 21};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern = {.given = 99};
    assert_false(pattern_parse(&scanner, &arena, NULL, &pattern));
    assert_int_equal(pattern.given, 99);
    arena_free(&arena);
}

static void the_caret_is_under_what_is_wrong(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    static const char segment[] = "S 0:0(0) <mss 1460,sackOk>\n";
    const struct source source = {"a.pkt", segment, sizeof(segment) - 1};
    struct scanner scanner = scanner_on(&source, &diagnostics);
    struct pattern pattern;
    struct text text = text_growing();
    assert_false(pattern_parse(&scanner, &arena, NULL, &pattern));
    diagnostics_print(&text, &source, &diagnostics);
    assert_string_equal(keep_text(&text), "a.pkt:1:20: error: this name is not known here: did you mean `sackOK`?\n"
                                          "    S 0:0(0) <mss 1460,sackOk>\n"
                                          "                       ^~~~~~\n");
    arena_free(&arena);
}

/* Any text that is cut short or has a character changed is a packet or has a diagnostic, and nothing past its end is
 * read. */
static void texts_that_are_cut_or_changed_are_packets_or_faults(void **state)
{
    static const char *const texts[] = {
        "(src 1.2.3.4, tos 0x10, id 7, df, options 01010100, ttl 64, trailer \"x\") 1 > 2 S. 0:2(2) ack 7 <mss 1460>",
        ". 0:2(2) win 9 urg 1 <sack 1:2,TS val 1 ecr 2,uto 5 minutes,wscale 7,nop,nop,nop> {checksum bad}",
        "P. 0:2(2) {checksum 0x1, data_offset 5, reserved 0, payload 6162}",
        "(src 2001:db8::1, flowlabel 0x12345, extensions 0 0600010400000000) udp 53 > 54 (5) {length 9}",
        "S 0:0(0) win 1 <ao keyid 1 rnext 2 aabb,mptcp dss 1 ff,ECN e1b 1 ceb 2,kind 77 0a0b,raw 0000,nop,nop>",
        "icmpv6 type 1 code 2 rest 0x3 (4) {payload \"\\x01\\n\\\\z\"}",
    };
    static const char characters[] = "0x(<{\",:>\n/*#A.- ";
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        size_t length = strlen(texts[i]);
        for (size_t at = 0; at < length; at++) {
            for (size_t change = 0; change < sizeof(characters); change++) {
                char buffer[512];
                struct text text = text_in(buffer, sizeof(buffer));
                struct reading reading;
                text_append_bytes(&text, texts[i], change == 0 ? at : length);
                if (change > 0)
                    buffer[at] = characters[change - 1];
                read_pattern(&reading, buffer, NULL);
                reading_free(&reading);
            }
            (void)free_bytes(state);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(each_fault_is_told_with_its_place),
        packet_test(a_text_that_is_wrong_gives_no_pattern),
        packet_test(the_caret_is_under_what_is_wrong),
        packet_test(texts_that_are_cut_or_changed_are_packets_or_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
