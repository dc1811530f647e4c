/**
 * One run of training in a directory, as a person asks for it, by the command line or from the page: it takes up the run
 * that the directory holds or begins one, keeps others out meanwhile, and logs its losses.
 */
import { loadWorld } from '../../envs/registry.ts';
import { backbones } from '../../models/diffusion/network/backbones.ts';
import type { Clock } from '../../shared/clock.ts';
import type { AgentCard } from '../agent/agentCard.ts';
import { openEngine } from '../engine/openEngine.ts';
import { defaultAgentTrainingConfig } from './agentTraining.ts';
import { askedRun } from './askedRun.ts';
import { loggedProgress, type ProgressTold } from './loggedProgress.ts';
import { MetricsLog } from './metricsLog.ts';
import { forgetFinished } from './rendererCheckpoint.ts';
import { claimRun } from './runClaim.ts';
import { keepRun, lastStage, type StageRequest, withRequest } from './runRecord.ts';
import { forgetStages } from './stageCheckpoint.ts';
import { trainAgent } from './trainAgent.ts';
import {
  givenRenderer,
  goesOnWithAgent,
  type StageChoice,
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
  const { resume } = options;
  const definition = await loadWorld(options.world);
  const { id, version } = definition.spec;
  const directory = options.out ?? `runs/${id}`;
  const asked = await askedRun(directory, { world: id, worldVersion: version }, options);
  const { stage, request } = asked;
  const { seed, minutes, recipe, reached, proposal = options.proposal } = request;
  let { run } = asked;
  const reach = async (mark: StageRequest['reached']): Promise<void> => {
    if (lastStage(run) !== stage) return; // a run of before its stage was kept goes on as it always did
    run = withRequest(run, stage, { reached: mark });
    await keepRun(directory, run);
  };
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
            ...backbones[request.backbone ?? 'unet'],
            ...(request.context && { context: request.context }),
            ...(request.guidable && { unconditional: true }),
          },
          onProgress: loggedProgress(log, { onProgress, ...(onWarning && { onWarning }) }),
        },
        {
          stage,
          command: `npm run -s reverie -- train --world ${options.world} ${writtenRequest(stage, { ...request, proposal })}`,
          ...(recipe && { recipe }),
          learned: reached !== undefined,
          onLearned: () => reach('latent'),
        },
      );
      await reach('end');
      return { world: id, directory, card };
    } finally {
      await release();
    }
  } finally {
    await engine.dispose();
  }
}

/** What a stage is asked for, as options of the command line. */
function writtenRequest(
  stage: StageChoice,
  request: Omit<StageRequest, 'proposal'> & Pick<TrainingOptions, 'proposal'>,
): string {
  const { minutes, seed, proposal } = request;
  const renderer = goesOnWithAgent(stage) && stage !== 'renderer' ? '' : writtenRenderer(givenRenderer(request));
  return `--stage ${stage} --minutes ${minutes} --seed ${seed}${writtenProposal(proposal)}${renderer}`;
}
