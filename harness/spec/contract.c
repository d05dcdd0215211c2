/* SPDX-License-Identifier: MIT */
#include "spec/contract.h"

static const char assumptions[] =
    "  Assumed: initial sequence numbers are fresh: no number of an earlier incarnation is within a window of them.\n"
    "  What is older than the MSL is gone; what is younger comes as often and as late as it likes, or never.\n"
    "  A side that takes the connection for made has something to say some day. No text is sent, and no FIN.\n"
    "  Who doesn't see the numbers hits a window with enough tries, but no certain number out of 2^32.\n";
static const char foreseen[] =
    "  Not assumed: that a server's next initial sequence number is known to nobody who doesn't see it.\n";

static const struct model_scenario between_two = {
    .name = "Two peers that open actively, passively or both at once, crash and come back", .opens = 2, .crashes = 2};
static const struct model_scenario with_outsider = {.name =
                                                        "Two peers that have chosen RFC 5961 wherever it is a choice, "
                                                        "and somebody who sends in their names and sees nothing",
                                                    .choice = "follows-5961",
                                                    .opens = 1,
                                                    .outsider = true};
static const struct model_scenario exceptions[] = {
    {.name = "Fast Open: an old SYN with a cookie is taken for a connection (RFC 7413 section 2.1 says what for)",
     .opens = 2,
     .crashes = 1,
     .cookies = true},
    {.name = "SYN cookies: nobody repeats a SYN-ACK, or remembers what a RST is about (RFC 4987 section 3.6)",
     .opens = 1,
     .crashes = 1,
     .crowded = true},
};

static const char *const proven[] = {
    "both ESTABLISHED: each side's IRS is the other's ISS",
    "a connection is made only if the other side has agreed to it: an old duplicate alone makes none",
    ("from wherever they are, half-open or not, segments and retransmission timers alone bring both sides to\n"
     "             ESTABLISHED together, or to closed"),
    "what both have agreed on is ended by nobody else",
    "whatever arrives, a row says what happens",
};

static void print_bounds(struct text *text, const struct contract *contract, const struct model_scenario *scenario,
                         const struct model_result *result)
{
    text_append_format(text, "    each side opens at most %u time%s and crashes at most %u; numbers modulo 2^%u\n",
                       scenario->opens, scenario->opens == 1 ? "" : "s", scenario->crashes, contract->width);
    text_append_format(text, "    %zu states, %zu transitions: %s\n", result->states, result->transitions,
                       result->finding != MODEL_NOTHING ? "as far as the first that breaks it"
                       : result->cut                    ? "more than can be searched, THE REST WAS NOT"
                                                        : "all there are");
}

static void print_proof(struct text *text, const struct spec *spec, const struct model_result *result)
{
    text_append_format(text, "    %zu of %u rows are performed; what the others are about is for laws and scripts\n",
                       result->rows, spec->row_count);
    for (size_t i = 0; i < COUNT_OF(proven); i++)
        text_append_format(text, "    holds:   %s\n", proven[i]);
    text_append_format(
        text,
        "             (%zu pairs of states, all that was under way lost; %zu of them need R2 of a SYN to run out)\n",
        result->pairs, result->need_patience);
}

static bool search(const struct spec *spec, struct contract *contract, const struct model_scenario *scenario,
                   struct model_result *result, struct error *error)
{
    const struct model_bounds bounds = {.width = contract->width, .states_most = MODEL_STATES_MOST};
    if (!model_search(spec, scenario, &bounds, result, error))
        return false;
    contract->states += result->states;
    contract->transitions += result->transitions;
    return true;
}

static bool check_one(const struct spec *spec, struct contract *contract, const struct model_scenario *scenario,
                      struct text *text, struct error *error)
{
    struct model_result result;
    bool done = search(spec, contract, scenario, &result, error);
    if (done) {
        text_append_format(text, "\n  %s\n", scenario->name);
        print_bounds(text, contract, scenario, &result);
        contract->broken = result.finding != MODEL_NOTHING || result.cut;
        if (result.finding == MODEL_NOTHING)
            print_proof(text, spec, &result);
        else
            text_append_format(text, "    broken:  %s\n\n%s", model_finding_says(result.finding),
                               text_string(&result.story));
    }
    model_result_free(&result);
    return done;
}

static bool show_exception(const struct spec *spec, struct contract *contract, const struct model_scenario *scenario,
                           struct text *text, struct error *error)
{
    struct model_result result;
    bool done = search(spec, contract, scenario, &result, error);
    if (done) {
        text_append_format(text, "\n  %s\n", scenario->name);
        if (result.finding == MODEL_NOTHING)
            text_append_string(text, "    nothing: here it is no exception\n");
        else
            text_append_format(text, "    broken:  %s\n\n%s", model_finding_says(result.finding),
                               text_string(&result.story));
    }
    model_result_free(&result);
    return done;
}

bool contract_check(const struct spec *spec, struct contract *contract, struct text *text, struct error *error)
{
    struct model_scenario outsider = with_outsider;
    outsider.foreseen = contract->foreseen;
    text_append_string(text, "The contract, between two that both follow the specification, over a channel that loses, "
                             "duplicates and reorders\n");
    text_append_string(text, assumptions);
    text_append_string(text, contract->foreseen ? foreseen : "");
    bool done = check_one(spec, contract, &between_two, text, error);
    if (done && !contract->broken)
        done = check_one(spec, contract, &outsider, text, error);
    if (!done || contract->broken || !contract->exceptions)
        return done;
    text_append_string(text, "\nExceptions that are known, the shortest way to each\n");
    for (size_t i = 0; done && i < COUNT_OF(exceptions); i++)
        done = show_exception(spec, contract, &exceptions[i], text, error);
    return done;
}
