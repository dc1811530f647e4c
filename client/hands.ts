/**
 * Hands on: a person takes the controls of the true world, or of a dream that begins where the truth stands, and gives
 * them back. While they have them, keys, the pad or a drag over the view say where to, and what that does is the
 * world's own (`driveKeys.ts`). Every change becomes one request, and the direction is said again when a new task begins.
 * Some worlds have no such controls, and of several viewers one has them at a time.
 */
import { fromEvent } from 'rxjs';
import type { DirectionName } from '../shared/controls.ts';
import type { Direction, DrivenWorld } from '../shared/protocol/control.ts';
import { drivenWorld, driverBegins, type Hands, handsOfOther } from './attend.ts';
import type { Ask } from './controls.ts';
import { directionOf, directionOfKey, dragDirection, isDriveKey } from './driveKeys.ts';
import { drivePad } from './drivePad.ts';
import { element, setText } from './element.ts';
import { forPage } from './keyTarget.ts';
import type { Store } from './store.ts';

const REST: Direction = { x: 0, y: 0 };

/** What each of the two worlds has on the page. */
const SIDES = {
  truth: { button: 'drive', label: 'drive-label', take: 'Take the controls', view: 'view-physics', key: 'KeyT' },
  dream: {
    button: 'drive-dream',
    label: 'drive-dream-label',
    take: 'Drive the dream',
    view: 'view-dream',
    key: 'KeyM',
  },
} as const;
const WORLDS = ['truth', 'dream'] as const;

/** Connects the buttons, the keys and the two views. */
export function hands(store: Store, ask: Ask): void {
  /** Directions that are held, by what holds each: the code of a key, or the pad. */
  const held = new Map<string, DirectionName>();
  let said: Direction | undefined;
  const drive = (direction: Direction | null, world: DrivenWorld): void => {
    const same = store.state.driving === world && said?.x === direction?.x && said?.y === direction?.y;
    if (direction !== null && same) return;
    said = direction ?? undefined;
    ask({ type: 'drive', direction, world });
  };
  const toggle = (world: DrivenWorld): void => {
    if (element(SIDES[world].button, HTMLButtonElement).disabled) return;
    held.clear();
    pad.show(new Set());
    drive(store.state.driving === world ? null : REST, world);
  };
  /** Drives on in the world that is driven, if one is. */
  const on = (direction: Direction): void => {
    const { driving } = store.state;
    if (driving !== undefined) drive(direction, driving);
  };

  /** Drives where all that is held says, and shows it on the pad. */
  const steer = (): void => {
    const names = new Set(held.values());
    pad.show(names);
    on(directionOf(names));
  };
  const pad = drivePad(store, (name, pressed) => {
    if (pressed) held.set(`pad ${name}`, name);
    else held.delete(`pad ${name}`);
    steer();
  });

  fromEvent<KeyboardEvent>(document, 'keydown', { capture: true }).subscribe((event) => {
    if (!forPage(event)) return;
    const { driving } = store.state;
    const world =
      WORLDS.find((each) => SIDES[each].key === event.code) ?? (event.key === 'Escape' ? driving : undefined);
    if (world !== undefined) {
      if (!event.repeat) toggle(world);
    } else {
      if (driving === undefined || !isDriveKey(event.code)) return;
      const direction = directionOfKey(event.code, store.state.episode?.controls);
      if (direction !== undefined) held.set(event.code, direction);
      steer();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  fromEvent<KeyboardEvent>(document, 'keyup').subscribe(({ code }) => {
    if (held.delete(code)) steer();
  });
  fromEvent(window, 'blur').subscribe(() => {
    held.clear();
    steer();
  });
  for (const world of WORLDS) {
    element(SIDES[world].button, HTMLButtonElement).addEventListener('click', () => toggle(world));
    dragging(element(SIDES[world].view, HTMLElement), (direction) => {
      if (store.state.driving === world) on(direction);
    });
  }

  store
    .select((state) => state.driving)
    .subscribe((driving) => {
      if (driving === undefined) said = undefined;
      for (const world of WORLDS) show(world, driving === world);
      document.documentElement.dataset.driven = String(driving !== undefined);
      for (const id of ['drive-hint', 'drive-pad']) element(id, HTMLElement).hidden = driving === undefined;
      setText(element('drive-where', HTMLElement), driving === 'dream' ? 'the dream' : 'the physics');
      setText(element('drive-after', HTMLElement), driving === 'dream' ? 'the truth stands' : 'you leave off');
    });
  store.select(dreamWaiting).subscribe((text) => setText(element('dream-waiting', HTMLElement), text));
  store
    .select((state) => state.episode)
    .subscribe(() => {
      const { driving } = store.state;
      if (driving !== undefined) ask({ type: 'drive', direction: said ?? REST, world: driving });
    });
  store
    .select((state) => state.episode?.controls !== undefined)
    .subscribe((drivable) => {
      for (const world of WORLDS) element(SIDES[world].button, HTMLButtonElement).hidden = !drivable;
      element('drive-key', HTMLElement).hidden = !drivable;
      const { driving } = store.state;
      if (!drivable && driving !== undefined) drive(null, driving);
    });
  store
    .select(
      (state) =>
        state.link.status === 'open' &&
        state.phase !== 'failed' &&
        state.episode?.controls !== undefined &&
        state.episode?.recording === undefined &&
        !handsOfOther(state),
    )
    .subscribe((ready) => {
      for (const world of WORLDS) element(SIDES[world].button, HTMLButtonElement).disabled = !ready;
    });
}

/** What stands where no dream is to be seen. */
export function dreamWaiting(state: Hands): string {
  return drivenWorld(state) === 'truth' ? `${driverBegins(state, 'have')} the controls` : 'The agent is thinking';
}

/** Shows of one world whether a person drives it here. */
function show(world: DrivenWorld, driven: boolean): void {
  const { button, label, take, view } = SIDES[world];
  element(button, HTMLButtonElement).dataset.on = String(driven);
  setText(element(label, HTMLElement), driven ? 'Give back' : take);
  element(view, HTMLElement).dataset.driving = String(driven);
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
