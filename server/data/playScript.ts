/**
 * The scripted behaviour at play: one episode, moment by moment, from a seed. Whoever iterates looks at the world after
 * the reset and after every step, and leaves when it has seen enough. Everything that collects episodes plays them
 * through here, so that a seed means the same episode everywhere.
 *
 * Actions are rounded to float32 before they are applied, since that is how they are stored: a replay from disk is then
 * exact.
 */
import { Random } from '../../shared/random.ts';
import { type Action, clamp, type Space } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';

/** A moment of an episode: the reset, or a step. */
export interface Moment {
  /** The action that led here; none after the reset. */
  readonly action: Action | undefined;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** A way to play: from a seed, moment by moment. */
export type Play = (world: World, seed: number) => Generator<Moment, never, undefined>;

/** The seed of an episode, from that of its data and its place in them. */
export function episodeSeed(seed: number, index: number): number {
  return new Random(seed).fork(index).uint32();
}

/** Plays on for as long as it is asked to, whether the episode has ended or not. */
export function* playScript(world: World, seed: number): Generator<Moment, never, undefined> {
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed).fork('behaviour'));
  yield { action: undefined, terminated: false, truncated: false };
  for (;;) {
    const action = storableAction(world.spec.action, behaviour.act(world.state()));
    const { terminated, truncated } = world.step(action);
    yield { action, terminated, truncated };
  }
}

/** The nearest action of the space whose numbers are float32. */
export function storableAction(space: Space, action: Action): number[] {
  const inside = clamp(space, action);
  if (space.kind === 'discrete') return inside;
  return inside.map((value, i) => float32Within(value, space.low[i] as number, space.high[i] as number));
}

/** Rounding may lead past a bound that is no float32, such as 0.1; then the next number inside is taken. */
function float32Within(value: number, low: number, high: number): number {
  const rounded = Math.fround(value);
  if (rounded > high) return neighbour(rounded, -1);
  if (rounded < low) return neighbour(rounded, 1);
  return rounded;
}

/** The next float32 upwards or downwards. */
function neighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 2 ** -149;
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] as number) + (value > 0 ? direction : -direction);
  return new Float32Array(bits.buffer)[0] as number;
}
