/* SPDX-License-Identifier: MIT */
#include "report/again.h"

#include "report/shell_word.h"

void again_print(struct text *text, const char *command, const struct suite_case *one)
{
    text_append_string(text, command);
    if (one->script->check == VERDICT_PASS)
        text_append_format(text, " --ip %s", ip_version_word(one->ip_version));
    text_append_string(text, one->script->made ? " --filter " : " ");
    shell_word_print(text, one->script->path);
}
