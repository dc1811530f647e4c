/**
 * The networks that a renderer may have, as data: what each starts from, who teaches it, by which method, for which
 * share of the time. The first three are every renderer's. All others start from the base model, or from one that does,
 * and can be trained into an agent at any later time.
 */
import type { HostTensors } from '../tensor/program.ts';
import { consistencyDistillation } from './training/consistencyDistillation.ts';
import { consistencyTraining } from './training/consistencyTraining.ts';
import { denoisingDiffusion } from './training/denoisingDiffusion.ts';
import { easyConsistencyTuning } from './training/easyConsistencyTuning.ts';
import { multistepDistillation } from './training/multistepDistillation.ts';
import { multistepTraining } from './training/multistepTraining.ts';
import { progressiveDistillation } from './training/progressiveDistillation.ts';
import { regression } from './training/regression.ts';
import type { TrainingMethod } from './training/trainingMethod.ts';

/** The networks of every renderer, in the order in which they are trained. */
export const RENDERER_NETWORKS = ['regression', 'base', 'student'] as const;

export type RendererNetwork = (typeof RENDERER_NETWORKS)[number];

/** Networks that a renderer may have besides. */
export const EXTRA_NETWORKS = [
  'mct',
  'cd',
  'ct',
  'ect',
  'progressive-16',
  'progressive-8',
  'progressive-4',
  'progressive-2',
  'progressive-1',
] as const;

export type ExtraNetwork = (typeof EXTRA_NETWORKS)[number];

export type NetworkName = RendererNetwork | ExtraNetwork;

export interface StageConfig {
  /** Share of the budget, relative to the other stages of the same training. */
  readonly share: number;
  readonly batch: number;
  /** Highest learning rate; it falls to 3% of it. */
  readonly learningRate: number;
  /** How much rare colours count at the stage's start and end, from 0 to 1; it falls faster than the learning rate. */
  readonly emphasis: readonly [number, number];
}

export interface NetworkPlan {
  /** The network whose parameters it starts with; the first of a renderer starts at random. */
  readonly startsFrom?: NetworkName;
  /** The network that teaches it, if any does. */
  readonly teacher?: NetworkName;
  readonly stage: StageConfig;
  /** The method, given the teacher's parameters where there is one. */
  readonly method: (teacher: HostTensors) => TrainingMethod;
}

const fineTuning: StageConfig = { share: 0.2, batch: 16, learningRate: 5e-4, emphasis: [0.02, 0.02] };

/** What the student lacks is less than the noise of faster learning (docs/log.md, *When a picture is denoised*). */
const gentle: StageConfig = { ...fineTuning, learningRate: 1e-4 };

export const networkPlans: Readonly<Record<NetworkName, NetworkPlan>> = {
  regression: {
    stage: { share: 0.4, batch: 16, learningRate: 3e-3, emphasis: [1, 0.02] },
    method: () => regression,
  },
  base: {
    startsFrom: 'regression',
    stage: { share: 0.4, batch: 16, learningRate: 3e-3, emphasis: [0.2, 0.02] },
    method: () => denoisingDiffusion,
  },
  student: taughtBy('base', (teacher) => multistepDistillation(teacher), gentle),
  mct: { startsFrom: 'base', stage: fineTuning, method: () => multistepTraining() },
  cd: taughtBy('base', consistencyDistillation),
  ct: { startsFrom: 'base', stage: fineTuning, method: () => consistencyTraining() },
  ect: { startsFrom: 'base', stage: fineTuning, method: () => easyConsistencyTuning() },
  'progressive-16': halving('base', 16),
  'progressive-8': halving('progressive-16', 8),
  'progressive-4': halving('progressive-8', 4),
  'progressive-2': halving('progressive-4', 2),
  'progressive-1': halving('progressive-2', 1),
};

/** These networks and all that any of them starts from or is taught by, each once, after what it needs. */
export function ancestryOf(names: readonly NetworkName[]): readonly NetworkName[] {
  const needed = names.flatMap((name) => {
    const { startsFrom, teacher } = networkPlans[name];
    return [...ancestryOf([startsFrom, teacher].filter((before) => before !== undefined)), name];
  });
  return [...new Set(needed)];
}

/** A student that starts as its teacher. */
function taughtBy(teacher: NetworkName, method: NetworkPlan['method'], stage = fineTuning): NetworkPlan {
  return { startsFrom: teacher, teacher, stage, method };
}

/** One of the five students that share the time of one method. */
function halving(teacher: NetworkName, steps: number): NetworkPlan {
  const stage = { ...fineTuning, share: fineTuning.share / 5 };
  return { ...taughtBy(teacher, (params) => progressiveDistillation(params, steps)), stage };
}
