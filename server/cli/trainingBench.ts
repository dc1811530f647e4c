/**
 * What every bench that trains something does around its measuring: it finds the world, its agent's directory and an
 * engine, shows each stage as it goes on, and lets go of all that in the end, whatever comes of it.
 */
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { CommandContext } from './commandContext.ts';
import { StageProgress } from './stageProgress.ts';

/** What the command line says of it. */
export interface TrainingBenchOptions {
  readonly world: string;
  /** Directory of the agent; the world's shipped weights when left out. */
  readonly agent?: string;
  readonly engine: string;
  readonly threads?: number;
}

/** What a bench measures with. */
export interface TrainingBenchParts {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  /** Of the agent. */
  readonly directory: string;
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
}

/** The id of the world, and what was measured. @throws UsageError when there is no such world or engine, or as `measure` */
export async function runTrainingBench<R>(
  { world, agent, engine: name, threads }: TrainingBenchOptions,
  { output, clock, interruption }: CommandContext,
  measure: (parts: TrainingBenchParts) => Promise<R>,
): Promise<{ readonly world: string; readonly measured: R }> {
  const { loadWorld } = await import('../../envs/registry.ts');
  const { weightsDirectory } = await import('../agent/weightsDirectory.ts');
  const { openEngine } = await import('../engine/openEngine.ts');
  const definition = await loadWorld(world);
  const { id } = definition.spec;
  const engine = await openEngine(name, threads === undefined ? {} : { threads });
  const shown = new StageProgress((label) => output.progress(label, 1000));
  try {
    const measured = await measure({
      definition,
      engine,
      directory: agent ?? weightsDirectory(id),
      clock,
      interrupted: interruption(),
      onProgress: (label, progress, terms) => shown.update(label, progress, terms),
    });
    return { world: id, measured };
  } finally {
    shown.stop();
    await engine.dispose();
  }
}
