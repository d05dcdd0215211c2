/* SPDX-License-Identifier: MIT */
/*
 * Each rule of the specification dropped, weakened or swapped: what generated scripts notice of it on the sample stack.
 * They do if the mutant gives another verdict than the specification on what the stack does in them, or does with a
 * planted fault; or if a script that the mutant gives rise to fails on the stack.
 */
#include "../spec/mutant.h"
#include "engine/engine.h"
#include "generate/collection.h"
#include "generate/negotiation.h"
#include "generate/writer.h"
#include "spec/judge.h"
#include "stack/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../spec/spec_fixture.h"

enum { SCRIPTS_MOST = 1024, MUTANTS_MOST = 512, FAULTS_MOST = 256 };

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

enum alteration { MUTE, OTHER_SEQUENCE, OTHER_ACKNOWLEDGMENT, ALTERATION_COUNT };

/* What passes on a trace with its COUNTDOWN-th packet of the stack's altered. */
struct altering {
    struct trace_sink to;
    enum alteration alteration;
    size_t countdown;
    bool altered;
};

static uint32_t word_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

/* Adds a lot to the number at OFFSET of the TCP header in PACKET, and keeps the checksum right (RFC 1624). */
static void alter_number(uint8_t *packet, size_t offset)
{
    uint8_t *header = packet + (packet[0] >> 4 == 4 ? (size_t)(packet[0] & 15) * 4 : 40);
    uint8_t *high = header + offset; /* of the number's two words: 2^20 is added */
    uint32_t sum = (~word_at(header + 16) & 0xffff) + (~word_at(high) & 0xffff);
    uint32_t changed = (word_at(high) + 16) & 0xffff;
    high[0] = (uint8_t)(changed >> 8);
    high[1] = (uint8_t)changed;
    sum += changed;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    header[16] = (uint8_t)(sum >> 8);
    header[17] = (uint8_t)sum;
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
    if (event->kind != TRACE_SEEN || altering->countdown-- != 0)
        return trace_give(&altering->to, event, error);
    altering->altered = true;
    if (altering->alteration == MUTE)
        return true;
    struct trace_event other = *event;
    memcpy(bytes, event->packet.data, event->packet.length);
    other.packet.data = bytes;
    alter_number(bytes, altering->alteration == OTHER_SEQUENCE ? 4 : 8);
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
        if (altered && violated)
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
    *state = fixture;
    return 0;
}

static void tally(const struct fixture *fixture, const char *when)
{
    size_t open = 0;
    for (size_t i = 0; i < fixture->tried_count; i++)
        open += is_open(&fixture->tried[i]);
    print_message("%s: %zu of %zu open, at %.1f s\n", when, open, fixture->tried_count,
                  (double)clock() / CLOCKS_PER_SEC);
}

static void every_mutant_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct shakedown_stack_plugin *offers = plugin_offers(fixture->plugin);
    tally(fixture, "begin");
    for (size_t i = 0; i < fixture->script_count; i++)
        compare(fixture, &fixture->scripts[i], NULL, NULL, "the stack");
    tally(fixture, "honest");
    for (size_t i = 0; i < fixture->script_count * ALTERATION_COUNT; i++)
        compare_altered(fixture, &fixture->scripts[i / ALTERATION_COUNT], i % ALTERATION_COUNT);
    tally(fixture, "altered");
    for (size_t i = 0; i < fixture->tried_count; i++)
        if (is_open(&fixture->tried[i]) && fails_own(fixture, &fixture->tried[i].mutant))
            fixture->tried[i].noticed = "its own scripts";
    tally(fixture, "own");
    for (size_t i = 0; offers->fault(i) != NULL; i++)
        compare_faulty(fixture, offers->fault(i));
    tally(fixture, "faulty");
    for (size_t i = 0; i < fixture->tried_count; i++) {
        const struct tried *tried = &fixture->tried[i];
        if (is_open(tried))
            print_message("line %u, %s: open\n",
                          source_position(&fixture->spec.source, fixture->spec.rows[tried->row].at.offset).line,
                          mutation_name(tried->mutation));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mutant_is_noticed),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
