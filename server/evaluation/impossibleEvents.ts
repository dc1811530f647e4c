/**
 * Events that cannot happen, made from ordinary episodes of any world: at one step the picture shows a state that
 * physics would not have led to. A *body* is what the quantities of one first word describe (`blockX`, `blockAngle`).
 *
 * - `teleport`: a body is where it was at another time.
 * - `through`: a body goes on as before, though something stopped it: it passes through a wall, or another body.
 * - `stopped`: a body stays where it was while the rest of the world goes on: it hangs in mid-air, or is not pushed.
 * - `colour` (the control): physics is as it was, but an object has another colour.
 *
 * An event only counts where it can be seen: the body must be displaced by two pixels of the frame or 0.3 rad.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { otherColors } from '../../shared/factors.ts';
import { FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import type { Quantity, State, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';
import type { Episode } from '../data/episodes.ts';
import { stateAt } from '../data/frameDigest.ts';

export const eventKinds = ['teleport', 'through', 'stopped', 'colour'] as const;

export type EventKind = (typeof eventKinds)[number];

/** What is seen after step `step` of an episode instead of the truth. */
export interface ImpossibleEvent {
  readonly episode: number;
  /** The last true frame is that before this step's action. */
  readonly step: number;
  readonly frame: Frame;
}

/** How far from the truth a body must be: in pixels of the frame, and in radians. */
const VISIBLE_PIXELS = 2;
const VISIBLE_ANGLE = 0.3;

/** Up to `count` events of a kind; fewer where the episodes give no occasion. */
export function impossibleEvents(
  kind: EventKind,
  definition: WorldDefinition,
  episodes: readonly Episode[],
  count: number,
  random: Random,
): ImpossibleEvent[] {
  const { spec } = definition;
  const world = createWorld(definition);
  const bodies = bodiesOf(spec);
  const names = Object.keys(spec.quantities);
  const events: ImpossibleEvent[] = [];
  for (let attempt = 0; attempt < 40 * count && events.length < count; attempt++) {
    const index = random.integer(episodes.length);
    const episode = episodes[index] as Episode;
    const step = 1 + random.integer(episode.steps - 1);
    const seenAt = (t: number): State => stateAt(names, episode.states, t);
    const [before, now, next] = [seenAt(step - 1), seenAt(step), seenAt(step + 1)];
    const body = random.choice(bodies);
    const elsewhere = stateAt(names, random.choice(episodes).states, random.integer(episode.steps));
    if (kind === 'colour') {
      const frame = recoloured(definition, next, random);
      if (frame) events.push({ episode: index, step, frame });
      continue;
    }
    const state = changed(kind, spec, body, { before, now, next, elsewhere });
    if (state && visible(spec, body, state, next))
      events.push({ episode: index, step, frame: pictureOf(world, state) });
  }
  return events;
}

/** Names of the quantities that place each body. */
function bodiesOf(spec: WorldSpec): string[][] {
  const bodies = new Map<string, string[]>();
  for (const [name, { kind }] of Object.entries(spec.quantities)) {
    if (kind !== 'position' && kind !== 'angle') continue;
    const body = /^[a-z]+\d*/.exec(name)?.[0] ?? name;
    bodies.set(body, [...(bodies.get(body) ?? []), name]);
  }
  return [...bodies.values()];
}

interface Moments {
  readonly before: State;
  readonly now: State;
  readonly next: State;
  readonly elsewhere: State;
}

/** The next state with the body elsewhere; undefined where the step is no occasion. */
function changed(
  kind: Exclude<EventKind, 'colour'>,
  spec: WorldSpec,
  body: readonly string[],
  { before, now, next, elsewhere }: Moments,
): State | undefined {
  const replaced = (value: (name: string) => number): State => ({
    ...next,
    ...Object.fromEntries(body.map((name) => [name, value(name)])),
  });
  const of = (state: State, name: string): number => state[name] as number;
  if (kind === 'teleport') return replaced((name) => of(elsewhere, name));
  if (kind === 'stopped') return replaced((name) => of(now, name));
  const moved = (from: State, to: State): number =>
    Math.hypot(
      ...body.filter((name) => spec.quantities[name]?.kind === 'position').map((n) => of(to, n) - of(from, n)),
    );
  if (moved(now, next) > moved(before, now) / 2) return undefined;
  return replaced((name) => 2 * of(now, name) - of(before, name));
}

function pictureOf(world: World, state: State): Frame {
  world.place(state);
  return world.frame();
}

/** The same state in a world where one object has another of its colours. */
function recoloured(definition: WorldDefinition, state: State, random: Random): Frame | undefined {
  const colors = Object.entries(definition.spec.factors ?? {}).flatMap(([name, factor]) =>
    factor.kind === 'color' && factor.object !== 'background' ? [{ name, others: otherColors(factor) }] : [],
  );
  const changeable = colors.filter(({ others }) => others.length > 0);
  if (changeable.length === 0) return undefined;
  const { name, others } = random.choice(changeable);
  return pictureOf(createWorld(definition, { [name]: random.choice(others) }), state);
}

/** Whether the body is clearly elsewhere in one state than in the other. */
function visible(spec: WorldSpec, body: readonly string[], a: State, b: State): boolean {
  const apart = (kind: Quantity['kind']): number[] =>
    body.filter((name) => spec.quantities[name]?.kind === kind).map((n) => (a[n] as number) - (b[n] as number));
  const pixel = Math.max(spec.arena.width, spec.arena.height) / FRAME_SIZE;
  const turned = apart('angle').map((angle) => Math.abs(Math.atan2(Math.sin(angle), Math.cos(angle))));
  return Math.hypot(...apart('position')) >= VISIBLE_PIXELS * pixel || Math.max(0, ...turned) >= VISIBLE_ANGLE;
}
