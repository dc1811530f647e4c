/**
 * An engine for a command: by its name, or `auto`, which is chosen by measuring once and remembered. What was chosen
 * may have gone since, with its driver or its library; the CPU then takes its place without a word. An engine that was
 * asked for by name is never replaced.
 */
import type { EngineName } from '../../models/tensor/engineNames.ts';
import { createEngine, type EngineOptions, type EngineStatus, listEngines } from '../../models/tensor/engines.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { runApart } from '../../models/tensor/runApart.ts';
import { graphCacheDirectory } from '../files/userCacheDirectory.ts';
import { chooseEngine, type EngineChoice } from './chooseEngine.ts';
import { readChoice, writeChoice } from './rememberedChoice.ts';

/** How long one engine's measurement may take, in milliseconds. */
const MEASUREMENT_LIMIT = 30_000;

/**
 * Opens an engine, with optimised graphs kept in the user's cache.
 * @throws UsageError for a name that does not exist, EngineError where the engine that was named cannot run
 */
export async function openEngine(name = 'auto', options: EngineOptions = {}): Promise<Engine> {
  const cached = { cache: graphCacheDirectory(), ...options };
  if (name !== 'auto') return createEngine(name, cached);
  const { engine } = await automaticEngine();
  return createEngine(engine, cached).catch(() => createEngine('cpu', cached));
}

/**
 * What `auto` is on this machine.
 * @param again whether to measure even if a choice is remembered
 * @param statuses what runs here, where that has been asked already
 */
export async function automaticEngine(again = false, statuses?: readonly EngineStatus[]): Promise<EngineChoice> {
  const remembered = again ? undefined : await readChoice();
  if (remembered) return remembered;
  const choice = await chooseEngine(statuses ?? (await listEngines()), measured);
  await writeChoice(choice);
  return choice;
}

/** Milliseconds of the workload, in another process. */
async function measured(engine: EngineName): Promise<number> {
  return Number(await runApart(new URL('./measureEngine.ts', import.meta.url), [engine], MEASUREMENT_LIMIT));
}
