/* SPDX-License-Identifier: MIT */
/*
 * What expressions come to, so that nobody has to climb about in them for every segment: a number is a sum, and a
 * condition a chain of tests. `a and b` tests a, and goes on to b if that holds; `a or b` if it does not. So the chain
 * of b is made first, and `not` only exchanges where to go.
 */
#include "spec/parse.h"

static const uint32_t next_variables = UINT32_C(1) << SPEC_RCV_NXT | UINT32_C(1) << SPEC_RCV_WND;
static const uint32_t recent_variables = UINT32_C(1) << SPEC_TS_RECENT;

static const struct spec_node *node_at(const struct parser *parser, uint16_t index)
{
    return &parser->nodes.items[index];
}

static uint8_t ranges_of(uint32_t variables)
{
    uint8_t next = (variables & next_variables) != 0 ? SPEC_RANGES_NEXT : 0;
    return next | ((variables & recent_variables) != 0 ? SPEC_RANGES_RECENT : 0);
}

static struct spec_sum sum_of_number(uint32_t number)
{
    struct spec_sum sum = {.number = number, .plain = true};
    memset(sum.terms, SPEC_VARIABLE_COUNT, sizeof(sum.terms));
    return sum;
}

/* Adds or takes away one more variable; false if there are too many. */
static bool sum_join(struct spec_sum *sum, uint8_t variable, bool added)
{
    if (sum->count == SPEC_SUM_TERMS)
        return false;
    if (added) {
        sum->terms[sum->count] = sum->terms[sum->added];
        sum->terms[sum->added++] = variable;
    } else
        sum->terms[sum->count] = variable;
    sum->count++;
    sum->plain = sum->added <= 2 && sum->added == sum->count;
    sum->variables |= UINT32_C(1) << variable;
    return true;
}

static bool reckon_sum(struct parser *parser, struct spec_node *node)
{
    const struct spec_sum *right = &node_at(parser, node->right)->sum;
    bool plus = node->operator== SPEC_PLUS;
    node->sum = node_at(parser, node->left)->sum;
    node->sum.number += plus ? right->number : 0 - right->number;
    node->sum.wraps = true;
    for (uint8_t i = 0; i < right->count; i++)
        if (!sum_join(&node->sum, right->terms[i], (i < right->added) == plus))
            return diagnostics_add(parser->scanner.diagnostics, (struct span){parser->scanner.offset, 0},
                                   "there are more than %d variables in this sum", SPEC_SUM_TERMS);
    return true;
}

/* The test that NODE, a comparison, is; those that can be said by another are. */
static struct spec_test comparison(const struct parser *parser, const struct spec_node *node)
{
    static const struct {
        uint8_t operator;
        bool inverse;
    } forms[] = {
        [SPEC_EQUAL] = {SPEC_EQUAL, false},
        [SPEC_UNEQUAL] = {SPEC_EQUAL, true},
        [SPEC_BEFORE] = {SPEC_BEFORE, false},
        [SPEC_BEFORE_EQUAL] = {SPEC_BEFORE_EQUAL, false},
        [SPEC_AFTER_EQUAL] = {SPEC_BEFORE, true},
        [SPEC_AFTER] = {SPEC_BEFORE_EQUAL, true},
        [SPEC_IN] = {SPEC_IN, false},
    };
    const struct spec_node *right = node_at(parser, node->right);
    struct spec_test test = {
        .operator=
            forms[node->operator].operator,
                  .negated =
                      forms[node->operator].inverse, .value = node_at(parser, node->left)->sum, .from = right->sum };
    if (right->operator== SPEC_INTERVAL) {
        test.number = (uint16_t)right->number;
        test.from = node_at(parser, right->left)->sum;
        test.to = node_at(parser, right->right)->sum;
    }
    test.variables = test.value.variables | test.from.variables | test.to.variables;
    return test;
}

/* Where a chain goes once it is decided. */
struct ways {
    uint16_t yes;
    uint16_t no;
    bool negated;
};

/* One test; where it is in *FIRST, and what it depends on added to *VARIABLES. */
static bool chain_test(struct parser *parser, const struct spec_node *node, struct ways ways, uint16_t *first,
                       uint32_t *variables)
{
    bool plain = node->operator== SPEC_FACT || node->operator== SPEC_CHOICE;
    struct spec_test test = {.operator= node->operator, .number =(uint16_t) node->number};
    if (!plain)
        test = comparison(parser, node);
    if (!PARSE_ROOM(parser, &parser->tests, PARSE_TESTS_MOST))
        return false;
    test.yes = test.negated ? ways.no : ways.yes;
    test.no = test.negated ? ways.yes : ways.no;
    test.negated = test.negated != ways.negated;
    *variables |= test.variables;
    *first = (uint16_t)parser->tests.count;
    parser->tests.items[parser->tests.count++] = test;
    return true;
}

static bool chain(struct parser *parser, const struct spec_node *node, struct ways ways, uint16_t *first,
                  uint32_t *variables)
{
    struct ways left = ways;
    if (node->operator== SPEC_PREDICATE && parser->predicates.items[node->number].node == SPEC_NO_NODE) {
        *first = ways.yes; /* it was told what is wrong with that one */
        return true;
    }
    switch (node->operator) {
    case SPEC_AND:
    case SPEC_OR:
        if (!chain(parser, node_at(parser, node->right), ways, first, variables))
            return false;
        *(node->operator== SPEC_AND ? &left.yes : & left.no) = *first;
        return chain(parser, node_at(parser, node->left), left, first, variables);
    case SPEC_NOT:
        left = (struct ways){ways.no, ways.yes, !ways.negated};
        return chain(parser, node_at(parser, node->left), left, first, variables);
    case SPEC_PREDICATE:
        return chain(parser, node_at(parser, parser->predicates.items[node->number].node), ways, first, variables);
    default:
        return chain_test(parser, node, ways, first, variables);
    }
}

/* What all ways through the chain that begins at FIRST have to pass, up to the first fork. */
static struct spec_facts facts_of(const struct parser *parser, uint16_t first)
{
    struct spec_facts facts = {0, 0};
    for (uint16_t at = first; at < SPEC_TEST_NO;) {
        const struct spec_test *test = &parser->tests.items[at];
        uint16_t bit = test->operator== SPEC_FACT ? (uint16_t)(1U << test->number) : 0;
        if (test->no == SPEC_TEST_NO)
            facts.all |= bit;
        else if (test->yes == SPEC_TEST_NO)
            facts.none |= bit;
        else
            break;
        at = test->no == SPEC_TEST_NO ? test->yes : test->no;
    }
    return facts;
}

static bool reckon_condition(struct parser *parser, struct spec_node *node)
{
    uint32_t variables = 0;
    if (!chain(parser, node, (struct ways){SPEC_TEST_YES, SPEC_TEST_NO, false}, &node->test, &variables))
        return false;
    node->ranges = ranges_of(variables);
    node->facts = facts_of(parser, node->test);
    return true;
}

bool spec_parse_reckon(struct parser *parser, struct spec_node *node)
{
    switch (node->operator) {
    case SPEC_NUMBER:
        node->sum = sum_of_number(node->number);
        return true;
    case SPEC_PARAMETER:
        node->sum = sum_of_number(parser->parameters.items[node->number].value);
        return true;
    case SPEC_VARIABLE:
        node->sum = sum_of_number(0);
        (void)sum_join(&node->sum, (uint8_t)node->number, true);
        node->ranges = ranges_of(node->sum.variables);
        return true;
    case SPEC_PLUS:
    case SPEC_MINUS:
        if (!reckon_sum(parser, node))
            return false;
        node->ranges = ranges_of(node->sum.variables);
        return true;
    case SPEC_INTERVAL:
        node->ranges = node_at(parser, node->left)->ranges | node_at(parser, node->right)->ranges;
        return true;
    default:
        return reckon_condition(parser, node);
    }
}
