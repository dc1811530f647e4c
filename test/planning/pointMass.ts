/**
 * A problem with a known answer: a point that moves by its action, and the squared distance from a goal. Beside the
 * plain contract it can be compiled and differentiated, by hand, so that every solver can be tried on it.
 */
import * as tf from '@tensorflow/tfjs';
import type { Dynamics, PlanRequest, Rollout, ScoreQuery } from '../../models/planning/contracts.ts';
import { latentDistance } from '../../models/planning/objectives.ts';
import { Random } from '../../shared/random.ts';
import type { Space } from '../../shared/space.ts';

export const box: Space = { kind: 'box', low: [-1, -1], high: [1, 1] };

/** Steps of a point in the plane. */
export const SCALE = 0.3;

/** z' = z + scale · a. */
export function pointMass(scale = SCALE): Dynamics {
  return {
    latentSize: 2,
    encode: async () => ({ rows: 0, columns: 2, data: new Float32Array() }),
    rollout: async (latent, actions, candidates, horizon) => rollOut(scale, latent, actions, candidates, horizon),
  };
}

/** The same with slopes; its costs come from the traced function alone, run eagerly. */
export function tracedPointMass(scale = SCALE): Dynamics {
  const costsOf = ({ cost, latent, candidates, horizon }: ScoreQuery, actions: tf.Tensor): tf.Tensor1D => {
    const start = tf.tensor(latent, [1, 1, 2]);
    const soFar = tf.linalg.bandPart(tf.fill([horizon, horizon], scale), -1, 0); // ones below the diagonal: sums over time
    const perStep = tf.transpose(tf.reshape(actions, [candidates, horizon, 2]), [1, 0, 2]);
    const moved = tf.matMul(soFar, tf.reshape(perStep, [horizon, candidates * 2]) as tf.Tensor2D);
    const latents = tf.add(tf.reshape(moved, [horizon, candidates, 2]), start) as tf.Tensor3D;
    const feeds = Object.entries(cost.feeds).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]);
    return cost.cost(latents, Object.fromEntries(feeds));
  };
  return {
    ...pointMass(scale),
    score: async (query) => {
      await tf.setBackend('cpu');
      return tf.tidy(() => costsOf(query, tf.tensor(query.actions)).dataSync() as Float32Array).slice();
    },
    slope: async (query) => {
      await tf.setBackend('cpu');
      const actions = tf.tensor(query.actions);
      const costs = costsOf(query, actions).dataSync() as Float32Array;
      const gradients = tf
        .grad((x) => tf.sum(costsOf(query, x)))(actions)
        .dataSync() as Float32Array;
      return { costs: costs.slice(), gradients: gradients.slice() };
    },
  };
}

function rollOut(
  scale: number,
  latent: Float32Array,
  actions: Float32Array,
  candidates: number,
  horizon: number,
): Rollout {
  const latents = new Float32Array(candidates * horizon * 2);
  for (let candidate = 0; candidate < candidates; candidate++) {
    const position = [latent[0] as number, latent[1] as number];
    for (let t = 0; t < horizon; t++) {
      const row = (candidate * horizon + t) * 2;
      for (const axis of [0, 1]) {
        position[axis] = (position[axis] as number) + scale * (actions[row + axis] as number);
        latents[row + axis] = position[axis] as number;
      }
    }
  }
  return { candidates, horizon, latentSize: 2, latents };
}

/** From the origin to the goal, judged by where the plan ends. */
export function request(goal: readonly [number, number], changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    dynamics: pointMass(),
    objective: latentDistance(Float32Array.from(goal), { mean: 0, last: 1 }),
    latent: new Float32Array(2),
    space: box,
    random: new Random(1),
    ...changes,
  };
}

/** Where a plan ends, starting at the origin. */
export function endOf(actions: Float32Array): [number, number] {
  const sum = (axis: number): number => actions.filter((_, i) => i % 2 === axis).reduce((total, a) => total + a, 0);
  return [SCALE * sum(0), SCALE * sum(1)];
}
