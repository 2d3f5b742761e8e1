"""`artstudio evaluate`: z, f(z), f'(z)."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import complete_activation, json_option
from artstudio.cli.report import print_table


@click.command(context_settings={"ignore_unknown_options": True})  # so that -5 is a number, not an option
@click.argument("activation", shell_complete=complete_activation)
@click.argument("z", nargs=-1, type=float, required=True)
@json_option
def command(activation: str, z: tuple[float, ...], as_json: bool) -> None:
    """Print z, f(z) and f'(z) of ACTIVATION at each Z.

    softmax takes the Zs together as the scores of one layer; its slope is each share's by its own score.

    \b
    artstudio evaluate sigmoid -5 0 5
    artstudio evaluate softmax 2.0 1.0 0.1
    """
    from artstudio.model.activation.registry import get_activation

    record = get_activation(activation)

    import jax.numpy as jnp

    from artstudio.model.activation.registry import derivative

    scores = jnp.asarray(z, jnp.float32)
    # Adding 0.0 makes a plain zero of a negative one.
    values = [float(value) + 0.0 for value in record.function(scores, jnp)]
    slopes = [float(slope) + 0.0 for slope in derivative(record, scores)]
    lines = [(a + 0.0, b, c, record.has_slope(a)) for a, b, c in zip(z, values, slopes, strict=True)]
    if as_json:
        rows = [{"z": a, "f": b, "slope": c, "slope_defined": defined} for a, b, c, defined in lines]
        about = {"activation": record.name, "formula": record.formula, "convention": record.convention}
        click.echo(json.dumps({**about, "values": rows}))
        return
    cells = [(f"{a:g}", f"{b:.6g}", f"{c:.6g}" + " by convention" * (not defined)) for a, b, c, defined in lines]
    click.echo(f"{record.label}: f(z) = {record.formula}")
    print_table(("z", "f(z)", "f'(z)"), cells)
    if not all(defined for *_, defined in lines):
        click.echo(f"f': {record.convention}")
