/**
 * What a trained model understands of its world, beside how well it plans: what can be read from its latents, encoded
 * and predicted, how long its predictions hold, what surprises it, and whether a hidden factor can be inferred from how
 * it errs. Everything is measured on scripted episodes of a seed that no training uses.
 */
import type { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes, type Episode } from '../data/episodes.ts';
import { defaultHiddenFactorsConfig, type HiddenFactorsConfig, hiddenFactors } from './hiddenFactors.ts';
import type { EventKind } from './impossibleEvents.ts';
import { encodedSet, fitLinear, judge, type ProbeSet } from './linearProbe.ts';
import { mlpProbe } from './mlpProbe.ts';
import { type PredictionError, predictionError } from './predictionError.ts';
import { type Surprise, surpriseOf } from './surprise.ts';
import { type ValidPredictionTime, validPredictionTime } from './validPredictionTime.ts';
import { velocityCeiling } from './velocityCeiling.ts';

export interface Probes {
  /** R² on latents of frames. */
  readonly encoded: Readonly<Record<string, number>>;
  /** R² on latents predicted `PROBED_STEPS` ahead, by the readout that was fitted to encoded ones. */
  readonly predicted: Readonly<Record<string, number>>;
}

export interface Understanding {
  readonly predictionError: PredictionError;
  readonly validPrediction: ValidPredictionTime;
  readonly probes: {
    readonly linear: Probes;
    readonly mlp: Probes;
    readonly predictedSteps: number;
    /** R² of the MLP on the exact poses in place of latents: what two frames tell of each velocity at most. */
    readonly ceiling: Readonly<Record<string, number>>;
  };
  readonly surprise: Readonly<Record<EventKind, Surprise>>;
  /** R² of each hidden factor. */
  readonly hiddenFactors: Readonly<Record<string, number>>;
}

export interface UnderstandingConfig {
  /** Episodes, half of which probes are fitted to, and their steps. */
  readonly episodes: number;
  readonly steps: number;
  /** Open-loop steps of the prediction error, and of the valid prediction time. */
  readonly horizon: number;
  readonly longHorizon: number;
  readonly hidden: HiddenFactorsConfig;
}

export const defaultUnderstandingConfig: UnderstandingConfig = {
  episodes: 240,
  steps: 40,
  horizon: 10,
  longHorizon: 30,
  hidden: defaultHiddenFactorsConfig,
};

/** Steps ahead at which predicted latents are probed. */
const PROBED_STEPS = 5;

/** Measures everything; `onPart` is told what comes next. */
export async function understandingOf(
  { dynamics, engine }: { readonly dynamics: LearnedDynamics; readonly engine: Engine },
  definition: WorldDefinition,
  seed: number,
  config: UnderstandingConfig = defaultUnderstandingConfig,
  onPart: (name: string) => void = () => {},
): Promise<Understanding> {
  const { spec } = definition;
  const { episodes, steps, horizon, longHorizon } = config;
  onPart('episodes');
  const episodeSeed = new Random(seed).fork('understanding').uint32();
  const played = collectEpisodes({ definition, episodes, length: steps, seed: episodeSeed }).episodes;
  const half = Math.ceil(episodes / 2);
  const judgedEpisodes = played.slice(half);
  const fitted = await encodedSet(dynamics, played.slice(0, half));
  const encoded = await encodedSet(dynamics, judgedEpisodes);
  const predicted = await predictedSet(dynamics, judgedEpisodes, encoded, PROBED_STEPS);
  onPart('probes');
  const readout = fitLinear(spec, fitted);
  const [mlpEncoded = {}, mlpPredicted = {}] = await mlpProbe(engine, spec, fitted, [encoded, predicted], seed);
  const probes = {
    linear: { encoded: judge(readout, spec, encoded), predicted: judge(readout, spec, predicted) },
    mlp: { encoded: mlpEncoded, predicted: mlpPredicted },
    predictedSteps: PROBED_STEPS,
    ceiling: await velocityCeiling(engine, spec, played.slice(0, half), judgedEpisodes, seed),
  };
  onPart('prediction');
  const error = await predictionError(dynamics, judgedEpisodes, horizon, seed);
  const { stepSeconds } = spec;
  const valid = await validPredictionTime(dynamics, judgedEpisodes, encoded, stepSeconds, longHorizon, seed);
  onPart('surprise');
  const surprise = await surpriseOf(dynamics, definition, played.slice(0, half), judgedEpisodes, seed);
  onPart('hidden factors');
  return {
    predictionError: error,
    validPrediction: valid,
    probes,
    surprise,
    hiddenFactors: await hiddenFactors(dynamics, definition, seed, config.hidden),
  };
}

/** Latents predicted so many steps ahead from every fourth frame, with the states that came true. */
async function predictedSet(
  dynamics: LearnedDynamics,
  episodes: readonly Episode[],
  encoded: ProbeSet,
  ahead: number,
): Promise<ProbeSet> {
  const latents: Float32Array[] = [];
  const states: number[] = [];
  let first = 0;
  for (const episode of episodes) {
    const width = episode.actions.length / episode.steps;
    const quantities = episode.states.length / (episode.steps + 1);
    for (let t = 0; t + ahead <= episode.steps; t += 4) {
      const from = Float32Array.from(encoded.latents[first + t] as Float32Array);
      const rollout = await dynamics.rollout(from, episode.actions.slice(t * width, (t + ahead) * width), 1, ahead);
      latents.push(rollout.latents.slice((ahead - 1) * dynamics.latentSize));
      states.push(...episode.states.subarray((t + ahead) * quantities, (t + ahead + 1) * quantities));
    }
    first += episode.steps + 1;
  }
  return { latents, states: Float64Array.from(states) };
}
