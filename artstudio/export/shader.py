"""A picture as a GLSL fragment shader, as Shadertoy takes it: `mainImage`, with all numbers in its text."""

from __future__ import annotations

from artstudio.errors import BadInput
from artstudio.export.network import SLOPE_STEP, Exported, Gradient
from artstudio.export.shader_layers import activation_text, function_text, network_text
from artstudio.tapes.glsl import glsl_steps, library_for, number_text
from artstudio.tapes.trace import Tape

MOST_WEIGHTS = 20_000
"""Numbers in a shader's text: more than that takes graphics drivers long to compile."""

RADIUS, PERIOD = 0.6, 40
"""Of the circle through latent space, and the seconds that one way around it takes."""


def shader(network: Exported) -> str:
    """Return the shader's text. Raises `BadInput` for a network with too many weights."""
    if network.weight_count > MOST_WEIGHTS:
        raise BadInput(
            f"shader: expected at most {MOST_WEIGHTS} weights, found {network.weight_count}; fewer --units or --depth"
            " make fewer"
        )
    functions = "\n".join(
        [
            *([_look_up(network.gradient)] if network.gradient else []),
            *([_of_channels("mapGamut", network.gamut)] if _calls_gamut(network.colour) else []),
            _of_channels("toLinear", network.to_linear),
            _of_channels("toSrgb", network.to_srgb),
            *(activation_text(k, tape) for k, tape in enumerate(network.activation_tapes().values())),
            network_text(network),
            _colour(network),
        ]
    )
    samples = 2 if network.recipe.jumps or network.recipe.finish.bands else 1
    return f"""const float PERIOD = {PERIOD}.; // seconds for a circle through latent space; 0. stands still
const float RADIUS = {RADIUS}; // how far it goes from this picture
const int SAMPLES = {samples}; // along each side of a pixel

{library_for(functions)}
{functions}
void mainImage(out vec4 fragColor, in vec2 fragCoord) {{
  float turn = PERIOD > 0. ? 6.28318531 * fract(iTime / PERIOD) : 0.;
  vec2 drift = RADIUS * vec2(cos(turn) - 1., sin(turn)), size = iResolution.xy;
  vec2 corner = vec2(fragCoord.x, size.y - fragCoord.y) - .5;
  vec3 srgb = vec3(0.), light = vec3(0.);
  for (int i = 0; i < SAMPLES * SAMPLES; i++) {{ // averaged in linear light
    vec2 at = corner + (vec2(i % SAMPLES, i / SAMPLES) + .5) / float(SAMPLES);
    srgb = clamp(colourAt((2. * at - size) / min(size.x, size.y), drift), 0., 1.);
    light += toLinear(srgb);
  }}
  if (SAMPLES > 1) srgb = toSrgb(light / float(SAMPLES * SAMPLES));
  fragColor = vec4(srgb, 1.);
}}
"""


def _calls_gamut(tape: Tape) -> bool:
    return any(step[0] == "gamut" for step in tape["steps"])


def _of_channels(name: str, tape: Tape) -> str:
    lines, outputs = glsl_steps(tape, "float", ["c.x", "c.y", "c.z"], "t")
    return function_text(f"vec3 {name}(vec3 c)", [*lines, f"return vec3({', '.join(outputs)});"])


def _look_up(gradient: Gradient) -> str:
    """The place between two entries is found by halving."""
    count = len(gradient.places)
    entries = ",".join(
        f"vec4({','.join(map(number_text, (*colour, place)))})"
        for place, colour in zip(gradient.places, gradient.colours.T, strict=True)
    )
    return f"""const vec4 GRADIENT[{count}] = vec4[{count}]({entries}); // red, green, blue, place
vec3 lookUp(float place) {{
  int low = 0, high = {count - 1};
  while (high - low > 1) {{
    int middle = (low + high) / 2;
    if (GRADIENT[middle].w <= place) low = middle; else high = middle;
  }}
  vec4 a = GRADIENT[low], b = GRADIENT[high];
  return mix(a.rgb, b.rgb, clamp((place - a.w) / (b.w - a.w), 0., 1.));
}}"""


def _colour(network: Exported) -> str:
    """Return the function from coordinates before the view, and a place in latent space, to sRGB."""
    transform = network.recipe.view.transform
    to_place = [
        f"{name} = {number_text(row[0])} * p.x + {number_text(row[1])} * p.y + {number_text(row[2])}"
        for name, row in zip("xy", transform, strict=True)
    ]
    count = len(network.output.bias)
    groups = -(-count // 4)
    lines = [f"float {', '.join(to_place)};", f"vec4 outputs[{groups}];", "network(x, y, drift, outputs);"]
    names = [f"o{i}" for i in range(count)]
    lines += [f"float {name} = outputs[{i // 4}][{i % 4}];" for i, name in enumerate(names)]
    if network.posterise:
        for name in names:
            more, (value,) = glsl_steps(network.posterise, "float", [name], f"{name}b")
            lines += [*more, f"float {name}_ = {value};"]
        names = [f"{name}_" for name in names]
    more, srgb = glsl_steps(network.colour, "float", names, "t")
    lines += [*more, f"vec3 srgb = vec3({', '.join(srgb)});"]
    if network.has_slopes:
        lines += _finish(network, groups)
    return function_text("vec3 colourAt(vec2 p, vec2 drift)", [*lines, "return srgb;"])


def _finish(network: Exported, groups: int) -> list[str]:
    """Return statements for relief and contour lines, by the difference between neighbouring points."""
    step = number_text(SLOPE_STEP)
    lines = ["vec3 light = toLinear(clamp(srgb, 0., 1.));", f"vec4 left[{groups}], right[{groups}];"]
    for name, before, after in (
        ("slopeX", f"x - {step}, y", f"x + {step}, y"),
        ("slopeY", f"x, y - {step}", f"x, y + {step}"),
    ):
        lines += [
            f"network({before}, drift, left);", f"network({after}, drift, right);",
            f"float {name} = (right[0].x - left[0].x) / {number_text(2 * SLOPE_STEP)};",
        ]  # fmt: skip
    if network.relief:
        more, (factor,) = glsl_steps(network.relief, "float", ["slopeX", "slopeY"], "r")
        lines += [*more, f"light *= {factor};"]
    if network.contours:
        given = ["o0", "slopeX", "slopeY", "light.x", "light.y", "light.z"]
        more, drawn = glsl_steps(network.contours, "float", given, "c")
        lines += [*more, f"light = vec3({', '.join(drawn)});"]
    return [*lines, "srgb = toSrgb(min(light, 1.));"]
