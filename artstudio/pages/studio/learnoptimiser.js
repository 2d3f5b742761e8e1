// Optimisers: from a gradient to a direction, as Python's (optax's) have it.

const ADAM = { mean: 0.9, square: 0.999, least: 1e-8 };
const MOMENTUM = 0.9;

// Each makes, for so many numbers, a function that turns a gradient, in place, into what the learning rate multiplies.
const OPTIMISERS = {
  sgd: () => () => {},
  momentum(count) {
    const past = new Float64Array(count);
    return (gradient) => {
      for (let i = 0; i < count; i += 1) {
        past[i] = gradient[i] + MOMENTUM * past[i];
        gradient[i] = past[i];
      }
    };
  },
  // Kingma and Ba 2015.
  adam(count) {
    const means = new Float64Array(count);
    const squares = new Float64Array(count);
    let step = 0;
    return (gradient) => {
      step += 1;
      const [less, fewer] = [1 - ADAM.mean ** step, 1 - ADAM.square ** step];
      for (let i = 0; i < count; i += 1) {
        const slope = gradient[i];
        means[i] += (1 - ADAM.mean) * (slope - means[i]);
        squares[i] += (1 - ADAM.square) * (slope * slope - squares[i]);
        gradient[i] = means[i] / less / (Math.sqrt(squares[i] / fewer) + ADAM.least);
      }
    };
  },
};

export function optimiserFor(name, count) {
  return OPTIMISERS[name](count);
}
