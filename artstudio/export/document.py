"""A network as a JSON document of plain numbers; docs/guides/export.md says how to compute a picture from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from artstudio.export.network import Dense, Exported
from artstudio.files.exports.texts import TEXTS_MARK
from artstudio.model.colour.models import TABLE_SIZE
from artstudio.model.features import parse_symmetry


def document(network: Exported, texts: Mapping[str, str]) -> str:
    """Return the document's text."""
    recipe = network.recipe
    symmetry, folds = parse_symmetry(recipe.symmetry)
    return json.dumps(
        {
            TEXTS_MARK: dict(texts),
            "view": recipe.view.transform.tolist(),
            "symmetry": {"name": symmetry.name, "folds": folds},
            "warp": _warp(network),
            "features": list(recipe.features),
            "origin": list(recipe.origin_point()),
            "frequencies": _numbers(network.frequencies),
            "inputs_enter_every_layer": recipe.skip,
            "layers": [_layer(layer) for layer in network.layers],
            "output": _layer(network.output),
            "bands": recipe.finish.bands,
            "contours": recipe.finish.contours,
            "relief": recipe.finish.relief,
            "colour": _colour(network),
        },
        indent=None,
        separators=(",", ":"),
        allow_nan=False,
    )


def _numbers(values: Any) -> Any:
    """Return an array as lists of the shortest numbers that are the same in float32."""
    array = np.asarray(values, np.float32)
    if array.ndim:
        return [_numbers(part) for part in array]
    return float(str(array))


def _layer(layer: Dense) -> dict[str, Any]:
    found = {"weights": _numbers(layer.weights), "bias": _numbers(layer.bias)}
    return found | ({"activations": list(layer.activations)} if layer.activations else {})


def _warp(network: Exported) -> dict[str, Any] | None:
    if network.warp is None:
        return None
    layers = [_layer(layer) for layer in network.warp.layers]
    return {"scale": network.warp.scale, "torus": network.warp.seamless, "layers": layers}


def _colour(network: Exported) -> dict[str, Any]:
    """Return what the colour model prepared; its table with as few entries as linear interpolation needs."""
    prepared = {
        name: _numbers(part) for name, part in network.params.colour.items() if part.shape[-1] != TABLE_SIZE
    }
    about = {"model": network.recipe.colour, "gamut": network.recipe.gamut, **prepared}
    if network.gradient:
        about["table"] = {"places": network.gradient.places.tolist(), "srgb": _numbers(network.gradient.colours)}
    return about
