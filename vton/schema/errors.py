"""The one exception that is shown to users as it is."""


class InputError(ValueError):
    """The user gave something that cannot be used; the message is one line that says what to do next."""
