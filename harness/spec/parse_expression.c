/* SPDX-License-Identifier: MIT */
/* Expressions: by descent, the loosest operator first. Numbers and truth are told apart while reading. */
#include "spec/parse.h"

/* What was read: its node, and what it is. */
struct operand {
    uint16_t node;
    enum { OPERAND_NUMBER, OPERAND_TRUTH, OPERAND_INTERVAL, OPERAND_UNKNOWN } kind;
    struct span at;
};

static bool parse_or(struct parser *parser, struct operand *left);

static bool node_add(struct parser *parser, const struct spec_node *node, uint16_t *index)
{
    if (!PARSE_ROOM(parser, &parser->nodes, PARSE_NODES_MOST))
        return false;
    struct spec_node *made = &parser->nodes.items[parser->nodes.count];
    *made = *node;
    *index = (uint16_t)parser->nodes.count++;
    return spec_parse_reckon(parser, made);
}

static bool join(struct parser *parser, enum spec_operator operator, struct operand * left, const struct operand *right)
{
    const struct spec_node node = {
        .operator=(uint8_t) operator, .left = left->node, .right = right == NULL ? left->node : right->node};
    return node_add(parser, &node, &left->node);
}

static bool expect_kind(struct parser *parser, const struct operand *operand, int kind)
{
    static const char *const names[] = {"a number", "something true or false", "an interval"};
    if ((int)operand->kind == kind || operand->kind == OPERAND_UNKNOWN)
        return true;
    return diagnostics_add(parser->scanner.diagnostics, operand->at, "expected %s, and this is %s", names[kind],
                           names[operand->kind]);
}

/* The index of NAME among COUNT items of SIZE bytes, each of which begins with a pointer to its name; COUNT if none
 * has it. */
static size_t find_name(const struct parser *parser, struct span name, const void *items, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *const *item = (const void *)((const char *)items + i * size);
        if (spec_parse_is(parser, name, *item))
            return i;
    }
    return count;
}

static bool resolve_static(struct parser *parser, struct span name, struct spec_node *node)
{
    for (unsigned i = 0; i < SPEC_VARIABLE_COUNT; i++) {
        if (spec_parse_is(parser, name, spec_variable_name(i))) {
            *node = (struct spec_node){.operator= SPEC_VARIABLE, .number = i};
            return true;
        }
    }
    for (unsigned i = 0; i < SPEC_FACT_COUNT; i++) {
        if (spec_parse_is(parser, name, spec_fact_name(i))) {
            *node = (struct spec_node){.operator= SPEC_FACT, .number = i};
            return true;
        }
    }
    return false;
}

static bool resolve_defined(struct parser *parser, struct span name, struct spec_node *node)
{
    size_t index;
    index = find_name(parser, name, parser->parameters.items, sizeof(struct spec_parameter), parser->parameters.count);
    if (index < parser->parameters.count) {
        *node = (struct spec_node){.operator= SPEC_PARAMETER, .number = (uint32_t)index};
        return true;
    }
    index = find_name(parser, name, parser->predicates.items, sizeof(struct spec_named_node), parser->predicates.count);
    if (index < parser->predicates.count) {
        *node = (struct spec_node){.operator= SPEC_PREDICATE, .number = (uint32_t)index};
        return true;
    }
    index = find_name(parser, name, parser->choices.items, sizeof(const char *), parser->choices.count);
    *node = (struct spec_node){.operator= SPEC_CHOICE, .number = (uint32_t)index};
    return index < parser->choices.count;
}

/* What isn't known can be anything: the rest of the line is read all the same. */
static bool note_unknown(struct parser *parser, struct operand *operand)
{
    operand->kind = OPERAND_UNKNOWN;
    return spec_parse_note_unknown(parser, operand->at, UNKNOWN_IN_CONDITION) &&
           node_add(parser, &(struct spec_node){.operator= SPEC_NUMBER}, &operand->node);
}

/* Words that stand between operands, or behind a condition: nobody means them as a name. */
static bool is_connective(const struct parser *parser, struct span word)
{
    static const char *const words[] = {"and", "or", "not", "in", "seq", "ack", "within", "throttled", "when"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (spec_parse_is(parser, word, words[i]))
            return true;
    return false;
}

static bool parse_name(struct parser *parser, struct operand *operand)
{
    struct spec_node node;
    struct span name;
    if (is_connective(parser, spec_parse_peek(parser)) || !spec_parse_word(parser, &name))
        return scanner_fail_expected(&parser->scanner, "a name, a number, `(` or `not`");
    operand->at = name;
    if (!resolve_static(parser, name, &node) && !resolve_defined(parser, name, &node))
        return note_unknown(parser, operand);
    bool number = node.operator== SPEC_VARIABLE || node.operator== SPEC_PARAMETER;
    operand->kind = number ? OPERAND_NUMBER : OPERAND_TRUTH;
    return node_add(parser, &node, &operand->node);
}

static bool parse_primary(struct parser *parser, struct operand *operand)
{
    uint64_t value;
    scanner_skip_blanks(&parser->scanner);
    operand->at = (struct span){parser->scanner.offset, 1};
    if (scanner_peek(&parser->scanner, 0) >= '0' && scanner_peek(&parser->scanner, 0) <= '9') {
        if (!scanner_unsigned(&parser->scanner, UINT32_MAX, &value))
            return false;
        operand->kind = OPERAND_NUMBER;
        return node_add(parser, &(struct spec_node){.operator= SPEC_NUMBER, .number = (uint32_t)value}, &operand->node);
    }
    if (scanner_accept(&parser->scanner, "(")) {
        if (++parser->depth > PARSE_DEPTH_MOST)
            return diagnostics_add(parser->scanner.diagnostics, operand->at, "more than %d brackets are open",
                                   PARSE_DEPTH_MOST);
        bool read = parse_or(parser, operand) && scanner_expect(&parser->scanner, ")", "`)`");
        parser->depth--;
        return read;
    }
    return parse_name(parser, operand);
}

static bool parse_sum(struct parser *parser, struct operand *left)
{
    if (!parse_primary(parser, left))
        return false;
    for (;;) {
        enum spec_operator operator;
        struct operand right = {.node = SPEC_NO_NODE};
        scanner_skip_blanks(&parser->scanner);
        if (scanner_accept(&parser->scanner, "+"))
            operator= SPEC_PLUS;
        else if (scanner_accept(&parser->scanner, "-"))
            operator= SPEC_MINUS;
        else
            return true;
        if (!expect_kind(parser, left, OPERAND_NUMBER) || !parse_primary(parser, &right) ||
            !expect_kind(parser, &right, OPERAND_NUMBER) || !join(parser, operator, left, &right))
            return false;
    }
}

/* `[a, b)` and its like, behind `in`. */
static bool parse_interval(struct parser *parser, struct operand *interval)
{
    struct operand right = {.node = SPEC_NO_NODE};
    uint32_t kind = 0;
    scanner_skip_blanks(&parser->scanner);
    interval->at = (struct span){parser->scanner.offset, 1};
    if (scanner_accept(&parser->scanner, "("))
        kind |= SPEC_OPEN_LEFT;
    else if (!scanner_expect(&parser->scanner, "[", "`[` or `(`"))
        return false;
    if (!parse_sum(parser, interval) || !expect_kind(parser, interval, OPERAND_NUMBER) ||
        !scanner_expect(&parser->scanner, ",", "`,`") || !parse_sum(parser, &right) ||
        !expect_kind(parser, &right, OPERAND_NUMBER))
        return false;
    if (scanner_accept(&parser->scanner, ")"))
        kind |= SPEC_OPEN_RIGHT;
    else if (!scanner_expect(&parser->scanner, "]", "`]` or `)`"))
        return false;
    interval->kind = OPERAND_INTERVAL;
    const struct spec_node node = {
        .operator= SPEC_INTERVAL, .left = interval->node, .right = right.node, .number = kind};
    return node_add(parser, &node, &interval->node);
}

static bool parse_in(struct parser *parser, struct operand *left, bool negated)
{
    struct operand interval = {.node = SPEC_NO_NODE};
    if (!expect_kind(parser, left, OPERAND_NUMBER) || !parse_interval(parser, &interval) ||
        !join(parser, SPEC_IN, left, &interval))
        return false;
    left->kind = OPERAND_TRUTH;
    return !negated || join(parser, SPEC_NOT, left, NULL);
}

/* The operator at the cursor, and past it; SPEC_NUMBER if none is there. Longer signs come first. */
static enum spec_operator take_comparison(struct parser *parser)
{
    static const struct {
        const char *sign;
        enum spec_operator operator;
    } signs[] = {
        {"!=", SPEC_UNEQUAL}, {"<=", SPEC_BEFORE_EQUAL}, {">=", SPEC_AFTER_EQUAL},
        {"=", SPEC_EQUAL},    {"<", SPEC_BEFORE},        {">", SPEC_AFTER},
    };
    scanner_skip_blanks(&parser->scanner);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (scanner_accept(&parser->scanner, signs[i].sign))
            return signs[i].operator;
    return SPEC_NUMBER;
}

static bool parse_comparison(struct parser *parser, struct operand *left)
{
    struct operand right = {.node = SPEC_NO_NODE};
    if (!parse_sum(parser, left))
        return false;
    if (spec_parse_accept_word(parser, "in"))
        return parse_in(parser, left, false);
    size_t before = parser->scanner.offset;
    if (spec_parse_accept_word(parser, "not")) {
        if (spec_parse_accept_word(parser, "in"))
            return parse_in(parser, left, true);
        parser->scanner.offset = before;
    }
    enum spec_operator operator= take_comparison(parser);
    if (operator== SPEC_NUMBER)
        return true;
    if (!expect_kind(parser, left, OPERAND_NUMBER) || !parse_sum(parser, &right) ||
        !expect_kind(parser, &right, OPERAND_NUMBER) || !join(parser, operator, left, &right))
        return false;
    left->kind = OPERAND_TRUTH;
    return true;
}

static bool parse_not(struct parser *parser, struct operand *operand)
{
    unsigned negations = 0;
    while (spec_parse_accept_word(parser, "not"))
        negations++;
    if (!parse_comparison(parser, operand))
        return false;
    if (negations == 0)
        return true;
    return expect_kind(parser, operand, OPERAND_TRUTH) && (negations % 2 == 0 || join(parser, SPEC_NOT, operand, NULL));
}

static bool parse_and(struct parser *parser, struct operand *left)
{
    struct operand right = {.node = SPEC_NO_NODE};
    if (!parse_not(parser, left))
        return false;
    while (spec_parse_accept_word(parser, "and"))
        if (!expect_kind(parser, left, OPERAND_TRUTH) || !parse_not(parser, &right) ||
            !expect_kind(parser, &right, OPERAND_TRUTH) || !join(parser, SPEC_AND, left, &right))
            return false;
    return true;
}

static bool parse_or(struct parser *parser, struct operand *left)
{
    struct operand right = {.node = SPEC_NO_NODE};
    if (!parse_and(parser, left))
        return false;
    while (spec_parse_accept_word(parser, "or"))
        if (!expect_kind(parser, left, OPERAND_TRUTH) || !parse_and(parser, &right) ||
            !expect_kind(parser, &right, OPERAND_TRUTH) || !join(parser, SPEC_OR, left, &right))
            return false;
    return true;
}

bool spec_parse_condition(struct parser *parser, uint16_t *node)
{
    struct operand operand = {.node = SPEC_NO_NODE};
    parser->depth = 0;
    if (!parse_or(parser, &operand) || !expect_kind(parser, &operand, OPERAND_TRUTH))
        return false;
    *node = operand.node;
    return true;
}

bool spec_parse_condition_lines(struct parser *parser, uint16_t *node)
{
    struct operand left = {.node = SPEC_NO_NODE};
    bool sound = true;
    for (;;) {
        struct operand right = {.node = SPEC_NO_NODE};
        parser->depth = 0;
        bool read =
            parse_or(parser, &right) && expect_kind(parser, &right, OPERAND_TRUTH) && spec_parse_line_end(parser);
        if (read && left.node == SPEC_NO_NODE)
            left = right;
        else if (read)
            read = join(parser, SPEC_OR, &left, &right);
        sound = sound && read;
        spec_parse_skip_line(parser);
        scanner_skip_lines(&parser->scanner);
        if (!spec_parse_accept_word(parser, "or"))
            break;
    }
    *node = left.node;
    return sound;
}

bool spec_parse_number(struct parser *parser, bool interval, uint16_t *node)
{
    struct operand left = {.node = SPEC_NO_NODE};
    struct operand right = left;
    parser->depth = 0;
    if (!parse_sum(parser, &left) || !expect_kind(parser, &left, OPERAND_NUMBER))
        return false;
    *node = left.node;
    if (!interval || !scanner_accept(&parser->scanner, ".."))
        return true;
    if (!parse_sum(parser, &right) || !expect_kind(parser, &right, OPERAND_NUMBER))
        return false;
    return node_add(parser, &(struct spec_node){.operator= SPEC_INTERVAL, .left = left.node, .right = right.node},
                    node);
}
