/**
 * Who takes part in `bench engine`: an engine of ours, or a peer. A contestant prepares a phase of a network, and what
 * it prepared says how long each run took.
 */
import type { Engine } from '../../../models/tensor/program.ts';
import type { Clock } from '../../../shared/clock.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';
import { prepareForward, prepareTraining } from './referenceSteps.ts';

export const phases = ['train', 'forward'] as const;

export type Phase = (typeof phases)[number];

/** Something prepared to be timed; `run` gives milliseconds. */
export interface Timed {
  run(): Promise<number>;
  dispose(): Promise<void>;
}

/** Whoever runs the networks. */
export interface Contestant {
  readonly name: string;
  readonly device: string | null;
  /** @throws EngineError when it cannot run this network */
  prepare(network: ReferenceNetwork, batch: number, phase: Phase): Promise<Timed>;
  /** Empties what it keeps of earlier preparations; only of those who keep something. */
  forget?(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * An engine as a contestant, which disposes of it with itself.
 * @param forget empties the engine's cache, if it has one
 */
export function contestantOf(
  engine: Engine,
  device: string | null,
  clock: Clock,
  forget?: () => Promise<void>,
): Contestant {
  return {
    name: engine.name,
    device,
    ...(forget && { forget }),
    async prepare(network, batch, phase) {
      const prepared = await (phase === 'train' ? prepareTraining : prepareForward)(engine, network, batch);
      return {
        async run() {
          const began = clock.now();
          await prepared.run();
          return clock.now() - began;
        },
        dispose: () => prepared.dispose(),
      };
    },
    dispose: () => engine.dispose(),
  };
}
