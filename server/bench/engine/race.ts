/**
 * One race of `bench engine`: contestants run the same phase of the same network in turns, until their time is up.
 * Whatever else the machine does meanwhile falls on all of them alike. A turn is some runs long, and its first run does
 * not count: threads of the one before may still spin, and its data fill the caches.
 */
import type { Clock } from '../../../shared/clock.ts';
import { percentile } from '../../evaluation/percentile.ts';
import type { Contestant, Phase, Timed } from './contestant.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

export interface Race {
  readonly network: ReferenceNetwork;
  readonly batch: number;
  readonly phase: Phase;
  /** Milliseconds that each contestant may run, beyond the least number of runs. */
  readonly budget: number;
}

/** How one contestant did. */
export interface Finish {
  /** Median milliseconds of a run; null where it cannot run, with the reason in `remark`. */
  readonly median: number | null;
  /** Milliseconds that preparing took; null where it failed. */
  readonly preparation: number | null;
  /** The same once more, of a contestant who keeps something of it; null for others. */
  readonly again: number | null;
  readonly remark: string | null;
}

/** Turns that each contestant gets, and runs of a turn that count at least. */
const TURNS = 4;
const LEAST_RUNS = 2;

/** Lets all contestants run. @returns how each did, by name */
export async function race(
  contestants: readonly Contestant[],
  course: Race,
  clock: Clock,
): Promise<Map<string, Finish>> {
  const runners: Runner[] = [];
  for (const contestant of contestants) runners.push(await entered(contestant, course, clock));
  for (let turn = 0; turn < TURNS; turn++)
    for (const runner of runners) await takeTurn(runner, course.phase, course.budget / TURNS);
  for (const { timed } of runners) await timed?.dispose();
  return new Map(runners.map((runner) => [runner.name, finishOf(runner)]));
}

interface Runner {
  readonly name: string;
  readonly preparation: number | null;
  readonly again: number | null;
  /** Milliseconds of each run that counts. */
  readonly times: number[];
  timed: Timed | undefined;
  remark: string | null;
}

async function entered(contestant: Contestant, course: Race, clock: Clock): Promise<Runner> {
  const { name } = contestant;
  try {
    return { name, times: [], remark: null, ...(await prepared(contestant, course, clock)) };
  } catch (error) {
    const remark = remarkOn(error, course.phase);
    return { name, timed: undefined, preparation: null, again: null, times: [], remark };
  }
}

/**
 * Prepares a contestant. One who keeps something of it does so three times: once so that the program's own code is
 * compiled, once with nothing kept, and once with everything.
 */
async function prepared(
  contestant: Contestant,
  { network, batch, phase }: Race,
  clock: Clock,
): Promise<Pick<Runner, 'timed' | 'preparation' | 'again'>> {
  const once = async () => {
    const began = clock.now();
    const timed = await contestant.prepare(network, batch, phase);
    return { timed, took: clock.now() - began };
  };
  const first = await once();
  if (!contestant.forget) return { timed: first.timed, preparation: first.took, again: null };
  await first.timed.dispose();
  await contestant.forget();
  const cold = await once();
  await cold.timed.dispose();
  const warm = await once();
  return { timed: warm.timed, preparation: cold.took, again: warm.took };
}

/** Runs for `budget` milliseconds. A contestant that fails leaves the race, and its remark says why. */
async function takeTurn(runner: Runner, phase: Phase, budget: number): Promise<void> {
  try {
    let spent = (await runner.timed?.run()) ?? 0;
    for (let runs = 0; runner.timed && (runs < LEAST_RUNS || spent < budget); runs++) {
      const time = await runner.timed.run();
      runner.times.push(time);
      spent += time;
    }
  } catch (error) {
    await runner.timed?.dispose();
    runner.timed = undefined;
    runner.times.length = 0;
    runner.remark = remarkOn(error, phase);
  }
}

function finishOf({ times, preparation, again, remark }: Runner): Finish {
  return { median: times.length > 0 ? percentile(times, 0.5) : null, preparation, again, remark };
}

function remarkOn(error: unknown, phase: Phase): string {
  return `${phase}: ${error instanceof Error ? error.message : String(error)}`;
}
