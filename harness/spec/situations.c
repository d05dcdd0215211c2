/* SPDX-License-Identifier: MIT */
#include "spec/situations.h"

#include "spec/situation.h"

struct counting {
    struct row_index index;
    struct spec_situations *situations;
};

static void count(void *context, const struct situation *situation)
{
    struct counting *counting = context;
    const struct spec_row *row = situation_decider(&counting->index, situation);
    counting->situations->count++;
    counting->situations->by_wildcards += row != NULL && row->bits.all == 0;
    counting->situations->without_row += row == NULL;
}

bool spec_situations_count(const struct spec *spec, struct spec_situations *situations, struct error *error)
{
    struct counting counting = {.situations = situations};
    bool made = row_index_make(&counting.index, spec);
    *situations = (struct spec_situations){0};
    if (made)
        situations_walk(spec, count, &counting);
    row_index_free(&counting.index);
    return made || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to count situations");
}

void spec_situations_print(struct text *text, const struct spec_situations *situations)
{
    text_append_format(text, "rows for any control bits decide %zu %% of %zu situations, ",
                       situations->by_wildcards * 100 / situations->count, situations->count);
    if (situations->without_row == 0)
        text_append_string(text, "none is without a row");
    else
        text_append_format(text, "%zu are without a row", situations->without_row);
}
