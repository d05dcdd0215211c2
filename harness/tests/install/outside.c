/* SPDX-License-Identifier: MIT */
/* A program of somebody else's, which knows of shakedown only what is installed. */
#include <shakedown/shakedown.h>
#include <stdio.h>

/* A name that the rooms use too: were it visible in the library, linking would fail. */
void text_append(void);
void text_append(void)
{
}

int main(void)
{
    text_append();
    return puts(shakedown_version()) < 0;
}
