"""A click group whose commands are imported when they are needed (click's documented lazy loading)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group over `commands_in_order`: name -> module; the module's `command` is the command."""

    def __init__(self, *args: Any, commands_in_order: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = commands_in_order

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order they were given: the most used first."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = import_module(self._modules[cmd_name]).command
        command.name = cmd_name  # its module does not know it
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a miss names the nearest one."""
        if args and args[0] not in self._modules and not args[0].startswith("-"):
            from artstudio.errors import unknown

            raise unknown("command", args[0], self._modules, see="artstudio --help")
        return super().resolve_command(ctx, args)
