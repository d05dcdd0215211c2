/* SPDX-License-Identifier: MIT */
#include "engine/command.h"

#include "base/character.h"
#include "stack/linux_settings.h"

#include <sys/wait.h>

enum { TITLE_MOST = 60 };

bool command_start(struct child *child, const char *text, struct error *error)
{
    const char *const arguments[] = {"/bin/sh", "-c", text, NULL};
    return child_start(child, &(struct child_order){arguments, -1, -1}, error);
}

/* "`sysctl -q net.ipv4.tcp_sack=1`", cut at the end of the first line that says something. */
static void print_title(struct text *title, const char *text)
{
    while (character_is_blank(*text) || *text == '\n')
        text++;
    size_t length = strcspn(text, "\n");
    bool whole = text[length] == '\0' || text[length + 1] == '\0';
    if (length > TITLE_MOST) {
        length = TITLE_MOST;
        whole = false;
    }
    text_append_format(title, "`%.*s%s`", (int)length, text, whole ? "" : " ...");
}

void command_print_output(struct text *text, const struct child *child)
{
    if (child->length == 0)
        return;
    text_append_string(text, child->cut ? "  the end of what it printed:\n" : "  it printed:\n");
    for (size_t start = 0; start < child->length;) {
        const char *end = memchr(child->kept + start, '\n', child->length - start);
        size_t length = end == NULL ? child->length - start : (size_t)(end - (child->kept + start));
        text_append_string(text, "    ");
        for (size_t i = 0; i < length; i++) {
            char character = child->kept[start + i];
            bool printable = (unsigned char)character >= ' ' && character != 0x7f;
            text_append_character(text, printable || character == '\t' ? character : '?');
        }
        text_append_character(text, '\n');
        start += length + 1;
    }
}

/* How programs say that a file is not there; the second is dash's, of one that is to be written. */
static bool says_missing(const char *at, size_t length)
{
    static const char *const missing[] = {": No such file or directory", ": Directory nonexistent"};
    for (size_t i = 0; i < COUNT_OF(missing); i++)
        if (length >= strlen(missing[i]) && memcmp(at, missing[i], strlen(missing[i])) == 0)
            return true;
    return false;
}

/* A setting that the running kernel lacks: whoever fails over it names its file. */
static bool missing_setting(const struct child *child, struct text *name)
{
    static const char folder[] = "/proc/sys/";
    const char *found = memmem(child->kept, child->length, folder, strlen(folder));
    if (found == NULL)
        return false;
    found += strlen(folder);
    size_t left = (size_t)(child->kept + child->length - found);
    size_t length = 0;
    while (length < left &&
           (character_is_word(found[length]) || found[length] == '/' || found[length] == '.' || found[length] == '-'))
        length++;
    if (length == 0 || !says_missing(found + length, left - length))
        return false;
    for (size_t i = 0; i < length; i++)
        text_append_character(name, found[i] == '/' ? '.' : found[i]);
    return true;
}

/* A setting whose value the running kernel refuses, as sysctl tells it in a line that has `setting key
 * "net.ipv4.tcp_ecn": Invalid argument`. */
static bool refused_in(const char *text, size_t length, struct text *name)
{
    static const char words[] = "setting key ", why[] = ": Invalid argument";
    const char *found = memmem(text, length, words, strlen(words));
    if (found == NULL)
        return false;
    found += strlen(words);
    size_t left = (size_t)(text + length - found);
    const char *end = left > 1 ? memchr(found + 1, found[0], left - 1) : NULL;
    if (end == NULL || left - (size_t)(end + 1 - found) < strlen(why) || memcmp(end + 1, why, strlen(why)) != 0)
        return false;
    text_clear(name);
    for (found++; found < end; found++)
        text_append_character(name, *found == '/' ? '.' : *found);
    return true;
}

/* Whether the command TEXT names SETTING, in either way of writing it. */
static bool names_setting(const char *text, const char *setting)
{
    for (; *text != '\0'; text++) {
        size_t same = 0;
        while (setting[same] != '\0' && (text[same] == setting[same] || (text[same] == '/' && setting[same] == '.')))
            same++;
        if (setting[same] == '\0')
            return true;
    }
    return false;
}

bool command_refused_setting(const struct child *child, const char *text, struct text *name)
{
    for (size_t start = 0; start < child->length;) {
        const char *line = child->kept + start;
        const char *end = memchr(line, '\n', child->length - start);
        size_t length = end == NULL ? child->length - start : (size_t)(end - line);
        if (refused_in(line, length, name) && (text == NULL || names_setting(text, text_string(name))))
            return true;
        start += length + 1;
    }
    text_clear(name);
    return false;
}

/* A name that no Linux knows is the script's mistake. */
static bool fail_missing(struct error *error, const char *setting)
{
    const char *nearest;
    if (linux_setting_find(setting, &nearest) != LINUX_SETTING_UNKNOWN)
        return error_set(error, ERROR_NOT_APPLICABLE, "the setting %s is not known on this system", setting);
    if (nearest == NULL)
        return error_set(error, ERROR_MALFORMED, "the setting %s is known on no system", setting);
    return error_set(error, ERROR_MALFORMED, "the setting %s is known on no system; did you mean `%s`?", setting,
                     nearest);
}

bool command_judge(const struct child *child, const char *text, nanoseconds time, struct error *error,
                   struct text *output)
{
    char words[128];
    struct text title = text_in(words, sizeof(words));
    char variable[128];
    struct text setting = text_in(variable, sizeof(variable));
    if (child->ended && WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0)
        return true;
    print_title(&title, text);
    command_print_output(output, child);
    if (!child->ended)
        return error_set(error, ERROR_TIMED_OUT, "the command %s has not ended within %.1f s and was killed", words,
                         (double)time / (double)NANOSECONDS_PER_SECOND);
    if (WIFSIGNALED(child->status))
        return error_set(error, ERROR_MALFORMED, "the command %s died of signal %d (%s)", words,
                         WTERMSIG(child->status), sigdescr_np(WTERMSIG(child->status)));
    if (missing_setting(child, &setting))
        return fail_missing(error, variable);
    if (command_refused_setting(child, NULL, &setting))
        return error_set(error, ERROR_NOT_APPLICABLE, "this system does not take the value given to %s", variable);
    return error_set(error, ERROR_MALFORMED, "the command %s ended with status %d", words, WEXITSTATUS(child->status));
}

/* A word of a command line, from TEXT on. */
static size_t word_length(const char *text)
{
    return strcspn(text, " \t\n;&|<>()`'\"=");
}

static bool is_foreign(const char *name, size_t length)
{
    /* On Linux settings of the Internet protocols are under net.ipv4 and net.ipv6, those of the kernel under kernel. */
    static const char *const roots[] = {"net.inet.", "net.inet6.", "net.link.", "net.isr.",
                                        "kern.",     "hw.",        "security."};
    for (size_t i = 0; i < COUNT_OF(roots); i++)
        if (length > strlen(roots[i]) && memcmp(name, roots[i], strlen(roots[i])) == 0)
            return true;
    return false;
}

bool command_foreign_setting(const char *text, struct text *name)
{
    const char *at = text;
    bool given = false; /* words here are for sysctl */
    while (*at != '\0') {
        size_t length = word_length(at);
        if (length == 0) {
            given = given && strchr(" \t<>'\"=", *at) != NULL;
            at++;
            continue;
        }
        if (length >= 6 && memcmp(at + length - 6, "sysctl", 6) == 0) {
            given = true;
        } else if (given && is_foreign(at, length)) {
            text_append_bytes(name, at, length);
            return true;
        }
        at += length;
    }
    return false;
}
