"""Checks words: those that a doc comment begins with, and those that the language of this project replaces."""

import re

import markdown

# Words that no line of a doc comment begins with.
QUESTIONS = "What|Whether|How|Where|Why|Who|Whose|That|Those|Unless"
QUESTION = re.compile(rf"\s*//[/!] ({QUESTIONS})\b")
DOC = re.compile(r"^\s*//[/!](?P<text>.*)$")
# Public functions and types.
FUNCTION = re.compile(r"\s*pub (const |async )*fn (?P<name>\w+)")
TYPE = re.compile(r"\s*pub (struct|enum|trait|type) (?P<name>\w+)")
# A verb in the third person, as far as its form shows it.
VERB = re.compile(r"[A-Z][a-z]*s\b")
# Verbs that a comment of a type could begin with. Nouns can end with an s, too.
TYPE_VERB = re.compile(r"(Builds|Checks|Fills|Generates|Makes|Polls|Reads|Returns|Sends|Shows|Waits|Writes)\b")

# A pattern, and the word instead of it. A pattern is compared without regard to case, unless it states `(?-i:…)`.
REPLACED = [(re.compile(rf"(?i)\b(?:{pattern})\b"), instead) for pattern, instead in [
    (r"unless told|told otherwise", "by default"),
    (r"told|tells? (?:if|whether|which|what|how|that|them|the|two|us)", "reported; states, shows, distinguishes"),
    (r"folders?", "directory"),
    (r"mends?|mended|mending", "fix"),
    (r"licences?|licenced", "license"),
    (r"flavours?", "flavor"),
    (r"colours?", "color"),
    (r"behaviours?", "behavior"),
    (r"cancelled|cancelling", "canceled"),
    (r"(?:serial|deserial|initial|optim|author|recogn|organ|normal|minim|maxim|summar|custom)is(?:e|es|ed|ing|ation)", "-ize"),
    (r"centres?|favourites?|honours?|neighbours?|grey|artefacts?|catalogues?|fulfil", "the US spelling"),
    (r"is refused|are refused", "fails, rejects"),
    (r"whoever", "the caller"),
    (r"answers?|answered", "response, reports"),
    (r"pieces?", "chunk"),
    (r"oftener|thrice|whilst|amongst|hitherto|thereof|heretofore", "a plain word"),
    # "There is no page" is right.
    (r"(?<!there )(?:is|are|was|were) no(?= (?!longer|such|more|less|one\b))", "is not a"),
    (r"of (?:its|their|his|her|my|your|our) own|of ours", "its own, separate"),
    (r"(?:stands?|stood) (?:in|on|for|at|by|below|above|between|beside|under|after|before|there|here|still)", "is; represents, replaces, means"),
    (r"(?:comes?|came|coming) back", "returns"),
    (r"(?:goes|go|went|going) on", "continues"),
    (r"(?:breaks?|broke|broken|breaking) off", "is interrupted, is truncated"),
    (r"carr(?:y|ies|ied|ying)", "has, contains, sends"),
    (r"holds (?:for|on|true|here|only|if|no)", "applies to; contains no"),
    (r"leaves? out|leaving out|left out", "omits, skips"),
    (r"beside", "next to, compared with"),
    (r"circles?", "cycle"),
    (r"any more", "no longer"),
    (r"for ever", "forever"),
    (r"nobody|whosoever", "the user, the caller, another program"),
    (r"without a word", "silently"),
    (r"all the same|all else", "nevertheless; everything else"),
    (r"under way", "in progress"),
    (r"(?:^|(?<=[.!?] ))(?-i:What|Whatever|Who|Whoever|Whose|Whether)", "a noun as the subject"),
]]

# Directories whose public functions and types users see.
PUBLIC = ("runtime/src/", "generator/src/", "cli/src/")
SOURCES = (".rs", ".py", ".toml", ".yml")
# Texts of other people, and output that tests pin.
FOREIGN = ("generated/src/", "examples/own-crate/translate-client/", "tests/goldens/src/", "tests/fixtures/", "discovery/",
           "tests/seeds/", "generator/tests/pairs/", "tools/checks/")


def findings(root, files):
    found = []
    for path in files:
        if str(path).startswith(FOREIGN):
            continue
        if path.suffix == ".md":
            found += [f"{path}:{problem}" for problem in replaced(markdown.prose((root / path).read_text()))]
        elif path.suffix in SOURCES:
            text = (root / path).read_text()
            found += [f"{path}:{problem}" for problem in replaced(comments(path.suffix, text))]
            if path.suffix == ".rs":
                found += [f"{path}:{problem}" for problem in first_words(text, str(path).startswith(PUBLIC))]
    return found


def replaced(text):
    """Returns the words of a text that have a replacement."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        matches = [(match, instead) for pattern, instead in REPLACED for match in pattern.finditer(line.strip())]
        matches.sort(key=lambda found: found[0].start())
        found += [f"{number}: {match[0]!r}: write {instead}" for match, instead in matches]
    return found


def comments(suffix, text):
    """Returns the comments of source code without code in them. Numbers of lines stay."""
    pattern = r"(?:^|\s)//[/!]?(.*)" if suffix == ".rs" else r"(?:^|\s)#(.*)"
    kept = [match[1] if (match := re.search(pattern, line)) else "" for line in text.splitlines()]
    return re.sub(r"https?://\S+", "", re.sub(r"`[^`\n]*`", "x", "\n".join(kept)))


def first_words(text, is_public):
    """Returns doc comments with a wrong first word. `is_public` includes the rules for public functions and types."""
    found, first, open_brackets = [], None, 0
    for number, line in enumerate(text.splitlines(), 1):
        if QUESTION.match(line):
            found.append(f"{number}: a line of a doc comment begins with a question word")
        doc = DOC.match(line)
        if doc and not line.lstrip().startswith("//!"):
            first = first or (number, doc["text"].strip())
            continue
        if first and is_public:
            found += [f"{first[0]}: {problem}" for problem in wrong_beginning(line, first[1])]
        # Attributes stand between a comment and its item.
        is_attribute = open_brackets > 0 or line.lstrip().startswith("#[")
        if is_attribute:
            open_brackets += line.count("[") - line.count("]")
        elif line.strip():
            first = None
    return found


def wrong_beginning(item, comment):
    """Returns the problem of a public function without a verb, or of a public type with one."""
    word = comment.split(" ")[0]
    if (function := FUNCTION.match(item)) and not VERB.match(comment):
        yield f"the comment of `{function['name']}` begins with {word!r}, which is no verb in the third person"
    if (named := TYPE.match(item)) and TYPE_VERB.match(comment):
        yield f"the comment of `{named['name']}` begins with the verb {word!r}"
