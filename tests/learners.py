"""An independent implementation of training in NumPy, float64: what the tests compare with."""

import math

import numpy as np
import scipy.special

FUNCTIONS = {
    "step": (lambda z: (z >= 0).astype(float), lambda z: np.zeros_like(z)),
    "sigmoid": (scipy.special.expit, lambda z: scipy.special.expit(z) * scipy.special.expit(-z)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "gelu": (
        lambda z: z * scipy.special.ndtr(z),
        lambda z: scipy.special.ndtr(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    ),
    "sine": (np.sin, np.cos),
}


def forward(network, name, inputs):
    """The values that enter each layer, the pre-activations, and the outputs."""
    function = FUNCTIONS[name][0]
    entering, z = [inputs], []
    for weights, bias in network[:-1]:
        z.append(weights @ entering[-1] + bias)
        entering.append(function(z[-1]))
    weights, bias = network[-1]
    return entering, z, weights @ entering[-1] + bias


def loss_and_gradient(network, name, inputs, values, kind):
    """The loss, and its gradient by every weight and bias, by the chain rule."""
    entering, z, outputs = forward(network, name, inputs)
    count = inputs.shape[1]
    if kind == "picture":
        shown = scipy.special.expit(1.5 * outputs)
        loss = ((shown - values) ** 2).mean()
        arriving = 2 * (shown - values) / values.size * 1.5 * shown * (1 - shown)
    else:
        logs = scipy.special.log_softmax(2 * outputs, axis=0)
        loss = -(values * logs).sum() / count
        arriving = 2 * (np.exp(logs) - values) / count
    found = []
    for layer in reversed(range(len(network))):
        found.append((arriving @ entering[layer].T, arriving.sum(axis=1, keepdims=True)))
        if layer:
            arriving = (network[layer][0].T @ arriving) * FUNCTIONS[name][1](z[layer - 1])
    return loss, found[::-1]


def train(network, name, batches, kind, *, rate, steps, adam):
    """The losses before each step: Adam (Kingma and Ba 2015) with the rate falling to a tenth, or gradient
    descent."""
    network = [[part.astype(float) for part in layer] for layer in network]
    first, second = ([[np.zeros_like(part) for part in layer] for layer in network] for _ in range(2))
    losses = []
    for step, (inputs, values) in enumerate(batches):
        loss, gradient = loss_and_gradient(network, name, inputs, values, kind)
        losses.append(loss)
        now = rate * 0.1 ** (step / steps) if adam else rate
        for layer, slopes in enumerate(gradient):
            for part, slope in enumerate(slopes):
                if not adam:
                    network[layer][part] -= now * slope
                    continue
                m = first[layer][part] = 0.9 * first[layer][part] + 0.1 * slope
                v = second[layer][part] = 0.999 * second[layer][part] + 0.001 * slope**2
                m, v = m / (1 - 0.9 ** (step + 1)), v / (1 - 0.999 ** (step + 1))
                network[layer][part] -= now * m / (np.sqrt(v) + 1e-8)
    return np.array(losses)
