/**
 * Events that cannot happen, made from ordinary episodes of any world: at one step the picture shows a state that
 * physics would not have led to. A *body* is what the quantities of one first word describe (`blockX`, `blockAngle`).
 *
 * - `teleport`: a body is where it was at another time.
 * - `through`: a body goes on as before, though something stopped it: it passes through a wall, or another body.
 * - `stopped`: a body stays where it was while the rest of the world goes on: it hangs in mid-air, or is not pushed.
 * - `colour` (the control): physics is as it was, but an object has another colour.
 *
 * An event only counts where it can be seen: its picture must differ from the true one.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import type { State, World, WorldDefinition, WorldSpec } from '../../shared/world.ts';
import type { Episode } from '../data/episodes.ts';
import { framesOf } from '../data/episodes.ts';

export const eventKinds = ['teleport', 'through', 'stopped', 'colour'] as const;

export type EventKind = (typeof eventKinds)[number];

/** What is seen after step `step` of an episode instead of the truth. */
export interface ImpossibleEvent {
  readonly episode: number;
  /** The last true frame is that before this step's action. */
  readonly step: number;
  readonly frame: Frame;
}

/** Whole pixels' worth of difference that makes an event visible. */
const VISIBLE_PIXELS = 4;

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
  const events: ImpossibleEvent[] = [];
  for (let attempt = 0; attempt < 40 * count && events.length < count; attempt++) {
    const index = random.integer(episodes.length);
    const episode = episodes[index] as Episode;
    const step = 1 + random.integer(episode.steps - 1);
    const [before, now, next] = [-1, 0, 1].map((t) => stateAt(spec, episode, step + t)) as [State, State, State];
    const body = random.choice(bodies);
    const elsewhere = stateAt(spec, random.choice(episodes), random.integer(episode.steps));
    const frame =
      kind === 'colour'
        ? recoloured(definition, next, random)
        : pictureOf(world, changed(kind, spec, body, { before, now, next, elsewhere }));
    const truth = framesOf(episode)[step + 1] as Frame;
    if (frame && difference(frame, truth) >= VISIBLE_PIXELS) events.push({ episode: index, step, frame });
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

function stateAt(spec: WorldSpec, episode: Episode, t: number): State {
  const names = Object.keys(spec.quantities);
  return Object.fromEntries(names.map((name, i) => [name, episode.states[t * names.length + i] as number]));
}

function pictureOf(world: World, state: State | undefined): Frame | undefined {
  if (!state) return undefined;
  world.place(state);
  return world.frame();
}

/** The same state in a world where one object has another of its colours. */
function recoloured(definition: WorldDefinition, state: State, random: Random): Frame | undefined {
  const colors = Object.entries(definition.spec.factors ?? {}).flatMap(([name, factor]) =>
    factor.kind === 'color' && factor.object !== 'background' ? [{ name, choices: factor.choices }] : [],
  );
  if (colors.length === 0) return undefined;
  const { name, choices } = random.choice(colors);
  return pictureOf(createWorld(definition, { [name]: random.choice(choices) }), state);
}

/** In pixels that changed from black to white. */
function difference(a: Frame, b: Frame): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / (3 * 255);
}
