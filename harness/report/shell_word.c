/* SPDX-License-Identifier: MIT */
#include "report/shell_word.h"

void shell_word_print(struct text *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:@,=%";
    if (word[0] == '-')
        text_append_string(text, "./");
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        text_append_string(text, word);
        return;
    }
    text_append_character(text, '\'');
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'')
            text_append_string(text, "'\\''");
        else
            text_append_character(text, *at);
    }
    text_append_character(text, '\'');
}
