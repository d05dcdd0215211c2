/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return command_main((struct option_words){argv + 1, argc > 0 ? (size_t)argc - 1 : 0});
}
