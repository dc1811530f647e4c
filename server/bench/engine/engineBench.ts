/**
 * The engine bench: the same three networks on every engine, and on a peer, as races run by run (`race.ts`). Its
 * figures are medians, and its ratios compare contestants of the same race.
 */
import type { Clock } from '../../../shared/clock.ts';
import { type Contestant, type Phase, phases } from './contestant.ts';
import { type Finish, race } from './race.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

export interface EngineRow {
  readonly net: ReferenceNetwork['name'];
  readonly engine: string;
  readonly batch: number;
  /** Median milliseconds; null where the contestant cannot, with the reason in `remark`. */
  readonly trainMs: number | null;
  readonly forwardMs: number | null;
  /** Billions of floating-point operations a second in training, where backward counts as two forward passes. */
  readonly gflops: number | null;
  /** Milliseconds from functions to loaded programs; for a peer, nothing to speak of. */
  readonly compileMs: { readonly train: number | null; readonly forward: number | null };
  /** The same with optimised graphs on disk; null for contestants that keep none. */
  readonly cachedCompileMs: { readonly train: number | null; readonly forward: number | null };
  /** How many times as fast as the reference. */
  readonly ratio: { readonly train: number | null; readonly forward: number | null };
  readonly remark: string | null;
}

export interface EngineBench {
  readonly contestants: readonly Contestant[];
  /** Name of the contestant that the ratios are to. */
  readonly reference: string;
  readonly networks: readonly ReferenceNetwork[];
  readonly batches: readonly number[];
  /** Milliseconds that each contestant may run in each race. */
  readonly budget: number;
  /** Told before each race. */
  readonly onRace?: (network: ReferenceNetwork, batch: number, phase: Phase) => void;
  readonly clock: Clock;
}

/** Batch sizes that are timed unless told: of training, and of one frame. */
export const batches = [16, 1] as const;

/** Times all contestants on all networks and batch sizes. */
export async function benchEngines(bench: EngineBench): Promise<EngineRow[]> {
  const { contestants, networks, budget, clock } = bench;
  const rows: EngineRow[] = [];
  for (const network of networks)
    for (const batch of bench.batches) {
      const finishes = new Map<Phase, Map<string, Finish>>();
      for (const phase of phases) {
        bench.onRace?.(network, batch, phase);
        finishes.set(phase, await race(contestants, { network, batch, phase, budget }, clock));
      }
      const finish = (name: string, phase: Phase) => finishes.get(phase)?.get(name) as Finish;
      rows.push(...contestants.map(({ name }) => rowOf(name, network, batch, bench.reference, finish)));
    }
  return rows;
}

function rowOf(
  engine: string,
  { name: net, flops }: ReferenceNetwork,
  batch: number,
  reference: string,
  finish: (name: string, phase: Phase) => Finish,
): EngineRow {
  const train = finish(engine, 'train');
  const forward = finish(engine, 'forward');
  return {
    net,
    engine,
    batch,
    trainMs: train.median,
    forwardMs: forward.median,
    gflops: quotient((3 * flops * batch) / 1e6, train.median),
    compileMs: { train: train.preparation, forward: forward.preparation },
    cachedCompileMs: { train: train.again, forward: forward.again },
    ratio: {
      train: quotient(finish(reference, 'train').median, train.median),
      forward: quotient(finish(reference, 'forward').median, forward.median),
    },
    remark: train.remark ?? forward.remark,
  };
}

function quotient(over: number | null, under: number | null): number | null {
  return over === null || under === null ? null : over / under;
}
