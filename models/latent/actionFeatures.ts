/**
 * Actions as the latent model sees them: numbers of order one, whatever the world's space. A box is stretched to
 * [−1, 1] in every dimension; a discrete choice becomes a row with a 1 at its place (one-hot), since choice 2 is not
 * twice choice 1. Everywhere outside the model an action stays as the world takes it.
 */
import { dimensionsOf, type Space } from '../../shared/space.ts';

/** How many numbers the model sees of one action. */
export function actionFeatureSize(space: Space): number {
  return space.kind === 'box' ? dimensionsOf(space) : space.count;
}

/** Actions `[…, dimensions]`, as the world takes them → `[…, features]`. */
export function actionFeatures(space: Space, actions: Float32Array): Float32Array {
  if (space.kind === 'box') {
    const width = space.low.length;
    return actions.map((value, i) => {
      const low = space.low[i % width] as number;
      const high = space.high[i % width] as number;
      return (2 * value - (low + high)) / (high - low);
    });
  }
  const features = new Float32Array(actions.length * space.count);
  actions.forEach((choice, i) => {
    features[i * space.count + choice] = 1;
  });
  return features;
}

/** Derivatives by a box's features `[…, dimensions]` → by its actions. */
export function actionGradients(space: Space, gradients: Float32Array): Float32Array {
  if (space.kind === 'discrete') return gradients;
  const width = space.low.length;
  return gradients.map(
    (value, i) => (2 * value) / ((space.high[i % width] as number) - (space.low[i % width] as number)),
  );
}
