"""The errors of a live room: each is one sentence that a trainer or a trainee understands."""


class RoomError(Exception):
    """What a room refuses, in one sentence; nothing was changed."""


class NotFoundError(RoomError):
    """No such room, seat or trainer: the code, the token or the key is of none that lives."""


class TooManyError(RoomError):
    """A limit is reached: seats, rooms, rounds, or messages a second."""


class AnswerError(RoomError):
    """What a phone sent is no answer to the question, or comes when none is taken."""


class StoreError(RoomError):
    """The store cannot be reached or written; whatever was confirmed is kept.

    The next call tries again, so a room goes on when its store is back.
    """


class SettingError(RoomError):
    """``MSSP_ROOMS`` cannot be used as it stands."""
