"""What may go wrong about people's own data."""

from datetime import timedelta


class TooManyCopies(Exception):
    """So many copies were made lately that one has to wait; ``wait`` says how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many copies of this person's data were made within a day")
        self.wait = wait
