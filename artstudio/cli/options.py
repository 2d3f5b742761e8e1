"""Options that several commands share: the recipe's fields, the size, the output format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from artstudio.figures.style.theme import Size, Theme
    from artstudio.model.fields.record import RecipeField
    from artstudio.model.recipe import Recipe

F = TypeVar("F", bound=Callable[..., Any])


class LateHelp(click.Option):
    """An option whose help is put together when it is shown, from records that take time to import."""

    def __init__(self, *args: Any, words: Callable[[], str], **kwargs: Any) -> None:
        self._words = words
        super().__init__(*args, **kwargs)

    help = property(lambda self: self._words(), lambda self, text: None, doc="The text; click assigns None.")


def completer(place: str, *more: str) -> Callable[..., list[CompletionItem]]:
    """Return what completes the names of a registry, `module:NAME`, and `more`; it is imported only then."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        module, _, name = place.partition(":")
        found = getattr(import_module(module), name)
        names = (*(found() if callable(found) else found), *more)
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]

    return complete


complete_activation = completer("artstudio.model.activation.registry:ACTIVATIONS")
complete_palette = completer("artstudio.model.colour.palettes:PALETTES")
complete_style = completer("artstudio.presets.styles:shipped_styles")
complete_preset = completer("artstudio.presets.collections:source_names")
complete_theme = completer("artstudio.figures.style.looks:THEMES")
complete_page = completer("artstudio.figures.style.looks:SIZES")
complete_topic = completer("artstudio.figures.lessons.registry:LESSONS", "all")
complete_loop = completer("artstudio.motion.loops:LOOPS")
complete_easing = completer("artstudio.motion.easing:EASINGS")
complete_init = completer("artstudio.model.initialisation:INITIALISATIONS", "natural")
complete_format = completer("artstudio.files.encode:FORMATS")


class NumberList(click.ParamType[tuple[float, ...]]):
    """Numbers separated by commas, such as `0.5,-1`; or `seed` and `seed:N`, as they are."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the numbers; anything else is a usage error."""
        if isinstance(value, tuple) or value == "seed" or value.startswith("seed:"):
            return value
        try:
            return tuple(float(part) for part in value.split(",") if part.strip())
        except ValueError:
            self.fail(f"expected numbers separated by commas, found {value!r}", param, ctx)


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


_IMAGE = "image:"
"""What marks a palette as a picture's file."""


def adder(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Return what adds these options to a command, in this order."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


class RecipeCommand(click.Command):
    """A command with an option for each field of the recipe behind its arguments; it gets them as `**fields`.

    They are made when they are needed, so that listing the commands loads no recipe.
    """

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the arguments, the recipe's options, the command's own options, which may replace some of these."""
        own = super().get_params(ctx)
        first, names = sum(isinstance(param, click.Argument) for param in own), {param.name for param in own}
        fields = (option for option in _recipe_options() if option.name not in names)
        return [*own[:first], *fields, *own[first:]]


@cache
def _recipe_options() -> tuple[click.Option, ...]:
    from artstudio.model.recipe import FIELDS

    return tuple(_option(field) for field in FIELDS.values() if field.record.is_option)


def _option(field: RecipeField) -> click.Option:
    record = field.record
    if field.kind == "truth":
        return click.Option(
            ["/".join(field.words(x)[0] for x in (True, False)), field.name], default=None, help=field.help
        )
    types: dict[str, click.ParamType[Any]] = {
        "integer": click.INT, "number": click.FLOAT, "text": click.STRING, "choice": click.Choice(field.choices),
        "names": NameList(), "numbers": NumberList(),
    }  # fmt: skip

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(name) for name in record.names if name.startswith(incomplete)]

    return click.Option(
        [*filter(None, (record.letter, field.option, record.spelling)), field.name],
        type=types[field.kind],
        metavar=record.metavar or ("NAME[,NAME...]" if field.kind == "names" else None),
        shell_complete=complete if record.names else None,
        help=field.help,
    )


def override(recipe: Recipe, fields: dict[str, Any]) -> Recipe:
    """Return the recipe with the fields that were given on the command line. Raises `BadInput`."""
    given = {name: value for name, value in fields.items() if value is not None}
    palette = given.get("palette")
    if palette and palette.startswith(_IMAGE):
        from artstudio.presets.image_palette import palette_from_image

        given["palette"] = palette_from_image(palette.removeprefix(_IMAGE))
    return recipe.with_parts(**given) if given else recipe


def size_option(default: str) -> Callable[[F], F]:
    """Add `--size`, a name or WIDTHxHEIGHT, as a text for `parse_size`; None where it is left to the source."""
    return click.option(
        "--size", metavar="WxH|NAME", shell_complete=completer("artstudio.model.size:size_names"),
        show_default=f"the given picture's, else {default}",
        help="Pixels, such as 1920x1080, or a name: square, slide, 1080p, 1440p, 4k, 8k, phone; or paper: 300x200mm,"
        " 12x8in, a3, a3-landscape, letter.",
    )  # fmt: skip


paper_options = adder(
    click.option(
        "--dpi", type=float, metavar="N", show_default="the given picture's, else 300 for paper",
        help="Dots per inch, 10 to 2400, written into the file.",
    ),
    click.option(
        "--bleed", metavar="LENGTH", help="Painted beyond each edge of the paper, to be cut off, such as 3mm."
    ),
)  # fmt: skip
"""`--dpi` and `--bleed` of a picture to be printed."""

conversion_options = adder(
    click.option(
        "--alpha", metavar="ground|COLOUR|none",
        help="Leave a colour out, such as #f7f3e8: it becomes transparent. ground is the colour that fills most.",
    ),
    click.option("--profile", metavar="FILE.icc", help="Convert to the colours of a printer or a display."),
    click.option(
        "--intent", shell_complete=completer("artstudio.files.printing.conversion:INTENTS"), cls=LateHelp,
        words=lambda: f"Rendering intent of --profile: {intent_names()}.",
    ),
)  # fmt: skip
"""`--alpha`, `--profile` and `--intent`."""


map_option = click.option(
    "--map", "surface", metavar="KIND", shell_complete=completer("artstudio.pictures.maps:MAPS"), cls=LateHelp,
    words=lambda: f"A map for texturing, 16 bits, in place of colours: {map_names()}. none paints the picture.",
)  # fmt: skip
"""`--map`."""


def map_names() -> str:
    """Return the kinds of maps in words."""
    from artstudio.pictures.maps import MAPS

    return "; ".join(f"{record.name} ({record.summary})" for record in MAPS.values())


def intent_names() -> str:
    """Return the rendering intents in words, the default one marked."""
    from artstudio.files.printing.conversion import DEFAULT_INTENT, INTENTS

    return ", ".join(name + " (default)" * (name == DEFAULT_INTENT) for name in INTENTS)


def supersample_option(command: F) -> F:
    """Add `--supersample N`."""
    return click.option(
        "--supersample", type=Samples(), metavar="N|auto",
        help="Average N x N samples per pixel, 1 to 16; auto (default) refines only pixels at edges.",
    )(command)  # fmt: skip


def format_names() -> str:
    """Return the names of the formats of pictures, in words."""
    from artstudio.files.encode import FORMATS

    return ", ".join(FORMATS)


def suffixes(bits: int = 8) -> str:
    """Return the suffixes of the formats that hold so many bits per sample, in words."""
    from artstudio.files.encode import usual_suffixes

    return usual_suffixes(bits)


def bit_depth_option(command: F) -> F:
    """Add `--bit-depth 8|16`."""
    return click.option(
        "--bit-depth", type=click.Choice(("8", "16")), show_default="the given picture's, else 8",
        cls=LateHelp, words=lambda: f"Bits per sample; 16 for {suffixes(16)} only.",
    )(command)  # fmt: skip


picture_file_option = click.option(
    "-o", "--output", cls=LateHelp,
    words=lambda: f"A {suffixes()} file, .svg or .pdf of flat areas; '-' writes a PNG to stdout.",
)  # fmt: skip
"""`--output` of one picture."""

plotter_option = click.option(
    "--plotter", metavar="MODE[,PAPER[,PEN]]",
    help="Write strokes for a pen plotter into an .svg: outlines or hatching, on a4 (default), a3 or 300x200 mm, with"
    " a pen 0.4 mm wide.",
)  # fmt: skip

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

    return adder(*added)


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

    def write(self, *figures: Figure) -> None:
        """Encode a figure, or several as the pages of a PDF, and write the file, whole or not at all."""
        from artstudio.figures.style.save import encode_figure, encode_pages
        from artstudio.files.atomic import write_atomic

        if len(figures) > 1:
            data = encode_pages(figures)
        else:
            data = encode_figure(figures[0], self.format, dpi=self.dpi, text=self.text)
        write_atomic(self.path, data, overwrite=self.force)


def figure_file(
    output: str, default: str, theme: str, size: str, dpi: float | None, text: str, force: bool, *,
    make_folder: bool = True,
) -> FigureFile:  # fmt: skip
    """Check the options of a figure's file; the default's folder is made if need be. Raises `BadInput`."""
    from artstudio.batch.run import prepare_folder
    from artstudio.figures.style.save import check_dpi, figure_format
    from artstudio.figures.style.theme import find_size, find_theme
    from artstudio.files.atomic import check_writable_target

    path, format = Path(output), figure_format(output)
    look, page = find_theme(theme), find_size(size)
    if dpi is not None:
        check_dpi(dpi)
    if output == default and make_folder:
        prepare_folder(path.parent)
    if output != default or path.parent.exists():
        check_writable_target(path, overwrite=force)
    return FigureFile(path, format, look, page, dpi, text, force)
