/**
 * What a person asks of a training, put together with what its directory holds: a run that begins, a stage that goes on
 * with the agent there, or one that is taken up as it was asked for. Whatever would mix two runs is refused here, before
 * anything is written.
 */
import { UsageError } from '../../shared/errors.ts';
import { readAgentCard } from '../agent/agentCard.ts';
import { hasWeights } from '../agent/weightsDirectory.ts';
import {
  hasRun,
  keptRun,
  lastStage,
  type RunRecord,
  type RunWorld,
  refuseKeptRun,
  requestOf,
  type StageRequest,
  withFurther,
  withRequest,
} from './runRecord.ts';
import {
  DEFAULT_MINUTES,
  DEFAULT_SEED,
  givenRenderer,
  goesOnWithAgent,
  refuseUntaught,
  type StageChoice,
  type TrainingOptions,
  writtenRenderer,
} from './trainingOptions.ts';

export interface AskedRun {
  readonly stage: StageChoice;
  /** What is to be kept of it, once the directory is claimed. */
  readonly run: RunRecord;
  /** What the stage is asked for. */
  readonly request: StageRequest;
}

/** @throws UsageError when that would mix two runs, or there is no agent to go on with */
export function askedRun(directory: string, world: RunWorld, options: TrainingOptions): Promise<AskedRun> {
  return options.resume ? resumedRun(directory, world, options) : begunRun(directory, world, options);
}

async function begunRun(directory: string, world: RunWorld, options: TrainingOptions): Promise<AskedRun> {
  const { stage = 'all', seed = DEFAULT_SEED, minutes = DEFAULT_MINUTES, proposal } = options;
  refuseUntaught({ ...options, stage });
  const asked: StageRequest = { seed, minutes, ...(proposal === false && { proposal }), ...givenRenderer(options) };
  if (!goesOnWithAgent(stage)) {
    refuseKeptRun(directory);
    return { stage, run: { ...world, stage, ...asked }, request: asked };
  }
  if (!hasWeights(directory)) throw nothingToGoOnWith(directory, stage);
  const { recipe } = await readAgentCard(directory);
  if (!hasRun(directory)) {
    const request = { ...asked, recipe }; // a copied agent brings no run
    return { stage, run: { ...world, stage, ...request }, request };
  }
  const kept = await keptRun(directory, world);
  const request = { ...rendererKept(kept, stage), ...asked, recipe };
  return { stage, run: withFurther(kept, stage, request), request };
}

async function resumedRun(directory: string, world: RunWorld, options: TrainingOptions): Promise<AskedRun> {
  const kept = await keptRun(directory, world);
  const { stage = lastStage(kept) ?? 'all' } = options;
  refuseUntaught({ ...options, stage });
  refuseOtherStage(directory, kept, stage);
  refuseOtherRequest(directory, requestOf(kept, stage), options);
  if (isWhole(kept, stage)) refuseOtherRenderer(directory, requestOf(kept, stage), options);
  const run = withRequest(kept, stage, givenRenderer(options));
  return { stage, run, request: { ...rendererKept(run, stage), ...requestOf(run, stage) } };
}

/** What a renderer is to be by the run that its agent is of. */
function rendererKept(run: RunRecord, stage: StageChoice): Partial<StageRequest> {
  return stage === 'renderer' ? givenRenderer(run) : {};
}

/** Whether the run keeps all that the stage was asked for: once that was not so of the renderer. */
function isWhole({ stage: begun, further }: RunRecord, stage: StageChoice): boolean {
  return further?.stage === stage ? further.recipe !== undefined : begun !== undefined;
}

/** @throws UsageError when other minutes or another seed are given than the stage was begun with */
function refuseOtherRequest(directory: string, kept: StageRequest, { minutes, seed }: TrainingOptions): void {
  if (minutes !== undefined && minutes !== kept.minutes)
    throw new UsageError(
      `the run in "${directory}" was begun with --minutes ${kept.minutes}, not ${minutes}; leave out --minutes to resume it`,
    );
  if (seed !== undefined && seed !== kept.seed)
    throw new UsageError(
      `the run in "${directory}" was begun with --seed ${kept.seed}, not ${seed}; leave out --seed to resume it`,
    );
}

/** @throws UsageError when the renderer is to be another than the stage was begun with */
function refuseOtherRenderer(directory: string, kept: StageRequest, options: TrainingOptions): void {
  const given = givenRenderer(options);
  const begun = writtenRenderer(givenRenderer(kept));
  if (writtenRenderer({ ...givenRenderer(kept), ...given }) !== begun)
    throw new UsageError(
      `the run in "${directory}" was begun ${begun === '' ? 'with the usual renderer' : `with${begun}`}; leave out${writtenRenderer(given)} to resume it`,
    );
}

/** @throws UsageError when another stage of the run is unfinished, or has gone on with its agent */
function refuseOtherStage(directory: string, { stage: begun, reached, further }: RunRecord, stage: StageChoice): void {
  if (further !== undefined && further.stage !== stage)
    throw new UsageError(
      `the run in "${directory}" has gone on with --stage ${further.stage} since; resume that one, or train anew with another --out`,
    );
  if (further !== undefined || begun === undefined || begun === stage) return;
  const known = `the run in "${directory}" was begun with --stage ${begun}`;
  if (reached !== 'end')
    throw new UsageError(
      `${known} and has not finished; leave out --stage ${stage} to resume it, or choose another --out`,
    );
  throw new UsageError(
    goesOnWithAgent(stage)
      ? `${known} and has finished; leave out --resume to begin --stage ${stage} with its agent`
      : `${known} and has finished; go on with its agent by --stage renderer without --resume, or choose another --out`,
  );
}

function nothingToGoOnWith(directory: string, stage: StageChoice): UsageError {
  const missing = `there is no agent in "${directory}" that --stage ${stage} could go on with`;
  return new UsageError(
    hasRun(directory)
      ? `${missing}; finish the run there with --resume first`
      : `${missing}; name its directory with --out, or train one with --stage all`,
  );
}
