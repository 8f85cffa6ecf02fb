"""What can be wrong with the word lists; a patient's reply never raises."""

from app.errors import CareloopError


class LexiconError(CareloopError):
    """A word list, rule or threshold file that cannot be used, with the place and the reason."""
