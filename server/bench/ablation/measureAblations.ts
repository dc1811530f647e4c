/**
 * What each part of the agent's method is worth: agents of the same minutes, seed and data, each without one part,
 * play the same tasks. They are trained up to their practice, which would hide a part's worth behind the play that it
 * leads to, and on half the usual episodes.
 */
import { basename, join } from 'node:path';
import type { Engine } from '../../../models/tensor/program.ts';
import type { Clock } from '../../../shared/clock.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { WorldDefinition } from '../../../shared/world.ts';
import { readAgentCard } from '../../agent/agentCard.ts';
import { loadLatentAgent } from '../../agent/latentAgent.ts';
import { hasWeights } from '../../agent/weightsDirectory.ts';
import { drawTasks, evaluateRow, type RowResult } from '../../evaluation/evaluate.ts';
import { type LatentAccuracy, latentAccuracy } from '../../evaluation/latentAccuracy.ts';
import { agentController } from '../../evaluation/planningControllers.ts';
import { type AgentTrainingConfig, defaultAgentTrainingConfig } from '../../training/agentTraining.ts';
import { claimRun } from '../../training/runClaim.ts';
import { hasRun, keepRun, keptRun, refuseKeptRun } from '../../training/runRecord.ts';
import { trainAgent } from '../../training/trainAgent.ts';
import { type Ablation, type AblationName, ablationNames, ablations } from './ablations.ts';

export interface AblationBench {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly threads?: number;
  readonly clock: Clock;
  readonly only: readonly AblationName[];
  /** A directory for each agent is made in it. */
  readonly out: string;
  /** Whether agents that are there already are taken up. */
  readonly resume: boolean;
  /** Training time of each agent. */
  readonly minutes: number;
  readonly seed: number;
  /** Tasks that each plays, and their seed. */
  readonly episodes: number;
  readonly taskSeed: number;
  readonly config?: AgentTrainingConfig;
  readonly interrupted: AbortSignal;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
}

export interface AblationRow extends RowResult, LatentAccuracy {
  /** What is missing. */
  readonly ablation: AblationName;
}

/** Step at which predictions are judged. */
const PREDICTED_STEP = 5;

export const ablationTrainingConfig: AgentTrainingConfig = {
  ...defaultAgentTrainingConfig,
  encodedEpisodes: defaultAgentTrainingConfig.encodedEpisodes / 2,
  heldEpisodes: defaultAgentTrainingConfig.heldEpisodes / 2,
  shares: { ...defaultAgentTrainingConfig.shares, practice: 0, renderer: 0 },
};

/**
 * One row for each ablation, in their own order.
 * @throws UsageError when `out` holds other agents; TrainingError when a loss is not finite or it is interrupted
 */
export async function measureAblations(bench: AblationBench): Promise<AblationRow[]> {
  const { definition, episodes, taskSeed, clock, threads, onProgress } = bench;
  const tasks = drawTasks(definition.create(), episodes, taskSeed);
  const understood = new Map<string, LatentAccuracy>();
  const rows: AblationRow[] = [];
  for (const name of ablationNames.filter((each) => bench.only.includes(each))) {
    const ablation: Ablation = ablations[name];
    const directory = join(bench.out, ablation.training ? name : 'whole');
    if (!understood.has(directory)) {
      await trained(bench, ablation, directory);
      understood.set(directory, await latentAccuracy(directory, definition, taskSeed, PREDICTED_STEP));
    }
    if (ablation.ofThings && (await readAgentCard(directory)).latent.things === undefined) continue;
    const agent = await loadLatentAgent({
      directory,
      ...(threads !== undefined && { threads }),
      ...(ablation.objective && { objective: ablation.objective }),
    });
    try {
      const played = await evaluateRow(definition, tasks, agentController(agent, taskSeed, clock), (done) =>
        onProgress(`${name}: tasks`, done / episodes, {}),
      );
      rows.push({ ablation: name, ...played, ...(understood.get(directory) as LatentAccuracy) });
    } finally {
      await agent.dispose();
    }
  }
  return rows;
}

/** Trains the agent in the directory to its end, unless it is there. */
async function trained(bench: AblationBench, { training }: Ablation, directory: string): Promise<void> {
  const { definition, engine, clock, minutes, seed, interrupted, onProgress, config = ablationTrainingConfig } = bench;
  const { id, version } = definition.spec;
  const goesOn = bench.resume && hasRun(directory);
  const wanted = { world: id, worldVersion: version, stage: 'latent', seed, minutes } as const;
  if (!goesOn) refuseKeptRun(directory);
  const run = goesOn ? await keptRun(directory, wanted) : wanted;
  if (run.minutes !== minutes || run.seed !== seed)
    throw new UsageError(
      `"${directory}" holds an agent of ${run.minutes} minutes and seed ${run.seed}; give those, or choose another --out`,
    );
  if (hasWeights(directory)) return;
  const release = await claimRun(directory);
  try {
    await keepRun(directory, run);
    await trainAgent(
      {
        definition,
        engine,
        directory,
        minutes,
        seed,
        clock,
        config: { ...config, ...training },
        resume: goesOn,
        interrupted,
        onProgress: (stage, progress, terms) => onProgress(`${basename(directory)}: ${stage}`, progress, terms),
      },
      {
        stage: 'latent',
        command: `npm run -s reverie -- bench ablation --world ${id} --minutes ${minutes} --seed ${seed}`,
      },
    );
  } finally {
    await release();
  }
}
