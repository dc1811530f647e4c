/**
 * The first-run tour: four steps that say what is to be seen, once the first dream of a live
 * session is on the screen. It stands beside
 * the page and not over it: everything goes on and can be used meanwhile, no focus is taken from anybody, and whoever
 * has been through it or skipped it is not shown it again unless they ask.
 */
import { element, setText } from './element.ts';
import type { Store } from './store.ts';

/** A step: what it points at, by id, and what it says. */
interface TourStep {
  readonly points: string;
  readonly title: string;
  readonly text: string;
}

export const TOUR: readonly TourStep[] = [
  {
    points: 'view-physics',
    title: 'What really happens',
    text: 'True physics, and an agent at work in it towards the dashed goal. All that it sees is the small picture beside.',
  },
  {
    points: 'view-dream',
    title: 'What it imagined',
    text: 'Before it acts, the agent imagines what will happen, and a renderer paints it. Where the dream came true, the difference is black.',
  },
  {
    points: 'timeline',
    title: 'Nothing is lost',
    text: 'The strip keeps the last minutes: contacts, surprises, goals. Go back to any moment while the session goes on.',
  },
  {
    points: 'controls',
    title: 'Your turn',
    text: 'Pause it, take the controls yourself, drag the goal elsewhere, choose another world or how carefully dreams are painted.',
  },
];

/** Where the browser remembers that the tour has been seen. */
const SEEN = 'reverie-tour';

/** Connects the tour; it begins by itself on a first visit, and whenever it is asked for. */
export function tour(store: Store): void {
  const card = element('tour', HTMLElement);
  const on = element('tour-on', HTMLButtonElement);
  let at: number | undefined;
  const point = (id: string | undefined): void => {
    for (const each of document.querySelectorAll<HTMLElement>('[data-toured]')) delete each.dataset.toured;
    if (id === undefined) return;
    const target = element(id, HTMLElement);
    target.dataset.toured = 'true';
    target.scrollIntoView({ block: 'nearest' });
  };
  const show = (step: number | undefined): void => {
    at = step;
    const shown = step === undefined ? undefined : TOUR[step];
    card.hidden = shown === undefined;
    point(shown?.points);
    if (shown === undefined || step === undefined) return;
    setText(element('tour-title', HTMLElement), shown.title);
    setText(element('tour-text', HTMLElement), shown.text);
    setText(element('tour-count', HTMLElement), `${step + 1} of ${TOUR.length}`);
    setText(on, step + 1 < TOUR.length ? 'Go on' : 'Start watching');
  };
  const end = (): void => {
    show(undefined);
    remember();
  };

  on.addEventListener('click', () => {
    const next = (at ?? 0) + 1;
    if (next < TOUR.length) show(next);
    else end();
  });
  element('tour-skip', HTMLButtonElement).addEventListener('click', end);
  card.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
  element('tour-again', HTMLButtonElement).addEventListener('click', () => {
    show(0);
    on.focus();
  });
  if (seen()) return;
  const first = store
    .select(({ measured, episode }) => measured.length > 0 && episode?.recording === undefined)
    .subscribe((dreamt) => {
      if (!dreamt) return;
      show(0);
      queueMicrotask(() => first.unsubscribe());
    });
}

/** A browser that remembers nothing is shown the tour on every visit. */
function seen(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(SEEN, 'seen');
  } catch {
    // The tour can be skipped again.
  }
}
