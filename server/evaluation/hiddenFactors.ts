/**
 * What no single frame shows, read from a few seconds of interaction: in worlds whose mass, friction or speed was drawn,
 * the model that learned the usual world is wrong in a way that depends on the factor. An episode is summed up by its
 * one-step errors (their mean, their size, and how they go along with the actions), and a ridge regression from that to
 * the factor is judged on episodes that it was not fitted to.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Dynamics } from '../../models/planning/contracts.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type Episode, framesOf } from '../data/episodes.ts';
import { ridgeSolver } from './ridge.ts';
import { rSquared } from './rSquared.ts';

/** Episodes are few and features many: a strong penalty on standardised features. */
const PENALTY = 0.3;

export interface HiddenFactorsConfig {
  /** Worlds drawn, two thirds of which are fitted to. */
  readonly worlds: number;
  /** Steps of interaction in each. */
  readonly steps: number;
}

export const defaultHiddenFactorsConfig: HiddenFactorsConfig = { worlds: 120, steps: 40 };

/** R² of each hidden number factor on worlds that were not fitted to; empty for a world that has none. */
export async function hiddenFactors(
  dynamics: Dynamics,
  definition: WorldDefinition,
  seed: number,
  { worlds, steps }: HiddenFactorsConfig = defaultHiddenFactorsConfig,
): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, factor] of Object.entries(definition.spec.factors ?? {})) {
    if (factor.kind !== 'number' || !factor.hidden) continue;
    const random = new Random(seed).fork(`hidden factor ${name}`);
    const rows: { value: number; features: number[] }[] = [];
    for (let i = 0; i < worlds; i++) {
      const value = random.uniform(factor.low, factor.high);
      const varied = { ...definition, create: () => createWorld(definition, { [name]: value }) };
      const collected = collectEpisodes({ definition: varied, episodes: 1, length: steps, seed: random.uint32() });
      rows.push({ value, features: await errorsOf(dynamics, collected.episodes[0] as Episode) });
    }
    found[name] = judged(rows, Math.floor((2 * worlds) / 3));
  }
  return found;
}

/** Mean error, mean size of the error, and mean error times each number of the action. */
async function errorsOf(dynamics: Dynamics, episode: Episode): Promise<number[]> {
  const { data, columns } = await dynamics.encode(framesOf(episode));
  const width = episode.actions.length / episode.steps;
  const features = new Float64Array(columns * (2 + width));
  for (let t = 0; t < episode.steps; t++) {
    const action = episode.actions.slice(t * width, (t + 1) * width);
    const { latents } = await dynamics.rollout(data.slice(t * columns, (t + 1) * columns), action, 1, 1);
    for (let i = 0; i < columns; i++) {
      const error = (data[(t + 1) * columns + i] as number) - (latents[i] as number);
      [error, Math.abs(error), ...Array.from(action, (a) => a * error)].forEach((value, k) => {
        const at = k * columns + i;
        features[at] = (features[at] as number) + value / episode.steps;
      });
    }
  }
  return Array.from(features);
}

function judged(
  rows: readonly { readonly value: number; readonly features: readonly number[] }[],
  fitted: number,
): number {
  const size = rows[0]?.features.length ?? 0;
  const scales = Array.from({ length: size }, (_, i) => {
    const column = rows.slice(0, fitted).map(({ features }) => features[i] as number);
    const mean = column.reduce((sum, value) => sum + value, 0) / fitted;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / fitted) || 1;
    return { mean, deviation };
  });
  const table = rows.map(({ features }) => [
    ...features.map((value, i) => (value - (scales[i]?.mean as number)) / (scales[i]?.deviation as number)),
    1,
  ]);
  const centre = rows.slice(0, fitted).reduce((sum, { value }) => sum + value, 0) / fitted;
  const weights = ridgeSolver(
    table.slice(0, fitted),
    PENALTY,
  )(rows.slice(0, fitted).map(({ value }) => value - centre));
  const guess = (row: readonly number[]): number =>
    centre + row.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
  return rSquared(
    table.slice(fitted).map(guess),
    rows.slice(fitted).map(({ value }) => value),
  );
}
