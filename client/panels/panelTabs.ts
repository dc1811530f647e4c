/**
 * The tabs over the panels, so that a first look meets the few that matter most and nothing is far away: arrow keys,
 * Home and End move between them and open what they reach, as the ARIA practices have it
 * (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). Panels that cost something are kept up to date only while they are
 * open.
 */
import { BehaviorSubject, EMPTY, type Observable, switchMap, throttleTime } from 'rxjs';
import { element } from '../element.ts';

export const TABS = ['task', 'session', 'reading'] as const;
export type Tab = (typeof TABS)[number];

/** How often an open panel of the session is drawn anew, in milliseconds. */
const DRAW_EVERY_MS = 250;

export interface PanelTabs {
  /** The open tab and its changes. */
  readonly open: Observable<Tab>;
}

/** Connects the tabs of the page; the first is open. Those that are hidden by now stay out. */
export function panelTabs(): PanelTabs {
  const open = new BehaviorSubject<Tab>(TABS[0]);
  const tabs = TABS.filter((tab) => !element(`tab-${tab}`, HTMLButtonElement).hidden);
  const buttons = tabs.map((tab) => element(`tab-${tab}`, HTMLButtonElement));
  buttons.forEach((button, i) => {
    button.addEventListener('click', () => open.next(tabs[i] as Tab));
    button.addEventListener('keydown', (event) => {
      const to = reached(event.key, i, tabs.length);
      if (to === undefined) return;
      event.preventDefault();
      open.next(tabs[to] as Tab);
      buttons[to]?.focus();
    });
  });
  open.subscribe((chosen) => {
    tabs.forEach((tab, i) => {
      const selected = tab === chosen;
      buttons[i]?.setAttribute('aria-selected', String(selected));
      if (buttons[i] !== undefined) buttons[i].tabIndex = selected ? 0 : -1;
      element(`panel-${tab}`, HTMLElement).hidden = !selected;
    });
  });
  return { open: open.asObservable() };
}

/** The tab that a key leads to from another, round and round; none for other keys. */
export function reached(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return (from + count - 1) % count;
    case 'ArrowRight':
      return (from + 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** The values while the tab is open: the present one first, then no more than can be read, or all where `everyMs` is 0. */
export function whileOpen<T>(
  { open }: PanelTabs,
  tab: Tab,
  values: Observable<T>,
  everyMs = DRAW_EVERY_MS,
): Observable<T> {
  const shown =
    everyMs === 0 ? values : values.pipe(throttleTime(everyMs, undefined, { leading: true, trailing: true }));
  return open.pipe(switchMap((chosen) => (chosen === tab ? shown : EMPTY)));
}
