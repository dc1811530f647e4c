/**
 * The state of a renderer's training on disk: one safetensors file with the networks that are finished, the optimiser's
 * state and the average of the stage in progress; and in its metadata what the finished networks took, and which run it
 * belongs to: the same network and seed on the same data.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Networks } from '../../models/diffusion/methods.ts';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import { withEveryStep } from '../../models/diffusion/network/studentSteps.ts';
import { EXTRA_NETWORKS, type NetworkName, RENDERER_NETWORKS } from '../../models/diffusion/networks.ts';
import { grouped, joined } from '../../models/tensor/namespaces.ts';
import type { HostTensors } from '../../models/tensor/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../models/tensor/safetensors.ts';
import { TrainingError } from '../../shared/errors.ts';
import { type TrainingCosts, trainingCostsSchema } from '../agent/trainingCost.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { TrainedNetworks } from './networkTraining.ts';
import type { StageState } from './rendererStage.ts';

const ALL_NETWORKS: readonly NetworkName[] = [...RENDERER_NETWORKS, ...EXTRA_NETWORKS];

/** What must be equal for a checkpoint to be of the same run. */
export interface RunIdentity {
  readonly denoiser: DenoiserConfig;
  readonly seed: number;
  /** A digest of the data. */
  readonly data: string;
  /** Where methods are trained into a renderer: which, and for how many minutes. */
  readonly methods?: readonly string[];
  readonly minutes?: number;
}

const RENDERER_FILE = 'renderer-training.safetensors';

export class RendererCheckpoint {
  readonly finished: Networks;
  /** What the finished networks took. */
  readonly costs: TrainingCosts;
  /** The stage that was in progress, with its state. */
  readonly stage: NetworkName | undefined;
  readonly state: StageState | undefined;
  private readonly path: string | undefined;
  private readonly run: string;

  private constructor(
    path: string | undefined,
    run: string,
    { networks, costs }: TrainedNetworks = { networks: {}, costs: {} },
    stage?: NetworkName,
    state?: StageState,
  ) {
    this.path = path;
    this.run = run;
    this.finished = networks;
    this.costs = costs;
    this.stage = stage;
    this.state = state;
  }

  /**
   * Reads the directory's checkpoint; without a directory or a checkpoint in it, an empty one.
   * @throws TrainingError when it belongs to another run
   */
  static async open(
    directory: string | undefined,
    identity: RunIdentity,
    file = RENDERER_FILE,
  ): Promise<RendererCheckpoint> {
    const run = JSON.stringify(identity);
    const path = directory && join(directory, file);
    const bytes = path && (await readIfThere(path));
    if (!bytes) return new RendererCheckpoint(path, run);
    const { tensors, metadata } = decodeSafetensors(bytes);
    if (metadata.run !== run)
      throw new TrainingError(
        `the checkpoint in ${directory} belongs to another training run; finish that one with its own command, choose another directory or remove ${file}`,
      );
    const groups = grouped(tensors);
    const networks = Object.fromEntries(
      ALL_NETWORKS.filter((network) => groups[network]).map((network) => [network, groups[network]]),
    );
    const finished = { networks, costs: trainingCostsSchema.parse(JSON.parse(metadata.costs ?? '{}')) };
    const stage = ALL_NETWORKS.find((network) => network === metadata.stage);
    const { parameters, firstMoments, secondMoments, average } = groups;
    if (!stage || !parameters || !firstMoments || !secondMoments || !average)
      return new RendererCheckpoint(path, run, finished);
    const train = {
      step: Number(metadata.step),
      parameters: withEveryStep(parameters),
      firstMoments: withEveryStep(firstMoments),
      secondMoments: withEveryStep(secondMoments),
      buffers: {},
    };
    return new RendererCheckpoint(path, run, finished, stage, {
      train,
      average: withEveryStep(average),
      elapsed: Number(metadata.elapsed),
    });
  }

  /** Keeps the state of a stage in progress. */
  async save(stage: NetworkName, { train, average, elapsed }: StageState, finished: TrainedNetworks): Promise<void> {
    const { parameters, firstMoments, secondMoments } = train;
    await this.write(joined({ ...definite(finished.networks), parameters, firstMoments, secondMoments, average }), {
      stage,
      step: String(train.step),
      elapsed: String(elapsed),
      costs: JSON.stringify(finished.costs),
    });
  }

  /** Keeps the networks alone, once the stage is done. */
  async finish({ networks, costs }: TrainedNetworks): Promise<void> {
    await this.write(joined(definite(networks)), { costs: JSON.stringify(costs) });
  }

  /** Removes the file, once what it holds is kept elsewhere. */
  async remove(): Promise<void> {
    if (this.path !== undefined) await rm(this.path, { force: true });
  }

  private async write(tensors: HostTensors, metadata: Readonly<Record<string, string>>): Promise<void> {
    if (this.path === undefined) return;
    const file = encodeSafetensors({ tensors, metadata: { ...metadata, run: this.run } });
    await writeAtomically(this.path, file);
  }
}

/**
 * Removes a renderer's checkpoint in which every network is finished, so that it can be trained anew; one that is under
 * way stays. Says whether it did.
 */
export async function forgetFinished(directory: string): Promise<boolean> {
  const path = join(directory, RENDERER_FILE);
  const bytes = await readIfThere(path);
  if (!bytes) return false;
  const { tensors, metadata } = decodeSafetensors(bytes);
  const networks = grouped(tensors);
  if (metadata.stage !== undefined || !RENDERER_NETWORKS.every((network) => networks[network])) return false;
  await rm(path);
  return true;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function definite(networks: Networks): Record<string, HostTensors> {
  return Object.fromEntries(Object.entries(networks).filter(([, tensors]) => tensors));
}
