"""Scripts and styles of the pages; what chat and desk both need lies in one place."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class Assets(StaticFiles):
    """A folder of them with the shared ones, checked again each time by ETag.

    So a new version shows at once.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(directory=folder, packages=[("desk", "shared")])

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the order to ask again."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
