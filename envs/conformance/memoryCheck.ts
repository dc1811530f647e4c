/**
 * Whether a world that is played for long keeps more and more. Episodes, frames and tasks are made by the thousand
 * while the heap is measured after full collections, stretch by stretch: what has grown in all of them but one, since
 * the engine tidies up when it likes, is a leak; what only grew in the first was a cache.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { playSteps } from './playing.ts';
import type { Subject } from './subject.ts';

const stretches = 5;

/** Bytes a step that are not yet called a leak: what a measurement errs by. */
const tolerated = 24;

/** Neither the heap nor the memory of arrays outside it grows with the number of steps. */
export async function checkMemory(subject: Subject): Promise<string> {
  const world = subject.world();
  const steps = Math.ceil(subject.amount(20_000, 1500) / stretches);
  const collect = collector();
  const heap: number[] = [];
  const buffers: number[] = [];
  playStretch(world, 500, Math.ceil(steps / 4));
  for (let stretch = 0; stretch <= stretches; stretch++) {
    // What was printed or finalised leaves memory only when the program gets a turn.
    await setImmediate();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap.push(heapUsed);
    buffers.push(arrayBuffers);
    if (stretch < stretches) playStretch(world, 1000 * (stretch + 1), steps);
  }
  for (const [what, sizes] of [
    ['the heap', heap],
    ['the memory of typed arrays', buffers],
  ] as const) {
    const growths = sizes.slice(1).map((size, i) => (size - (sizes[i] as number)) / steps);
    const [, growth = 0] = growths.sort((a, b) => a - b);
    if (growth <= tolerated) continue;
    const seen = `${what} grows by ${Math.round(growth)} bytes a step or more, in ${stretches - 1} of ${stretches} stretches of ${steps} steps`;
    const mend = 'look for arrays and maps that grow with steps or episodes: histories, caches, listeners';
    throw new Fault(seen, 'it to stay as it is over many episodes', mend);
  }
  return `${stretches * steps} steps with frames, snapshots and tasks leave no more in memory than before`;
}

function playStretch(world: World, seed: number, steps: number): void {
  let done = 0;
  playSteps(world, seed, 'scripted', steps, () => {
    if (++done % 10 === 0) world.frame();
    if (done % 500 !== 0) return;
    world.task(done);
    world.restore(world.snapshot());
  });
}

/** V8's collection of everything, which programs are not given unless they ask for it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
