/**
 * Frames drawn again from stored states, and the digest by which they are known to be the same. Frames are a function
 * of the state, so a dataset keeps states, which are a thousand times smaller; the digest notices a release that draws
 * otherwise, or a world that has changed.
 */
import { createHash } from 'node:crypto';
import { createWorld } from '../../envs/validateDefinition.ts';
import { WorldError } from '../../shared/errors.ts';
import type { Variation } from '../../shared/factors.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';

/** SHA-256 of the frames one after another: 32 bytes. */
export function digestFrames(frames: Iterable<Frame>): Buffer {
  const hash = createHash('sha256');
  for (const frame of frames) hash.update(frame);
  return hash.digest();
}

/** What the world shows now. @throws WorldError when that is no frame */
export function frameOf(world: World): Frame {
  const frame = world.frame();
  if (frame?.length !== FRAME_BYTES) {
    throw new WorldError(
      `'${world.spec.id}' drew a frame of ${frame?.length} bytes: draw ${FRAME_BYTES}, and run \`reverie check\` on it`,
    );
  }
  return frame;
}

/**
 * Draws the frames of states by placing each in a world of its own.
 * @param states `[count, names]`
 * @returns `[count, 64·64·3]`
 */
export function redrawFrames(
  definition: WorldDefinition,
  variation: Variation,
  names: readonly string[],
  states: Float64Array,
): Uint8Array {
  const world = createWorld(definition, variation);
  const count = states.length / names.length;
  const frames = new Uint8Array(count * FRAME_BYTES);
  for (let t = 0; t < count; t++) {
    world.place(stateAt(names, states, t));
    frames.set(frameOf(world), t * FRAME_BYTES);
  }
  return frames;
}

/** The named numbers of row `t`. */
export function stateAt(names: readonly string[], states: Float64Array, t: number): State {
  return Object.fromEntries(names.map((name, i) => [name, states[t * names.length + i] as number]));
}
