"""Is the process alive, is everything it needs usable, and what has it counted?"""

import asyncio
from collections.abc import Mapping

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, Response

from bot.metrics import CONTENT_TYPE, Metrics
from bot.web.ports import Check

_PATIENCE = 3.0  # seconds for one check
_LOG = structlog.get_logger("beian.web")


def health_router(checks: Mapping[str, Check], metrics: Metrics) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``."""
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> dict[str, bool]:
        return {"alive": True}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        found = dict(
            zip(checks, await asyncio.gather(*map(_outcome, checks.values())), strict=True)
        )
        is_ready = all(outcome == "ok" for outcome in found.values())
        return JSONResponse({"ready": is_ready, "checks": found}, 200 if is_ready else 503)

    @router.get("/metrics")
    async def counted() -> Response:
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    return router


def health_app(checks: Mapping[str, Check], metrics: Metrics) -> FastAPI:
    """The same alone, for a port that only probes and Prometheus reach."""
    app = FastAPI(title="Beian Assistant", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health_router(checks, metrics))
    app.state.closers = []
    return app


async def _outcome(check: Check) -> str:
    """``"ok"``, or what is wrong; a check that raises or hangs is not ok."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await check() or "ok"
    except TimeoutError:
        return f"no answer within {_PATIENCE:g} s"
    except Exception as error:  # a broken part must not break the report about it
        _LOG.warning("check failed", error=type(error).__name__)
        return f"failed with {type(error).__name__}; the log says more"
