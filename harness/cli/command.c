/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include "base/nearest_name.h"
#include "cli/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

static const struct command *const commands[] = {
    &command_run,       &command_conform, &command_judging, &command_fmt,  &command_spec,
    &command_handshake, &command_isn,     &command_stacks,  &command_help, NULL};

/* What tells the parts of one command apart: its last word. */
static const char *last_word(const struct command *command)
{
    const char *blank = strrchr(command->name, ' ');
    return blank == NULL ? command->name : blank + 1;
}

static const char *command_name_at(const void *context, size_t index)
{
    const struct command *const *list = context;
    return list[index] == NULL ? NULL : last_word(list[index]);
}

static const struct command *command_find(const struct command *const *list, const char *name, struct error *error)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(last_word(list[i]), name) == 0)
            return list[i];
    const char *nearest = nearest_name(name, strlen(name), command_name_at, list);
    if (nearest == NULL)
        (void)error_set(error, ERROR_USAGE, "unknown command %s", name);
    else
        (void)error_set(error, ERROR_USAGE, "unknown command %s; did you mean %s?", name, nearest);
    return NULL;
}

static void print_program_help(struct text *text)
{
    text_append_string(text, "shakedown " SHAKEDOWN_VERSION ": tests the TCP handshake of a stack\n\n"
                             "usage: shakedown COMMAND [ARGUMENT...]\n\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        text_append_format(text, "  %-11s %s\n", commands[i]->name, commands[i]->help);
    text_append_string(text, "\n`shakedown help COMMAND` tells more. Exit status: 0 all passed, 1 something failed, "
                             "2 something\ncould not be decided or done, 64 the command line makes no sense.\n");
}

static void print_command_help(struct text *text, const struct command *command)
{
    text_append_format(text, "usage: shakedown %s%s%s\n\n%s\n", command->name, command->arguments[0] == '\0' ? "" : " ",
                       command->arguments, command->help);
    if (command->options != NULL) {
        text_append_character(text, '\n');
        options_print(text, command->options);
    }
    for (size_t i = 0; command->parts != NULL && command->parts[i] != NULL; i++) {
        text_append_character(text, '\n');
        print_command_help(text, command->parts[i]);
    }
}

void command_write_help(const struct command *command)
{
    struct text text = text_growing();
    if (command == NULL)
        print_program_help(&text);
    else
        print_command_help(&text, command);
    terminal_write(&text);
    text_free(&text);
}

int command_fail(const struct error *error)
{
    terminal_error(error);
    switch (error_category(error->code)) {
    case ERROR_CATEGORY_USAGE:
        return EXIT_STATUS_USAGE;
    case ERROR_CATEGORY_STACK:
        return EXIT_STATUS_FAIL;
    default:
        return EXIT_STATUS_ERROR;
    }
}

int command_await(pid_t pid, const char *did)
{
    struct error error;
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_STATUS_ERROR;
    if (WIFEXITED(status) && WEXITSTATUS(status) <= EXIT_STATUS_USAGE)
        return WEXITSTATUS(status);
    (void)error_set(&error, ERROR_INTERRUPTED, "the process that %s was killed", did);
    return command_fail(&error);
}

int command_misused(const struct command *command, const struct error *error)
{
    int status = command_fail(error);
    if (status == EXIT_STATUS_USAGE)
        (void)fprintf(stderr, "Try `shakedown help%s%s`.\n", command == NULL ? "" : " ",
                      command == NULL ? "" : command->name);
    return status;
}

static int help_run(const struct command *command, struct option_words words)
{
    struct error error;
    const struct command *subject = NULL;
    const struct command *const *list = commands;
    for (size_t i = 0; i < words.count; i++) {
        if (list == NULL) {
            (void)error_set(&error, ERROR_USAGE, "help is about one command at a time");
            return command_misused(command, &error);
        }
        subject = command_find(list, words.words[i], &error);
        if (subject == NULL)
            return command_misused(NULL, &error);
        list = subject->parts;
    }
    command_write_help(subject);
    return EXIT_STATUS_PASS;
}

const struct command command_help = {
    .name = "help", .arguments = "[COMMAND]", .help = "say what the program or a command does", .run = help_run};

static const char *const help_words[] = {"--help", "-h"};

static bool is_any(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static void write_version(void)
{
    struct text text = text_growing();
    text_append_string(&text, "shakedown " SHAKEDOWN_VERSION "\n");
    terminal_write(&text);
    text_free(&text);
}

int command_run_part(const struct command *command, struct option_words words)
{
    struct error error;
    if (words.count == 0) {
        (void)error_set(&error, ERROR_USAGE, "%s does nothing by itself", command->name);
        return command_misused(command, &error);
    }
    if (is_any(words.words[0], help_words, COUNT_OF(help_words))) {
        command_write_help(command);
        return EXIT_STATUS_PASS;
    }
    const struct command *part = command_find(command->parts, words.words[0], &error);
    return part == NULL ? command_misused(command, &error)
                        : part->run(part, (struct option_words){words.words + 1, words.count - 1});
}

static int command_dispatch(struct option_words words)
{
    static const char *const version_words[] = {"--version", "-V"};
    struct error error;
    if (words.count == 0) {
        (void)error_set(&error, ERROR_USAGE, "no command is given");
        return command_misused(NULL, &error);
    }
    const struct option_words rest = {words.words + 1, words.count - 1};
    if (is_any(words.words[0], help_words, COUNT_OF(help_words)))
        return help_run(&command_help, rest);
    if (is_any(words.words[0], version_words, COUNT_OF(version_words))) {
        write_version();
        return EXIT_STATUS_PASS;
    }
    const struct command *command = NULL;
    if (words.words[0][0] == '-')
        (void)error_set(&error, ERROR_USAGE, "unknown option %s; options stand behind the command", words.words[0]);
    else
        command = command_find(commands, words.words[0], &error);
    return command == NULL ? command_misused(NULL, &error) : command->run(command, rest);
}

int command_main(struct option_words words)
{
    struct error error;
    int status = command_dispatch(words);
    if (!terminal_sound(&error) && status == EXIT_STATUS_PASS)
        status = command_fail(&error);
    return status;
}
