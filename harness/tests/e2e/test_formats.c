/* SPDX-License-Identifier: MIT */
/* Reports for programs, read back by the readers that such programs use: python3's and perl's. */
#include "program.h"

/* Reads JUnit's XML, holds the counts against the elements, and tells a line of each case. */
static const char junit_reader[] =
    "import sys, xml.etree.ElementTree as tree\n"
    "root = tree.parse(sys.stdin.buffer).getroot()\n"
    "for group in [root] + root.findall('testsuite'):\n"
    "    cases = list(group.iter('testcase'))\n"
    "    assert int(group.get('tests')) == len(cases), group.attrib\n"
    "    for name, tag in (('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')):\n"
    "        assert int(group.get(name)) == len(list(group.iter(tag))), group.attrib\n"
    "    assert float(group.get('time')) >= 0\n"
    "for case in root.iter('testcase'):\n"
    "    found = [child for child in case if child.tag != 'properties']\n"
    "    outcome = found[0].tag + ' ' + found[0].get('type', '') + ': ' + found[0].get('message') if found else "
    "'ok'\n"
    "    noted = [p.get('name') + '=' + p.get('value') for p in case.iter('property')]\n"
    "    line = '|'.join([case.get('classname'), case.get('name'), outcome] + noted)\n"
    "    print(line.encode('ascii', 'backslashreplace').decode())\n";

/* Reads JSON Lines, each line by itself, and tells a line of each. */
static const char json_reader[] =
    "import sys, json\n"
    "for line in sys.stdin.buffer.read().decode('utf-8').splitlines():\n"
    "    one = json.loads(line)\n"
    "    keys = ('type', 'path', 'name', 'ip', 'verdict', 'title', 'requirements', 'deviation',\n"
    "            'headline', 'verdicts', 'exit_status')\n"
    "    line = '|'.join(str(one[key]) for key in keys if one.get(key) not in (None, '', []))\n"
    "    print(line.encode('ascii', 'backslashreplace').decode())\n";

/* Debian 12's TAP::Parser knows TAP up to 13: the first line is all that differs. */
static const char tap_reader[] =
    "use strict; use TAP::Parser; undef $/; my $tap = <STDIN>;\n"
    "$tap =~ s/\\ATAP version 14\\n/TAP version 13\\n/ or die 'version';\n"
    "my $parser = TAP::Parser->new({tap => $tap});\n"
    "while (my $result = $parser->next) {\n"
    "    print join('|', $result->number, $result->is_ok ? 'ok' : 'not ok', lc $result->directive,\n"
    "               $result->description), \"\\n\" if $result->is_test;\n"
    "    print 'yaml|', $result->data->{severity}, '|', $result->data->{message}, \"\\n\" if $result->is_yaml;\n"
    "    print $result->as_string, \"\\n\" if $result->is_unknown || $result->is_bailout;\n"
    "}\n"
    "print join(\"\\n\", $parser->parse_errors), \"\\n\" if $parser->parse_errors;\n";

struct reader {
    const char *interpreter;
    const char *option;
    const char *text;
};
static const struct reader read_junit = {"python3", "-c", junit_reader};
static const struct reader read_json = {"python3", "-c", json_reader};
static const struct reader read_tap = {"perl", "-e", tap_reader};

static _Noreturn void reader_child(const struct program *program, const struct reader *reader)
{
    char *words[] = {(char *)(uintptr_t)reader->interpreter, (char *)(uintptr_t)reader->option,
                     (char *)(uintptr_t)reader->text, NULL};
    if (chdir(program->folder) != 0)
        _exit(126);
    int input = open("output.txt", O_RDONLY);
    int output = open("read.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (input < 0 || output < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0)
        _exit(126);
    (void)execvp(reader->interpreter, words);
    _exit(127);
}

/* What READER makes of the program's output must be EXPECTED. */
static void assert_read(const struct program *program, const struct reader *reader, const char *expected)
{
    int status = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        reader_child(program, reader);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 127)
        skip(); /* the reader is not installed here */
    assert_int_equal(WEXITSTATUS(status), 0);
    char *read = program_read(program, "read.txt");
    if (strcmp(read, expected) != 0)
        fail_msg("expected:\n%s\ngot:\n%s\nof:\n%s", expected, read, program->output);
    free(read);
}

/* A pass, a fail, a known deviation, a stale entry, what is no script, and what no stack here can do. */
static void write_every_outcome(const struct program *program)
{
    program_write(program, "s/1.pkt",
                  "//: title It opens & <closes>\n//: requirement RFC9293 MUST-1\n"
                  "//: requirement RFC9293 SHLD-2\n//: ip 4\n" SCRIPT_QUICK);
    program_write(program, "s/2.pkt", "//: title \"Broken\"\n//: ip 4\n" SCRIPT_QUICK "+0 > R 0:0(0)\n");
    program_write(program, "s/3.pkt", "//: title Known\n//: ip 4\n" SCRIPT_QUICK "+0 > R 0:0(0)\n");
    program_write(program, "s/4.pkt", "0 close(\n");
    program_write(program, "s/5.pkt",
                  "//: ip 4\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 setsockopt(3, IPPROTO_TCP, TCP_NOOPT, [1], 4) = 0\n");
    program_write(program, "known.conf",
                  "[s/3.pkt]\nreason = it is # known\nreference = test_formats.c\n"
                  "[s/1.pkt]\nreason = it is not\nreference = test_formats.c\n");
}

#define RUN "run --deviations known.conf --format "

static void test_junit_is_read_back(void **state)
{
    struct program *program = *state;
    write_every_outcome(program);
    assert_int_equal(program_run(program, RUN "junit s"), 1);
    assert_says_not(program->errors, "shakedown:");
    assert_read(program, &read_junit,
                "s|1.pkt [ipv4]|ok|requirement=RFC9293 MUST-1|requirement=RFC9293 SHLD-2|title=It opens & <closes>"
                "|specification=pass\n"
                "s|2.pkt [ipv4]|failure fail: expected RST; nothing came|title=\"Broken\"|specification=pass\n"
                "s|3.pkt [ipv4]|ok|title=Known|deviation=it is # known|reference=test_formats.c|specification=pass\n"
                "s|4.pkt|error error: the script has 1 error\n"
                "s|5.pkt|skipped : TCP_NOOPT is not known on this system, only on another\n"
                "known deviations|known deviation of s/1.pkt|failure fail: the script passes, so the entry must go\n");
}

static void test_a_report_folder_has_every_form_and_the_captures_of_fails(void **state)
{
    struct program *program = *state;
    write_every_outcome(program);
    assert_int_equal(program_run(program, "run --deviations known.conf --report made/here s"), 1);
    assert_says(program->output, "capture: made/here/s-2.ipv4.pcapng");
    char *text = program_read(program, "made/here/report.txt");
    assert_says(text, "expected RST; nothing came");
    assert_says(text, "capture: made/here/s-2.ipv4.pcapng");
    free(text);
    static const char *const begins[][2] = {{"made/here/report.tap", "TAP version 14\n"},
                                            {"made/here/report.xml", "<?xml"},
                                            {"made/here/report.jsonl", "{\"type\":"}};
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        char *form = program_read(program, begins[i][0]);
        if (strncmp(form, begins[i][1], strlen(begins[i][1])) != 0)
            fail_msg("%s begins otherwise: %.80s", begins[i][0], form);
        assert_says(form, "expected RST; nothing came");
        free(form);
    }
    /* A fail and a known one have captures; what passed or is not applicable has none. */
    assert_int_equal(access(program_path(program, "made/here/s-2.ipv4.pcapng"), F_OK), 0);
    assert_int_equal(access(program_path(program, "made/here/s-3.ipv4.pcapng"), F_OK), 0);
    assert_int_not_equal(access(program_path(program, "made/here/s-1.ipv4.pcapng"), F_OK), 0);
    assert_int_not_equal(access(program_path(program, "made/here/s-5.ipv4.pcapng"), F_OK), 0);

    assert_int_equal(program_run(program, "run --report elsewhere --dry-run s"), 64);
    assert_int_equal(program_run(program, "run --report known.conf s/1.pkt"), 2);
    assert_says(program->errors, "known.conf");
}

static void test_json_is_read_back(void **state)
{
    struct program *program = *state;
    write_every_outcome(program);
    assert_int_equal(program_run(program, RUN "json s"), 1);
    assert_says_not(program->errors, "shakedown:");
    assert_read(program, &read_json,
                "case|s/1.pkt|ipv4|pass|It opens & <closes>|['RFC9293 MUST-1', 'RFC9293 SHLD-2']\n"
                "case|s/2.pkt|ipv4|fail|\"Broken\"|expected RST; nothing came\n"
                "case|s/3.pkt|ipv4|pass|Known|{'reason': 'it is # known', 'reference': 'test_formats.c'}|expected RST; "
                "nothing came\n"
                "case|s/4.pkt|error|the script has 1 error\n"
                "case|s/5.pkt|not applicable|TCP_NOOPT is not known on this system, only on another\n"
                "deviation|known.conf:4|known deviation of s/1.pkt|fail|the script passes, so the entry must go\n"
                "summary|{'pass': 2, 'fail': 2, 'inconclusive': 0, 'error': 1, 'not applicable': 1}|1\n");
}

static void test_tap_is_read_back(void **state)
{
    struct program *program = *state;
    write_every_outcome(program);
    assert_int_equal(program_run(program, RUN "tap s"), 1);
    assert_says_not(program->errors, "shakedown:");
    assert_int_equal(strncmp(program->output, "TAP version 14\n1..6\n", 20), 0);
    assert_read(program, &read_tap,
                "1|ok||- s/1.pkt [ipv4]\n"
                "2|not ok||- s/2.pkt [ipv4]\n"
                "yaml|fail|expected RST; nothing came\n"
                "3|ok|todo|- s/3.pkt [ipv4]\n"
                "yaml|deviation|expected RST; nothing came\n"
                "4|not ok||- s/4.pkt\n"
                "yaml|error|the script has 1 error\n"
                "5|ok|skip|- s/5.pkt\n"
                "yaml|not applicable|TCP_NOOPT is not known on this system, only on another\n"
                "6|not ok||- known deviation of s/1.pkt\n"
                "yaml|fail|the script passes, so the entry must go\n");
}

static void test_a_hostile_script_breaks_no_format(void **state)
{
    struct program *program = *state;
    static const char name[] = "s/<&\"'#\\ \xff\x01]]>.pkt";
    program_write(program, name,
                  "//: title </testcase> # SKIP \xfe \xc3\xa9 \"\n//: ip 4\n" SCRIPT_QUICK "+0 > R 0:0(0)\n");
    assert_int_equal(program_run(program, "run --format junit s"), 1);
    assert_read(program, &read_junit,
                "s|<&\"'#\\ \\ufffd\\ufffd]]>.pkt [ipv4]|failure fail: expected RST; nothing came|title=</testcase> # "
                "SKIP \\ufffd \\xe9 \"|specification=pass\n");
    assert_int_equal(program_run(program, "run --format json s"), 1);
    assert_read(program, &read_json,
                "case|s/<&\"'#\\ \\ufffd\x01"
                "]]>.pkt|ipv4|fail|</testcase> # SKIP \\ufffd \\xe9 \"|expected RST; nothing came\n"
                "summary|{'pass': 0, 'fail': 1, 'inconclusive': 0, 'error': 0, 'not applicable': 0}|1\n");
    assert_int_equal(program_run(program, "run --format tap s"), 1);
    assert_read(program, &read_tap,
                "1|not ok||- s/<&\"'\\#\\\\ \xef\xbf\xbd ]]>.pkt [ipv4]\n"
                "yaml|fail|expected RST; nothing came\n");
}

static void test_a_check_and_a_list_are_read_back(void **state)
{
    struct program *program = *state;
    write_every_outcome(program);
    assert_int_equal(program_run(program, RUN "json --dry-run s"), 2);
    assert_read(program, &read_json,
                "script|s/1.pkt|pass|It opens & <closes>|['RFC9293 MUST-1', 'RFC9293 SHLD-2']\n"
                "script|s/2.pkt|pass|\"Broken\"\n"
                "script|s/3.pkt|pass|Known\n"
                "script|s/4.pkt|error|the script has 1 error\n"
                "script|s/5.pkt|not applicable|TCP_NOOPT is not known on this system, only on another\n"
                "summary|{'pass': 3, 'fail': 0, 'inconclusive': 0, 'error': 1, 'not applicable': 1}|2\n");
    assert_int_equal(program_run(program, RUN "junit --dry-run s"), 2);
    assert_read(program, &read_junit,
                "s|1.pkt|ok|requirement=RFC9293 MUST-1|requirement=RFC9293 SHLD-2|title=It opens & <closes>\n"
                "s|2.pkt|ok|title=\"Broken\"\n"
                "s|3.pkt|ok|title=Known\n"
                "s|4.pkt|error error: the script has 1 error\n"
                "s|5.pkt|skipped : TCP_NOOPT is not known on this system, only on another\n");
    assert_int_equal(program_run(program, RUN "tap --dry-run s"), 2);
    assert_read(program, &read_tap,
                "1|ok||- s/1.pkt\n"
                "2|ok||- s/2.pkt\n"
                "3|ok||- s/3.pkt\n"
                "4|not ok||- s/4.pkt\n"
                "yaml|error|the script has 1 error\n"
                "5|ok|skip|- s/5.pkt\n"
                "yaml|not applicable|TCP_NOOPT is not known on this system, only on another\n");
    assert_int_equal(program_run(program, RUN "json --list s"), 0);
    assert_read(program, &read_json,
                "listed|s/1.pkt|ipv4|It opens & <closes>|['RFC9293 MUST-1', 'RFC9293 SHLD-2']\n"
                "listed|s/2.pkt|ipv4|\"Broken\"\n"
                "listed|s/3.pkt|ipv4|Known\n"
                "listed|s/4.pkt|error|the script has 1 error\n"
                "listed|s/5.pkt|not applicable|TCP_NOOPT is not known on this system, only on another\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
        TEST(test_junit_is_read_back),
        TEST(test_json_is_read_back),
        TEST(test_a_report_folder_has_every_form_and_the_captures_of_fails),
        TEST(test_tap_is_read_back),
        TEST(test_a_hostile_script_breaks_no_format),
        TEST(test_a_check_and_a_list_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
