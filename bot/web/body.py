"""Reading a request's body, no further than it may go."""

from starlette.requests import Request

from bot.web.problems import Problem


async def read_body(request: Request, limit: int) -> bytes:
    """The body. Raises Problem 413 as soon as it is, or says it will be, over ``limit`` bytes."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > limit:
        raise Problem(413, "too_large")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem(413, "too_large")
        parts.append(part)
    return b"".join(parts)
