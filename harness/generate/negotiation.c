/* SPDX-License-Identifier: MIT */
#include "generate/negotiation.h"

#include "generate/script_folder.h"
#include "packet/pattern.h"
#include "packet/tcp_option.h"

/* How scripts write an option: what is offered fills up words of four bytes, what is expected may be missing. */
static const struct words {
    uint8_t kind;
    const char *offered;
    const char *expected;
} words[] = {
    {TCP_OPTION_MSS, "mss 1460", "mss ...?"},
    {TCP_OPTION_WINDOW_SCALE, "nop,wscale 7", "wscale ...?"},
    {TCP_OPTION_SACK_PERMITTED, "nop,nop,sackOK", "sackOK?"},
    {TCP_OPTION_TIMESTAMPS, "nop,nop,TS val 1000 ecr 0", "TS ...?"},
    {TCP_OPTION_FAST_OPEN, "nop,nop,FO", "FO ...?"},
    {TCP_OPTION_MULTIPATH, "mptcp mp_capable 1 01", "mptcp ...?"},
};

static const struct words *words_of(uint8_t kind)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].kind == kind)
            return &words[i];
    return NULL;
}

/* --- which there are --- */

static size_t find_ecn(const struct spec_ecn *ecn, struct negotiation *negotiations)
{
    size_t count = 0;
    uint8_t coded = SPEC_ECN_VALUES;
    for (uint8_t value = 0; ecn->given && value < SPEC_ECN_VALUES; value++) {
        negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_ECN, .ecn = value};
        if ((ecn->coded_on_syn_ack >> value & 1) != 0)
            coded = value;
    }
    /* One of those values is as good as another for what the code depends on. */
    for (uint8_t field = 1; coded < SPEC_ECN_VALUES && field < COUNT_OF(ecn->code); field++)
        negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_ECN, .ecn = coded, .field = field};
    return count;
}

size_t negotiations_find(const struct spec *spec, struct negotiation *negotiations)
{
    size_t count = 0;
    if (spec->option_count > 0) {
        negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_WITHOUT};
        negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_ACTIVE};
        negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_RESET};
    }
    for (uint16_t i = 0; i < spec->option_count && count + (size_t)2 * SPEC_ECN_VALUES < NEGOTIATIONS_MOST; i++)
        if (spec->options[i].on[SPEC_ON_SYN] != SPEC_NEVER && words_of(spec->options[i].kind) != NULL)
            negotiations[count++] = (struct negotiation){.kind = NEGOTIATION_WITH, .option = &spec->options[i]};
    return count + find_ecn(&spec->ecn, negotiations + count);
}

/* --- texts --- */

static bool may_stand(enum spec_presence presence, bool received)
{
    return presence == SPEC_MAY_STAND || presence == SPEC_OPEN ||
           (received &&
            (presence == SPEC_IF_RECEIVED || presence == SPEC_IF_AGREED || presence == SPEC_ALWAYS_IF_AGREED));
}

/* The options that may stand in a segment of the stack's at PLACE, where RECEIVED (or NULL) is what the harness's SYN
 * had; nothing if none may. */
static void put_expected(struct text *text, const struct spec *spec, enum spec_place place,
                         const struct spec_option *received)
{
    size_t count = 0;
    for (uint16_t i = 0; i < spec->option_count; i++) {
        const struct spec_option *option = &spec->options[i];
        const struct words *how = words_of(option->kind);
        /* On a RST an option is open as far as the specification is silent: those named are enough. */
        bool open = place != SPEC_ON_SYN && option->on[place] == SPEC_OPEN;
        if (how == NULL || open || !may_stand(option->on[place], option == received))
            continue;
        text_append_format(text, "%s%s", count++ == 0 ? " <" : ",", how->expected);
    }
    text_append_string(text, count > 0 ? ">" : "");
}

static void put_offered_all(struct text *text, const struct spec *spec)
{
    size_t count = 0;
    for (uint16_t i = 0; i < spec->option_count; i++) {
        const struct words *how = words_of(spec->options[i].kind);
        /* One more would not fit into forty bytes. */
        if (how != NULL && how->kind != TCP_OPTION_FAST_OPEN)
            text_append_format(text, "%s%s", count++ == 0 ? " <" : ",", how->offered);
    }
    text_append_string(text, count > 0 ? ">" : "");
}

static const char listener[] = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                               "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n"
                               "+0 bind(3, ..., ...) = 0\n"
                               "+0 listen(3, 8) = 0\n\n";

static void put_passive(struct text *text, const struct spec *spec, const struct spec_option *option)
{
    const char *offered = option == NULL ? NULL : words_of(option->kind)->offered;
    bool stamps = option != NULL && option->kind == TCP_OPTION_TIMESTAMPS;
    text_append_string(text, listener);
    text_append_string(text, "+0.1 < S 1000:1000(0) win 32792");
    if (offered != NULL)
        text_append_format(text, " <%s>", offered);
    text_append_string(text, "\n+0~+0.5 > S. 0:0(0) ack 1001");
    put_expected(text, spec, SPEC_ON_SYN_ACK, option);
    text_append_string(text, "\n\n+0.1 < P. 1:11(10) ack 1 win 32792");
    text_append_string(text, stamps ? " <nop,nop,TS val 1100 ecr 0>" : "");
    text_append_string(text, "\n+0~+0.5 > . 1:1(0) ack 11");
    put_expected(text, spec, SPEC_ELSEWHERE, option);
    text_append_character(text, '\n');
}

static void put_active(struct text *text, const struct spec *spec)
{
    text_append_string(text, "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                             "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                             "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n\n"
                             "+0~+0.5 > SE?W?A? 0:0(0)");
    put_expected(text, spec, SPEC_ON_SYN, NULL);
    text_append_string(text, "\n+0.1 < S. 1000:1000(0) ack 1 win 32792\n+0~+0.5 > . 1:1(0) ack 1\n\n"
                             "+0.1 < P. 1:11(10) ack 1 win 32792\n+0~+0.5 > . 1:1(0) ack 11\n");
}

static void put_reset(struct text *text, const struct spec *spec)
{
    text_append_string(text, "0 < S 1000:1000(0) win 32792");
    put_offered_all(text, spec);
    text_append_string(text, "\n+0~+0.5 > R. 0:0(0) ack 1");
    put_expected(text, spec, SPEC_ON_RST, NULL);
    text_append_character(text, '\n');
}

static uint16_t ecn_bits(uint8_t value)
{
    return (uint16_t)(((value & 4) != 0 ? TCP_AE : 0) | ((value & 2) != 0 ? TCP_CWR : 0) |
                      ((value & 1) != 0 ? TCP_ECE : 0));
}

/* Bits of values that may answer NEGOTIATION. */
static uint8_t ecn_answers(const struct spec_ecn *ecn, const struct negotiation *negotiation)
{
    uint8_t answers = ecn->on_syn_ack[negotiation->ecn];
    if ((ecn->coded_on_syn_ack >> negotiation->ecn & 1) != 0)
        answers |= (uint8_t)(1U << ecn->code[negotiation->field]);
    return answers;
}

static const char *const ecn_fields[] = {"", "[ect1] ", "[ect0] ", "[ce] "};

static void put_ecn(struct text *text, const struct spec *spec, const struct negotiation *negotiation)
{
    uint8_t answers = ecn_answers(&spec->ecn, negotiation);
    const char *between = "+0~+0.5 > ";
    text_append_string(text, listener);
    text_append_format(text, "+0.1 < %s", ecn_fields[negotiation->field]);
    tcp_flags_print(text, (uint16_t)(TCP_SYN | ecn_bits(negotiation->ecn)));
    text_append_string(text, " 1000:1000(0) win 32792 <mss 1460>\n");
    for (unsigned value = 0; value < SPEC_ECN_VALUES; value++) {
        if ((answers >> value & 1) == 0)
            continue;
        text_append_string(text, between);
        tcp_flags_print(text, (uint16_t)(TCP_SYN | TCP_ACK | ecn_bits((uint8_t)value)));
        text_append_string(text, " 0:0(0) ack 1001 <...>\n");
        between = "    or ";
    }
}

/* --- notes and names --- */

static void put_digits(struct text *text, uint8_t value)
{
    for (unsigned bit = 3; bit > 0; bit--)
        text_append_character(text, (value >> (bit - 1) & 1) != 0 ? '1' : '0');
}

static void put_title(struct text *text, const struct negotiation *negotiation)
{
    static const char *const fields[] = {"", " in a packet with ECT(1)", " in a packet with ECT(0)",
                                         " in a packet with CE"};
    switch (negotiation->kind) {
    case NEGOTIATION_WITHOUT:
        text_append_string(text, "A SYN without options is answered by no option but those that need none");
        break;
    case NEGOTIATION_WITH:
        text_append_format(text, "A SYN with the option %s is answered by that, or by those that need none",
                           negotiation->option->name);
        break;
    case NEGOTIATION_ACTIVE:
        text_append_string(text, "What the SYN offers and the SYN-ACK does not is not used");
        break;
    case NEGOTIATION_RESET:
        text_append_string(text, "A SYN with many options where nobody listens is answered by a RST with few");
        break;
    case NEGOTIATION_ECN:
        text_append_string(text, "A SYN with AE, CWR and ECE ");
        put_digits(text, negotiation->ecn);
        text_append_format(text, "%s is answered by a SYN-ACK with bits that suit it", fields[negotiation->field]);
        break;
    }
}

static void put_requirements(struct text *text, const struct spec *spec, const uint16_t *clauses, uint16_t count)
{
    for (uint16_t i = 0; i < count; i++)
        text_append_format(text, "//: requirement %s\n", spec->clauses[clauses[i]]);
}

static bool is_about(const struct negotiation *negotiation, const struct spec_option *option)
{
    return negotiation->kind != NEGOTIATION_WITH || negotiation->option == option;
}

static void put_notes(struct text *text, const struct spec *spec, const struct negotiation *negotiation)
{
    text_append_string(text, "//: title ");
    put_title(text, negotiation);
    text_append_character(text, '\n');
    if (negotiation->kind == NEGOTIATION_ECN)
        put_requirements(text, spec, spec->ecn.clauses, spec->ecn.clause_count);
    for (uint16_t i = 0; negotiation->kind != NEGOTIATION_ECN && i < spec->option_count; i++)
        if (is_about(negotiation, &spec->options[i]))
            put_requirements(text, spec, spec->options[i].clauses, spec->options[i].clause_count);
    text_append_string(text, SCRIPT_FOLDER_NOTE "\n");
}

void negotiation_write(struct text *text, const struct spec *spec, const struct negotiation *negotiation)
{
    put_notes(text, spec, negotiation);
    switch (negotiation->kind) {
    case NEGOTIATION_WITHOUT:
    case NEGOTIATION_WITH:
        put_passive(text, spec, negotiation->option);
        break;
    case NEGOTIATION_ACTIVE:
        put_active(text, spec);
        break;
    case NEGOTIATION_RESET:
        put_reset(text, spec);
        break;
    case NEGOTIATION_ECN:
        put_ecn(text, spec, negotiation);
        break;
    }
}

void negotiation_name(struct text *text, const struct negotiation *negotiation)
{
    static const char *const names[] = {[NEGOTIATION_WITHOUT] = "options-none",
                                        [NEGOTIATION_WITH] = "options-",
                                        [NEGOTIATION_ACTIVE] = "options-offered",
                                        [NEGOTIATION_RESET] = "options-reset",
                                        [NEGOTIATION_ECN] = "ecn-"};
    static const char *const fields[] = {"", "-ect1", "-ect0", "-ce"};
    text_append_string(text, names[negotiation->kind]);
    if (negotiation->kind == NEGOTIATION_WITH)
        text_append_string(text, negotiation->option->name);
    if (negotiation->kind != NEGOTIATION_ECN)
        return;
    put_digits(text, negotiation->ecn);
    text_append_string(text, fields[negotiation->field]);
}
