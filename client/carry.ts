/**
 * The goal, or a body of the true world, in a person's hand. It is dragged over the physics, and turned by the wheel, by
 * Q and E, or by a second finger; by keyboard alone, G takes hold of the goal and B of one body after another, and the arrows carry it.
 * Letting go, or Enter, asks for a task with it there: the server begins one or says why it cannot be, and then it goes
 * back. Nothing can be carried while the page looks back or a person drives.
 */
import { fromEvent } from 'rxjs';
import type { Arranged, ServerMessageOf } from '../shared/protocol/control.ts';
import type { Point, Pose } from '../shared/scene.ts';
import type { Ask } from './controls.ts';
import { element, setText } from './element.ts';
import { arenaPoint, carriedPoses, type Grasp, graspAt, heldPose } from './grasp.ts';
import { forPage } from './keyTarget.ts';
import type { Store } from './store.ts';
import { twist } from './twist.ts';

/** What a press of a key does: share of the arena's longer side, and radians. */
const KEY_STEP = 1 / 40;
const KEY_TURN = Math.PI / 12;
/** Radians for each unit that a wheel turns. */
const WHEEL_TURN = Math.PI / 1200;

const ARROWS: ReadonlyMap<string, Point> = new Map([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);

/** What a key takes hold of, by its code. */
const TAKEN: ReadonlyMap<string, Arranged> = new Map([
  ['KeyG', 'goal'],
  ['KeyB', 'body'],
]);

type Shapes = ServerMessageOf<'episode'>['scene'];

/** What the hand reaches for: the page as it is now. */
export interface Reach {
  /** Whether the page shows what happens now. */
  live(): boolean;
  /** Shapes of the true world, where they are now. */
  bodies(): Shapes;
  /** Draws shapes in the hand, by place in the scene; of the world's bodies, the others where they are. */
  show(what: Arranged, poses: ReadonlyMap<number, Pose>): void;
}

interface Held extends Grasp {
  readonly what: Arranged;
  /** All shapes beside it, as they were when it was taken hold of. */
  readonly all: Shapes;
  to: Point;
  turned: number;
  /** What carries it: the pointer of this id, or keys. */
  readonly by: number | 'keys';
}

type Found = Grasp & Pick<Held, 'what' | 'all'>;

/** Connects the view, the button and the keys. */
export function carry(store: Store, ask: Ask, { live, bodies, show }: Reach): void {
  const view = element('view-physics', HTMLElement);
  const button = element('goal', HTMLButtonElement);
  let held: Held | undefined;
  /** The grip that B takes hold of next. */
  let next = 0;

  const gripsFor = (what: Arranged) =>
    (store.state.episode?.grips ?? []).filter((grip) => what === 'body' || grip.asked);
  const shapesOf = (what: Arranged): Shapes => (what === 'body' ? bodies() : (store.state.episode?.goal ?? []));
  const free = () =>
    store.state.link.status === 'open' && live() && store.state.driving === undefined && store.state.phase !== 'failed';
  const take = (grasp: Found, by: Held['by']): void => {
    held = { ...grasp, to: grasp.at, turned: 0, by };
    mark();
  };
  const mark = (): void => {
    const carrying = String(held !== undefined);
    view.dataset.carrying = carrying;
    // Where a style sheet could only ask whether something within is carried, any change would restyle the whole page.
    document.documentElement.dataset.carried = carrying;
    button.setAttribute('aria-pressed', String(held?.by === 'keys' && held.what === 'goal'));
    const name = held && shapesOf(held.what)[held.shape]?.name;
    setText(element('carry-what', HTMLElement), held?.what === 'body' ? `the ${name}` : 'the goal');
    element('goal-hint', HTMLElement).hidden = held === undefined;
  };
  const draw = (): void => {
    if (held !== undefined) show(held.what, carriedPoses(held.all, held, heldPose(held, held.to, held.turned)));
  };
  const putBack = (): void => {
    held = undefined;
    mark();
    show('goal', new Map(shapesOf('goal').map(({ pose }, i) => [i, pose])));
    show('body', new Map());
  };
  const letGo = (): void => {
    if (held === undefined) return;
    const { what, shape, from } = held;
    const pose = heldPose(held, held.to, held.turned);
    if (pose.x === from.x && pose.y === from.y && pose.angle === from.angle) putBack();
    else ask({ type: 'arrange', what, shape, pose });
    held = undefined;
    mark();
  };
  const turn = (by: number): void => {
    if (held !== undefined) held.turned += by;
    draw();
  };
  const hit = (place: { readonly clientX: number; readonly clientY: number }): Found | undefined => {
    const { episode } = store.state;
    if (episode === undefined || !free()) return undefined;
    const at = arenaPoint(view.getBoundingClientRect(), episode.arena, place);
    for (const what of ['body', 'goal'] as const) {
      const all = shapesOf(what);
      const grasp = graspAt(all, gripsFor(what), episode.arena, at);
      if (grasp !== undefined) return { ...grasp, what, all };
    }
    return undefined;
  };

  view.addEventListener('pointerdown', (event) => {
    const grasp = event.isPrimary ? hit(event) : undefined;
    if (grasp === undefined) return;
    view.setPointerCapture(event.pointerId);
    take(grasp, event.pointerId);
  });
  view.addEventListener('pointermove', (event) => {
    const { episode } = store.state;
    if (held?.by === event.pointerId && episode !== undefined) {
      held.to = arenaPoint(view.getBoundingClientRect(), episode.arena, event);
      draw();
    } else if (event.isPrimary) view.dataset.holdable = String(hit(event) !== undefined);
  });
  view.addEventListener('pointerup', ({ pointerId }) => {
    if (held?.by === pointerId) letGo();
  });
  view.addEventListener('pointercancel', ({ pointerId }) => {
    if (held?.by === pointerId) putBack();
  });
  twist(() => (held === undefined || held.by === 'keys' ? undefined : held.by), turn);
  const still = { passive: false };
  view.addEventListener(
    'wheel',
    (event) => {
      if (held === undefined) return;
      event.preventDefault();
      turn(event.deltaY * WHEEL_TURN);
    },
    still,
  );
  // A finger on the ghost carries it; anywhere else it scrolls the page.
  view.addEventListener(
    'touchstart',
    (event) => {
      const [touch] = event.touches;
      if (touch !== undefined && hit(touch) !== undefined) event.preventDefault();
    },
    still,
  );

  const takeByKeys = (what: Arranged): void => {
    if (what === 'goal' && held?.by === 'keys' && held.what === 'goal') {
      letGo();
      return;
    }
    if (!free()) return;
    if (held !== undefined) putBack();
    const grips = gripsFor(what);
    const grip = what === 'goal' ? grips[0] : grips[next++ % grips.length];
    const all = shapesOf(what);
    const shape = grip?.shapes[0];
    const from = shape === undefined ? undefined : all[shape]?.pose;
    if (grip !== undefined && shape !== undefined && from !== undefined)
      take({ what, all, shape, grip, from, at: from }, 'keys');
  };
  button.addEventListener('click', () => takeByKeys('goal'));
  fromEvent<KeyboardEvent>(document, 'keydown', { capture: true }).subscribe((event) => {
    if (!forPage(event)) return;
    const taken = TAKEN.get(event.code);
    if (taken !== undefined) {
      if (!event.repeat) takeByKeys(taken);
    } else if (held === undefined) return;
    else if (event.key === 'Escape') putBack();
    else if (event.key === 'Enter') letGo();
    else if (event.code === 'KeyQ' || event.code === 'KeyE') turn(event.code === 'KeyQ' ? -KEY_TURN : KEY_TURN);
    else {
      const step = ARROWS.get(event.key);
      const { episode } = store.state;
      if (step === undefined || episode === undefined) return;
      const by = KEY_STEP * Math.max(episode.arena.width, episode.arena.height);
      held.to = { x: held.to.x + by * step.x, y: held.to.y + by * step.y };
      draw();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  store
    .select((state) => state.episode)
    .subscribe(() => {
      held = undefined;
      mark();
      next = 0;
      const some = gripsFor('goal').length > 0;
      element('body-key', HTMLElement).hidden = gripsFor('body').length === 0;
      button.hidden = !some;
      for (const id of ['goal-key', 'goal-drag']) element(id, HTMLElement).hidden = !some;
    });
  store
    .select((state) => state.notice)
    .subscribe((notice) => {
      if (notice?.code === 'impossible-goal' || notice?.code === 'impossible-body') putBack();
    });
  store
    .select((state) => state.link.status === 'open' && state.driving === undefined && state.viewed === undefined)
    .subscribe((ready) => {
      button.disabled = !ready;
      if (!ready && held !== undefined) putBack();
    });
}
