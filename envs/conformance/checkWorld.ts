/**
 * Whether a world keeps the contract of `shared/world.ts`, in the way of Gymnasium's `check_env`: every promise is
 * tried, and each result says what was seen. A world's author runs it as `reverie check PATH`.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { createWorld, validateDefinition } from '../validateDefinition.ts';
import {
  checkActions,
  checkPlacement,
  checkSeeds,
  checkSnapshots,
  checkSteps,
  checkTruncation,
} from './dynamicsChecks.ts';
import { checkBehaviour, checkFrames, checkScene, checkStates, checkTasks } from './meaningChecks.ts';
import { measureSpeed } from './measureSpeed.ts';
import type { Check } from './playing.ts';

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence: what held, or what was seen and what was expected. */
  readonly detail: string;
}

const checks: Readonly<Record<string, Check>> = {
  seeds: checkSeeds,
  states: checkStates,
  steps: checkSteps,
  snapshots: checkSnapshots,
  placement: checkPlacement,
  actions: checkActions,
  truncation: checkTruncation,
  scene: checkScene,
  frames: checkFrames,
  behaviour: checkBehaviour,
  tasks: checkTasks,
};

/**
 * Tries every promise on new worlds of the definition. A world whose definition is already wrong gets that one result.
 * @param clock with one, the world's speed is reported too; speed is never a failure.
 * @param observe is told each result as it comes.
 */
export async function checkWorld(
  definition: WorldDefinition,
  clock?: Clock,
  observe?: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const tryOut = async (name: string, check: Check) => {
    // Checks are long and synchronous: between them, whoever waits gets a turn.
    await setImmediate();
    const result = resultOf(name, check, definition);
    results.push(result);
    observe?.(result);
    return result.ok;
  };
  if (!(await tryOut('definition', checkDefinition))) return results;
  for (const [name, check] of Object.entries(checks)) await tryOut(name, check);
  if (clock) await tryOut('speed', () => measureSpeed(definition, clock));
  return results;
}

function checkDefinition(definition: WorldDefinition): string {
  const { spec } = createWorld(validateDefinition(definition, definition?.spec?.id ?? 'the definition'));
  return `${spec.id} version ${spec.version} is well formed`;
}

function resultOf(name: string, check: Check, definition: WorldDefinition): CheckResult {
  try {
    return { name, ok: true, detail: check(definition) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
