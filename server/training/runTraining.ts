/**
 * One run of training in a directory, as a person asks for it, by the command line or from the page: it takes up the run
 * that the directory holds or begins one, keeps others out meanwhile, and logs its losses.
 */
import { loadWorld } from '../../envs/registry.ts';
import { backbones } from '../../models/diffusion/network/backbones.ts';
import type { Clock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';
import type { AgentCard } from '../agent/agentCard.ts';
import { hasWeights } from '../agent/weightsDirectory.ts';
import { openEngine } from '../engine/openEngine.ts';
import { defaultAgentTrainingConfig } from './agentTraining.ts';
import { loggedProgress, type ProgressTold } from './loggedProgress.ts';
import { MetricsLog } from './metricsLog.ts';
import { forgetFinished } from './rendererCheckpoint.ts';
import { claimRun } from './runClaim.ts';
import { hasRun, keepRun, type RunRecord, refuseOtherResume, requestOf, runFor, withFurther } from './runRecord.ts';
import { forgetStages } from './stageCheckpoint.ts';
import { trainAgent } from './trainAgent.ts';
import {
  DEFAULT_MINUTES,
  DEFAULT_SEED,
  givenRenderer,
  goesOnWithAgent,
  refuseWithoutProposal,
  refuseWithoutRenderer,
  type TrainingOptions,
  writtenProposal,
  writtenRenderer,
} from './trainingOptions.ts';

export interface TrainingSurroundings extends ProgressTold {
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
}

export interface TrainedRun {
  readonly world: string;
  readonly directory: string;
  readonly card: AgentCard;
}

/**
 * Trains, to the end or until it is interrupted.
 * @throws UsageError when the directory holds another run, or one that is at work; TrainingError when a loss is not
 * finite or the run is interrupted
 */
export async function runTraining(
  options: TrainingOptions,
  { clock, interrupted, onProgress, onWarning }: TrainingSurroundings,
): Promise<TrainedRun> {
  refuseWithoutRenderer(options);
  refuseWithoutProposal(options);
  const { stage, resume } = options;
  const definition = await loadWorld(options.world);
  const { id, version } = definition.spec;
  const directory = options.out ?? `runs/${id}`;
  const wanted: RunRecord = {
    world: id,
    worldVersion: version,
    seed: options.seed ?? DEFAULT_SEED,
    minutes: options.minutes ?? DEFAULT_MINUTES,
    ...(options.proposal === false && { proposal: false }),
    ...givenRenderer(options),
  };
  const goesOn = goesOnWithAgent(stage);
  if (goesOn && !hasRun(directory) && !hasWeights(directory))
    throw new UsageError(
      `there is no agent in "${directory}" that --stage ${stage} could go on with; name its directory with --out, or train one with --stage all`,
    );
  const further = goesOn && !resume && hasRun(directory); // a copied agent brings no run
  const taken = await runFor(directory, wanted, resume || further);
  if (resume) refuseOtherResume(directory, taken, options);
  const run = further ? withFurther(taken, stage, wanted) : taken;
  const { seed, minutes, proposal = options.proposal } = requestOf(run, stage);
  const renderer = { ...givenRenderer(run), ...givenRenderer(options) };
  const engine = await openEngine(options.engine, options.threads === undefined ? {} : { threads: options.threads });
  try {
    const release = await claimRun(directory);
    try {
      const takesUp = resume || (stage === 'renderer' && !(await forgetFinished(directory)));
      if (!takesUp) await forgetStages(directory);
      await keepRun(directory, run); // from now on it can be resumed
      const log = new MetricsLog(directory);
      const card = await trainAgent(
        {
          definition,
          engine,
          directory,
          minutes,
          seed,
          clock,
          interrupted,
          resume: takesUp,
          config: { ...defaultAgentTrainingConfig, ...(proposal === false && { proposalShare: 0 }) },
          backbone: {
            ...backbones[renderer.backbone ?? 'unet'],
            ...(renderer.context && { context: renderer.context }),
            ...(renderer.guidable && { unconditional: true }),
          },
          onProgress: loggedProgress(log, { onProgress, ...(onWarning && { onWarning }) }),
        },
        stage,
        `npm run -s reverie -- train --world ${options.world} --stage ${stage} --minutes ${minutes} --seed ${seed}${writtenProposal(proposal)}${writtenRenderer(renderer)}`,
      );
      return { world: id, directory, card };
    } finally {
      await release();
    }
  } finally {
    await engine.dispose();
  }
}
