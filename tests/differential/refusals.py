"""What a builder says when it refuses a Dockerfile, without the client's frame and what differs from run to run."""

import re

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
# The frames of the clients, outermost first; each is taken off when it stands there.
FRAMES = [
    r"ERROR: (failed to build: )?failed to solve: ",
    r"failed to solve with frontend dockerfile\.v0: ",
    r"failed to create LLB definition: ",
    r"failed to solve: ",
    r"rpc error: code = \w+ desc = ",
    r"(E|e)rror: ",
    r"Error response from daemon: ",
    r"error building at STEP \"(?s:.*?)\": ",
    r"building at STEP \"(?s:.*?)\": ",
    r"(determining starting point for build|creating build container|building): ",
    r"parsing main Dockerfile: \S+: ",
    r"resolving step \{Value:(?s:.*?) StartLine:\d+ EndLine:\d+\}: ",
    r"resolving mountpoints for container \"[0-9a-f]{64}\": ",
    r"docker save: Error response from daemon: ",
    r"failed to parse Dockerfile: ",
    r"error building image: (parsing dockerfile: )?",
]
BEGINS = re.compile(FRAMES[0] + "|failed to solve|Error: |Error response from daemon: |docker save: |buildah push: |error ")
PARSE_ERROR = re.compile(r"dockerfile parse error (?:on )?line (\d+): ")
VARYING = [
    (re.compile(r"[0-9a-z]{8}-[0-9a-z-]{27}::[0-9a-z]{25}|[0-9a-z]{25}::[0-9a-z]{25}"), "<ref>"),
    # Where the engine keeps the root filesystem of a build: what is left is the path in the image.
    (re.compile(r"/\S*/overlay2/[0-9a-z]+/(merged|diff)\b"), ""),
    (re.compile(r"/\S*/vfs/dir/[0-9a-f]{64}"), ""),
    (re.compile(r"/(var/)?tmp/buildah\d+"), "<folder>"),
    # Buildah shows its own values, and where the context is: what is left is the path in it.
    (re.compile(r" &imagebuilder\.Step\{(?s:.*)\}$"), ""),
    (re.compile(r"error during bulk transfer for copier\.request\{(?s:.*)\}: (?=copier: )"), ""),
    (re.compile(r"Rel: can't make  relative to /tmp/\w+/context; "), ""),
    (re.compile(r" under \"(/tmp/\w+/context)?\""), ""),
    (re.compile(r"/tmp/\w+/context/"), ""),
    (re.compile(r"\b0x[0-9a-f]{8,}\b"), "<pointer>"),
    (re.compile(r"(?s)\ngoroutine \d+ \[.*"), ""),
    (re.compile(r"/tmp/\w+/context"), "<context>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<id>"),
]
# Only said where no registry can be reached: it is no word about the Dockerfile.
NO_REGISTRY = re.compile(r"registry-1\.docker\.io|failed to do request|pinging container registry|did not resolve to an alias")
NOTICES = re.compile(r"DEPRECATED: The legacy builder|BuildKit is currently disabled|environment-variable\.|^\s*$|"
                     r"^time=\"|View build details|^\d+ warnings? found|Install the buildx component|^ - \w+: .*\(line \d+\)$")
# How the message about a RUN that failed ends.
STATUS = re.compile(r"(?s:.*?)\b(exit status|exit code:|non-zero code:) \d+")
SUBPROCESS = re.compile(r"subprocess exited with status \d+|process exited with error: ")
MANY_ERRORS = re.compile(r"\d+ errors occurred:\n")


def last_words(log):
    """The refusal itself, which may have several lines, at the end of all that a client has said."""
    lines = [ESCAPES.sub("", line).rstrip() for line in log.splitlines()]
    starts = [i for i, line in enumerate(lines) if BEGINS.match(line)]
    if starts:
        return "\n".join(line for line in lines[starts[-1] :] if not NOTICES.search(line))
    kept = [line for line in lines if not NOTICES.search(line) and not re.match(r"#\d+ |STEP |\[\d+/\d+\] ", line)]
    return "\n".join(kept)


def line_of(log):
    """Where BuildKit's excerpt of the Dockerfile begins; none when it prints no excerpt."""
    found = re.search(r"^(?:\[\S+\] )?Dockerfile:(\d+)$", log, re.MULTILINE)
    return int(found.group(1)) if found else None


def printed(log):
    """What the command of a RUN printed last, where the client shows that."""
    lines = [ESCAPES.sub("", line).rstrip() for line in log.splitlines()]
    last = next((i for i, line in enumerate(lines) if SUBPROCESS.search(line)), None)
    if last is not None:  # buildah, whose own processes talk without ending their lines
        words = "\n".join(lines[: last + 1])
        lines = SUBPROCESS.split(words)[0].splitlines()
        return lines[-1] if lines and not re.match(r"exit \d+$|STEP |\[\d+/\d+\] ", lines[-1]) else None
    failed = next((line.split(" ")[0] for line in lines if re.match(r"#\d+ ERROR: ", line)), None)
    found = [line for line in lines if failed and re.match(re.escape(failed) + r" \d+\.\d+ ", line)]
    return found[-1].split(" ", 2)[2] if found else None


def consequences_dropped(words):
    """Of several errors at once the one that is left without those that a closed pipe reports."""
    if not MANY_ERRORS.match(words):
        return words
    errors = [line[3:] for line in words.splitlines() if line.startswith("\t* ")]
    kept = [error for error in errors if not error.endswith("read/write on closed pipe")]
    return kept[0] if len(kept) == 1 else words


def with_names(words):
    """What varies from run to run by a name of its own."""
    for pattern, name in VARYING:
        words = pattern.sub(name, words)
    return words


def refusal(log):
    words, line = last_words(log).strip(), line_of(log)
    # BuildKit 0.8 shows the step, and what it printed, between two lines.
    words = re.sub(r"(?s)^------\n > .*\n------\n", "", words)
    for frame in FRAMES:
        found = re.match(frame, words)
        words = words[found.end() :] if found else words
    parse_error = PARSE_ERROR.match(words)
    if parse_error:
        line, words = line or int(parse_error.group(1)), words[parse_error.end() :]
    words = consequences_dropped(with_names(words))
    if NO_REGISTRY.search(words):
        return {"unrecorded": "needs a registry"}
    said = printed(log) if STATUS.fullmatch(words) else None
    return {"refused": words, **({"line": line} if line else {}), **({"printed": said} if said else {})}


def of_run(words):
    """(message, what the command printed last) of a message that ends with both."""
    found = STATUS.match(words)
    if found and words[found.end() :].startswith(": "):
        return found.group(), words[found.end() + 2 :]
    return words, None
