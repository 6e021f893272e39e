"""Serve the tools on standard input and output, with the protocol's own SDK."""

from __future__ import annotations

from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolResult, ListToolsResult, TextContent, ToolAnnotations
from mcp_types import Tool as ListedTool

from b12labs.assistants.tools import TOOLS, called
from b12labs.errors import B12LabsError
from b12labs.version import __version__

__all__ = ["serve", "server"]

_INSTRUCTIONS = (
    "b12labs interprets vitamin B12, its metabolites, folate and blood counts. Give values with units as printed. "
    "Pass on the sources and the open questions. The answers are for a health professional; they are not a diagnosis."
)


def server() -> Server[Any]:
    """Return the server with its tools. It stores nothing and sends no requests."""
    return Server("b12labs", version=__version__, instructions=_INSTRUCTIONS, on_list_tools=_listed, on_call_tool=_call)


def serve() -> None:
    """Serve until standard input ends."""
    anyio.run(_serve)


async def _serve() -> None:
    served = server()
    async with stdio_server() as (incoming, outgoing):
        await served.run(incoming, outgoing, served.create_initialization_options())


async def _listed(_context: Any, _params: Any) -> ListToolsResult:
    reads_only = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    tools = [
        ListedTool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.takes(),
            output_schema=tool.answers(),
            annotations=reads_only,
        )
        for tool in TOOLS.values()
    ]
    return ListToolsResult(tools=tools)


async def _call(_context: Any, params: Any) -> CallToolResult:
    """Answer a call. The assistant gets the error of a wrong call, and can correct it."""
    try:
        text, answer = await anyio.to_thread.run_sync(called, params.name, params.arguments)
    except B12LabsError as error:
        return CallToolResult(content=[TextContent(text=error.message)], is_error=True)
    return CallToolResult(content=[TextContent(text=text)], structured_content=answer)
