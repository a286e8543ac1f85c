"""FastAPI with the layers that Kith adds, and none of those that FastAPI puts around every request by itself.

Those catch what Boundary catches, close what no DirectRoute opens, and look for telemetry that is not configured:
together a fifth of the time of a read. See docs/decisions/0002-direct-routes.md.
"""

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp

from app.routers.table import Table


class Application(FastAPI):
    """An application of DirectRoutes whose outermost layer answers every failure."""

    __call__ = Starlette.__call__

    def build_middleware_stack(self) -> ASGIApp:
        """The routes, in a table, within what add_middleware added, the last of it outermost."""
        stack: ASGIApp = Table(self.router)
        for cls, args, kwargs in reversed(self.user_middleware):
            stack = cls(stack, *args, **kwargs)
        return stack
