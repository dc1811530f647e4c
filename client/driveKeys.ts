/**
 * The map from keys and drags to directions, and in words from directions to what they do in the world of the episode,
 * as the server says it. Two keys mean each direction; one that does nothing in this world is no key of it.
 */
import { DIRECTIONS, type DirectionName } from '../shared/controls.ts';
import type { Direction, ServerMessageOf } from '../shared/protocol/control.ts';

type Labels = ServerMessageOf<'episode'>['controls'];

/** Share of the view's width that a drag goes for full speed. */
const FULL_DRAG = 0.2;

/** Keys of a direction by their codes, as they are written on a keyboard, and where they lead. */
const KEYS: Readonly<Record<DirectionName, { readonly codes: Readonly<Record<string, string>> } & Direction>> = {
  up: { codes: { KeyW: 'W', ArrowUp: '↑' }, x: 0, y: -1 },
  left: { codes: { KeyA: 'A', ArrowLeft: '←' }, x: -1, y: 0 },
  down: { codes: { KeyS: 'S', ArrowDown: '↓' }, x: 0, y: 1 },
  right: { codes: { KeyD: 'D', ArrowRight: '→' }, x: 1, y: 0 },
};

/** One direction of a world, for people. */
export interface DriveKey {
  readonly name: DirectionName;
  /** What is written on its keys. */
  readonly keys: readonly string[];
  /** What it does. */
  readonly label: string;
}

/** The directions that do something, in order. */
export function driveKeys(labels: Labels): DriveKey[] {
  return DIRECTIONS.flatMap((name) => {
    const label = labels?.[name];
    return label === undefined ? [] : [{ name, keys: Object.values(KEYS[name].codes), label }];
  });
}

/** The direction of a key by its code, where it does something. */
export function directionOfKey(code: string, labels: Labels): DirectionName | undefined {
  return DIRECTIONS.find((name) => code in KEYS[name].codes && labels?.[name] !== undefined);
}

/** Whether a key is one of those that drive some world: while a person drives, it means nothing else. */
export function isDriveKey(code: string): boolean {
  return DIRECTIONS.some((name) => code in KEYS[name].codes);
}

/** The direction of names that are held together; opposite ones cancel out. */
export function directionOf(held: Iterable<DirectionName>): Direction {
  const ways = [...held].map((name) => KEYS[name]);
  return within({ x: ways.reduce((sum, { x }) => sum + x, 0), y: ways.reduce((sum, { y }) => sum + y, 0) });
}

/** The direction of a drag over a view of this width, in the same unit. */
export function dragDirection(dx: number, dy: number, width: number): Direction {
  return within({ x: dx / (FULL_DRAG * width), y: dy / (FULL_DRAG * width) });
}

/** Each axis from -1 to 1, as the controls have it. */
function within({ x, y }: Direction): Direction {
  return { x: Math.min(1, Math.max(-1, x)), y: Math.min(1, Math.max(-1, y)) };
}
