/**
 * The goal in a person's hand. Its ghost is dragged over the physics, and turned by the wheel or by Q and E; by keyboard
 * alone, G takes hold of it and the arrows carry it. Letting go, or Enter, asks for that goal: the server begins a task
 * towards it or says why it cannot be, and then the ghost goes back. Nothing can be carried while the page looks back
 * or a person drives.
 */
import { fromEvent } from 'rxjs';
import type { Point, Pose } from '../shared/scene.ts';
import type { Ask } from './controls.ts';
import { element } from './element.ts';
import { arenaPoint, carriedPoses, type Grasp, graspAt, heldPose } from './grasp.ts';
import type { Store } from './store.ts';

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

/** Draws the shapes of the goal elsewhere, by place in its scene. */
export type ShowGhosts = (poses: ReadonlyMap<number, Pose>) => void;

interface Held extends Grasp {
  to: Point;
  turned: number;
  readonly by: 'pointer' | 'keys';
}

/** Connects the view, the button and the keys; `live` says whether the page shows what happens now. */
export function goalHand(store: Store, ask: Ask, show: ShowGhosts, live: () => boolean): void {
  const view = element('view-physics', HTMLElement);
  const button = element('goal', HTMLButtonElement);
  let held: Held | undefined;

  const asked = () => (store.state.episode?.grips ?? []).filter((grip) => grip.asked);
  const free = () =>
    store.state.link.status === 'open' && live() && store.state.driving === undefined && store.state.phase !== 'failed';
  const take = (grasp: Grasp, by: Held['by']): void => {
    held = { ...grasp, to: grasp.at, turned: 0, by };
    mark();
  };
  const mark = (): void => {
    view.dataset.carrying = String(held !== undefined);
    button.setAttribute('aria-pressed', String(held?.by === 'keys'));
    element('goal-hint', HTMLElement).hidden = held === undefined;
  };
  const draw = (): void => {
    const { episode } = store.state;
    if (held !== undefined && episode !== undefined)
      show(carriedPoses(episode.goal, held, heldPose(held, held.to, held.turned)));
  };
  const putBack = (): void => {
    held = undefined;
    mark();
    show(new Map((store.state.episode?.goal ?? []).map(({ pose }, i) => [i, pose])));
  };
  const letGo = (): void => {
    if (held === undefined) return;
    const { shape, from } = held;
    const pose = heldPose(held, held.to, held.turned);
    if (pose.x === from.x && pose.y === from.y && pose.angle === from.angle) putBack();
    else ask({ type: 'arrange', shape, pose });
    held = undefined;
    mark();
  };
  const turn = (by: number): void => {
    if (held !== undefined) held.turned += by;
    draw();
  };
  const hit = (place: { readonly clientX: number; readonly clientY: number }): Grasp | undefined => {
    const { episode } = store.state;
    if (episode === undefined || !free()) return undefined;
    const at = arenaPoint(view.getBoundingClientRect(), episode.arena, place);
    return graspAt(episode.goal, asked(), episode.arena, at);
  };

  view.addEventListener('pointerdown', (event) => {
    const grasp = event.isPrimary ? hit(event) : undefined;
    if (grasp === undefined) return;
    view.setPointerCapture(event.pointerId);
    take(grasp, 'pointer');
  });
  view.addEventListener('pointermove', (event) => {
    const { episode } = store.state;
    if (held?.by === 'pointer' && episode !== undefined) {
      held.to = arenaPoint(view.getBoundingClientRect(), episode.arena, event);
      draw();
    } else view.dataset.holdable = String(hit(event) !== undefined);
  });
  view.addEventListener('pointerup', () => {
    if (held?.by === 'pointer') letGo();
  });
  view.addEventListener('pointercancel', () => {
    if (held?.by === 'pointer') putBack();
  });
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

  const takeByKeys = (): void => {
    const { episode } = store.state;
    const [grip] = asked();
    const shape = grip?.shapes[0];
    const from = shape === undefined ? undefined : episode?.goal[shape]?.pose;
    if (held?.by === 'keys') letGo();
    else if (grip !== undefined && shape !== undefined && from !== undefined && free())
      take({ shape, grip, from, at: from }, 'keys');
  };
  button.addEventListener('click', takeByKeys);
  fromEvent<KeyboardEvent>(document, 'keydown', { capture: true }).subscribe((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    if (event.target instanceof HTMLSelectElement) return;
    if (event.code === 'KeyG') takeByKeys();
    else if (held === undefined) return;
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
      const some = asked().length > 0;
      button.hidden = !some;
      for (const id of ['goal-key', 'goal-drag']) element(id, HTMLElement).hidden = !some;
    });
  store
    .select((state) => state.notice)
    .subscribe((notice) => {
      if (notice?.code === 'impossible-goal') putBack();
    });
  store
    .select((state) => state.link.status === 'open' && state.driving === undefined && state.viewed === undefined)
    .subscribe((ready) => {
      button.disabled = !ready;
      if (!ready && held !== undefined) putBack();
    });
}
