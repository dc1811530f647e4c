/**
 * A world for measuring the server: it goes at a rate of its own, its episodes never end, and it writes into the first
 * two pixels of every frame when it drew it, so that whoever receives the frame knows its age. Physics and drawing are
 * those of the world that it stands on.
 */
import type { Frame } from '../../../shared/frame.ts';
import type { World, WorldDefinition } from '../../../shared/world.ts';

/** Channels of two pixels, as bytes of one number of 48 bits. */
const PLACES = 6;

/** Writes a number from 0 to 2⁴⁸−1 into the first pixels of an RGB frame. */
export function stamp(frame: Frame, microseconds: number): void {
  let rest = Math.floor(microseconds);
  for (let i = 0; i < PLACES; i++) {
    frame[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Reads it from the RGBA picture of that frame. */
export function readStamp(rgba: Uint8Array | Float32Array): number {
  let value = 0;
  for (let i = PLACES - 1; i >= 0; i--) value = value * 256 + (rgba[i + Math.floor(i / 3)] ?? 0);
  return value;
}

/** The definition with `fps` steps a second; `microseconds` is the clock of the stamps. */
export function stampedWorld(
  { spec, create }: WorldDefinition,
  fps: number,
  microseconds: () => number,
): WorldDefinition {
  return {
    spec: { ...spec, stepSeconds: 1 / fps },
    create: (variation) => endless(create(variation), microseconds),
  };
}

function endless(world: World, microseconds: () => number): World {
  return {
    spec: world.spec,
    reset: (seed) => world.reset(seed),
    step(action) {
      world.step(action);
      return { terminated: false, truncated: false };
    },
    frame() {
      const frame = Uint8Array.from(world.frame());
      stamp(frame, microseconds());
      return frame;
    },
    state: () => world.state(),
    place: (state) => world.place(state),
    snapshot: () => world.snapshot(),
    restore: (snapshot) => world.restore(snapshot),
    task: (seed, difficulty) => ({ ...world.task(seed, difficulty), budget: Number.MAX_SAFE_INTEGER }),
    achieved: () => false,
    distance: (state, goal) => world.distance(state, goal),
    behaviour: (random) => world.behaviour(random),
    scene: () => world.scene(),
  };
}
