"""`artstudio plot`: what is drawn, read back from the figure; how it looks, measured; how it is written."""

import itertools
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import mpmath
import numpy as np
import pytest
from coloraide import Color
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from selection import some

import artstudio
from artstudio.errors import BadInput
from artstudio.figures.curves import plot_figure
from artstudio.figures.samples import sample
from artstudio.figures.spec import plot_spec
from artstudio.figures.style.labels import spread
from artstudio.figures.style.save import encode_figure
from artstudio.figures.style.theme import SIZES, THEMES, number
from artstudio.model.activation.registry import ACTIVATIONS, derivative, get_activation

TORN = [a.name for a in ACTIVATIONS.values() if any(b.kind == "jump" for b in a.breaks)]


def records(*names):
    return [get_activation(name) for name in names]


def figure_of(*names, **choices):
    return plot_figure(records(*names), plot_spec(len(names), **choices))


def lines_of(figure, label):
    """The lines with this label, in all panels."""
    return [line for axes in figure.axes for line in axes.lines if line.get_label() == label]


def dots_of(figure, label):
    return sorted((float(x), float(y)) for line in lines_of(figure, label) for x, y in line.get_xydata())


# What is drawn


@pytest.mark.parametrize("layout", ["overlay", "stacked", "grid"])
@pytest.mark.parametrize("name", TORN)
def test_no_segment_crosses_a_jump(name, layout):
    activation = get_activation(name)
    jumps = [b.z for b in activation.breaks_within(-5, 5) if b.kind == "jump"]
    (line,) = lines_of(figure_of(name, layout=layout), f"f {name}")
    x, y = line.get_data()
    for i in range(len(x) - 1):
        if not np.isnan([y[i], y[i + 1]]).any():
            assert not any(x[i] < z < x[i + 1] for z in jumps)
            assert abs(y[i + 1] - y[i]) < 0.1


def test_periodic_breaks_repeat_within_the_range():
    square, triangle = records("square_wave", "triangle_wave")
    assert [b.z for b in square.breaks_within(-2.5, 3)] == [-2, -1, 0, 1, 2, 3]
    assert [b.value for b in square.breaks_within(-2.5, 3)] == [1, -1, 1, -1, 1, -1]
    assert [b.z for b in triangle.breaks_within(-5, 5)] == [-5, -3, -1, 1, 3, 5]
    assert get_activation("relu").breaks_within(1, 2) == ()


@pytest.mark.parametrize(
    ("label", "name", "open_dots", "filled"),
    [
        ("f", "step", [(0, 0)], [(0, 1)]),
        ("f", "sign", [(0, -1), (0, 1)], [(0, 0)]),
        ("f", "relu", [], []),
        ("slope", "step", [(0, 0)], []),
        ("slope", "sawtooth_wave", [(z, 1) for z in range(-5, 6, 2)], []),
        ("slope", "relu", [(0, 1)], [(0, 0)]),
        ("slope", "leaky_relu", [(0, 1)], [(0, 0.01)]),
        ("slope", "absolute", [(0, -1), (0, 1)], [(0, 0)]),
        ("slope", "hard_tanh", [(-1, 1), (1, 1)], [(-1, 0), (1, 0)]),
        ("f", "sawtooth_wave", [(-3, 1), (-1, 1), (1, 1), (3, 1), (5, 1)], [(z, -1) for z in (-3, -1, 1, 3, 5)]),
    ],
)
def test_open_dots_at_limits_and_filled_ones_at_values(label, name, open_dots, filled):
    figure = figure_of(name)
    assert dots_of(figure, f"open {label} {name}") == pytest.approx(np.array(open_dots, float), abs=1e-4)
    assert dots_of(figure, f"filled {label} {name}") == pytest.approx(np.array(filled, float), abs=1e-6)
    for line in lines_of(figure, f"open {label} {name}"):
        assert line.get_markerfacecolor() == THEMES["light"].paper


def test_kinks_are_marked_and_smooth_functions_are_not():
    assert dots_of(figure_of("hard_sigmoid"), "kink f hard_sigmoid") == [(-3, 0), (3, 1)]
    assert dots_of(figure_of("elu"), "kink f elu") == []


def test_kinks_of_an_own_expression_are_found():
    name = "max(0.1 * z, z) + abs(z - 1/3)"
    activation = get_activation(name)
    (samples,) = sample([activation], -5, 5)
    assert [z for z, _ in samples.kinks] == pytest.approx([0, 1 / 3], abs=2e-6)
    tears = [(tear.left, tear.right) for tear in samples.slope_tears]
    assert np.array(tears) == pytest.approx(np.array([(-0.9, 0), (0, 2)]), abs=1e-5)
    for smooth in ("sin(3*z) * exp(-z**2)", "exp(z)", "tanh(20*z)"):
        assert sample([get_activation(smooth)], -5, 5)[0].kinks == ()


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_curves_are_the_function_and_its_derivative(activation):
    (samples,) = sample([activation], -5, 5)
    middle = ~np.isnan(samples.f)
    z = samples.z[middle][5:-5:97]
    z = z[[all(abs(p - b.z) > 1e-3 for b in activation.breaks_within(-5, 5)) for p in z]]
    drawn_f, drawn_slope = (np.interp(z, samples.z[middle], v[middle]) for v in (samples.f, samples.slope))
    if activation.elementwise:
        slope = np.asarray(derivative(activation, z.astype(np.float32)))
        assert drawn_f == pytest.approx(activation.function(z, np), abs=1e-4)
    else:
        share = np.array([float(mpmath.exp(p) / (mpmath.exp(p) + 2)) for p in z])
        slope = share * (1 - share)
        assert drawn_f == pytest.approx(share, abs=1e-6)
    assert drawn_slope == pytest.approx(slope, abs=1e-3)


def test_saturated_spans_are_where_the_slope_is_small():
    (samples,) = sample(records("sigmoid"), -5, 5)
    edge = float(mpmath.findroot(lambda z: mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2 - 0.1, 2))
    assert np.array(samples.saturated) == pytest.approx(np.array([(-5, -edge), (edge, 5)]), abs=1e-4)
    assert sample(records("step"), -5, 5)[0].saturated == [(-5, 5)]
    assert sample(records("relu"), -5, 5)[0].saturated == [(-5, 0)]
    assert sample(records("hard_tanh"), -5, 5)[0].saturated == [(-5, -1), (1, 5)]
    assert sample(records("identity"), -5, 5)[0].saturated == []


@pytest.mark.parametrize("layout", ["overlay", "stacked", "grid"])
def test_saturation_is_shaded(layout):
    figure = figure_of("relu", layout=layout, saturation=True)
    shades = [patch for axes in figure.axes for patch in axes.patches]
    assert len(shades) == (1 if layout == "grid" else 2)
    assert all((p.get_x(), p.get_x() + p.get_width()) == (-5, 0) for p in shades)
    bars = lines_of(figure_of("relu", "tanh", layout="overlay", saturation=True), "saturated f relu")
    assert [list(bar.get_xdata()) for bar in bars] == [[-5, 0]]


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("sigmoid", (0, 1)), ("tanh", (-1, 1)), ("softsign", (-1, 1)), ("softplus", (0,)), ("gelu", (0,)),
        ("elu", (-1,)), ("selu", (ACTIVATIONS["selu"].range[0],)), ("gaussian", (0,)), ("sinc", (0,)),
        ("softmax", (0, 1)), ("step", ()), ("relu", ()), ("hard_tanh", ()), ("identity", ()), ("sine", ()),
        ("square_wave", ()), ("triangle_wave", ()), ("2*tanh(z) + 1", (-1, 3)), ("exp(z)", (0,)), ("sin(z)", ()),
    ],
)  # fmt: skip
def test_asymptotes_are_limits_that_are_approached(name, limits):
    (samples,) = sample(records(name), -5, 5)
    assert samples.asymptotes == pytest.approx(limits, abs=1e-9)


def test_a_marked_point_has_a_tangent_and_its_numbers():
    figure = figure_of("sigmoid", at=(1.0,))
    (tangent,) = lines_of(figure, "tangent f sigmoid")
    (x0, x1), (y0, y1) = tangent.get_data()
    value = 1 / (1 + mpmath.exp(-1))
    assert (y1 - y0) / (x1 - x0) == pytest.approx(float(value * (1 - value)), abs=1e-7)
    assert (y0 + y1) / 2 == pytest.approx(float(value), abs=1e-7)
    written = " ".join(text.get_text() for text in figure.texts)
    assert "f(1) = 0.731" in written
    assert "f′(1) = 0.197" in written


@pytest.mark.parametrize(
    ("name", "z", "said"),
    [
        ("step", 0, "f′(0) undefined; 0 by convention"),
        ("relu", 0, "f′(0) undefined; 0 by convention"),
        ("leaky_relu", 0, "f′(0) undefined; 0.01 by convention"),
        ("sawtooth_wave", 1, "f′(1) undefined; 1 by convention"),
        ("triangle_wave", -3, "f′(−3) undefined; 0 by convention"),
        ("max(0.1*z, z)", 0, "f′(0) undefined; 0.55 by convention"),
    ],
)
@pytest.mark.parametrize("layout", some(["overlay", "grid"], {"overlay"}))
def test_at_a_jump_or_kink_there_is_no_tangent_and_no_slope(name, z, said, layout):
    figure = figure_of(name, at=(float(z),), layout=layout)
    assert not [line for axes in figure.axes for line in axes.lines if line.get_label().startswith("tangent")]
    assert said in " ".join(text.get_text() for text in figure.texts)
    beside = figure_of(name, at=(z + 0.5,), layout=layout)
    assert [line for axes in beside.axes for line in axes.lines if line.get_label().startswith("tangent")]


def test_softmax_says_which_share_is_drawn():
    figure = figure_of("softmax")
    assert any("first\\ share\\ of" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize(
    ("count", "size", "layout"),
    [(1, "slide", "overlay"), (4, "slide", "overlay"), (5, "slide", "grid"), (2, "half", "stacked")],
)
def test_the_layout_follows_from_the_number_of_curves_and_the_page(count, size, layout):
    assert plot_spec(count, size=size).layout == layout


def test_layouts_share_or_split_panels():
    assert len(figure_of("tanh", "relu", layout="overlay").axes) == 2
    assert len(figure_of("tanh", "relu", layout="stacked").axes) == 2
    assert len(figure_of("tanh", "relu", "elu", layout="grid").axes) == 3
    assert len(figure_of("tanh", derivative=False).axes) == 1


def test_numbers_have_a_true_minus_and_raised_powers():
    assert [number(v) for v in (-0.25, 0.0, -0.0, 4.53e-5, 1234567)] == [
        "−0.25",
        "0",
        "0",
        "4.53×10⁻⁵",
        "1.23×10⁶",
    ]


def test_names_are_spread_in_order_and_within_bounds():
    places = spread([5.0, 5.0, 4.9, 0.1], 1.0, 0.0, 5.5)
    assert sorted(places) == pytest.approx([0.1, 3.5, 4.5, 5.5])
    assert places[2] < min(places[:2])
    assert spread([1.0, 3.0], 1.0, 0.0, 5.0) == [1.0, 3.0]


# How it looks


def text_boxes(figure):
    """The boxes of all words on the page, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = list(figure.texts)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [t for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
            texts += [t.label1 for t in ticks if t.label1.get_visible()]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts if text.get_text()]


def assert_readable(figure):
    width, height = figure.bbox.width, figure.bbox.height
    boxes = text_boxes(figure)
    for words, box in boxes:
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) > 0, f"{words!r} is clipped"
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        # Formulas have a box of ink, words one of line height: a hair of that may meet.
        assert across <= 0 or up <= 0.2 * min(a.height, b.height), f"{one!r} and {other!r} overlap"


SETS = {
    1: ["sigmoid"],
    2: ["step", "sigmoid"],
    4: ["step", "sigmoid", "tanh", "relu"],
    6: ["step", "gelu_tanh", "silu", "selu", "sinc", "softmax"],
}


@pytest.mark.parametrize("size", some(["slide", "half", "square"], {"half"}))
@pytest.mark.parametrize("layout", ["overlay", "stacked", "grid"])
@pytest.mark.parametrize("count", SETS)
def test_words_are_on_the_page_and_do_not_overlap(count, layout, size):
    figure = figure_of(*SETS[count], layout=layout, size=size, saturation=True)
    assert_readable(figure)


@pytest.mark.parametrize("names", [["sigmoid"], ["sawtooth_wave"], SETS[4]], ids=len)
@pytest.mark.parametrize("layout", ["overlay", "grid"])
def test_values_are_on_the_page_and_do_not_overlap(names, layout):
    assert_readable(figure_of(*names, layout=layout, at=(-1.0, 1.5)))


@pytest.mark.sweep
def test_the_poster_shows_everything_readably():
    names = list(ACTIVATIONS)
    figure = plot_figure(records(*names), plot_spec(len(names), size="a3"), title="All")
    assert len(figure.axes) == len(names)
    assert_readable(figure)
    words = {text.get_text() for text in figure.texts}
    assert {a.label for a in ACTIVATIONS.values()} <= words


def test_type_on_a_slide_is_large():
    for layout in ("overlay", "stacked", "grid"):
        figure = figure_of(*SETS[4], layout=layout, saturation=True)
        assert min(text.get_fontsize() for text in figure.texts) >= 18
        assert all(t.label1.get_fontsize() >= 18 for axes in figure.axes for t in axes.xaxis.get_major_ticks())


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_colours_have_contrast_and_neighbours_differ_for_every_eye(theme):
    for stroke in theme.strokes:
        assert Color(stroke.colour).contrast(theme.paper) >= 3
        assert Color(stroke.text).contrast(theme.paper) >= 4.5
    for words in (theme.ink, theme.muted):
        assert Color(words).contrast(theme.paper) >= 4.5
        assert Color(words).contrast(theme.shade) >= 4.5
    for one, other in itertools.pairwise(theme.strokes):
        for vision in (None, "protan", "deutan", "tritan"):
            a, b = (Color(s.colour) if vision is None else Color(s.colour).filter(vision) for s in (one, other))
            assert one.dash != other.dash or a.delta_e(b, method="2000") > 9
    looks = [(stroke.colour, stroke.dash) for stroke in theme.strokes]
    assert len(set(looks)) == len(looks) == 12


def test_in_print_no_colour_is_needed():
    for stroke in THEMES["print"].strokes:
        assert Color(stroke.colour).convert("oklch")["chroma"] < 0.01


@pytest.mark.parametrize("name", some(ACTIVATIONS, {"step", "gelu", "softmax"}))
def test_every_activation_plots_alone(name):
    activation = ACTIVATIONS[name]
    figure = plot_figure([activation], plot_spec(1))
    assert len(figure.axes) == 2
    assert encode_figure(figure, "svg").startswith(b"<?xml")


# How it is written


@pytest.mark.parametrize("format", ["svg", "pdf", "png"])
def test_the_same_figure_gives_the_same_bytes_and_no_date(format):
    first, second = (encode_figure(figure_of("step", "gelu"), format) for _ in range(2))
    assert first == second
    assert b"CreationDate" not in first
    assert b"dc:date" not in first


def test_a_users_matplotlibrc_changes_nothing():
    plain = encode_figure(figure_of("tanh"), "svg")
    with matplotlib.rc_context(
        {"lines.linewidth": 9, "font.size": 40, "savefig.bbox": "tight", "axes.grid": True}
    ):
        assert encode_figure(figure_of("tanh"), "svg") == plain
        assert matplotlib.rcParams["font.size"] == 40


def test_letters_in_an_svg_are_outlines():
    root = ElementTree.fromstring(encode_figure(figure_of("tanh"), "svg"))
    assert not list(root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize(
    "words",
    [
        ("plot", "tanh", "--at", "1"),
        pytest.param(
            ("compare", "step", "tanh", "--panel", "16x9", "--title", "Two of them"), marks=pytest.mark.sweep
        ),
        ("lesson", "softmax", "2", "1"),
        pytest.param(("activations", "--figure"), marks=pytest.mark.sweep),
    ],
    ids=lambda words: words[0],
)
def test_text_in_an_svg_can_stay_text(run_cli, words):
    place = (*words, "a.svg") if words[-1] == "--figure" else (*words, "-o", "a.svg")
    assert run_cli(*place, "--text", "editable")[0] == 0
    root = ElementTree.parse("a.svg").getroot()
    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(word in text for text in texts for word in ("Tanh", "Two of them", "Softmax", "softmax"))
    assert run_cli(*place, "--force")[0] == 0
    root = ElementTree.parse("a.svg").getroot()
    assert not list(root.iter("{http://www.w3.org/2000/svg}text"))


def test_text_is_outlines_or_editable_and_type_42_in_a_pdf(tmp_path):
    with pytest.raises(BadInput, match="unknown text 'bold'"):
        encode_figure(figure_of("tanh"), "svg", text="bold")
    artstudio.plot("tanh").save(tmp_path / "a.svg", text="editable")
    assert b"<text" in (tmp_path / "a.svg").read_bytes()
    pdf = encode_figure(figure_of("tanh"), "pdf")
    assert b"/CIDFontType2" in pdf  # TrueType outlines, as Type 42 keeps them
    assert b"/Subtype /Type3" not in pdf


@pytest.mark.parametrize("size", SIZES)
def test_png_sizes(run_cli, size):
    assert run_cli("plot", "tanh", "--size", size, "-o", "a.png", "--dpi", "60")[0] == 0
    with Image.open("a.png") as picture:
        assert picture.size == (round(SIZES[size].width * 60), round(SIZES[size].height * 60))
        assert picture.info["dpi"] == pytest.approx((60, 60), abs=0.1)


def test_a_slide_is_1080p_and_half_of_it_half(run_cli):
    for size, pixels in (("slide", (1920, 1080)), ("half", (960, 1080)), ("square", (1080, 1080))):
        assert run_cli("plot", "tanh", "--size", size, "-o", f"{size}.png")[0] == 0
        with Image.open(f"{size}.png") as picture:
            assert picture.size == pixels
            assert picture.convert("RGB").getpixel((0, 0)) == tuple(bytes.fromhex(THEMES["light"].paper[1:]))


@pytest.mark.parametrize("theme", ["transparent", "transparent-dark"])
def test_transparent_themes_have_no_background(run_cli, theme):
    run_cli("plot", "tanh", "--theme", theme, "-o", "a.png", "--dpi", "40")
    with Image.open("a.png") as picture:
        alpha = np.asarray(picture.convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha.max() == 255


def test_plot_writes_step_and_sigmoid_by_default(run_cli):
    code, out, err = run_cli("plot")
    assert (code, out, err) == (0, "outputs/plot.svg\n", "")
    code, _, err = run_cli("plot")
    assert code == 2
    assert "exists already; --force replaces it" in err
    assert run_cli("plot", "--force")[0] == 0


def test_plot_json_says_what_was_drawn(run_cli):
    code, out, _ = run_cli(
        "plot", "swish", "max(0.1*z, z)", "--range", "-3,4", "--at", "-1", "-o", "a.pdf", "--json"
    )
    about = json.loads(out)
    assert code == 0
    assert about["activations"] == ["silu", "max(0.1 * z, z)"]
    assert (about["range"], about["at"], about["layout"]) == ([-3, 4], [-1], "overlay")
    assert about["bytes"] == Path("a.pdf").stat().st_size


@pytest.mark.sweep
def test_plot_all_is_a_poster(run_cli):
    code, out, _ = run_cli("plot", "--all", "-o", "all.svg", "--json")
    about = json.loads(out)
    assert code == 0
    assert about["activations"] == list(ACTIVATIONS)
    assert about["size"] == "a3"


BAD = [
    (["tahn"], "unknown activation 'tahn'; did you mean 'tanh'"),
    (["--range", "5:-5"], "range: expected the lower end first, found 5:-5"),
    (["--range", "1:1"], "range: expected the lower end first"),
    (["--range", "nan:1"], "range: expected finite numbers"),
    (["--range", "-inf:1"], "range: expected finite numbers"),
    (["--range", "-1e5:1e5"], "range: expected ends from -1000 to 1000"),
    (["--range", "1:1.0000001"], "range: expected a width of at least 0.001"),
    (["--range", "x"], "range: expected two numbers such as -5:5, found 'x'"),
    (["--range", "1:2:3"], "range: expected two numbers"),
    (["--at", "9"], "at: expected a z within the range -5:5, found 9"),
    (["--at", "nan"], "at: expected a z within the range"),
    (["--at", "x"], "'x' is not a valid float"),
    (["--at", "1", "--at", "2", "--at", "3", "--at", "4"], "at: expected at most 3 points, found 4"),
    (["--theme", "drak"], "unknown theme 'drak'; did you mean 'dark'"),
    (["--size", "sldie"], "unknown figure size 'sldie'; did you mean 'slide'"),
    (["--layout", "gird"], "unknown layout 'gird'; did you mean 'grid'"),
    (["-o", "a.gif"], "unknown figure format '.gif'"),
    (["-o", "a"], "expected a file name that ends in one of .svg, .pdf, .png"),
    (["--dpi", "29", "-o", "a.png"], "dpi: expected 30 to 1200, found 29"),
    (["--dpi", "nan", "-o", "a.png"], "dpi: expected 30 to 1200, found nan"),
    (["--dpi", "0", "-o", "a.png"], "dpi: expected 30 to 1200, found 0"),
    (["--all", "tanh"], "expected activations or --all, found both"),
    (["--all", "--layout", "overlay"], "expected at most 12 activations, found 28; choose the grid layout"),
    (["--all", "--size", "half", "-o", "a.svg"], "too small to read on the half size"),
    (
        [*list(ACTIVATIONS)[:12], "--layout", "stacked", "--size", "half", "--at", "1", "-o", "a.svg"],
        "leave no room",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(case[0])[-40:] for case in BAD])
def test_bad_input_gets_one_line_and_writes_nothing(run_cli, arguments, message):
    code, out, err = run_cli("plot", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("artstudio: ")
    assert err.count("\n") == 1
    assert message in err
    assert list(Path().iterdir()) == []


def test_a_missing_folder_is_a_file_problem(run_cli):
    code, _, err = run_cli("plot", "-o", "none/a.svg")
    assert code == 1
    assert "the folder none does not exist" in err


def test_the_library_refuses_dots_per_inch_out_of_range():
    with pytest.raises(BadInput, match="dpi"):
        encode_figure(figure_of("tanh"), "png", dpi=5000)
