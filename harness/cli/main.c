/* SPDX-License-Identifier: MIT */
#include "cli/command.h"
#include "cli/packetdrill.h"

int main(int argc, char **argv)
{
    const struct option_words words = {argv + 1, argc > 0 ? (size_t)argc - 1 : 0};
    return argc > 0 && packetdrill_is_meant(argv[0]) ? packetdrill_main(words) : command_main(words);
}
