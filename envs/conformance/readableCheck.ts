/**
 * Whether frames show the state: a linear probe is fitted to read every quantity from what frames say plainly, and is
 * judged on episodes that it has not seen. What it reads from is fixed: for each object's colour its area, middle and
 * spread, and the mean colours of 8×8 blocks. A position that cannot be read so is not shown, or is hidden most of the
 * time. Velocities are read from how two frames in a row differ; angles as sine and cosine.
 *
 * A probe measures what is there to be seen, not whether a network will learn it.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Quantity, State } from '../../shared/world.ts';
import { type ColorMask, colorMasks } from './colorMasks.ts';
import { Fault } from './fault.ts';
import { playEpisode } from './playing.ts';
import { heldOutFit } from './ridge.ts';
import type { Subject, Verdict } from './subject.ts';

/** A position's R² must be at least the first, and is remarked on below the second. */
const least = 0.5;
const good = 0.8;

/** The same for velocities and angles, which are only remarked on: contacts and symmetric shapes hide them. */
const worthARemark = 0.2;

const stepsApart = 3;
const looksPerEpisode = 8;
const blocks = 8;

/** Steps move things by a few pixels of 32, and places are as large as 1. */
const changeScale = 10;

interface Example {
  readonly episode: number;
  readonly state: State;
  /** Features of this frame. */
  readonly place: Float64Array;
  /** Features of what changed since the frame a step before. */
  readonly motion: Float64Array;
}

/** A probe reads every position from held-out frames. */
export function checkReadable(subject: Subject): Verdict {
  const examples = collect(subject);
  const fitted = (row: number) => (examples[row] as Example).episode % 3 !== 0;
  const targets = Object.entries(subject.spec.quantities).flatMap(([name, quantity]) =>
    targetsOf(name, quantity, examples).map((target) => ({ ...target, kind: quantity.kind })),
  );
  const [moving, still] = [targets.filter(({ kind }) => kind === 'velocity'), targets.filter(isStill)];
  const fits = [
    ...withFits(still, heldOutFit(examples.map(placeOf), still.map(valuesOf), fitted)),
    ...withFits(moving, heldOutFit(examples.map(motionOf), moving.map(valuesOf), fitted)),
  ];
  const remarks: string[] = [];
  for (const { name, kind, fit } of fits) {
    if (Number.isNaN(fit)) continue;
    const words = `a linear probe reads ${name} from held-out frames with R² ${fit.toFixed(2)}`;
    if (kind === 'position' && fit < least) {
      const mend =
        'draw what the quantity says where it says, large enough and on top; or, if it is no place in the arena, give it another kind';
      throw new Fault(words, `at least ${least} for a position`, mend);
    }
    if (fit < (kind === 'position' ? good : kind === 'other' ? -Infinity : worthARemark)) remarks.push(words);
  }
  const shown = fits.filter(({ fit }) => !Number.isNaN(fit)).map(({ name, fit }) => `${name} ${fit.toFixed(2)}`);
  return { detail: `R² of a linear probe on held-out frames of ${examples.length}: ${shown.join(', ')}`, remarks };
}

interface Target {
  readonly name: string;
  readonly kind: Quantity['kind'];
  readonly values: readonly number[];
}

function isStill({ kind }: Target): boolean {
  return kind !== 'velocity';
}

function placeOf({ place }: Example): Float64Array {
  return place;
}

function motionOf({ motion }: Example): Float64Array {
  return motion;
}

function valuesOf({ values }: Target): readonly number[] {
  return values;
}

function withFits(targets: readonly Target[], fits: readonly number[]): (Target & { readonly fit: number })[] {
  return targets.map((target, i) => ({ ...target, fit: fits[i] as number }));
}

function targetsOf(name: string, { kind }: Quantity, examples: readonly Example[]): Omit<Target, 'kind'>[] {
  const values = examples.map(({ state }) => state[name] ?? 0);
  if (kind !== 'angle') return [{ name, values }];
  return [
    { name: `sin ${name}`, values: values.map(Math.sin) },
    { name: `cos ${name}`, values: values.map(Math.cos) },
  ];
}

/** Looks at episodes of the script and, every other one, of random actions. */
function collect(subject: Subject): Example[] {
  const world = subject.world();
  const masks = colorMasks(subject.spec);
  const examples: Example[] = [];
  const episodes = subject.amount(72, 48);
  for (let episode = 0; episode < episodes; episode++) {
    const source = Math.floor(episode / 3) % 2 === 0 ? 'scripted' : 'uniform';
    let before: readonly number[] | undefined;
    playEpisode(world, 500 + episode, source, looksPerEpisode * stepsApart, (_, step) => {
      if (step % stepsApart === stepsApart - 1) before = blobsIn(world.frame(), masks);
      if (step % stepsApart !== 0 || !before) return;
      const frame = world.frame();
      const now = blobsIn(frame, masks);
      const place = Float64Array.from([...now, ...blockMeans(frame)]);
      examples.push({ episode, state: world.state(), place, motion: motionFrom(before, now) });
    });
  }
  return examples;
}

/** What each colour shows, in units of the frame, so that nothing needs to be scaled by how much of it is seen. */
function blobsIn(frame: Frame, masks: readonly ColorMask[]): number[] {
  const middle = FRAME_SIZE / 2;
  return masks.flatMap(({ find }) => {
    const blob = find(frame);
    if (!blob) return [0, 0, 0, 0, 0, 0, 0];
    const { area, x, y, xx, xy, yy } = blob;
    const spread = [xx, xy, yy].map((moment) => (10 * moment) / middle ** 2);
    return [1, Math.sqrt(area) / middle, (x - middle) / middle, (y - middle) / middle, ...spread];
  });
}

/**
 * Changes of what the colours show, and their products with what they show now: what turns moves in proportion to where
 * it is.
 */
function motionFrom(before: readonly number[], now: readonly number[]): Float64Array {
  const changes = now.map((value, i) => changeScale * (value - (before[i] as number)));
  return Float64Array.from([...changes, ...changes.flatMap((change) => now.map((value) => change * value))]);
}

function blockMeans(frame: Frame): Float64Array {
  const side = FRAME_SIZE / blocks;
  const weight = 1 / (255 * side * side);
  const means = new Float64Array(blocks * blocks * FRAME_CHANNELS);
  for (let row = 0; row < FRAME_SIZE; row++) {
    for (let column = 0; column < FRAME_SIZE; column++) {
      const block = Math.floor(row / side) * blocks + Math.floor(column / side);
      for (let channel = 0; channel < FRAME_CHANNELS; channel++) {
        const to = block * FRAME_CHANNELS + channel;
        const from = (row * FRAME_SIZE + column) * FRAME_CHANNELS + channel;
        means[to] = (means[to] as number) + weight * (frame[from] as number);
      }
    }
  }
  return means;
}
