/* SPDX-License-Identifier: MIT */
/*
 * Each rule of the specification dropped, weakened or swapped: what generated scripts notice of it on the sample stack.
 * They do if the mutant gives another verdict than the specification on what the stack does in them, or does with a
 * planted fault; or if a script that the mutant gives rise to fails on the stack.
 */
#include "../spec/mutant_check.h"
#include "engine/engine.h"
#include "generate/collection.h"
#include "generate/negotiation.h"
#include "generate/writer.h"
#include "spec/judge.h"
#include "spec/row_head.h"
#include "stack/plugin.h"

#include <stdio.h>
#include <stdlib.h>

/* LEFT_MOST may sink; if it rises, a mutant more hides. */
enum { SCRIPTS_MOST = 1024, MUTANTS_MOST = 512, LEFT_MOST = 17 };

/* It is about the specification and not about memory, and would take minutes. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER 1
#endif
#endif

struct script {
    struct text text;
    struct program program;
    struct engine_options options;
};

struct tried {
    struct mutant mutant;
    struct judge *judge;
    uint16_t row;
    enum mutation mutation;
    const char *noticed; /* by what; NULL */
};

struct fixture {
    struct spec spec;
    struct arena arena;
    struct plugin *plugin;
    struct judge *judge;
    struct script scripts[SCRIPTS_MOST];
    size_t script_count;
    struct tried tried[MUTANTS_MOST];
    size_t tried_count;
};

/* --- scripts --- */

static void script_read(struct script *script)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    const struct source source = {"generated.pkt", text_string(&script->text), script->text.length};
    assert_true(program_parse(&source, &(struct program_settings){0}, &diagnostics, &script->program));
    assert_true(engine_options_read(&script->program, &diagnostics, &script->options));
    arena_free(&arena);
}

static void script_free(struct script *script)
{
    program_free(&script->program);
    text_free(&script->text);
}

static bool is_for_ipv6(const struct script *script)
{
    return strstr(text_string(&script->text), "//: ip 6") != NULL;
}

/* The texts of all scripts that SPEC gives rise to; how many. */
static size_t generate(const struct spec *spec, struct text *texts)
{
    struct collection *collection = calloc(1, sizeof(*collection));
    struct negotiation negotiations[NEGOTIATIONS_MOST];
    size_t count = 0;
    assert_non_null(collection);
    assert_true(collection_make(collection, spec));
    for (size_t i = 0; i < collection->candidates.count; i++)
        if (collection->candidates.items[i].chosen) {
            assert_true(count < SCRIPTS_MOST);
            texts[count] = text_growing();
            script_write(&texts[count++], &collection->candidates.items[i]);
        }
    size_t negotiated = negotiations_find(spec, negotiations);
    for (size_t i = 0; i < negotiated; i++) {
        assert_true(count < SCRIPTS_MOST);
        texts[count] = text_growing();
        negotiation_write(&texts[count++], spec, &negotiations[i]);
    }
    collection_free(collection);
    free(collection);
    return count;
}

static enum verdict perform(const struct fixture *fixture, const struct script *script, const char *options,
                            const struct trace_sink *sink)
{
    const struct plugin_settings plugin = {.seed = 1, .options = options};
    struct engine_settings settings = {.title = "generated.pkt", .trace = sink, .options = script->options};
    struct engine_result result;
    struct stack *stack;
    struct error error;
    settings.options.ip_version = is_for_ipv6(script) ? IP_VERSION_IPV6 : IP_VERSION_IPV4;
    assert_true(plugin_stack_open(fixture->plugin, &plugin, &stack, &error));
    engine_run(&script->program, stack, &settings, &result);
    engine_result_free(&result);
    stack_close(stack);
    return result.verdict;
}

/* --- judges --- */

static bool is_same_verdict(const struct judge *left, const struct judge *right)
{
    size_t count = judge_connection_count(left);
    bool same = count == judge_connection_count(right);
    for (size_t i = 0; same && i < count; i++) {
        const struct judge_connection *one = judge_connection_at(left, i);
        const struct judge_connection *other = judge_connection_at(right, i);
        same = one->verdict == other->verdict && one->lax == other->lax;
    }
    return same;
}

static bool is_open(const struct tried *tried)
{
    return tried->noticed == NULL;
}

/* --- a stack that is altered from outside --- */

enum alteration {
    MUTE,    /* it is left out */
    CUT_OFF, /* and so is all that follows */
    OTHER_SEQUENCE,
    OTHER_ACKNOWLEDGMENT,
    RST_WITH_ACK, /* a RST acknowledges what the stack acknowledged last */
    ALTERATION_COUNT
};

/* What passes on a trace with its COUNTDOWN-th packet of the stack's altered. */
struct altering {
    struct trace_sink to;
    enum alteration alteration;
    size_t countdown;
    bool altered;
    uint8_t acknowledgment[4]; /* of the stack's last packet that had one */
};

static uint32_t word_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint8_t *tcp_header(uint8_t *packet)
{
    return packet + (packet[0] >> 4 == 4 ? (size_t)(packet[0] & 15) * 4 : 40);
}

/* Makes the word at OFFSET of HEADER another, and keeps the checksum right (RFC 1624). */
static void put_word(uint8_t *header, size_t offset, uint32_t word)
{
    uint32_t sum = (~word_at(header + 16) & 0xffff) + (~word_at(header + offset) & 0xffff) + (word & 0xffff);
    header[offset] = (uint8_t)(word >> 8);
    header[offset + 1] = (uint8_t)word;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    header[16] = (uint8_t)(sum >> 8);
    header[17] = (uint8_t)sum;
}

static void alter(const struct altering *altering, uint8_t *packet)
{
    enum { SEQUENCE = 4, ACKNOWLEDGMENT = 8, FLAGS = 12 };
    uint8_t *header = tcp_header(packet);
    uint32_t flags = word_at(header + FLAGS);
    if (altering->alteration == OTHER_SEQUENCE)
        put_word(header, SEQUENCE, word_at(header + SEQUENCE) + 16); /* times 2^16 */
    else if (altering->alteration == OTHER_ACKNOWLEDGMENT)
        put_word(header, ACKNOWLEDGMENT, word_at(header + ACKNOWLEDGMENT) + 16);
    else if ((flags & TCP_RST) != 0 && (flags & TCP_ACK) == 0) {
        put_word(header, FLAGS, flags | TCP_ACK);
        put_word(header, ACKNOWLEDGMENT, word_at(altering->acknowledgment));
        put_word(header, ACKNOWLEDGMENT + 2, word_at(altering->acknowledgment + 2));
    }
}

static bool altering_take(void *context, const struct trace_event *event, struct error *error)
{
    static uint8_t bytes[65536];
    struct altering *altering = context;
    if (event->kind == TRACE_END) {
        /* Long enough for all that is due. */
        struct trace_event later = {.kind = TRACE_NOTE, .time = event->time, .note = ""};
        later.time.earliest += 3 * NANOSECONDS_PER_SECOND;
        later.time.latest += 3 * NANOSECONDS_PER_SECOND;
        return trace_give(&altering->to, &later, error) && trace_give(&altering->to, event, error);
    }
    if (altering->altered && altering->alteration == CUT_OFF)
        return true;
    if (event->kind != TRACE_SEEN)
        return trace_give(&altering->to, event, error);
    struct trace_event other = *event;
    memcpy(bytes, event->packet.data, event->packet.length);
    other.packet.data = bytes;
    if (altering->countdown-- == 0) {
        altering->altered = true;
        if (altering->alteration == MUTE || altering->alteration == CUT_OFF)
            return true;
        alter(altering, bytes);
    }
    if ((word_at(tcp_header(bytes) + 12) & TCP_ACK) != 0)
        memcpy(altering->acknowledgment, tcp_header(bytes) + 8, sizeof(altering->acknowledgment));
    return trace_give(&altering->to, &other, error);
}

/* Performs SCRIPT, altered by ALTERING or not, and notes which mutants differ from the specification about it. */
static void compare(struct fixture *fixture, const struct script *script, const char *options,
                    struct altering *altering, const char *by)
{
    struct trace_sink sinks[MUTANTS_MOST + 1];
    struct trace_fan fan = {sinks, 0};
    struct error error;
    judge_restart(fixture->judge);
    sinks[fan.count++] = judge_sink(fixture->judge);
    for (size_t i = 0; i < fixture->tried_count; i++)
        if (is_open(&fixture->tried[i])) {
            judge_restart(fixture->tried[i].judge);
            sinks[fan.count++] = judge_sink(fixture->tried[i].judge);
        }
    struct trace_sink sink = trace_fan_sink(&fan);
    if (altering != NULL) {
        altering->to = sink;
        sink = (struct trace_sink){altering_take, altering};
    }
    (void)perform(fixture, script, options, &sink);
    assert_true(judge_finish(fixture->judge, &error));
    for (size_t i = 0; i < fixture->tried_count; i++) {
        struct tried *tried = &fixture->tried[i];
        if (!is_open(tried))
            continue;
        assert_true(judge_finish(tried->judge, &error));
        if (!is_same_verdict(tried->judge, fixture->judge))
            tried->noticed = by;
    }
}

/* True if the specification finds fault with what the stack does in SCRIPT. */
static bool is_violated(const struct fixture *fixture, const struct script *script, const char *options,
                        struct altering *altering)
{
    struct error error;
    judge_restart(fixture->judge);
    struct trace_sink sink = judge_sink(fixture->judge);
    if (altering != NULL) {
        altering->to = sink;
        sink = (struct trace_sink){altering_take, altering};
    }
    (void)perform(fixture, script, options, &sink);
    assert_true(judge_finish(fixture->judge, &error));
    return judge_verdict(fixture->judge) == VERDICT_FAIL;
}

static void compare_faulty(struct fixture *fixture, const struct shakedown_fault *fault)
{
    char options[32];
    if (strstr(fault->name, "crash") != NULL)
        return;
    (void)snprintf(options, sizeof(options), "fault=%u", fault->number);
    for (size_t i = 0; i < fixture->script_count; i++)
        if (is_violated(fixture, &fixture->scripts[i], options, NULL))
            compare(fixture, &fixture->scripts[i], options, NULL, "a fault");
}

/* Each packet of the stack's in SCRIPT altered in turn. */
static void compare_altered(struct fixture *fixture, const struct script *script, enum alteration alteration)
{
    bool altered = true;
    for (size_t i = 0; altered; i++) {
        struct altering altering = {.alteration = alteration, .countdown = i};
        bool violated = is_violated(fixture, script, NULL, &altering);
        altered = altering.altered;
        altering = (struct altering){.alteration = alteration, .countdown = i};
        if (altered && (violated || alteration == RST_WITH_ACK))
            compare(fixture, script, NULL, &altering, "an alteration");
    }
}

/* True if a script that MUTANT gives rise to, and the specification doesn't, fails on the stack. */
static bool fails_own(const struct fixture *fixture, const struct mutant *mutant)
{
    static struct text texts[SCRIPTS_MOST];
    size_t count = generate(&mutant->spec, texts);
    bool fails = false;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t j = 0; !fails && !known && j < fixture->script_count; j++)
            known = strcmp(text_string(&fixture->scripts[j].text), text_string(&texts[i])) == 0;
        struct script script = {.text = texts[i]};
        if (known || fails) {
            text_free(&texts[i]);
            continue;
        }
        script_read(&script);
        fails = perform(fixture, &script, NULL, NULL) == VERDICT_FAIL;
        script_free(&script);
    }
    return fails;
}

/* --- the test --- */

static void make_mutants(struct fixture *fixture)
{
    struct error error;
    for (unsigned mutation = 0; mutation < MUTATION_COUNT; mutation++)
        for (uint16_t row = 0; row < fixture->spec.row_count; row++) {
            struct tried *tried = &fixture->tried[fixture->tried_count];
            *tried = (struct tried){.row = row, .mutation = mutation};
            if (!mutant_make(&tried->mutant, &fixture->spec, row, mutation)) {
                mutant_free(&tried->mutant);
                continue;
            }
            tried->judge = judge_open(&tried->mutant.spec, &error);
            assert_non_null(tried->judge);
            fixture->tried_count++;
            assert_true(fixture->tried_count < MUTANTS_MOST);
        }
}

static int load(void **state)
{
    static struct text texts[SCRIPTS_MOST];
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct error error;
    assert_non_null(fixture);
    struct diagnostics diagnostics = {.arena = &fixture->arena};
    assert_true(spec_load(&fixture->spec, SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", &diagnostics, &error));
    assert_true(plugin_load(SHAKEDOWN_BINARY_DIR "/stacks/sample.so", &fixture->plugin, &error));
    fixture->judge = judge_open(&fixture->spec, &error);
    assert_non_null(fixture->judge);
    fixture->script_count = generate(&fixture->spec, texts);
    for (size_t i = 0; i < fixture->script_count; i++) {
        fixture->scripts[i].text = texts[i];
        script_read(&fixture->scripts[i]);
    }
    make_mutants(fixture);
    mutant_check_begin(&fixture->spec);
    *state = fixture;
    return 0;
}

#define ONE_FOR_ANOTHER   "an active OPEN is explained by a passive one and a SEND as well, and the other way round"
#define SILENT_EITHER_WAY "whether somebody listens is not known to a judge: it has both in mind all the time"
#define ONLY_MORE         "the mutant lets a stack do more, and no fault of the sample stack and no alteration is just that"
#define NEVER_DONE        "the sample stack does this in no script, and need not"
#define SAME_ANSWERS      "what the two rows let a stack answer, and what follows, is the same as far as a script goes"

/* What neither `spec check` nor a script notices, and why that is so. */
static const struct left {
    const char *row; /* as row_head_print() has it, up to where it tells */
    enum mutation mutation;
    const char *why;
} left[] = {
    {"sends SYN when SEG.SEQ != OLD.NXT - 1", DROPPED, ONE_FOR_ANOTHER},
    {"sends SYN when SEG.SEQ != OLD.NXT - 1", WEAKENED, ONE_FOR_ANOTHER},
    {"calls CLOSE or ABORT", DROPPED, SILENT_EITHER_WAY},
    {"calls CLOSE or ABORT", WEAKENED, SILENT_EITHER_WAY},
    {"arrives SYN+ACK+FIN", WEAKENED, ONLY_MORE},
    {"arrives RST when STATELESS", SWAPPED, SAME_ANSWERS},
    {"arrives RST when not acceptable", SWAPPED, SAME_ANSWERS},
    {"arrives SYN+ACK when SEG.ACK in (SND.UNA, SND.NXT] and SEG.SEQ = IRS and not PASSIVE", SWAPPED, SAME_ANSWERS},
    {"arrives any without RST when TIMESTAMPS and not SEG.TIMESTAMPS", SWAPPED, SAME_ANSWERS},
    {"arrives RST", SWAPPED, SAME_ANSWERS},
    {"again SYN+ACK  should from SYN.RTO  doubling to RTO.MOST  until R2  when not STATELESS", WEAKENED, ONLY_MORE},
    {"sends ACK when FAST.OPEN and within-offered-window and acknowledges-what-came", DROPPED, NEVER_DONE},
    {"lapses after RECYCLING when CROWD != 0 and PASSIVE", DROPPED, NEVER_DONE},
    {"arrives RST", WEAKENED, ONLY_MORE},
    {"arrives SYN", SWAPPED, SAME_ANSWERS},
    {"arrives SYN", WEAKENED, ONLY_MORE},
    {"sends ACK when SEG.SEQ >= SND.UNA - 1 and SEG.SEQ + SEG.LEN <= SND.NXT and acknowledges-what-came", DROPPED,
     NEVER_DONE},
    {"lapses after R2.DATA of silence when SND.UNA != SND.NXT", DROPPED, NEVER_DONE},
    {"sends RST+ACK  when MULTIPATH and acknowledges-what-came", DROPPED, NEVER_DONE},
    {"arrives ACK", WEAKENED, ONLY_MORE},
    {"sends ACK when FIN.HELD and SEG.ACK = RCV.FIN + 1 and within-offered-window", DROPPED, SAME_ANSWERS},
    {"sends FIN+ACK  upon CLOSE  when FIN.HELD and SEG.ACK = RCV.FIN + 1 and within-offered-window", DROPPED,
     NEVER_DONE},
    {"arrives ACK+FIN when in-order", WEAKENED, ONLY_MORE},
    {"lapses after FIN.TIMEOUT of silence", DROPPED, NEVER_DONE},
    {"lapses after FIN.TIMEOUT of silence", WEAKENED, NEVER_DONE},
    {"arrives any when not acceptable", SWAPPED, SAME_ANSWERS},
};

static bool is_left(const struct fixture *fixture, const struct tried *tried)
{
    struct text head = text_growing();
    bool found = false;
    row_head_print(&head, &fixture->spec, &fixture->spec.rows[tried->row]);
    for (size_t i = 0; !found && i < COUNT_OF(left); i++)
        found = left[i].mutation == tried->mutation && strcmp(text_string(&head), left[i].row) == 0;
    text_free(&head);
    return found;
}

static bool is_noticed_by_check(const struct fixture *fixture, const struct tried *tried, uint64_t deciders)
{
    const struct spec_row *row = &fixture->spec.rows[tried->row];
    return (tried->mutation == SWAPPED && deciders_of(&tried->mutant.spec) == deciders) ||
           breaks_a_law(&tried->mutant.spec) || breaks_the_contract(&tried->mutant.spec, row);
}

/* Says which mutants nobody notices that are not known; how many. */
static size_t tell(const struct fixture *fixture)
{
    const uint64_t deciders = deciders_of(&fixture->spec);
    size_t unnoticed = 0;
    size_t by_check = 0;
    size_t known = 0;
    for (size_t i = 0; i < fixture->tried_count; i++) {
        const struct tried *tried = &fixture->tried[i];
        const struct spec_row *row = &fixture->spec.rows[tried->row];
        if (!is_open(tried))
            continue;
        if (is_noticed_by_check(fixture, tried, deciders)) {
            by_check++;
        } else if (is_left(fixture, tried)) {
            known++;
        } else {
            unnoticed++;
            print_message("%s, %s: noticed by nobody\n", fixture->spec.clauses[row->clauses[0]],
                          mutation_name(tried->mutation));
            print_message("    line %u\n", source_position(&fixture->spec.source, row->at.offset).line);
        }
    }
    print_message("%zu mutants: %zu noticed by scripts, %zu by spec check alone, %zu known to be noticed by nobody\n",
                  fixture->tried_count, fixture->tried_count - by_check - known - unnoticed, by_check, known);
    assert_true(known <= LEFT_MOST);
    return unnoticed;
}

static void every_mutant_is_noticed_but_for_those_that_cannot_be(void **state)
{
    struct fixture *fixture = *state;
#ifdef WITH_ADDRESS_SANITIZER
    skip();
#endif
    const struct shakedown_stack_plugin *offers = plugin_offers(fixture->plugin);
    for (size_t i = 0; i < fixture->script_count; i++)
        compare(fixture, &fixture->scripts[i], NULL, NULL, "the stack");
    for (size_t i = 0; i < fixture->script_count * ALTERATION_COUNT; i++)
        compare_altered(fixture, &fixture->scripts[i / ALTERATION_COUNT], i % ALTERATION_COUNT);
    for (size_t i = 0; i < fixture->tried_count; i++)
        if (is_open(&fixture->tried[i]) && fails_own(fixture, &fixture->tried[i].mutant))
            fixture->tried[i].noticed = "its own scripts";
    for (size_t i = 0; offers->fault(i) != NULL; i++)
        compare_faulty(fixture, offers->fault(i));
    assert_int_equal(tell(fixture), 0);
}

/* Frees what the test has made. */
static int unload(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < fixture->tried_count; i++) {
        judge_close(fixture->tried[i].judge);
        mutant_free(&fixture->tried[i].mutant);
    }
    for (size_t i = 0; i < fixture->script_count; i++)
        script_free(&fixture->scripts[i]);
    judge_close(fixture->judge);
    plugin_unload(fixture->plugin);
    spec_free(&fixture->spec);
    arena_free(&fixture->arena);
    free(fixture);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mutant_is_noticed_but_for_those_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
