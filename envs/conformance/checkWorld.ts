/**
 * Whether a world keeps the contract of `shared/world.ts`, in the way of Gymnasium's `check_env`: every promise is
 * tried, and each result says what was seen. A world's author runs it as `reverie check PATH`, where it works in a
 * process of its own (`server/check/`); here it runs on the spot, so a world that hangs hangs the caller.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { ReverieError } from '../../shared/errors.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { createWorld, validateDefinition } from '../validateDefinition.ts';
import { checkAnswers } from './answersCheck.ts';
import { checkBehaviour } from './behaviourCheck.ts';
import { describeThrown, placeOfThrow } from './describeThrown.ts';
import { checkObservers, checkSeeds, checkSteps } from './determinismChecks.ts';
import { checkActions, checkTruncation } from './episodeChecks.ts';
import { factorsCheck, type NamedChecks } from './factorsCheck.ts';
import { Fault } from './fault.ts';
import { checkFloors } from './floorsCheck.ts';
import { checkFrames } from './framesCheck.ts';
import { checkMemory } from './memoryCheck.ts';
import { checkPlacement } from './placementCheck.ts';
import { checkReadable } from './readableCheck.ts';
import { checkScene } from './sceneCheck.ts';
import { checkSnapshots } from './snapshotCheck.ts';
import { checkSpace } from './spaceCheck.ts';
import { checkSpeed, roughSpeed } from './speedCheck.ts';
import { checkStates } from './statesCheck.ts';
import { type Check, type Size, Subject } from './subject.ts';
import { checkFewTasks, checkTasks } from './tasksCheck.ts';
import { checkTunnelling } from './tunnellingCheck.ts';

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence: what held, or what was seen and what was expected. */
  readonly detail: string;
  /** How to mend what failed. */
  readonly mend?: string;
  /** What breaks no promise and is worth a look all the same; left out when there is nothing. */
  readonly remarks?: readonly string[];
}

/** What is tried first; when it fails, everything after would only fail for the same reason. */
const basic: Readonly<Record<string, Check>> = { definition: checkDefinition, answers: checkAnswers };

/** What is also tried with each factor at the ends of its range. */
const main: NamedChecks = {
  seeds: checkSeeds,
  states: checkStates,
  snapshots: checkSnapshots,
  placement: checkPlacement,
  tasks: checkFewTasks,
  tunnelling: checkTunnelling,
};

const checks: Readonly<Record<string, Check>> = {
  ...basic,
  space: checkSpace,
  seeds: checkSeeds,
  states: checkStates,
  steps: checkSteps,
  observers: checkObservers,
  snapshots: checkSnapshots,
  placement: checkPlacement,
  actions: checkActions,
  truncation: checkTruncation,
  scene: checkScene,
  frames: checkFrames,
  readable: checkReadable,
  behaviour: checkBehaviour,
  tasks: checkTasks,
  floors: checkFloors,
  tunnelling: checkTunnelling,
  factors: factorsCheck(main),
  memory: checkMemory,
  speed: checkSpeed,
};

/** The names of all checks, in the order in which they are tried. */
export const checkNames: readonly string[] = Object.keys(checks);

export interface CheckOptions {
  /** With one, of processor time at best, the world's speed is reported too; speed is never a failure. */
  readonly clock?: Clock;
  /** How much is done: by default everything, or less for a world that the clock finds slow. */
  readonly size?: Size;
  /** Names of the checks to try; all when left out. The first two are always tried. */
  readonly only?: readonly string[];
  /** Is told the name of each check before it is tried. */
  readonly begin?: (name: string) => void;
  /** Is told each result as it comes. */
  readonly observe?: (result: CheckResult) => void;
}

/** Tries every promise on new worlds of the definition. A world that lacks the basics gets no further results. */
export async function checkWorld(definition: WorldDefinition, options: CheckOptions = {}): Promise<CheckResult[]> {
  const { clock, only, begin, observe } = options;
  const results: CheckResult[] = [];
  let size = options.size ?? 'full';
  for (const [name, check] of Object.entries(checks)) {
    const isBasic = Object.hasOwn(basic, name);
    if (!isBasic && only && !only.includes(name)) continue;
    if (name === 'speed' && !clock) continue;
    // Checks are long and synchronous: between them, whoever waits gets a turn.
    await setImmediate();
    begin?.(name);
    const result = await resultOf(name, check, new Subject(definition, size, clock));
    results.push(result);
    observe?.(result);
    if (isBasic && !result.ok) break;
    if (name === 'answers' && clock && !options.size) size = sizeFor(definition, clock);
  }
  return results;
}

/** Whether nothing more was tried because the definition or the answers were wrong. */
export function lacksBasics(results: readonly CheckResult[]): boolean {
  return results.some(({ name, ok }) => !ok && Object.hasOwn(basic, name));
}

/** How much can be tried of a world in little time. */
function sizeFor(definition: WorldDefinition, clock: Clock): Size {
  try {
    const world = createWorld(definition);
    const speed = roughSpeed(world, clock);
    const start = clock.now();
    for (let seed = 0; seed < 3; seed++) world.task(seed);
    const taskMilliseconds = (clock.now() - start) / 3;
    if (speed < 300) return 'scant';
    return speed < 5000 || taskMilliseconds > 30 ? 'quick' : 'full';
  } catch {
    return 'full';
  }
}

function checkDefinition({ definition }: Subject): string {
  const { spec } = createWorld(validateDefinition(definition, definition?.spec?.id ?? 'the definition'));
  return `${spec.id} version ${spec.version} is well formed`;
}

async function resultOf(name: string, check: Check, subject: Subject): Promise<CheckResult> {
  try {
    const verdict = await check(subject);
    if (typeof verdict === 'string') return { name, ok: true, detail: verdict };
    const { detail, remarks = [] } = verdict;
    return { name, ok: true, detail, ...(remarks.length > 0 && { remarks }) };
  } catch (error) {
    return { name, ok: false, ...explain(error, name, subject) };
  }
}

/** Ours are the frames of a stack that lie in this folder. */
const ours = new URL('.', import.meta.url).pathname;

function explain(error: unknown, name: string, { calls }: Subject): Pick<CheckResult, 'detail' | 'mend'> {
  if (error instanceof Fault) return { detail: error.message, mend: error.mend };
  const what = describeThrown(error);
  if (name === 'definition' && error instanceof ReverieError)
    return { detail: what, mend: 'see WorldSpec and World in shared/world.ts' };
  const place = placeOfThrow(error, (frame) => frame.includes(ours));
  const from = place ? `, from ${place}` : '';
  if (calls.current) {
    const detail = `${calls.current}() threw ${what}${from}: expected it to answer`;
    return {
      detail,
      mend: 'only step() and place() may throw, and only for actions and states that are not of the world',
    };
  }
  const detail = `the check could not go on after ${calls.last}(): ${what}${from}`;
  return { detail, mend: 'look at what the world answered last: it is not of the type that shared/world.ts gives' };
}
