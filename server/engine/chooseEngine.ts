/**
 * Which engine `auto` is: of those that run here, the one that is fastest at a small workload. Only engines that may
 * beat the compiled CPU engine are candidates, so that a machine without a GPU chooses without measuring:
 * tensorflow.js, one kernel at a time on the same processor, has been slower on every network measured
 * (docs/engine.md). A candidate that fails or does not answer is out, and the CPU remains.
 */
import { type EngineName, engineNames } from '../../models/tensor/engineNames.ts';
import type { EngineStatus } from '../../models/tensor/engines.ts';

/** How a candidate did. */
export interface Measurement {
  readonly engine: EngineName;
  /** Milliseconds of the workload; null where it failed, with the reason in `remark`. */
  readonly ms: number | null;
  readonly remark: string | null;
}

export interface EngineChoice {
  readonly engine: EngineName;
  /** Why, in words. */
  readonly why: string;
  readonly measured: readonly Measurement[];
}

/** Another engine must take less than this fraction of the CPU's time: below that, it is noise. */
const MARGIN = 0.9;

/**
 * Chooses among the engines.
 * @param measure milliseconds of the workload on an engine
 */
export async function chooseEngine(
  statuses: readonly EngineStatus[],
  measure: (engine: EngineName) => Promise<number>,
): Promise<EngineChoice> {
  const candidates = engineNames.filter((engine) => statuses.some((status) => isCandidate(status, engine)));
  if (candidates.length < 2)
    return { engine: 'cpu', why: 'no other engine that could be faster runs here', measured: [] };
  const measured: Measurement[] = [];
  for (const engine of candidates) measured.push(await measurementOf(engine, measure));
  const cpu = measured.find(({ engine }) => engine === 'cpu')?.ms ?? Number.POSITIVE_INFINITY;
  const [best] = measured
    .filter(({ engine, ms }) => ms !== null && (engine === 'cpu' || ms < MARGIN * cpu))
    .sort((a, b) => Number(a.ms) - Number(b.ms));
  return { engine: best?.engine ?? 'cpu', why: measured.map(inWords).join(', '), measured };
}

function isCandidate({ name, available, device }: EngineStatus, engine: EngineName): boolean {
  if (name !== engine || !available) return false;
  return name === 'cpu' || name === 'webgpu' || name === 'cuda' || (name === 'tensorflow' && device === 'GPU');
}

async function measurementOf(
  engine: EngineName,
  measure: (engine: EngineName) => Promise<number>,
): Promise<Measurement> {
  try {
    return { engine, ms: await measure(engine), remark: null };
  } catch (error) {
    return { engine, ms: null, remark: error instanceof Error ? error.message : String(error) };
  }
}

function inWords({ engine, ms, remark }: Measurement): string {
  return ms === null ? `${engine} failed (${remark})` : `${engine} took ${ms.toFixed(1)} ms`;
}
