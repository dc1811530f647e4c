/**
 * The loop that every training shares: draw a batch, run a compiled step, follow the learning-rate schedule until the
 * time is spent. A budget is a number of minutes of training, wherever they fall: an interrupted run goes on from its
 * checkpoint with the minutes that were left. Each step draws from a generator of its own number, so that a resumed run
 * sees the batches that an uninterrupted one would.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import type { HostTensors } from './program.ts';
import { type ScheduleConfig, warmupCosine } from './schedule.ts';
import type { TrainState, TrainStep } from './trainStep.ts';

/** How far a run has come. */
export interface TrainingProgress {
  readonly step: number;
  /** Fraction of the budget that is spent. */
  readonly progress: number;
  /** Milliseconds trained. */
  readonly elapsed: number;
  /** Loss terms by name, averaged since the last report. */
  readonly terms: Readonly<Record<string, number>>;
}

export interface TrainingLoopOptions {
  readonly trainStep: TrainStep;
  readonly state: TrainState;
  /** Milliseconds trained before, when a run is resumed. */
  readonly elapsed: number;
  /** Milliseconds to train in all. */
  readonly budget: number;
  readonly drawBatch: (random: Random, progress: number) => HostTensors;
  readonly schedule: ScheduleConfig;
  readonly random: Random;
  readonly clock: Clock;
  /** Called after every step. */
  readonly onStep?: (state: TrainState, progress: TrainingProgress) => void;
  /** Called about every `checkpointEvery` milliseconds of training, and at the end. */
  readonly onCheckpoint?: (state: TrainState, progress: TrainingProgress) => Promise<void>;
  readonly checkpointEvery?: number;
  /** Stops the run after its current step; the state is then checkpointed. */
  readonly interrupted?: AbortSignal;
}

const CHECKPOINT_EVERY = 60_000;
const AVERAGE_STEPS = 50;

/** Trains until the budget is spent or the run is interrupted; returns the last state. */
export async function runTraining(options: TrainingLoopOptions): Promise<TrainState> {
  const { trainStep, budget, drawBatch, schedule, random, clock, interrupted } = options;
  const origin = clock.now() - options.elapsed;
  let state = options.state;
  let terms: Record<string, number> = {};
  let lastCheckpoint = options.elapsed;
  const report = (): TrainingProgress => {
    const elapsed = clock.now() - origin;
    return { step: state.step, progress: Math.min(1, elapsed / budget), elapsed, terms };
  };

  while (!interrupted?.aborted && clock.now() - origin < budget) {
    const progress = (clock.now() - origin) / budget;
    const batch = drawBatch(random.fork(state.step), progress);
    const result = await trainStep.run(state, batch, warmupCosine(state.step, progress, schedule));
    state = result.state;
    terms = averaged(terms, result.terms);
    const now = report();
    options.onStep?.(state, now);
    if (now.elapsed - lastCheckpoint >= (options.checkpointEvery ?? CHECKPOINT_EVERY)) {
      lastCheckpoint = now.elapsed;
      await options.onCheckpoint?.(state, now);
    }
  }
  await options.onCheckpoint?.(state, report());
  return state;
}

/** Exponential average over about `AVERAGE_STEPS` steps. */
function averaged(
  previous: Readonly<Record<string, number>>,
  current: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(current).map(([name, value]) => {
      const before = previous[name];
      return [name, before === undefined ? value : before + (value - before) / AVERAGE_STEPS];
    }),
  );
}
