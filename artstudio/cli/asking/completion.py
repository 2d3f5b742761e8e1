"""`artstudio completion`: the script that makes a shell complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    eval "$(artstudio completion bash)"             # in ~/.bashrc
    eval "$(artstudio completion zsh)"              # in ~/.zshrc
    artstudio completion fish > ~/.config/fish/completions/artstudio.fish
    """
    from artstudio.cli import cli

    kind = get_completion_class(shell)
    assert kind is not None  # click knows all three of the choices
    click.echo(kind(cli, {}, "artstudio", "_ARTSTUDIO_COMPLETE").source())
