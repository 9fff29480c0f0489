"""What the bot says wherever it is. Warm, short and plain; no markup, so that any chat can show it.

What it says on one platform alone stands in that platform's folder, and the help of a command or an option
beside its declaration.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Final

from generator.music.dances import listed

NAME: Final = "Tunesmith"
MOST_WORDS: Final = 5  # that are said not to be understood
TAGLINE: Final = "New folk tunes, made on the spot."

# Buttons.
BUTTON_ANOTHER: Final = "Another like this"
BUTTON_FILES: Final = "Files"
BUTTON_VARY: Final = "Vary"
BUTTON_MORE: Final = "More …"
BUTTON_BACK: Final = "Back"
BUTTON_TRANSPOSE: Final = "Transpose …"
BUTTON_SLOWER: Final = "Slower"
BUTTON_FASTER: Final = "Faster"
BUTTON_INSTRUMENT: Final = "Instrument …"
BUTTON_OPTIONS: Final = "Options …"
BUTTON_DELETE: Final = "Delete"
BUTTON_MAKE_IT: Final = "Make it!"
LIKED: Final = "You like it: /mine has it."
NOT_LIKED: Final = "You don't like it any more."
DELETED: Final = "Deleted, here and in my book of tunes."
NOT_YOURS: Final = "Only who asked for this tune can delete it, or whoever manages this place."
ANY: Final = "any"
FORM_TITLE: Final = "A tune like this one"
FORM_LINE: Final = "Anything else"
FORM_LINE_HINT: Final = "as after /tune: form=AB bars=8 tempo=120 seed=7"
OPTION_LABELS: Final = {"key": "Key", "type": "Type", "temp": "Temperature", "instrument": "Instrument"}
CHOOSE_KEY: Final = "In which key?"
CHOOSE_INSTRUMENT: Final = "On which instrument?"
OLD_BUTTON: Final = "That button is from an earlier version of me; /help tells what I can do now."
BUTTON_LINK: Final = "See and hear it"
BUTTON_SURPRISE: Final = "Surprise me"
BUTTON_HELP: Final = "What can I ask for?"

# What a chat could not take.
NO_FILES: Final = "(I couldn't attach the files here.)"

# Answers.
UNTITLED: Final = "Untitled"
TALK: Final = "I'm all ears! For a tune, say what you'd like: jig in G, or a waltz in Em."
NO_LAST_TUNE: Final = "I have no tune of yours here yet; start with /tune."
NO_LAST_PASTE: Final = "I no longer have your tunes here; paste them again, the number first: /abc 2 X:1…"
CAPTION_LEFT: Final = "I read the file as it is; to change the tune, say so now: “in D”, “faster”."
NOT_FETCHED: Final = "I couldn't fetch your file just now; please send it again."
NOTHING_TYPED: Final = "Type a command, for example /tune jig in G."
MY_PLEASURE: Final = "My pleasure! Say “faster”, “in D” or “again”, or wish for another tune."
ONE_AT_A_TIME: Final = "I make one tune at a time; for the next one ask again."
NEW_LIKE_LAST: Final = "This is a new tune like your last one."
NO_TUNE_TO_CHANGE: Final = "I have no tune of yours here yet, so this is a new one."
HAS_CHORDS: Final = "Your last tune has its chords already."
NO_CHORDS_FOR_IT: Final = "I can't put chords to this one; they come with the tunes that I make."
NOT_KEPT: Final = "(I couldn't keep this tune just now, so save it if you like it.)"
STORE_CLOSED: Final = "I can't look into my book of tunes just now; please try again in a minute."
STOPPING: Final = "I'm being restarted just now; please ask again in a minute."
FILES_CUT_SHORT: Final = "(I'm being restarted, so picture and sound don't come along; the link has them.)"
NO_SOUND: Final = "(No sound here: there is no soundfont where I run.)"


def welcome() -> str:
    """Say hello, in answer to ``/start``."""
    return (
        f"Hello! I'm {NAME}, and I make up folk tunes.\n"
        "Type /tune and I'll surprise you, or say what you'd like:\n"
        "/tune jig in Em\n"
        "/tune key=G temp=0.8\n"
        "/help tells you everything you can ask for."
    )


def help_text(commands: Iterable[tuple[str, str]], options: Iterable[tuple[str, str, str]]) -> str:
    """List what can be typed, in answer to ``/help``.

    Args:
        commands: names and what they do.
        options: of ``/tune``: name, what it is, what it may be.
    """
    lines = ["What you can type:"]
    lines += [f"/{name} – {about}" for name, about in commands]
    lines += ["", "What you can wish for in a /tune, in any order, all of it optional:"]
    lines += [f"{name} – {about}" + (f" ({allowed})" if allowed else "") for name, about, allowed in options]
    lines += [
        "",
        "Plain words work too: /tune slip jig in E minor",
        "The same seed and wishes give the same tune again.",
        "More of any of these: /help key; what I learnt from: /help type.",
    ]
    return "\n".join(lines)


def about_command(name: str, about: str, options: Iterable[tuple[str, str, str]]) -> str:
    """Say what a command does, in answer to ``/help change``.

    Args:
        name: of the command.
        about: what it does.
        options: of it: name, what it is, what it may be.
    """
    lines = [f"/{name} – {about}"]
    lines += [f"{option} – {what}" + (f" ({may_be})" if may_be else "") for option, what, may_be in options]
    return "\n".join(lines)


def about_option(name: str, about: str, allowed: str, example: str) -> str:
    """Say what an option is, in answer to ``/help key``."""
    may_be = f" ({allowed})" if allowed else ""
    return f"{name} – {about}{may_be}\nFor example: /tune {name}={example}"


def nearest_known_tune(title: str, bars: float) -> str:
    """Say how much of a known tune is in a new one."""
    if title in ("", "Untitled"):
        title = "a tune without a name"
    return f"Closest to: {title}, {bars:.1f} bars in a row." if bars else ""


def unlearnt_type(name: str) -> str:
    """Say that a type of tune is drawn in the way of others."""
    return f"I never learnt a {name}, so this one is drawn in the nearest way that I know."


def learnt_types(counts: Mapping[str, int], never: Sequence[str]) -> str:
    """Say how many tunes of each type a model learnt, in answer to ``/help type``.

    Args:
        counts: by type, the most first.
        never: types that can be asked for though it learnt none.
    """
    text = f"I learnt from {listed([f'{count} {name}' for name, count in counts.items()], 'and')} tunes."
    return f"{text}\nNone of {listed(never, 'or')}: I draw those in the nearest way." if never else text


def waiting(ahead: int, seconds: float) -> str:
    """Say how long a tune will take while others are served."""
    before = "You're next" if not ahead else "One is before you" if ahead == 1 else f"{ahead} are before you"
    return f"{before}; about {max(1, round(seconds))} s to go."


def person_limited(seconds: float) -> str:
    """Answer somebody who has asked for very much in a short time."""
    return f"You've had a lot of tunes just now; your next one can come in {_duration(seconds)}."


def chat_limited(seconds: float) -> str:
    """Answer in a chat where people have asked for very much in a short time."""
    return f"This chat has had a lot of tunes just now; the next one can come in {_duration(seconds)}."


def _duration(seconds: float) -> str:
    whole = max(1, ceil(seconds))
    if whole < 120:
        return "a second" if whole == 1 else f"{whole} seconds"
    minutes = ceil(whole / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{ceil(minutes / 60)} hours"


def not_made(files: Sequence[str]) -> str:
    """Say which files could not be made this time."""
    return f"(I couldn't make the {listed(files)} this time.)"


def unknown_command(typed: str, near: str | None) -> str:
    """Answer a word after a slash that is no command."""
    guess = f"did you mean /{near}?" if near else "try /tune, or /help for all I can do."
    return f"I don't know {typed[:30]}; {guess}"


def one_at_a_time(names: Sequence[str]) -> str:
    """Answer several commands in one message."""
    return f"I take one command at a time; send {listed([f'/{name[:20]}' for name in names[:4]])}."


def unknown_option(typed: str, near: str | None, known: Sequence[str]) -> str:
    """Answer a name before ``=`` that is no option."""
    rest = f"did you mean {near}?" if near else f"the options are {listed(known)}."
    return f"I don't know the option “{typed[:20]}”; {rest}"


def unknown_word(typed: str, near: str | None) -> str:
    """Answer a bare word that means nothing in a request for a tune."""
    rest = f"did you mean {near}?" if near else "try something like /tune jig in G, or /help."
    return f"I don't know “{typed[:20]}”; {rest}"


def not_understood(words: Sequence[str], near: Mapping[str, str]) -> str:
    """Say which words of a wish were left out, in the note of a tune that was made all the same.

    Args:
        words: that mean nothing here.
        near: what some of them may be a slip of.
    """
    plain = [f"“{word[:20]}”" for word in words[:MOST_WORDS] if word not in near]
    if len(words) > MOST_WORDS:
        plain.append("some more")
    sentences = [f"I didn't understand {listed(plain)}."] if plain else []
    sentences += [
        f"I didn't understand “{word[:20]}”; did you mean {near[word]}?"
        for word in words[:MOST_WORDS]
        if word in near
    ]
    return " ".join(sentences)


def moods(meanings: Sequence[tuple[str, str]]) -> str:
    """Say how words for a mood were taken.

    Args:
        meanings: each word with what it comes to.
    """
    taken = [f"“{word[:20]}” as {meaning}" for word, meaning in meanings]
    return f"I took {' and '.join(taken)}."


def mood_left_out(word: str, wished: str) -> str:
    """Say that a mood gave way to something that was wished for in so many words."""
    return f"I left “{word[:20]}” out, as you asked for {wished}."


def whole_length(bars: int, form: str, each: int) -> str:
    """Say how a number of bars was taken that no part has, but the whole tune."""
    return f"{bars} bars in all: {form}, {each} in each part."


def new_tempo(beats: int) -> str:
    """Say how fast a tune is now."""
    return f"Now at {beats} beats a minute."


def kept_mode(key: str) -> str:
    """Say in which key a tune is now, where only its tonic was named."""
    return f"Your tune stays in its mode: {key}."


def other_mode(key: str, mode: str, wished: str) -> str:
    """Answer a wish to transpose a tune into a key of another mode."""
    return f"This tune is in {key} and stays {mode}; for a new one like it, say /change key={wished}."


def given_twice(name: str, first: str, second: str) -> str:
    """Answer an option with two values."""
    hint = " (for the meter, say meter=C)" if name == "key" and "C" in (first, second) else ""
    return f"I read two values for {name}, “{first[:20]}” and “{second[:20]}”; keep one{hint}."


def needs_value(name: str, example: str) -> str:
    """Answer an option with nothing after it."""
    return f"{name} needs a value; type something like {name}={example}."


def missing(command: str, name: str, example: str) -> str:
    """Answer a command without an option that it needs."""
    return f"/{command} needs the {name} after it, for example:\n/{command} {example}"


def bare_number(typed: str, takers: Sequence[str]) -> str:
    """Answer a number that could be several things, or nothing."""
    if takers:
        return f"I'm not sure what {typed} is; say {listed(takers)}."
    return f"I'm not sure what {typed} is; a number needs its name, for example seed=7."


def too_long(most: int) -> str:
    """Answer text over the bound."""
    return f"That is too long for me; {most:,} characters are the most I read."


def option_too_long(name: str, most: int) -> str:
    """Answer an option's text over its bound."""
    return f"The {name} is too long for me; {most:,} characters are the most I read there."


def like(count: int) -> str:
    """Name the button for liking a tune, with how many like it."""
    return f"♥ {count}" if count else "♥ Like"


def option_now(label: str, value: str) -> str:
    """Name an option and its value on a button."""
    return f"{label}: {value or ANY}"


def which_key(title: str) -> str:
    """Ask in which key a tune is to be."""
    return f"In which key would you like “{title}”?"


def comes_from(title: str) -> str:
    """Name the tune that a tune comes from."""
    return f"From “{title}”"


def unknown_tune(typed: str) -> str:
    """Answer an id that no tune has."""
    return f"I have no tune “{typed[:20]}”; /tune makes a new one."


def internal_error(reference: str) -> str:
    """Say that something broke, and under which number it is logged."""
    return (
        "Sorry, something broke on my side; please try again."
        f" If it keeps happening, tell whoever runs me the number {reference}."
    )


def too_large(file: str, platform: str) -> str:
    """Say that a file is over a chat's limit."""
    return f"({file} is too large for {platform}.)"
