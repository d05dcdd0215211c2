/* SPDX-License-Identifier: MIT */
#include "engine/evaluate.h"

#include "stack/linux.h"

#include <arpa/inet.h>

enum symbol_place evaluation_symbol(const struct evaluation *evaluation, const char *name, int64_t *value)
{
    /* Names of packetdrill's runners, which have them mean one IP version or the other. */
    if (strcmp(name, "CMSG_LEVEL_IP") == 0)
        name = evaluation->ipv6 ? "SOL_IPV6" : "SOL_IP";
    else if (strcmp(name, "CMSG_TYPE_RECVERR") == 0)
        name = evaluation->ipv6 ? "IPV6_RECVERR" : "IP_RECVERR";
    size_t length = strlen(name);
    return evaluation->stack == NULL ? linux_symbol(name, length, value)
                                     : stack_symbol(evaluation->stack, name, length, value);
}

const char *evaluation_nearest_symbol(const struct evaluation *evaluation, const char *name)
{
    size_t length = strlen(name);
    return evaluation->stack == NULL ? linux_nearest_symbol(name, length)
                                     : stack_nearest_symbol(evaluation->stack, name, length);
}

static bool evaluate_name(struct evaluation *evaluation, const struct value *value, int64_t *result)
{
    switch (evaluation_symbol(evaluation, value->text, result)) {
    case SYMBOL_HERE:
        return true;
    case SYMBOL_ELSEWHERE:
        if (evaluation->elsewhere == NULL)
            evaluation->elsewhere = value->text;
        return false;
    case SYMBOL_UNKNOWN:
        break;
    }
    const char *nearest = evaluation_nearest_symbol(evaluation, value->text);
    if (nearest == NULL)
        return diagnostics_add(evaluation->diagnostics, value->at, "no system knows the symbol `%s`", value->text);
    return diagnostics_add(evaluation->diagnostics, value->at, "no system knows the symbol `%s`; did you mean `%s`?",
                           value->text, nearest);
}

static bool evaluate_operator(struct evaluation *evaluation, const struct value *value, const int64_t *operands,
                              int64_t *result)
{
    uint64_t left = (uint64_t)operands[0];
    uint64_t right = value->count > 1 ? (uint64_t)operands[1] : 0;
    switch (value->text[0]) {
    case '~':
        *result = (int64_t)~left;
        return true;
    case '-':
        *result = (int64_t)(value->count > 1 ? left - right : 0 - left);
        return true;
    case '+':
        *result = (int64_t)(left + right);
        return true;
    case '*':
        *result = (int64_t)(left * right);
        return true;
    case '|':
        *result = (int64_t)(left | right);
        return true;
    case '&':
        if (value->count < 2)
            return diagnostics_add(evaluation->diagnostics, value->at, "expected a number, found a place");
        *result = (int64_t)(left & right);
        return true;
    case '<':
    case '>':
        if (right > 63)
            return diagnostics_add(evaluation->diagnostics, value->at, "a shift by more than 63 bits");
        *result = (int64_t)(value->text[0] == '<' ? left << right : left >> right);
        return true;
    default:
        return diagnostics_add(evaluation->diagnostics, value->at, "the operator `%s` is not known here", value->text);
    }
}

static bool evaluate_function(struct evaluation *evaluation, const struct value *value, int64_t operand,
                              int64_t *result)
{
    if (strcmp(value->text, "htons") == 0) {
        *result = htons((uint16_t)operand);
        return true;
    }
    if (strcmp(value->text, "htonl") == 0) {
        *result = htonl((uint32_t)operand);
        return true;
    }
    return diagnostics_add(evaluation->diagnostics, value->at, "the function `%s` gives no number; htons and htonl do",
                           value->text);
}

static bool evaluate_composed(struct evaluation *evaluation, const struct value *value, int64_t *result)
{
    int64_t operands[2] = {0, 0};
    size_t most = value->kind == VALUE_CALL ? 1 : COUNT_OF(operands);
    if (value->count == 0 || value->count > most)
        return diagnostics_add(evaluation->diagnostics, value->at, "expected %zu operands or fewer, found %zu", most,
                               value->count);
    bool sound = true;
    for (size_t i = 0; i < value->count; i++)
        sound = evaluate_integer(evaluation, &value->items[i], &operands[i]) && sound;
    if (!sound)
        return false;
    if (value->kind == VALUE_CALL)
        return evaluate_function(evaluation, value, operands[0], result);
    return evaluate_operator(evaluation, value, operands, result);
}

bool evaluate_integer(struct evaluation *evaluation, const struct value *value, int64_t *result)
{
    switch (value->kind) {
    case VALUE_INTEGER:
        *result = value->integer;
        return true;
    case VALUE_NAME:
        return evaluate_name(evaluation, value, result);
    case VALUE_UNARY:
    case VALUE_BINARY:
    case VALUE_CALL:
        return evaluate_composed(evaluation, value, result);
    case VALUE_ELLIPSIS:
    case VALUE_STRING:
    case VALUE_LIST:
    case VALUE_STRUCT:
        break;
    }
    return diagnostics_add(evaluation->diagnostics, value->at, "expected a number");
}

bool value_is_number(const struct value *value)
{
    switch (value->kind) {
    case VALUE_INTEGER:
    case VALUE_NAME:
    case VALUE_UNARY:
    case VALUE_BINARY:
        return true;
    case VALUE_CALL:
        return strcmp(value->text, "htons") == 0 || strcmp(value->text, "htonl") == 0;
    case VALUE_ELLIPSIS:
    case VALUE_STRING:
    case VALUE_LIST:
    case VALUE_STRUCT:
        break;
    }
    return false;
}
