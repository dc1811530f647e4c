/**
 * One stage of training the latent model: a loss, minimised for its minutes. Beside the loss's terms it tells what they
 * are to be compared with: landmarks, and, once a minute, the error of predictions with the actions of other windows
 * (`actionUse.ts`).
 */
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import { compileLoss } from '../tensor/lossProgram.ts';
import type { Engine, HostTensors } from '../tensor/program.ts';
import type { ScheduleConfig } from '../tensor/schedule.ts';
import { runTraining, type TrainingProgress } from '../tensor/trainingLoop.ts';
import { compileTrainStep, type TrainState, type TrainStepOptions } from '../tensor/trainStep.ts';
import { actionUse } from './actionUse.ts';

/** A stage as far as it was trained before. */
export interface StageStart {
  readonly state: TrainState;
  readonly elapsed: number;
}

/** What every stage takes. */
export interface StageOptions {
  readonly engine: Engine;
  readonly minutes: number;
  readonly random: Random;
  readonly clock: Clock;
  /** Where an interrupted run left off. */
  readonly resume?: StageStart;
  readonly onStep?: (state: TrainState, progress: TrainingProgress) => void;
  readonly onCheckpoint?: (state: TrainState, progress: TrainingProgress) => Promise<void>;
  readonly interrupted?: AbortSignal;
}

export interface StageParts {
  /** Parameters before the first step. */
  readonly start: HostTensors;
  readonly drawBatch: (draws: Random) => HostTensors;
  readonly schedule: ScheduleConfig;
  /** The term that is an error of predictions, where the loss has one; it is watched with the actions of others too. */
  readonly predictionTerm?: string;
  /** Values that belong beside the terms. */
  readonly landmarks?: Readonly<Record<string, number>>;
}

/** Compiles a step and runs it to the end of the stage's minutes, from where it was if it is resumed. */
export async function runStage(
  { resume, minutes, random, onStep, onCheckpoint, ...options }: StageOptions,
  step: TrainStepOptions,
  { start, drawBatch, schedule, predictionTerm, landmarks = {} }: StageParts,
): Promise<TrainState> {
  const { engine } = options;
  const trainStep = await compileTrainStep(engine, step);
  const watched = predictionTerm === undefined ? undefined : await compileLoss(engine, step);
  const watch = random.fork('watch');
  let beside: Readonly<Record<string, number>> = landmarks;
  const state = await runTraining({
    ...options,
    trainStep,
    drawBatch,
    schedule,
    state: resume?.state ?? trainStep.start(start),
    elapsed: resume?.elapsed ?? 0,
    budget: minutes * 60_000,
    random: random.fork('batches'),
    onStep: (reached, at) => onStep?.(reached, { ...at, terms: { ...at.terms, ...beside } }),
    async onCheckpoint(reached, at) {
      await onCheckpoint?.(reached, at);
      if (watched && predictionTerm !== undefined)
        beside = {
          ...landmarks,
          ...(await actionUse(watched, predictionTerm, reached, drawBatch(watch.fork(reached.step)))),
        };
    },
  });
  await Promise.all([trainStep.dispose(), watched?.dispose()]);
  return state;
}
