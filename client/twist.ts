/**
 * A twist of two fingers: while one finger carries something, the line from it to a second finger, which may lie anywhere
 * on the page, turns as the fingers go round each other. Only how far it turns from one moment to the next counts, so that
 * the second finger may be lifted and put down elsewhere to turn further. The page itself neither scrolls nor grows
 * meanwhile (`touch-action` in `styles/hands.css`).
 */
import type { Point } from '../shared/scene.ts';

/** Tells by how many radians, clockwise on the screen, the fingers have turned while the finger `carrier` carries. */
export function twist(carrier: () => number | undefined, turn: (by: number) => void): void {
  /** Fingers that are down, by their pointers' ids, in the order in which they came. */
  const fingers = new Map<number, Point>();
  const direction = (): number | undefined => {
    const id = carrier();
    const first = id === undefined ? undefined : fingers.get(id);
    const [, second] = [...fingers].find(([other]) => other !== id) ?? [];
    return first && second && Math.atan2(second.y - first.y, second.x - first.x);
  };
  document.addEventListener(
    'pointerdown',
    ({ pointerId, pointerType, clientX, clientY }) => {
      if (pointerType === 'touch') fingers.set(pointerId, { x: clientX, y: clientY });
    },
    { capture: true },
  );
  document.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
    if (!fingers.has(pointerId)) return;
    const before = direction();
    fingers.set(pointerId, { x: clientX, y: clientY });
    const after = direction();
    if (before !== undefined && after !== undefined) turn(turned(before, after));
  });
  for (const type of ['pointerup', 'pointercancel'] as const)
    document.addEventListener(type, ({ pointerId }) => fingers.delete(pointerId), { capture: true });
}

/** From one direction to another the short way round, in radians. */
export function turned(before: number, after: number): number {
  const by = after - before;
  return by - 2 * Math.PI * Math.round(by / (2 * Math.PI));
}
