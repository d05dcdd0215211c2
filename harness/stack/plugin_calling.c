/* SPDX-License-Identifier: MIT */
#include "stack/plugin_calling.h"

#include "stack/plugin_names.h"

#include <errno.h>
#include <sys/socket.h>

void calling_fail(const struct plugin_calling *calling, int error_number)
{
    calling->returned->value = -1;
    calling->returned->error_number = error_number;
}

void calling_lack(const struct plugin_calling *calling, const char *what)
{
    calling_fail(calling, ENOSYS);
    calling->returned->lacking = what;
}

void calling_conclude(const struct plugin_calling *calling, int64_t value, bool blocks, const char *what)
{
    if (value >= 0)
        calling->returned->value = value;
    else if (value == SHAKEDOWN_UNSUPPORTED)
        calling_lack(calling, what);
    else
        calling_fail(calling, plugin_error_number(value));
    calling->returned->would_block = value == SHAKEDOWN_WOULD_BLOCK && blocks;
}

int64_t calling_number(const struct plugin_calling *calling, size_t index)
{
    return index < calling->count ? calling->arguments[index].integer : 0;
}

void plugin_call_getsockopt(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    const struct plugin_option *option =
        plugin_option_find((int)calling_number(calling, 1), (int)calling_number(calling, 2));
    int32_t value[2] = {0, 0};
    socklen_t length = 0;
    if (opened->offers->get_option == NULL || option == NULL) {
        calling_lack(calling, opened->offers->get_option == NULL ? FUNCTION("get_option") : STACK_LACKS_OPTION);
        return;
    }
    int32_t result =
        opened->offers->get_option(opened->made, calling->descriptor->socket, option->option, value, option->length);
    if (option->option == SHAKEDOWN_OPTION_ERROR)
        value[0] = value[0] < 0 ? plugin_error_number(value[0]) : value[0];
    calling_conclude(calling, result, false, STACK_LACKS_OPTION);
    if (result < 0 || calling->arguments[3].data == NULL || calling->arguments[4].data == NULL)
        return;
    memcpy(&length, calling->arguments[4].data, sizeof(length));
    if (length > option->length * sizeof(value[0]))
        length = (socklen_t)(option->length * sizeof(value[0]));
    if (length > calling->arguments[3].length)
        length = (socklen_t)calling->arguments[3].length;
    memcpy(calling->arguments[3].data, value, length);
    memcpy(calling->arguments[4].data, &length, sizeof(length));
}

void plugin_call_setsockopt(const struct plugin_calling *calling)
{
    struct plugin_stack *opened = calling->opened;
    const struct plugin_option *option =
        plugin_option_find((int)calling_number(calling, 1), (int)calling_number(calling, 2));
    const struct stack_argument *given = &calling->arguments[3];
    int32_t value[2] = {0, 0};
    if (opened->offers->set_option == NULL || option == NULL) {
        calling_lack(calling, opened->offers->set_option == NULL ? FUNCTION("set_option") : STACK_LACKS_OPTION);
        return;
    }
    size_t size = option->length * sizeof(value[0]);
    if (given->data == NULL || given->length < size || calling_number(calling, 4) < (int64_t)size) {
        calling_fail(calling, EINVAL);
        return;
    }
    memcpy(value, given->data, size);
    calling_conclude(
        calling,
        opened->offers->set_option(opened->made, calling->descriptor->socket, option->option, value, option->length),
        false, STACK_LACKS_OPTION);
}
