"""Options that several commands share: the recipe's fields, the size, the output format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from artstudio.figures.theme import Size, Theme
    from artstudio.model.recipe import Recipe

F = TypeVar("F", bound=Callable[..., Any])


class LateHelp(click.Option):
    """An option whose help is put together when it is shown, from records that take time to import."""

    def __init__(self, *args: Any, words: Callable[[], str], **kwargs: Any) -> None:
        self._words = words
        super().__init__(*args, **kwargs)

    help = property(lambda self: self._words(), lambda self, text: None, doc="The text; click assigns None.")


def _complete(names: Callable[[], list[str]]) -> Callable[..., list[CompletionItem]]:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def _activation_names() -> list[str]:
    from artstudio.model.activations import ACTIVATIONS

    return list(ACTIVATIONS)


def _palette_names() -> list[str]:
    from artstudio.model.palettes import PALETTES

    return list(PALETTES)


def _preset_names() -> list[str]:
    from artstudio.batch.presets import collection_names, shipped_presets

    return [*shipped_presets(), *collection_names()]


def _size_names() -> list[str]:
    from artstudio.model.size import SIZES

    return list(SIZES)


def format_names() -> list[str]:
    """Return the names of the formats of pictures."""
    from artstudio.files.encode import FORMATS

    return list(FORMATS)


def _theme_names() -> list[str]:
    from artstudio.figures.looks import THEMES

    return list(THEMES)


def _page_names() -> list[str]:
    from artstudio.figures.looks import SIZES

    return list(SIZES)


def _topic_names() -> list[str]:
    from artstudio.figures.lessons.registry import ALL, LESSONS

    return [*LESSONS, ALL]


def _easing_names() -> list[str]:
    from artstudio.motion.easing import EASINGS

    return list(EASINGS)


def _init_names() -> list[str]:
    from artstudio.model.initialisation import INITIALISATIONS

    return ["natural", *INITIALISATIONS]


complete_format = _complete(format_names)
complete_theme = _complete(_theme_names)
complete_page = _complete(_page_names)
complete_topic = _complete(_topic_names)
complete_easing = _complete(_easing_names)
complete_init = _complete(_init_names)
complete_activation = _complete(_activation_names)
complete_palette = _complete(_palette_names)
complete_preset = _complete(_preset_names)


class NumberList(click.ParamType[tuple[float, ...]]):
    """Numbers separated by commas, such as `0.5,-1`."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the numbers; what is no number is a usage error."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(float(part) for part in value.split(",") if part.strip())
        except ValueError:
            self.fail(f"expected numbers separated by commas, found {value!r}", param, ctx)


class Latent(NumberList):
    """Numbers separated by commas, or `seed:N`."""

    name = "latent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Pass `seed:N` on, read numbers."""
        return (
            value if isinstance(value, str) and value.startswith("seed:") else super().convert(value, param, ctx)
        )


class Samples(click.ParamType[int]):
    """A number of samples, or `auto`."""

    name = "samples"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the number, 0 for `auto`; its range is checked where it is used."""
        if value == "auto":
            return 0
        return click.INT.convert(value, param, ctx)


class NameList(click.ParamType[tuple[str, ...]]):
    """Names separated by commas, such as `tanh,sine`."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the commas that stand outside brackets: `tanh,max(0.1*z, z)` is two."""
        if isinstance(value, tuple):
            return value
        parts, depth = [""], 0
        for character in value:
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                parts.append("")
            else:
                parts[-1] += character
        return tuple(part.strip() for part in parts)


_RECIPE_OPTIONS = (
    click.option("-s", "--seed", type=int, help="The network's weights, 0 to 4294967295."),
    click.option("-a", "--activation", type=NameList(), metavar="NAME[,NAME...]",
                 shell_complete=complete_activation,
                 help="A name, or an expression such as 'max(0.1*z, z)'; several are cycled over the layers."),
    click.option("--units", type=int, help="Neurons in a hidden layer, 1 to 512."),
    click.option("--depth", type=int, help="Hidden layers, 1 to 128."),
    click.option("--gain", type=float, help="Factor on the pre-activations: below 1 calmer, above 1 wilder."),
    click.option("--skip/--no-skip", default=None, help="The inputs also enter every hidden layer."),
    click.option("--sparsity", type=float, metavar="SHARE", help="Share of hidden weights that are 0, up to 0.95."),
    click.option("--features", type=NameList(), metavar="NAME[,NAME...]",
                 help="Inputs of the network: x, y, r, angle, x2, y2, xy, abs_x, abs_y, wave_x, wave_y, ring, "
                 "spiral, torus."),
    click.option("--fourier", type=int, metavar="N", help="Random waves as further inputs, up to 64."),
    click.option("--fourier-scale", type=float, metavar="S", help="Their periods over the canvas, 0.05 to 20."),
    click.option("--symmetry", metavar="KIND",
                 help="none, mirror-x, mirror-y, mirror-xy, rotate:N, kaleidoscope:N, grid:N or mosaic:N."),
    click.option("--warp", type=float, metavar="A", help="Bend the coordinates by a second network, 0 to 4."),
    click.option("--warp-scale", type=float, metavar="S", help="How fine the bends are, 0.05 to 20."),
    click.option("--latent", type=Latent(), metavar="Z[,Z...]|seed:N",
                 help="Constant inputs that move the picture, each -10 to 10; seed:N draws N of them."),
    click.option("--centre", "--center", "centre", type=NumberList(), metavar="X,Y",
                 help="The point in the middle of the picture."),
    click.option("--zoom", type=float, help="Magnification, 0.01 to 1000000."),
    click.option("--rotation", type=float, help="Turn of the view in degrees."),
    click.option("-c", "--colour", "--color", "colour", metavar="MODEL",
                 help="Colour model: palette, mixture, oklab, oklch, hsv, rgb, mono or duotone."),
    click.option("-p", "--palette", metavar="NAME|#HEX,#HEX...|image:FILE",
                 shell_complete=complete_palette,
                 help="A name (with _r reversed), colours as in '#102,#f80,#fed', or those of a picture."),
    click.option("--gamut", type=click.Choice(("reduce", "clip")),
                 help="Colours outside of sRGB: less chroma, or cut."),
    click.option("--bands", type=int, metavar="N", help="Posterise into N bands, 2 to 64; 0 for none."),
    click.option("--contours", type=int, metavar="N", help="Draw N contour lines, up to 64."),
    click.option("--relief", type=float, metavar="SHARE", help="Light the picture as a landscape, 0 to 1."),
    click.option("--dither/--no-dither", default=None,
                 help="Noise of one level before rounding: no bands in soft gradients."),
)  # fmt: skip


_IMAGE = "image:"
"""What marks a palette as a picture's file."""


def recipe_options(command: F) -> F:
    """Add an option for each field of the recipe; the command gets them as `**fields`."""
    for option in reversed(_RECIPE_OPTIONS):
        command = option(command)
    return command


def override(recipe: Recipe, fields: dict[str, Any]) -> Recipe:
    """Return the recipe with the fields that were given on the command line. Raises `BadInput`."""
    given = {name: value for name, value in fields.items() if value is not None}
    palette = given.get("palette")
    if palette and palette.startswith(_IMAGE):
        from artstudio.batch.image_palette import palette_from_image

        given["palette"] = palette_from_image(palette.removeprefix(_IMAGE))
    return recipe.with_parts(**given) if given else recipe


def size_option(default: str) -> Callable[[F], F]:
    """Add `--size`, a name or WIDTHxHEIGHT, as a text for `parse_size`; None where it is left to the source."""
    return click.option(
        "--size", metavar="WxH|NAME", shell_complete=_complete(_size_names),
        show_default=f"the picture's that is given, else {default}",
        help="Pixels, such as 1920x1080, or a name: square, slide, 1080p, 1440p, 4k, 8k, phone, a4.",
    )  # fmt: skip


def supersample_option(command: F) -> F:
    """Add `--supersample N`."""
    return click.option(
        "--supersample", type=Samples(), metavar="N|auto",
        help="Average N x N samples a pixel, 1 to 16; auto (default) refines only pixels at edges.",
    )(command)  # fmt: skip


def suffixes(bits: int = 8) -> str:
    """Return the suffixes of the formats that hold so many bits per sample, in words."""
    from artstudio.files.encode import usual_suffixes

    return usual_suffixes(bits)


def bit_depth_option(command: F) -> F:
    """Add `--bit-depth 8|16`."""
    return click.option(
        "--bit-depth", type=click.Choice(("8", "16")), show_default="the picture's that is given, else 8",
        cls=LateHelp, words=lambda: f"Bits per sample; 16 for {suffixes(16)} only.",
    )(command)  # fmt: skip


picture_file_option = click.option(
    "-o", "--output", cls=LateHelp, words=lambda: f"A {suffixes()} file; '-' writes a PNG to stdout."
)
"""`--output` of one picture."""

device_option = click.option(
    "--device", type=click.Choice(("auto", "cpu", "gpu")), default="auto", show_default=True,
    help="Where to paint; auto takes a GPU where JAX finds one.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress, no remarks.")


text_option = click.option(
    "--text", type=click.Choice(("outlines", "editable")), default="outlines", show_default=True,
    help="Text in an SVG: outlines, which look the same everywhere, or text to search and restyle.",
)  # fmt: skip


def figure_options(default: str) -> Callable[[F], F]:
    """Add what every figure takes: `--output`, `--theme`, `--size`, `--dpi`, `--text`, `--force`."""
    added = (
        click.option("-o", "--output", default=default, show_default=True, help="The file: .png, .svg or .pdf."),
        click.option("--theme", default="light", shell_complete=complete_theme,
                     help="light (default), dark, print, transparent(-dark)."),
        click.option("--size", "figure_size", default="slide", shell_complete=complete_page,
                     help="slide (default), half, square or a3."),
        click.option("--dpi", type=float, help="Dots per inch of a PNG, 30 to 1200."),
        text_option,
        click.option("-f", "--force", is_flag=True, help="Replace an existing file."),
    )  # fmt: skip

    def add(command: F) -> F:
        for option in reversed(added):
            command = option(command)
        return command

    return add


@dataclass(frozen=True)
class FigureFile:
    """Where a figure goes and how it looks, checked before anything is computed."""

    path: Path
    format: str
    theme: Theme
    size: Size
    dpi: float | None
    text: str
    force: bool

    def write(self, figure: Figure) -> None:
        """Encode the figure and write it, whole or not at all."""
        from artstudio.figures.save import encode_figure
        from artstudio.files.atomic import write_atomic

        write_atomic(
            self.path, encode_figure(figure, self.format, dpi=self.dpi, text=self.text), overwrite=self.force
        )


def figure_file(
    output: str, default: str, theme: str, size: str, dpi: float | None, text: str, force: bool
) -> FigureFile:
    """Check the options of a figure's file; the default's folder is made if need be. Raises `BadInput`."""
    from artstudio.batch.run import prepare_folder
    from artstudio.figures.save import check_dpi, figure_format
    from artstudio.figures.theme import find_size, find_theme
    from artstudio.files.atomic import check_writable_target

    path, format = Path(output), figure_format(output)
    look, page = find_theme(theme), find_size(size)
    if dpi is not None:
        check_dpi(dpi)
    if output == default:
        prepare_folder(path.parent)
    check_writable_target(path, overwrite=force)
    return FigureFile(path, format, look, page, dpi, text, force)
