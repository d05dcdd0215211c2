/* SPDX-License-Identifier: MIT */
#include "spec/row_head.h"

void row_head_print(struct text *text, const struct spec *spec, const struct spec_row *row)
{
    const char *line = spec->source.text + row->at.offset;
    size_t length = strcspn(line, "#\n");
    while (length > 0 && line[length - 1] == ' ')
        length--;
    text_append_bytes(text, line, length);
}
