/**
 * The parts of the agent's method that an ablation takes away, one at a time, and true states, which it adds. Two kinds: what training makes of the
 * latent model, for which an agent is trained anew, and what plans are judged by, for which the whole agent plans again.
 */
import { defaultDynamicsLossConfig } from '../../../models/latent/dynamicsLoss.ts';
import {
  defaultGoalObjectiveConfig,
  type GoalObjectiveConfig,
  goalObjectives,
} from '../../../models/latent/goalObjective.ts';
import { defaultEncoderConfig } from '../../../models/latent/keypointEncoder.ts';
import type { StepWeights } from '../../../models/planning/objectives.ts';
import type { AgentTrainingConfig } from '../../training/agentTraining.ts';

export interface Ablation {
  /** What is trained otherwise. */
  readonly training?: Pick<AgentTrainingConfig, 'layout' | 'dynamicsLoss' | 'stateWeight'>;
  /** What its plans are judged by, if not by the default. */
  readonly objective?: GoalObjectiveConfig;
  /** Whether it only says something of agents that tell things from their body. */
  readonly ofThings?: boolean;
}

const nothing: StepWeights = { mean: 0, last: 0 };
const { thingDistance, temporalDistance, latentDistance } = defaultGoalObjectiveConfig;

/** By what is missing. */
export const ablations = {
  whole: {},
  'no-learned-distance': { objective: goalObjectives.latent },
  'no-distance-to-things': {
    objective: { ...defaultGoalObjectiveConfig, thingDistance: nothing },
    ofThings: true,
  },
  'last-step-alone': {
    objective: {
      ...defaultGoalObjectiveConfig,
      thingDistance: atLast(thingDistance),
      temporalDistance: atLast(temporalDistance),
      latentDistance: atLast(latentDistance),
    },
  },
  'one-step-loss': {
    training: { dynamicsLoss: { ...defaultDynamicsLossConfig, horizon: 1 } },
  },
  'half-the-keypoints': {
    training: {
      layout: { encoder: { ...defaultEncoderConfig, keypoints: defaultEncoderConfig.keypoints / 2 }, frames: 2 },
    },
  },
  'one-frame': { training: { layout: { encoder: defaultEncoderConfig, frames: 1 } } },
  // Nothing is missing here; something is added that a shipped agent never sees.
  'with-states': { training: { stateWeight: 1 } },
} as const satisfies Readonly<Record<string, Ablation>>;

export type AblationName = keyof typeof ablations;
export const ablationNames = Object.keys(ablations) as AblationName[];

/** The same weight, all of it on the last step. */
function atLast({ mean, last }: StepWeights): StepWeights {
  return { mean: 0, last: mean + last };
}
