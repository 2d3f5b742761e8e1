"""What the values of a recipe's fields must be, beyond type and range: validators for their annotations."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from artstudio.errors import BadInput, shown, unknown
from artstudio.model.activation.mix import canonical_activation
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import canonical_palette
from artstudio.model.features import FEATURES, parse_symmetry
from artstudio.model.fields.parts import Coordinate, Number
from artstudio.model.fields.strict import Strict, as_tuple, explain

T = TypeVar("T")

MAX_LATENT = 16

_DRAWN = re.compile(r"seed:([0-9]{1,2})", re.ASCII)

_LATENT: TypeAdapter[tuple[float, ...]] = TypeAdapter(
    Annotated[tuple[Annotated[Number, Field(ge=-10, le=10)], ...], Field(max_length=MAX_LATENT)],
    config=Strict.model_config,
)


_POINT: TypeAdapter[tuple[float, float]] = TypeAdapter(tuple[Coordinate, Coordinate], config=Strict.model_config)


def _validator(check: Callable[[Any], T]) -> Callable[[Any], T]:
    # Inside a validator an error must be a ValueError to be collected with its field's name.
    @wraps(check)
    def checked(value: Any) -> T:
        try:
            return check(value)
        except BadInput as error:
            raise ValueError(str(error)) from None

    return checked


@_validator
def check_activation(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return activations in their canonical form."""
    return tuple(map(canonical_activation, names))


@_validator
def check_features(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return features in the order of their weight columns."""
    for name in names:
        if name not in FEATURES:
            raise unknown("feature", name, FEATURES)
    if len(set(names)) < len(names):
        raise BadInput("expected each feature once")
    return tuple(sorted(names, key=lambda name: FEATURES[name].column))


@_validator
def check_symmetry(text: str) -> str:
    """Return a symmetry that there is, with as many folds as it takes."""
    parse_symmetry(text)
    return text


@_validator
def check_colour(name: str) -> str:
    """Return a colour model that there is."""
    if name not in COLOUR_MODELS:
        raise unknown("colour model", name, COLOUR_MODELS)
    return name


@_validator
def check_palette(value: Any) -> str | tuple[str, ...]:
    """Return a palette in its canonical form."""
    return canonical_palette(as_tuple(value))


@_validator
def check_latent(value: Any) -> tuple[float, ...] | str:
    """Return latent values, or how many of them the seed draws."""
    if isinstance(value, str):
        drawn = _DRAWN.fullmatch(value)
        if not drawn or not 1 <= int(drawn[1]) <= MAX_LATENT:
            raise BadInput(f"expected numbers, or seed:N with N from 1 to {MAX_LATENT}, found {shown(value)}")
        return value
    try:
        return _LATENT.validate_python(as_tuple(value))
    except ValidationError as error:
        # The number of the value at fault, counted from 1 as people do.
        at, _, complaint = str(explain(error, Strict)).partition(": ")
        raise BadInput(
            f"value {int(at) + 1}: {complaint}" if at.isdigit() else str(explain(error, Strict))
        ) from None


@_validator
def check_origin(value: Any) -> tuple[float, float] | str:
    """Return a point, or `seed` for the one that the seed draws."""
    if value == "seed":
        return "seed"
    try:
        return _POINT.validate_python(as_tuple(value))
    except ValidationError:
        raise BadInput(f"expected two numbers from -100 to 100, or seed, found {shown(value, 48)}") from None
