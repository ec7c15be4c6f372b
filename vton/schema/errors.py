"""The one exception that is shown to users as it is, and the form in which it repeats what they gave."""

MAX_QUOTED = 40


class InputError(ValueError):
    """The user gave something that cannot be used; the message is one line that says what to do next."""


def one_line(text: object) -> str:
    """Text without line breaks, control characters and halves of characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def quoted(text: object) -> str:
    """A word, title or file name that a user gave, as messages repeat it: one line of at most 40 characters."""
    line = one_line(str(text)[:1000])
    return line if len(line) <= MAX_QUOTED else f"{line[: MAX_QUOTED - 11]}…{line[-10:]}"
