#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The project's own rules about its sources: `lint.py CHECK`, with the checks in CHECKS at the end.

Prints one line, file:line: what, for each breach, and fails if there is any.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# Ceilings come down as the longest comes down; they never go up.
MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 60
MOST_PARAMETERS = 5
MOST_LINES_OF_THE_SAMPLE_STACK = 1500

FOLDERS = ("harness", "targets", "ci", ".ci", "specs", "examples")


def forbids(calls):
    """A pattern for a call of one of the functions named in CALLS."""
    return re.compile(r"(?<![\w.>])(?:" + "|".join(calls.split()) + r")\s*\(")


def is_library(path):
    """Whether PATH belongs to a room that ends up in libshakedown."""
    return path.startswith("harness/") and not path.startswith(("harness/cli/", "harness/tests/"))


def is_test(path):
    return path.startswith("harness/tests/")


def is_anywhere(_path):
    return True


# Where, what is not to be there, why, and a line that must be found out. Comments and strings are not looked at.
RULES = (
    (is_library, forbids("exit printf vprintf fprintf vfprintf puts putchar perror abort"),
     "a library neither prints nor exits", "    printf(message);"),
    (is_library, re.compile(r"\b(?:stdout|stderr)\b"),
     "a library does not print", "    fputs(message, stderr);"),
    (is_test, forbids("sleep usleep nanosleep"),
     "a test waits for events, not for time", "    sleep(1);"),
    (is_anywhere, forbids("strcpy strcat strncat stpcpy sprintf vsprintf gets atoi atol atoll atof strtok alloca"),
     "has no bounds, or no way to tell of an error", "    strcpy(to, from);"),
    (is_anywhere, forbids("system popen"),
     "goes through a shell", "    system(command);"),
    (is_anywhere, re.compile(r"^\s*#\s*include\s+[<\"][^>\"]*\.c[>\"]"),
     "includes a source", '#include "base/text.c"'),
    (is_anywhere, re.compile(r"(?<![A-Za-z])(?:utils?|helpers?|misc|common)(?![A-Za-z])", re.IGNORECASE),
     "a name that says nothing", "int parse_helper(void);"),
)

# What a rule forbids and is right all the same: (path, the text found).
EXCEPTIONS = {
    ("harness/base/compiler.c", "abort("): "a broken invariant ends the program, in release too",
    ("harness/base/compiler.c", "fprintf("): "... and says which",
    ("harness/base/compiler.c", "stderr"): "... and says which",
    ("harness/stack/isolation.c", "exit("): "ends a process of its own; leaks and coverage are told then",
}


def paths(*suffixes):
    """Every file of ours with one of SUFFIXES, as paths from the root."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(str(path.relative_to(ROOT)) for path in found if str(path).endswith(suffixes))


def scripts():
    """Every script of ours, whatever its name."""
    return [path for path in paths("") if text_of(path).startswith("#!")]


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def code_of(text):
    """TEXT of C without what comments, strings and characters say, but with as many lines. Included names stay."""
    def blank(match):
        found = match.group(0)
        if found.startswith("#"):
            return found
        return found[0] + "\n" * found.count("\n") + found[-1]

    token = r"^[ \t]*#[ \t]*include[^\n]*|/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(token, blank, text, flags=re.DOTALL | re.MULTILINE)


def breaches_of_rules(path, text):
    for number, line in enumerate(code_of(text).splitlines(), 1):
        for applies, pattern, why, _example in RULES:
            found = pattern.search(line) if applies(path) else None
            if found and (path, found.group(0)) not in EXCEPTIONS:
                yield f"{path}:{number}: {found.group(0).strip()}: {why}"


def check_rules():
    for path in paths(".c", ".h"):
        yield from breaches_of_rules(path, text_of(path))


def check_rules_see():
    """Each rule finds the example that it must find, and finds nothing in a comment or a string."""
    for applies, _pattern, why, example in RULES:
        path = "harness/tests/x.c" if applies is is_test else "harness/base/x.c"
        if not any(why in breach for breach in breaches_of_rules(path, example)):
            yield f"the rule does not see its own example: {example.strip()}"
        hidden = f"/* {example}\n */ char *text = \"{example}\";".replace('"base/text.c"', "")
        yield from (f"seen where it is not code: {breach}" for breach in breaches_of_rules(path, hidden))


def check_names():
    for path in paths(""):
        words = re.split(r"[^a-z]+", path.lower())
        for word in {"util", "utils", "helper", "helpers", "misc", "common"}.intersection(words):
            yield f"{path}:1: {word}: a name that says nothing"


def check_licence():
    for path in sorted({*paths(".c", ".h", ".py", ".cmake", "CMakeLists.txt", ".map", ".1", ".3"), *scripts()}):
        if not any("SPDX-License-Identifier: MIT" in line for line in text_of(path).splitlines()[:2]):
            yield f"{path}:1: no line SPDX-License-Identifier: MIT"


def check_notes():
    """What is left to do is in the issues: a note in the source says in which."""
    # Let through: TODO(#1), which names an issue, and TAP's own word, `# TODO`.
    note = re.compile(r"(?<!# )\b(?:TODO|FIXME|HACK)\b(?!\(#\d+\))")
    for path in paths(".c", ".h", ".cmake", "CMakeLists.txt", ".pkt"):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if note.search(line):
                yield f"{path}:{number}: a note without the number of an issue"


def parameters_of(signature):
    """How many parameters SIGNATURE, "(int a, void (*b)(int, int))", has."""
    inside = signature.strip()[1:-1].strip()
    depth = commas = 0
    for character in inside:
        depth += (character == "(") - (character == ")")
        commas += character == "," and depth == 0
    return 0 if inside in ("", "void") else commas + 1


def functions():
    """(path, line, name, lines, parameters) of every function of ours."""
    command = ["ctags", "-x", "--c-kinds=f", "--languages=C", "--langmap=C:.c.h", "--_xformat=%F\t%n\t%e\t%N\t%S"]
    listed = subprocess.run(command + paths(".c", ".h"), cwd=ROOT, check=True, capture_output=True, text=True)
    for row in listed.stdout.splitlines():
        path, first, last, name, signature = row.split("\t")
        if last == "":  # what makes a function out of a macro is taken for one, without an end
            continue
        yield path, int(first), name, int(last) - int(first) + 1, parameters_of(signature)


def sample_lines():
    """Lines of code of the sample stack, which is to stay a small example: neither comments and blank lines, nor the
    faults that can be planted into it, with the lines that ask for them."""
    aside = re.compile(r"\s*(/\*|\*|//|$)|.*(fault|QUIRK_)")
    files = [path for path in paths(".c", ".h")
             if path.startswith("targets/stacks/sample/") and not Path(path).name.startswith("fault")]
    return sum(not aside.match(line) for path in files for line in text_of(path).splitlines())


def check_lengths():
    every = list(functions())
    if not every:
        yield "ctags found no function"
        return
    for path, line, name, lines, parameters in every:
        if lines > MOST_LINES_OF_A_FUNCTION:
            yield f"{path}:{line}: {name} has {lines} lines, more than {MOST_LINES_OF_A_FUNCTION}"
        if parameters > MOST_PARAMETERS:
            yield f"{path}:{line}: {name} has {parameters} parameters, more than {MOST_PARAMETERS}"
    lengths = sorted((len(text_of(path).splitlines()), path) for path in paths(".c", ".h", ".py"))
    for lines, path in lengths:
        if lines > MOST_LINES_OF_A_FILE:
            yield f"{path}:1: has {lines} lines, more than {MOST_LINES_OF_A_FILE}"
    sample = sample_lines()
    if sample > MOST_LINES_OF_THE_SAMPLE_STACK:
        yield f"targets/stacks/sample: has {sample} lines of code, more than {MOST_LINES_OF_THE_SAMPLE_STACK}"
    longest = max(every, key=lambda function: function[3])
    print(f"{len(every)} functions; the longest is {longest[2]} ({longest[0]}) with {longest[3]} lines; "
          f"the longest file is {lengths[-1][1]} with {lengths[-1][0]}")


def complaints_of(command):
    """The lines that COMMAND prints when it fails."""
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        yield from done.stdout.splitlines()
        yield f"{command[0]} failed with status {done.returncode}"


def check_layout():
    yield from complaints_of(["clang-format", "--dry-run", "-Werror", *paths(".c", ".h")])


def check_scripts():
    shell = [path for path in scripts() if re.match(r"#!\S*/(?:env )?(?:ba|da)?sh\b", text_of(path))]
    yield from complaints_of(["shellcheck", *shell])


def check_deviations():
    """A run reports an entry whose script passes; one whose script was taken away or renamed no run would miss."""
    suites = {"/" + path for path in paths(".pkt")}
    for path in paths("/deviations.conf"):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            header = re.fullmatch(r"\[([^\]]+)\]\s*", line)
            # Generated scripts are held against it where they are generated: harness/tests/e2e/test_generated.c.
            if header and header.group(1).startswith("generated/"):
                continue
            if header and not any(script.endswith("/" + header.group(1)) for script in suites):
                yield f"{path}:{number}: {header.group(1)}: there is no such script"


def check_tidy():
    """clang-tidy runs as part of a build of its own, which does again only what has changed."""
    yield from complaints_of(["cmake", "--preset", "tidy"])
    complaints = list(complaints_of(["cmake", "--build", "--preset", "tidy", "--", "-k", "0"]))
    yield from [complaint for complaint in complaints if ": error: " in complaint] or complaints


CHECKS = {
    "rules": check_rules,
    "rules_see": check_rules_see,
    "names": check_names,
    "licence": check_licence,
    "notes": check_notes,
    "lengths": check_lengths,
    "layout": check_layout,
    "scripts": check_scripts,
    "deviations": check_deviations,
    "tidy": check_tidy,
}


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        print("usage: lint.py", "|".join(CHECKS), file=sys.stderr)
        return 64
    breaches = list(CHECKS[arguments[0]]())
    print("\n".join(breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
