/**
 * What no single frame shows, read from a few seconds of interaction: in worlds whose mass, friction or speed was
 * drawn, the model that learned the usual world is wrong in a way that depends on the factor. An episode is summed up
 * by its one-step errors: their mean, their size, and by how much more or less than predicted each number of the latent
 * moved. A ridge regression from that to the factor, whose penalty is chosen by cross-validation, is judged on worlds
 * that it was not fitted to.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { ridgeSolver } from '../../models/latent/ridge.ts';
import type { Dynamics } from '../../models/planning/contracts.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type Episode, framesOf } from '../data/episodes.ts';
import { rSquared } from './rSquared.ts';

/** There are about as many features as episodes, so that the penalty decides. */
const PENALTIES = [0.1, 1, 10, 100];
const FOLDS = 4;

interface Row {
  readonly value: number;
  readonly features: readonly number[];
}

export interface HiddenFactorsConfig {
  /** Worlds drawn, two thirds of which are fitted to. */
  readonly worlds: number;
  /** Steps of interaction in each. */
  readonly steps: number;
}

export const defaultHiddenFactorsConfig: HiddenFactorsConfig = { worlds: 400, steps: 40 };

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
    const rows: Row[] = [];
    for (let i = 0; i < worlds; i++) {
      const value = random.uniform(factor.low, factor.high);
      const varied = { ...definition, create: () => createWorld(definition, { [name]: value }) };
      const collected = collectEpisodes({ definition: varied, episodes: 1, length: steps, seed: random.uint32() });
      rows.push({ value, features: await errorsOf(dynamics, collected.episodes[0] as Episode) });
    }
    const fitted = Math.floor((2 * worlds) / 3);
    found[name] = inferred(rows.slice(0, fitted), rows.slice(fitted));
  }
  return found;
}

/** Mean error, logarithm of its mean size, and its slope on the predicted motion. */
async function errorsOf(dynamics: Dynamics, episode: Episode): Promise<number[]> {
  const { data, columns } = await dynamics.encode(framesOf(episode));
  const width = episode.actions.length / episode.steps;
  const [sums, sizes, products, squares] = Array.from({ length: 4 }, () => new Float64Array(columns)) as Sums;
  for (let t = 0; t < episode.steps; t++) {
    const before = data.slice(t * columns, (t + 1) * columns);
    const { latents } = await dynamics.rollout(before, episode.actions.slice(t * width, (t + 1) * width), 1, 1);
    for (let i = 0; i < columns; i++) {
      const error = (data[(t + 1) * columns + i] as number) - (latents[i] as number);
      const motion = (latents[i] as number) - (before[i] as number);
      sums[i] = (sums[i] as number) + error / episode.steps;
      sizes[i] = (sizes[i] as number) + Math.abs(error) / episode.steps;
      products[i] = (products[i] as number) + error * motion;
      squares[i] = (squares[i] as number) + motion * motion;
    }
  }
  const slopes = products.map((product, i) => product / ((squares[i] as number) + 1e-6));
  return [...sums, ...sizes.map((size) => Math.log(size + 1e-6)), ...slopes];
}

type Sums = [Float64Array, Float64Array, Float64Array, Float64Array];

/** R² on the judged rows of the regression that does best on parts of the fitted ones. */
function inferred(fitted: readonly Row[], judged: readonly Row[]): number {
  const folds = Array.from({ length: FOLDS }, (_, fold) => ({
    kept: fitted.filter((_row, i) => i % FOLDS !== fold),
    left: fitted.filter((_row, i) => i % FOLDS === fold),
  }));
  const scores = PENALTIES.map((penalty) => folds.reduce((sum, { kept, left }) => sum + score(kept, left, penalty), 0));
  return score(fitted, judged, PENALTIES[scores.indexOf(Math.max(...scores))] as number);
}

/** R² on the judged rows of a ridge regression on standardised features. */
function score(fitted: readonly Row[], judged: readonly Row[], penalty: number): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const scales = (fitted[0]?.features ?? []).map((_, i) => {
    const column = fitted.map(({ features }) => features[i] as number);
    const centre = mean(column);
    return { centre, deviation: Math.sqrt(mean(column.map((value) => (value - centre) ** 2))) || 1 };
  });
  const standardised = ({ features }: Row): number[] =>
    scales.map(({ centre, deviation }, i) => ((features[i] as number) - centre) / deviation);
  const centre = mean(fitted.map(({ value }) => value));
  const weights = ridgeSolver(fitted.map(standardised), penalty)(fitted.map(({ value }) => value - centre));
  return rSquared(
    judged.map((row) => centre + standardised(row).reduce((sum, value, i) => sum + value * (weights[i] as number), 0)),
    judged.map(({ value }) => value),
  );
}
