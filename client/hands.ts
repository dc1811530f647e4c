/**
 * Hands on: a person takes the controls of the true world and gives them back. While they have them, W, A, S and D or a
 * drag over the physics say where to; with nothing pressed the world is driven nowhere. Every change becomes one
 * request, and the direction is said again when a new task begins. Worlds of numbered choices have no such controls.
 */
import { fromEvent } from 'rxjs';
import type { Direction } from '../shared/protocol/control.ts';
import type { Ask } from './controls.ts';
import { element, setText } from './element.ts';
import type { Store } from './store.ts';

/** Share of the view's width that a drag goes for full speed. */
const FULL_DRAG = 0.2;
const REST: Direction = { x: 0, y: 0 };

const KEYS: ReadonlyMap<string, Direction> = new Map([
  ['KeyW', { x: 0, y: -1 }],
  ['KeyA', { x: -1, y: 0 }],
  ['KeyS', { x: 0, y: 1 }],
  ['KeyD', { x: 1, y: 0 }],
]);

/** The direction of keys that are held together, by their codes; opposite ones cancel out. */
export function directionOf(held: ReadonlySet<string>): Direction {
  const keys = [...held].map((code) => KEYS.get(code) ?? REST);
  return within({ x: keys.reduce((sum, { x }) => sum + x, 0), y: keys.reduce((sum, { y }) => sum + y, 0) });
}

/** The direction of a drag over a view of this width, in the same unit. */
export function dragDirection(dx: number, dy: number, width: number): Direction {
  return within({ x: dx / (FULL_DRAG * width), y: dy / (FULL_DRAG * width) });
}

/** Each axis from -1 to 1, as the controls have it. */
function within({ x, y }: Direction): Direction {
  return { x: Math.min(1, Math.max(-1, x)), y: Math.min(1, Math.max(-1, y)) };
}

/** Connects the button, the keys and the physics view. */
export function hands(store: Store, ask: Ask): void {
  const button = element('drive', HTMLButtonElement);
  const view = element('view-physics', HTMLElement);
  const held = new Set<string>();
  let said: Direction | undefined;
  const drive = (direction: Direction | null): void => {
    if (direction !== null && said?.x === direction.x && said.y === direction.y) return;
    said = direction ?? undefined;
    ask({ type: 'drive', direction });
  };
  const toggle = (): void => {
    held.clear();
    drive(store.state.driving ? null : REST);
  };

  button.addEventListener('click', toggle);
  fromEvent<KeyboardEvent>(document, 'keydown', { capture: true }).subscribe((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const gives = store.state.driving && event.key === 'Escape';
    if (event.code === 'KeyT' || gives) {
      if (!event.repeat && !button.disabled) toggle();
    } else if (store.state.driving && KEYS.has(event.code)) {
      held.add(event.code);
      drive(directionOf(held));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  fromEvent<KeyboardEvent>(document, 'keyup').subscribe(({ code }) => {
    if (held.delete(code) && store.state.driving) drive(directionOf(held));
  });
  fromEvent(window, 'blur').subscribe(() => {
    held.clear();
    if (store.state.driving) drive(REST);
  });
  dragging(view, (direction) => {
    if (store.state.driving) drive(direction);
  });

  store
    .select((state) => state.driving)
    .subscribe((driving) => {
      if (!driving) said = undefined;
      button.setAttribute('aria-pressed', String(driving));
      setText(element('drive-label', HTMLElement), driving ? 'Give back' : 'Take the controls');
      element('drive-hint', HTMLElement).hidden = !driving;
      view.dataset.driving = String(driving);
      setText(element('dream-waiting', HTMLElement), driving ? 'You have the controls' : 'The agent is thinking');
    });
  store
    .select((state) => state.episode)
    .subscribe(() => {
      if (store.state.driving) ask({ type: 'drive', direction: said ?? REST });
    });
  store
    .select((state) => state.episode?.axes ?? 0)
    .subscribe((axes) => {
      button.hidden = axes === 0;
      element('drive-key', HTMLElement).hidden = axes === 0;
      element('drive-hint', HTMLElement).dataset.axes = String(axes);
      if (axes === 0 && store.state.driving) drive(null);
    });
  store
    .select((state) => state.link.status === 'open' && state.phase !== 'failed' && (state.episode?.axes ?? 0) > 0)
    .subscribe((ready) => {
      button.disabled = !ready;
    });
}

/** Tells of each direction that a pointer is dragged in, and of rest when it is let go. */
function dragging(view: HTMLElement, tell: (direction: Direction) => void): void {
  let from: { readonly x: number; readonly y: number } | undefined;
  view.addEventListener('pointerdown', ({ clientX, clientY, pointerId }) => {
    from = { x: clientX, y: clientY };
    view.setPointerCapture(pointerId);
  });
  view.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (from !== undefined) tell(dragDirection(clientX - from.x, clientY - from.y, view.clientWidth));
  });
  for (const type of ['pointerup', 'pointercancel'] as const)
    view.addEventListener(type, () => {
      from = undefined;
      tell(REST);
    });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement
    ? !['radio', 'checkbox', 'range'].includes(target.type)
    : target instanceof HTMLSelectElement;
}
