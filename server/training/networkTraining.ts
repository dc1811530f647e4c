/**
 * Trains networks of a renderer one after another, each by its plan: from what the network that it starts from yielded,
 * taught by what its teacher yielded. The time is divided by the stages' shares. What is finished is kept at once, and
 * a stage in progress about every minute, so that a run can be interrupted anywhere.
 */
import type { Networks } from '../../models/diffusion/methods.ts';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import { withEveryStep } from '../../models/diffusion/network/studentSteps.ts';
import { type NetworkName, networkPlans, type StageConfig } from '../../models/diffusion/networks.ts';
import type { Engine, HostTensors } from '../../models/tensor/program.ts';
import type { TrainingProgress } from '../../models/tensor/trainingLoop.ts';
import type { Clock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import type { Random } from '../../shared/random.ts';
import type { TrainingCost, TrainingCosts } from '../agent/trainingCost.ts';
import type { RendererCheckpoint } from './rendererCheckpoint.ts';
import type { RendererExamples } from './rendererExamples.ts';
import { runRendererStage, type StageState } from './rendererStage.ts';

export interface NetworkTraining {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly denoiser: DenoiserConfig;
  readonly examples: RendererExamples;
  /** Minutes for all the networks. */
  readonly minutes: number;
  readonly random: Random;
  readonly checkpoint: RendererCheckpoint;
  /** What to train, each after what it starts from. */
  readonly networks: readonly NetworkName[];
  /** Instead of the plans' own. */
  readonly stages?: Readonly<Partial<Record<NetworkName, StageConfig>>>;
  /** Networks that are there already, and are not trained again. */
  readonly trained: Networks;
  /** Where a network starts that starts from no other. */
  readonly first?: HostTensors;
  readonly onProgress?: (network: NetworkName, progress: TrainingProgress) => void;
  readonly interrupted?: AbortSignal;
  /** What a person does who wants to go on after an interruption; to begin again unless told. */
  readonly toGoOn?: string;
}

/** Networks, and what those that were trained took. */
export interface TrainedNetworks {
  readonly networks: Networks;
  readonly costs: TrainingCosts;
}

/**
 * Returns the new networks. @throws TrainingError when a loss is not finite, a network to start from is missing, or the
 * run is interrupted
 */
export async function trainNetworks(training: NetworkTraining): Promise<TrainedNetworks> {
  const { networks, stages, checkpoint, interrupted, toGoOn = 'run it again from the beginning' } = training;
  const stageOf = (name: NetworkName): StageConfig => stages?.[name] ?? networkPlans[name].stage;
  const untrained = networks.filter((name) => !training.trained[name]);
  const shares = untrained.reduce((sum, name) => sum + stageOf(name).share, 0);
  const made: Partial<Record<NetworkName, HostTensors>> = { ...checkpoint.finished };
  const costs: Record<string, TrainingCost> = { ...checkpoint.costs };
  const take = (name: NetworkName): HostTensors => {
    const tensors = made[name] ?? training.trained[name];
    if (!tensors) throw new TrainingError(`the network "${name}" is not trained yet; train it first`);
    return tensors;
  };
  for (const name of untrained) {
    if (made[name]) continue;
    const { startsFrom, teacher, method: methodOf } = networkPlans[name];
    const config = stageOf(name);
    const method = methodOf(teacher ? take(teacher) : {});
    const resume = checkpoint.stage === name ? checkpoint.state : undefined;
    const state = await runRendererStage({
      engine: training.engine,
      clock: training.clock,
      denoiser: training.denoiser,
      examples: training.examples,
      config,
      budget: (config.share / shares) * training.minutes * 60_000,
      parameters: withEveryStep(startsFrom ? take(startsFrom) : (training.first ?? {})),
      method,
      random: training.random.fork(name),
      ...(resume && { resume }),
      ...(interrupted && { interrupted }),
      onProgress: (progress) => training.onProgress?.(name, progress),
      onCheckpoint: (unfinished) => checkpoint.save(name, unfinished, { networks: made, costs }),
    });
    if (interrupted?.aborted)
      throw new TrainingError(`the renderer's training was interrupted in its stage "${name}"; ${toGoOn}`);
    made[name] = state.average;
    costs[name] = costOf(state, config.batch * method.calls);
    await checkpoint.finish({ networks: made, costs });
  }
  return { networks: made, costs };
}

function costOf({ train, elapsed }: StageState, callsPerStep: number): TrainingCost {
  return { minutes: elapsed / 60_000, steps: train.step, calls: train.step * callsPerStep };
}
