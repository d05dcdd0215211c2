/* SPDX-License-Identifier: MIT */
#include "engine/interpreter.h"

#include "engine/command.h"
#include "engine/interpreter_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MOST = 8192 };

struct interpreter {
    struct child child;
    int requests; /* what is written is its standard input */
    int answers;
    size_t length;
    char answer[ANSWER_MOST]; /* as far as it has come */
};

enum { COMMAND_WORDS_MOST = 16 };

/* Starts COMMAND, words with blanks between. PIPES are its requests and its answers. */
static bool start_command(struct interpreter *interpreter, const int pipes[2], const char *command, const char *name,
                          struct error *error)
{
    static const char blanks[] = " \t";
    const char *arguments[COMMAND_WORDS_MOST + 5];
    char words[512];
    size_t count = 0;
    if (strlen(command) >= sizeof(words))
        return error_set(error, ERROR_TOO_LARGE, "the command that runs code is too long");
    memcpy(words, command, strlen(command) + 1);
    char *rest = NULL;
    for (char *word = strtok_r(words, blanks, &rest); word != NULL && count < COMMAND_WORDS_MOST;
         word = strtok_r(NULL, blanks, &rest))
        arguments[count++] = word;
    const char *const last[] = {"-I", "-c", interpreter_driver, name, NULL};
    memcpy(&arguments[count], last, sizeof(last));
    const struct child_order order = {arguments, pipes[0], pipes[1]};
    return child_start(&interpreter->child, &order, error);
}

/* The one that is asked for; else python3 where packetdrill looks for it, else the one in PATH. */
static bool start_python(struct interpreter *interpreter, const int pipes[2],
                         const struct interpreter_settings *settings, struct error *error)
{
    static const char *const programs[] = {"/usr/bin/python3", "python3"};
    if (settings->command != NULL)
        return start_command(interpreter, pipes, settings->command, settings->name, error);
    for (size_t i = 0; i < COUNT_OF(programs); i++) {
        if (start_command(interpreter, pipes, programs[i], settings->name, error))
            return true;
        if (error->code != ERROR_NOT_FOUND)
            return false;
    }
    return error_set(error, ERROR_NOT_FOUND, "the script has Python code, and python3 is not installed");
}

static bool start_child(struct interpreter *interpreter, const struct interpreter_settings *settings,
                        struct error *error)
{
    int requests[2];
    int answers[2];
    if (!child_pipe(requests, error))
        return false;
    if (!child_pipe(answers, error)) {
        (void)close(requests[0]);
        (void)close(requests[1]);
        return false;
    }
    bool started = start_python(interpreter, (const int[]){requests[0], answers[1]}, settings, error);
    (void)close(requests[0]);
    (void)close(answers[1]);
    if (started) {
        (void)fcntl(requests[1], F_SETFL, O_NONBLOCK);
        (void)fcntl(answers[0], F_SETFL, O_NONBLOCK);
        interpreter->requests = requests[1];
        interpreter->answers = answers[0];
    } else {
        (void)close(requests[1]);
        (void)close(answers[0]);
    }
    return started;
}

bool interpreter_start(const struct interpreter_settings *settings, nanoseconds deadline,
                       struct interpreter **interpreter, struct error *error)
{
    struct interpreter *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for an interpreter");
    if (!start_child(made, settings, error)) {
        free(made);
        return false;
    }
    struct interpreter_result result;
    const struct interpreter_block block = {.facts = settings->constants, .code = "", .line = 1};
    bool ready = interpreter_run(made, &block, deadline, &result, error);
    if (ready && result.kind != CODE_PASSED)
        ready = error_set(error, ERROR_SYSTEM_CALL, "python3 can't be used: %s", text_string(&result.message));
    interpreter_result_free(&result);
    if (ready)
        *interpreter = made;
    else
        interpreter_end(made);
    return ready;
}

/* Waits for something of the interpreter's: room for a request, an answer, output, its end. */
static bool interpreter_wait(struct interpreter *interpreter, bool writing, nanoseconds deadline, struct error *error)
{
    struct child *child = &interpreter->child;
    child_listen(child);
    nanoseconds left = deadline - clock_now();
    if (left <= 0)
        return error_set(error, ERROR_TIMED_OUT, "the code has not ended in time and was stopped");
    struct pollfd polled[] = {{.fd = interpreter->answers, .events = POLLIN},
                              {.fd = writing ? interpreter->requests : -1, .events = POLLOUT},
                              {.fd = child->output, .events = POLLIN}};
    struct timespec until = {left / NANOSECONDS_PER_SECOND, left % NANOSECONDS_PER_SECOND};
    if (ppoll(polled, COUNT_OF(polled), &until, NULL) < 0 && errno != EINTR)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "ppoll() failed");
    return true;
}

static bool fail_ended(struct interpreter *interpreter, struct error *error)
{
    (void)child_await(&interpreter->child, clock_now() + NANOSECONDS_PER_SECOND);
    int status = interpreter->child.status;
    if (interpreter->child.ended && WIFEXITED(status))
        return error_set(error, ERROR_MALFORMED, "the code ended the interpreter with status %d", WEXITSTATUS(status));
    return error_set(error, ERROR_MALFORMED, "the code ended the interpreter");
}

static bool interpreter_send(struct interpreter *interpreter, const char *data, size_t length, nanoseconds deadline,
                             struct error *error)
{
    while (length > 0) {
        ssize_t written = write(interpreter->requests, data, length);
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return fail_ended(interpreter, error);
        if (written < 0 && !interpreter_wait(interpreter, true, deadline, error))
            return false;
        if (written > 0) {
            data += written;
            length -= (size_t)written;
        }
    }
    return true;
}

/* Waits for a whole line. */
static bool interpreter_answer(struct interpreter *interpreter, nanoseconds deadline, struct error *error)
{
    interpreter->length = 0;
    for (;;) {
        size_t room = sizeof(interpreter->answer) - 1 - interpreter->length;
        ssize_t length = read(interpreter->answers, interpreter->answer + interpreter->length, room);
        if (length == 0)
            return fail_ended(interpreter, error);
        if (length > 0) {
            interpreter->length += (size_t)length;
            interpreter->answer[interpreter->length] = '\0';
            if (strchr(interpreter->answer, '\n') != NULL)
                return true;
        } else if (errno != EAGAIN && errno != EINTR) {
            return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the interpreter can't be read from");
        } else if (!interpreter_wait(interpreter, false, deadline, error)) {
            return false;
        }
    }
}

/* Cuts the next field off at its tab, or at the end of the line. */
static const char *next_field(char **at)
{
    char *field = *at;
    size_t length = strcspn(field, "\t\n");
    *at = field[length] == '\0' ? field + length : field + length + 1;
    field[length] = '\0';
    return field;
}

static void read_answer(struct interpreter *interpreter, struct interpreter_result *result)
{
    char *at = interpreter->answer;
    const char *kind = next_field(&at);
    result->kind = CODE_MISTAKE;
    if (strcmp(kind, "pass") == 0)
        result->kind = CODE_PASSED;
    else if (strcmp(kind, "fail") == 0)
        result->kind = CODE_FAILED;
    result->line = (unsigned)strtoul(next_field(&at), NULL, 10);
    text_append_string(&result->message, next_field(&at));
    text_append_string(&result->values, next_field(&at));
}

bool interpreter_run(struct interpreter *interpreter, const struct interpreter_block *block, nanoseconds deadline,
                     struct interpreter_result *result, struct error *error)
{
    char header[96];
    struct text text = text_in(header, sizeof(header));
    size_t facts = strlen(block->facts);
    *result = (struct interpreter_result){.message = text_growing(), .values = text_growing()};
    text_append_format(&text, "%zu %zu %u\n", facts, block->code_length, block->line);
    if (!interpreter_send(interpreter, header, text.length, deadline, error) ||
        !interpreter_send(interpreter, block->facts, facts, deadline, error) ||
        !interpreter_send(interpreter, block->code, block->code_length, deadline, error) ||
        !interpreter_answer(interpreter, deadline, error))
        return false;
    read_answer(interpreter, result);
    return true;
}

void interpreter_print_output(struct text *text, const struct interpreter *interpreter)
{
    command_print_output(text, &interpreter->child);
}

void interpreter_result_free(struct interpreter_result *result)
{
    text_free(&result->message);
    text_free(&result->values);
}

void interpreter_end(struct interpreter *interpreter)
{
    if (interpreter == NULL)
        return;
    (void)close(interpreter->requests);
    (void)close(interpreter->answers);
    child_end(&interpreter->child);
    free(interpreter);
}
