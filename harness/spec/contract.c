/* SPDX-License-Identifier: MIT */
#include "spec/contract.h"

const char *const contract_assumptions[CONTRACT_ASSUMPTIONS] = {
    "initial sequence numbers are fresh: no number of an earlier incarnation is within a window of them",
    "what is older than the MSL is gone; what is younger comes as often and as late as it likes, or never",
    "a side that takes the connection for made has something to say some day, and only who was ESTABLISHED closes",
    "who doesn't see the numbers hits a window with enough tries, but no certain number out of 2^32",
};
const char contract_not_assumed[] =
    "that a server's next initial sequence number is known to nobody who doesn't see it";

static const struct model_scenario between_two = {
    .name = "Two peers that open actively, passively or both at once, crash and come back", .opens = 2, .crashes = 2};
static const struct model_scenario with_outsider = {.name =
                                                        "Two peers that have chosen RFC 5961 wherever it is a choice, "
                                                        "and somebody who sends in their names and sees nothing",
                                                    .choice = "follows-5961",
                                                    .opens = 1,
                                                    .outsider = true};
static const struct model_scenario closing = {
    .name = "Two peers that open, say something, close on either side or both, crash and come back",
    .opens = 1,
    .crashes = 1,
    .closes = true,
    .talks = true};
static const struct model_scenario exceptions[CONTRACT_EXCEPTIONS] = {
    {.name = "Fast Open: an old SYN with a cookie is taken for a connection (RFC 7413 section 2.1 says what for)",
     .opens = 2,
     .crashes = 1,
     .cookies = true},
    {.name = "SYN cookies: nobody repeats a SYN-ACK, or remembers what a RST is about (RFC 4987 section 3.6)",
     .opens = 1,
     .crashes = 1,
     .crowded = true},
};

const char *const contract_clauses[CONTRACT_CLAUSES] = {
    "both ESTABLISHED: each side's IRS is the other's ISS",
    "a connection is made only if the other side has agreed to it: an old duplicate alone makes none",
    ("from wherever they are, half-open or not, segments and retransmission timers alone bring both sides to\n"
     "             ESTABLISHED together, or to closed"),
    "what both have agreed on is ended by nobody else",
    "whatever arrives, a row says what happens",
};

static void print_bounds(struct text *text, const struct contract *contract, const struct contract_search *one)
{
    const struct model_scenario *scenario = &one->scenario;
    const struct model_result *result = &one->result;
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
    for (size_t i = 0; i < CONTRACT_CLAUSES; i++)
        text_append_format(text, "    holds:   %s\n", contract_clauses[i]);
    text_append_format(
        text,
        "             (%zu pairs of states, all that was under way lost; %zu of them need R2 of a SYN to run out)\n",
        result->pairs, result->need_patience);
}

static void print_search(struct text *text, const struct spec *spec, const struct contract *contract,
                         const struct contract_search *one)
{
    const struct model_result *result = &one->result;
    text_append_format(text, "\n  %s\n", one->scenario.name);
    if (!one->exception)
        print_bounds(text, contract, one);
    if (result->finding != MODEL_NOTHING)
        text_append_format(text, "    broken:  %s\n\n%s", model_finding_says(result->finding),
                           text_string(&result->story));
    else if (one->exception)
        text_append_string(text, "    nothing: here it is no exception\n");
    else
        print_proof(text, spec, result);
}

void contract_print(struct text *text, const struct spec *spec, const struct contract *contract)
{
    bool among_exceptions = false;
    text_append_string(text, "The contract, between two that both follow the specification, over a channel that loses, "
                             "duplicates and reorders\n");
    for (size_t i = 0; i < CONTRACT_ASSUMPTIONS; i++)
        text_append_format(text, "  %s %s\n", i == 0 ? "Assumed:" : "        ", contract_assumptions[i]);
    if (contract->foreseen)
        text_append_format(text, "  Not assumed: %s\n", contract_not_assumed);
    for (size_t i = 0; i < contract->search_count; i++) {
        const struct contract_search *one = &contract->searches[i];
        if (one->exception && !among_exceptions)
            text_append_string(text, "\nExceptions that are known, the shortest way to each\n");
        among_exceptions = one->exception;
        print_search(text, spec, contract, one);
    }
}

static bool search(const struct spec *spec, struct contract *contract, const struct model_scenario *scenario,
                   bool exception, struct error *error)
{
    const struct model_bounds bounds = {.width = contract->width, .states_most = MODEL_STATES_MOST};
    struct contract_search *made = &contract->searches[contract->search_count++];
    *made = (struct contract_search){.scenario = *scenario, .exception = exception};
    if (!model_search(spec, scenario, &bounds, &made->result, error))
        return false;
    if (!exception)
        contract->broken = contract->broken || made->result.finding != MODEL_NOTHING || made->result.cut;
    return true;
}

bool contract_check(const struct spec *spec, struct contract *contract, struct error *error)
{
    struct model_scenario outsider = with_outsider;
    outsider.foreseen = contract->foreseen;
    bool done = search(spec, contract, &between_two, false, error);
    if (done && !contract->broken)
        done = search(spec, contract, &outsider, false, error);
    if (done && !contract->broken)
        done = search(spec, contract, &closing, false, error);
    for (size_t i = 0; done && !contract->broken && contract->exceptions && i < CONTRACT_EXCEPTIONS; i++)
        done = search(spec, contract, &exceptions[i], true, error);
    return done;
}

void contract_free(struct contract *contract)
{
    for (size_t i = 0; i < contract->search_count; i++)
        model_result_free(&contract->searches[i].result);
}
