/**
 * The promises about frames, which are all that an agent sees: bytes of the right number, a new array each time, a
 * function of the state, different where states differ, and showing every object of the spec in its colour. Objects
 * that are too small or too much alike to be learnt are remarked on.
 */
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { State, World } from '../../shared/world.ts';
import { bytesOf, colorDistance, colorMasks } from './colorMasks.ts';
import { Fault } from './fault.ts';
import { playEpisode, seeds } from './playing.ts';
import { expectSameFrame, sameFrame, sameState } from './sameness.ts';
import type { Subject, Verdict } from './subject.ts';

/** Diameter in pixels below which an object is hard to see, and its area as a disc. */
const smallest = 3.5;
const smallestArea = Math.PI * (smallest / 2) ** 2;

/** Distance between two colours below which they are hard to tell apart. */
const nearColors = 80;

/** Brightest value below which a frame is taken for one on another scale. */
const darkest = 16;

/** Objects that the physical readout of pictures tells apart (`bench renderer`). */
const mostObjects = 3;

interface Shown {
  readonly state: State;
  readonly frame: Frame;
}

/** Frames have the right size, show every object, are a function of the state, and differ where states do. */
export function checkFrames(subject: Subject): Verdict {
  const world = subject.world();
  const shown: Shown[] = [];
  let [changes, visible] = [0, 0];
  for (const seed of seeds) {
    world.reset(seed);
    let last = look(world, `the start of seed ${seed}`);
    shown.push(last);
    playEpisode(world, seed, 'scripted', Math.min(60, world.spec.budget), (_, step) => {
      const next = look(world, `step ${step} of seed ${seed}`);
      if (sameState(last.state, next.state)) {
        const mend = 'draw the frame from state() alone, with no counter, noise or trail';
        expectSameFrame(last.frame, next.frame, `an unchanged state in seed ${seed}`, mend);
      } else {
        changes++;
        if (!sameFrame(last.frame, next.frame)) visible++;
      }
      last = next;
      shown.push(next);
    });
  }
  expectOwnBytes(world);
  expectPicture(shown);
  if (visible < changes / 2) {
    const seen = `the frame changed in ${visible} of ${changes} steps that changed the state`;
    throw new Fault(seen, 'most of them', 'draw everything that moves; things a pixel wide or slower are lost');
  }
  expectFunctionOfState(world, shown);
  const remarks = [...remarksOnObjects(subject, shown), ...remarksOnCount(subject), ...remarksOnColors(subject)];
  return { detail: `the frame changed in ${visible} of ${changes} steps that changed the state`, remarks };
}

function look(world: World, where: string): Shown {
  const frame: unknown = world.frame();
  if (!(frame instanceof Uint8Array) || frame.length !== FRAME_BYTES) {
    const size = frame instanceof Uint8Array ? `${frame.length} long` : 'no Uint8Array';
    throw new Fault(`a frame is ${size} at ${where}`, `a Uint8Array of ${FRAME_BYTES} bytes`, 'leave alpha out');
  }
  return { state: world.state(), frame };
}

/** A frame that was taken stays as it was when the world goes on. */
function expectOwnBytes(world: World): void {
  world.reset(0);
  const early = world.frame();
  const copy = early.slice();
  playEpisode(world, 1, 'scripted', 10, () => world.frame());
  const mend = 'make a new array in frame(): frames are kept by whoever takes them';
  expectSameFrame(copy, early, 'a later look at a frame that was taken before the world went on', mend);
}

function expectPicture(shown: readonly Shown[]): void {
  const brightest = Math.max(...shown.map(({ frame }) => frame.reduce((most, value) => Math.max(most, value), 0)));
  if (brightest > 0 && brightest < darkest) {
    const seen = `the brightest value of ${shown.length} frames is ${brightest}`;
    throw new Fault(seen, 'bytes from 0 to 255', 'multiply by 255 what lies between 0 and 1');
  }
  const blank = shown.filter(({ frame }) => isOneColor(frame)).length;
  if (blank === 0) return;
  const color = [...(shown.find(({ frame }) => isOneColor(frame))?.frame.subarray(0, 3) ?? [])].join(', ');
  const seen = `${blank} of ${shown.length} frames are all of one colour, such as (${color})`;
  throw new Fault(seen, 'to see something', 'draw the scene over the whole frame, in bytes from 0 to 255');
}

function isOneColor(frame: Frame): boolean {
  return frame.every((value, i) => value === frame[i % 3]);
}

/** The picture of a stored state is the one that was taken then, whatever the world has done since. */
function expectFunctionOfState(world: World, shown: readonly Shown[]): void {
  const mend = 'draw the frame from state() alone, and let the state hold all that is drawn';
  for (let i = shown.length - 1; i >= 0; i -= 17) {
    const { state, frame } = shown[i] as Shown;
    world.place(state);
    expectSameFrame(frame, world.frame(), `a state that was placed again, number ${i} of those seen`, mend);
  }
}

function remarksOnObjects({ spec }: Subject, shown: readonly Shown[]): string[] {
  return colorMasks(spec).flatMap(({ color, names, find }) => {
    const areas = shown.map(({ frame }) => find(frame)?.area ?? 0);
    const what = `${names.join(', ')} (${color})`;
    const seen = areas.filter((area) => area > 0).length;
    if (seen === 0) {
      const mend = `draw it in ${color}, unblended, at least ${smallest} pixels across`;
      throw new Fault(`no frame of ${shown.length} shows ${what}`, 'every object of the spec to be seen', mend);
    }
    if (seen < 0.9 * shown.length) return [`${what} is seen in ${seen} of ${shown.length} frames only`];
    const median = [...areas].sort((a, b) => a - b)[Math.floor(areas.length / 2)] as number;
    if (median >= smallestArea * 0.6) return [];
    return [`${what} covers ${median.toFixed(1)} pixels: below ${smallest} pixels across it is hard to learn`];
  });
}

function remarksOnCount({ spec: { objects } }: Subject): string[] {
  if (objects.length === 0) return ['spec.objects names nothing: no readout can say where things are'];
  return objects.length > mostObjects
    ? [`spec.objects names ${objects.length} things: a readout of the picture tells ${mostObjects} colours apart`]
    : [];
}

function remarksOnColors({ spec: { objects, background } }: Subject): string[] {
  const all = [...objects.map(({ name, color }) => ({ name, color })), { name: 'background', color: background }];
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => {
      const distance = colorDistance(bytesOf(a.color), bytesOf(b.color));
      if (distance >= nearColors || (distance === 0 && b.name !== 'background')) return [];
      return [`${a.name} (${a.color}) and ${b.name} (${b.color}) are hard to tell apart`];
    }),
  );
}
