/* SPDX-License-Identifier: MIT */
/* What a call gave back beside its value, held against the script. */
#include "engine/call_address.h"
#include "engine/call_argument.h"
#include "engine/structure.h"
#include "engine/words.h"

/* What getsockopt() was asked for, if the script has a name for it; else NULL. */
static const char *option_name(const struct call_event *event)
{
    bool asks = strcmp(event->name, "getsockopt") == 0 && event->count > 2 && event->arguments[2].kind == VALUE_NAME;
    return asks ? event->arguments[2].text : NULL;
}

bool call_mismatch(const struct call_comparison *comparison, const char *what, const char *actual,
                   const struct value *expected)
{
    const struct source *source = comparison->context->source;
    struct text *text = comparison->mismatch;
    text_append_format(text, "%s() gave ", comparison->prepared->event->name);
    if (what == NULL)
        what = option_name(comparison->prepared->event);
    if (what != NULL)
        text_append_format(text, "%s ", what);
    text_append_string(text, actual);
    if (source != NULL && expected->at.offset + expected->at.length <= source->length)
        text_append_format(text, " instead of %.*s", (int)expected->at.length, source->text + expected->at.offset);
    return false;
}

/* Pending errors are numbers like errno, and have the same names. */
static const char *pending_error(const struct call_comparison *comparison, const struct call_number *number)
{
    const struct stack *stack = comparison->context->stack;
    const char *option = option_name(comparison->prepared->event);
    bool is_error = number->what == NULL && option != NULL && strcmp(option, "SO_ERROR") == 0;
    return is_error && number->came > 0 && stack != NULL ? stack_error_name(stack, (int)number->came) : NULL;
}

bool call_check_number(const struct call_comparison *comparison, const struct value *value, int64_t expected,
                       const struct call_number *number)
{
    uint64_t mask = number->size >= sizeof(uint64_t) ? UINT64_MAX : (UINT64_C(1) << (8 * number->size)) - 1;
    char actual[160];
    struct text text = text_in(actual, sizeof(actual));
    if ((((uint64_t)expected ^ (uint64_t)number->came) & mask) == 0)
        return true;
    const char *error = pending_error(comparison, number);
    if (error != NULL)
        text_append_string(&text, error);
    else
        explain_number(&text, number->what, number->came);
    return call_mismatch(comparison, number->what, actual, value);
}

/* A number of as many bytes as came: control messages and options have one, two, four or eight. */
static bool check_number(const struct call_comparison *comparison, const struct value *value, struct bytes came)
{
    int64_t expected = 0;
    const struct structure_member member = {.kind = MEMBER_SIGNED, .size = came.length};
    if (!evaluate_integer(comparison->context->evaluation, value, &expected))
        return false;
    if (came.length == 0)
        return call_mismatch(comparison, NULL, "nothing", value);
    return call_check_number(
        comparison, value, expected,
        &(struct call_number){NULL, structure_member_number(&member, came.data, came.length), came.length});
}

static bool check_numbers(const struct call_comparison *comparison, const struct value *list, struct bytes came)
{
    size_t width = list->count == 1 && came.length < sizeof(int32_t) ? came.length : sizeof(int32_t);
    for (size_t i = 0; i < list->count; i++)
        if (!check_number(comparison, &list->items[i], bytes_slice(came, i * width, width)))
            return false;
    return true;
}

static bool check_string(const struct call_comparison *comparison, const struct value *value, struct bytes came)
{
    char actual[80];
    struct text text = text_in(actual, sizeof(actual));
    struct bytes expected = {(const uint8_t *)value->text, value->text_length};
    size_t length = came.data == NULL ? 0 : came.length;
    /* Names come with NULs behind them. */
    while (length > 0 && came.data[length - 1] == 0)
        length--;
    size_t compared = length > expected.length ? length : expected.length;
    if (came.data != NULL && bytes_equal(bytes_slice(came, 0, compared), expected))
        return true;
    bool printable = length > 0 && length < 64;
    for (size_t i = 0; printable && i < length; i++)
        printable = came.data[i] >= ' ' && came.data[i] <= '~';
    if (printable)
        text_append_format(&text, "\"%.*s\"", (int)length, (const char *)came.data);
    else
        text_append_string(&text, "other bytes");
    return call_mismatch(comparison, NULL, actual, value);
}

bool output_check_value(const struct call_comparison *comparison, const struct value *expected, struct bytes came)
{
    if (expected->kind == VALUE_ELLIPSIS)
        return true;
    if (expected->kind == VALUE_LIST)
        return check_numbers(comparison, expected, came);
    if (expected->kind == VALUE_STRING)
        return check_string(comparison, expected, came);
    if (expected->kind != VALUE_STRUCT)
        return check_number(comparison, expected, came);
    const struct value *before = comparison->prepared->event->arguments;
    const char *option = comparison->prepared->event->count > 2 && before[2].kind == VALUE_NAME ? before[2].text : NULL;
    const struct structure_row *row = structure_find(expected, option);
    /* It was found when the call was made ready. */
    INVARIANT(row != NULL);
    return structure_check(comparison, row, expected, came);
}

/* What is at the argument INDEX, as far as the length behind it says. */
static struct bytes output_bytes(const struct call_comparison *comparison, size_t index)
{
    const struct stack_call *call = &comparison->prepared->call;
    const struct stack_argument *length = &call->arguments[index + 1];
    struct bytes came = {call->arguments[index].data, call->arguments[index].length};
    uint32_t said = 0;
    if (index + 1 < call->count && length->kind == ARGUMENT_POINTER && length->length == sizeof(said)) {
        memcpy(&said, length->data, sizeof(said));
        came = bytes_slice(came, 0, said);
    }
    return came;
}

static bool check_option(const struct call_comparison *comparison, const struct call_output *output)
{
    return output_check_value(comparison, output->expected, output_bytes(comparison, output->argument));
}

static bool check_length(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct stack_argument *argument = &comparison->prepared->call.arguments[output->argument];
    int64_t expected = 0;
    uint32_t came;
    memcpy(&came, argument->data, sizeof(came));
    return evaluate_integer(comparison->context->evaluation, output->expected, &expected) &&
           call_check_number(comparison, output->expected, expected,
                             &(struct call_number){"a length of", came, sizeof(came)});
}

static bool check_int(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct stack_argument *argument = &comparison->prepared->call.arguments[output->argument];
    return check_number(comparison, output->expected, (struct bytes){argument->data, argument->length});
}

static bool check_data(const struct call_comparison *comparison, const struct call_output *output)
{
    const struct value *expected = output->expected;
    size_t came = (size_t)comparison->returned->value;
    const void *data = comparison->prepared->call.arguments[output->argument].data;
    size_t compared = came < expected->text_length ? came : expected->text_length;
    if (compared == 0 || memcmp(data, expected->text, compared) == 0)
        return true;
    char actual[160];
    struct text text = text_in(actual, sizeof(actual));
    explain_bytes(&text, (struct bytes){data, came});
    return call_mismatch(comparison, NULL, actual, expected);
}

static bool check_address(const struct call_comparison *comparison, const struct call_output *output)
{
    return call_address_check(comparison, output->expected,
                              comparison->prepared->call.arguments[output->argument].data);
}

/* Nothing to compare: call_check() notes them. */
static bool check_descriptors(const struct call_comparison *comparison, const struct call_output *output)
{
    (void)comparison;
    (void)output;
    return true;
}

bool call_output_check(const struct call_comparison *comparison, const struct call_output *output)
{
    typedef bool output_checker(const struct call_comparison *comparison, const struct call_output *output);
    static output_checker *const checkers[] = {
        [OUTPUT_LENGTH] = check_length,
        [OUTPUT_DATA] = check_data,
        [OUTPUT_OPTION] = check_option,
        [OUTPUT_ADDRESS] = check_address,
        [OUTPUT_NUMBER] = check_int,
        [OUTPUT_VECTOR] = output_check_vector,
        [OUTPUT_MESSAGE] = output_check_message,
        [OUTPUT_POLL] = output_check_poll,
        [OUTPUT_EPOLL] = output_check_epoll,
        [OUTPUT_DESCRIPTORS] = check_descriptors,
    };
    return checkers[output->kind](comparison, output);
}
