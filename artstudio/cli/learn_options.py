"""The options of `learn`: how to train, and what to write."""

from __future__ import annotations

from typing import Any

import click

from artstudio.cli import options

_TARGETS = ("face", "letter", "checkerboard", "rings", "gradient", "sine", "steps", "sawtooth", "bump", "xor",
            "circle", "moons", "spiral", "blobs:3")  # fmt: skip


def complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Complete the names of targets; where none fits, files."""
    from click.shell_completion import CompletionItem

    found = [CompletionItem(name) for name in _TARGETS if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


class LearningRate(click.ParamType[float]):
    """A number, or `auto`."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the number, None for `auto`; its range is checked where it is used."""
        if value == "auto":
            return None
        try:
            return float(value)
        except ValueError:
            self.fail(f"expected a learning rate such as 0.01, or auto, found {value!r}", param, ctx)


training_options = options.adder(
    click.option("--init", metavar="NAME", shell_complete=options.complete_init,
                 help="natural (default: what practice uses with each activation), calibrated (as pictures are), "
                 "he, glorot, lecun or siren."),
    click.option("--lr", "rate", type=LearningRate(), metavar="RATE|auto",
                 help="The learning rate of all; auto (default) tries a few for each activation."),
    click.option("--optimiser", "--optimizer", "optimiser", type=click.Choice(("adam", "sgd", "momentum")),
                 help="adam, its rate falling to a tenth (default for pictures and curves); sgd, plain gradient "
                 "descent (default for points); momentum, of 0.9."),
    click.option("--steps", type=int, help="Training steps, 1 to 100000.  [default: 1000]"),
    click.option("--batch", type=int, help="Places per step.  [default: 2048 pixels, or all points]"),
    click.option("-s", "--seed", type=int, default=1, show_default=True,
                 help="The raw weights and the order of the data, 0 to 4294967295."),
    click.option("--units", type=int, help="Neurons in a hidden layer, 1 to 128.  [default: 32; points: 16]"),
    click.option("--depth", type=int, help="Hidden layers, 1 to 40.  [default: 6; curves and points: 3]"),
    click.option("--features", type=options.NameList(), metavar="NAME[,NAME...]",
                 help="Inputs of the network.  [default: x,y,r; points: x,y; curves: x]"),
    click.option("--fourier", type=int, default=0, metavar="N", help="Random waves as further inputs, up to 64."),
    click.option("--fourier-scale", type=float, default=1.0, metavar="S",
                 help="Their periods over the canvas, 0.05 to 20."),
    click.option("--straight-through", is_flag=True,
                 help="Train activations without a slope, such as step, as if they were the identity near 0."),
    click.option("--side", type=int, default=128, show_default=True, help="Pixels on each side, 16 to 256."),
    click.option("--crop/--fit", default=True, help="Crop an image to a square (default), or keep its shape."),
    click.option("--ground", default="white", show_default=True, help="The colour behind a transparent image."),
    click.option("-p", "--palette", shell_complete=options.complete_palette, help="The colours of a formula."),
    click.option("--device", type=click.Choice(("auto", "cpu", "gpu")), default="auto", show_default=True,
                 help="Where to train; auto is the CPU, which is quicker for networks this small."),
)  # fmt: skip

output_options = options.adder(
    click.option("-o", "--output", help="The slide (.png, .svg, .pdf) or the film (.mp4, .webm, .gif, .webp); with "
                 "--only a picture.  [default: outputs/learn-TARGET.png]"),
    click.option("--only", metavar="NAME", shell_complete=options.complete_activation,
                 help="Write the picture that this activation learned; its recipe carries the trained weights."),
    click.option("--keep", metavar="DIR", help="Also write the picture of every activation into this folder."),
    click.option("--theme", default="light", shell_complete=options.complete_theme,
                 help="light (default), dark, print, transparent(-dark)."),
    click.option("--size", shell_complete=options.complete_page,
                 help="A slide: slide (default), half, square or a3. A film or picture: WIDTHxHEIGHT or a name."),
    click.option("--dpi", type=float, help="Dots per inch of a PNG slide, 30 to 1200."),
    options.text_option,
    click.option("--seconds", type=float, default=12.0, show_default=True, help="Length of the film."),
    click.option("--fps", default="25", show_default=True, help="Frames per second of the film."),
    click.option("--quality", type=int, help="1 to 100, of .mp4, .webm and .webp.  [default: 75]"),
    click.option("-f", "--force", is_flag=True, help="Replace existing files."),
    click.option("-n", "--dry-run", is_flag=True, help="Print what would be trained; train and write nothing."),
)  # fmt: skip
