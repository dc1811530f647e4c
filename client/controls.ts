/**
 * The choices that a person has: play, pause, step, next task; world, seed, renderer steps; each by pointer and by key.
 * Every choice becomes one message, and settings show at once what was chosen, before the server has answered. Keys are
 * left alone while someone types, holds a modifier or has switched them off, and where what has the focus uses them
 * (`keyTarget.ts`). Of a replay only the renderer steps are chosen, where there is a dream to be painted.
 */
import { RENDERER_STEPS, type Settings, settingsSchema } from '../shared/protocol/control.ts';
import { offeredSteps } from './budget.ts';
import { element, setText } from './element.ts';
import { forPage, movesFocus, pressesFocus } from './keyTarget.ts';
import type { Choice, PageState } from './pageState.ts';
import { toggledFutures } from './panels/whatIf.ts';
import type { Store } from './store.ts';
import type { Player } from './timeline/player.ts';

/** Sends a choice to the server and shows it. */
export type Ask = (choice: Choice) => void;

/** What a key asks for. */
export type Shortcut =
  | { readonly type: 'toggle' | 'step' | 'next' | 'auto' | 'futures' | 'paint' }
  | { readonly type: 'back' | 'on' | 'eventBefore' | 'eventAfter' | 'live' }
  | { readonly type: 'rendererSteps'; readonly steps: Settings['rendererSteps'] };

/** The meaning of a key, if it has one; a step count has the key of its last digit. */
export function shortcut(key: string): Shortcut | undefined {
  const steps = RENDERER_STEPS.find((count) => String(count).at(-1) === key);
  if (steps !== undefined) return { type: 'rendererSteps', steps };
  switch (key) {
    case ' ':
      return { type: 'toggle' };
    case '.':
      return { type: 'step' };
    case 'a':
    case 'A':
      return { type: 'auto' };
    case 'f':
    case 'F':
      return { type: 'futures' };
    case 'p':
    case 'P':
      return { type: 'paint' };
    case 'n':
    case 'N':
      return { type: 'next' };
    default:
      return TIMELINE_KEYS.get(key);
  }
}

/** What a replay has no use for. */
const LIVE_ONLY: ReadonlySet<Shortcut['type']> = new Set(['auto', 'futures', 'paint']);

/** What a key that is held down does again and again; all else it does once. */
const REPEATED: ReadonlySet<Shortcut['type']> = new Set(['step', 'back', 'on', 'eventBefore', 'eventAfter']);

const TIMELINE_KEYS: ReadonlyMap<string, Shortcut> = new Map([
  ['ArrowLeft', { type: 'back' }],
  ['ArrowRight', { type: 'on' }],
  ['[', { type: 'eventBefore' }],
  [']', { type: 'eventAfter' }],
  ['l', { type: 'live' }],
  ['L', { type: 'live' }],
]);

/** Connects the page's controls and keys with the store and the server. */
export function controls(store: Store, ask: Ask, player: Player): void {
  const choose = (settings: Partial<Settings>): void => {
    if (settings.rendererSteps !== undefined) store.dispatch({ type: 'budgeted', budget: { auto: false } });
    ask({ type: 'configure', settings });
  };
  const transport = (command: 'play' | 'pause' | 'step' | 'next'): void => ask({ type: 'transport', command });
  const act = (wanted: Shortcut): void => {
    const { playing } = store.state;
    if (replayed(store.state) && LIVE_ONLY.has(wanted.type)) return;
    if (wanted.type === 'rendererSteps' && !paints(store.state)) return;
    if (wanted.type === 'rendererSteps') choose({ rendererSteps: wanted.steps });
    else if (wanted.type === 'auto') store.dispatch({ type: 'budgeted', budget: { auto: true } });
    else if (wanted.type === 'futures') choose({ futures: toggledFutures(store.state.settings?.futures) });
    else if (wanted.type === 'paint') element('paint-open', HTMLButtonElement).click();
    else if (wanted.type === 'toggle') transport(playing ? 'pause' : 'play');
    else if (wanted.type === 'back') player.move(-1);
    else if (wanted.type === 'on') player.move(1);
    else if (wanted.type === 'eventBefore') player.event(-1);
    else if (wanted.type === 'eventAfter') player.event(1);
    else if (wanted.type === 'live') player.toLive();
    else {
      if (wanted.type === 'step' && playing) transport('pause');
      transport(wanted.type);
    }
  };
  transportButtons(store, act);
  settingInputs(store, choose);
  document.addEventListener('keydown', (event) => {
    const wanted = shortcut(event.key);
    if (wanted === undefined || !free(event)) return;
    event.preventDefault();
    if (!event.repeat || REPEATED.has(wanted.type)) act(wanted);
  });
}

/** Whether the page shows a recording. */
function replayed({ episode }: PageState): boolean {
  return episode?.recording !== undefined;
}

/** Whether there is a dream to be painted, in steps that can be chosen. */
function paints(state: PageState): boolean {
  return !replayed(state) || state.replayDream?.state === 'shown';
}

function transportButtons(store: Store, act: (wanted: Shortcut) => void): void {
  const play = element('play', HTMLButtonElement);
  play.addEventListener('click', () => act({ type: 'toggle' }));
  element('step', HTMLButtonElement).addEventListener('click', () => act({ type: 'step' }));
  element('next', HTMLButtonElement).addEventListener('click', () => act({ type: 'next' }));
  store
    .select((state) => state.playing)
    .subscribe((playing) => {
      play.dataset.playing = String(playing);
      setText(element('play-label', HTMLElement), playing ? 'Pause' : 'Play');
    });
  store
    .select((state) => state.link.status === 'open' && state.phase !== 'failed')
    .subscribe((ready) => {
      for (const id of ['play', 'step', 'next']) element(id, HTMLButtonElement).disabled = !ready;
    });
}

function settingInputs(store: Store, choose: (settings: Partial<Settings>) => void): void {
  const world = element('world', HTMLSelectElement);
  const seed = element('seed', HTMLInputElement);
  const go = element('seed-go', HTMLButtonElement);
  const steps = element('renderer-steps', HTMLFieldSetElement);
  world.addEventListener('change', () => choose({ world: world.value }));
  seedForm(store, choose);
  // A click, and not a change: steps that somebody's auto mode has chosen are checked, and can be chosen for good.
  steps.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.target.value === 'auto') store.dispatch({ type: 'budgeted', budget: { auto: true } });
    const parsed = settingsSchema.shape.rendererSteps.safeParse(Number(event.target.value));
    if (!parsed.success) return;
    const { settings, budget, audience } = store.state;
    const chosen = parsed.data === settings?.rendererSteps && !budget.auto && audience.auto === undefined;
    if (!chosen) choose({ rendererSteps: parsed.data });
  });
  const ready = ({ link, settings }: PageState): boolean => link.status === 'open' && settings !== undefined;
  store
    .select((state) => ready(state) && !replayed(state))
    .subscribe((able) => {
      for (const control of [world, seed, go]) control.disabled = !able;
    });
  store
    .select((state) => ready(state) && paints(state))
    .subscribe((able) => {
      steps.disabled = !able;
    });
  stepsInput(steps, store);
  store
    .select((state) => state.worlds)
    .subscribe((worlds) => world.replaceChildren(...worlds.map(({ id, title }) => new Option(title, id))));
  store
    .select((state) => state.settings)
    .subscribe((settings) => {
      if (settings === undefined) return;
      world.value = settings.world;
      if (document.activeElement !== seed) seed.value = String(settings.seed);
      const summary = store.state.worlds.find(({ id }) => id === settings.world);
      setText(element('world-description', HTMLElement), summary?.description ?? '');
    });
}

/** A seed that is no seed is said to be none; one that was typed and not chosen gives way to the session's. */
function seedForm(store: Store, choose: (settings: Partial<Settings>) => void): void {
  const form = element('seed-form', HTMLFormElement);
  const seed = element('seed', HTMLInputElement);
  const go = element('seed-go', HTMLButtonElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const parsed = settingsSchema.shape.seed.safeParse(seed.valueAsNumber);
    if (parsed.success) choose({ seed: parsed.data });
    else seed.reportValidity();
  });
  form.addEventListener('focusout', ({ relatedTarget }) => {
    const { settings } = store.state;
    // Some browsers give a button that is clicked no focus, and who looks at another window comes back.
    const chooses = (relatedTarget instanceof Node && form.contains(relatedTarget)) || go.matches(':active');
    if (!chooses && document.hasFocus() && settings !== undefined) seed.value = String(settings.seed);
  });
}

/**
 * Auto is one of the choices of steps, and shows how many it has chosen, but not beside a replay; of the others there
 * are those that the agent has.
 */
function stepsInput(steps: HTMLFieldSetElement, store: Store): void {
  const show = (): void => {
    const { settings, budget } = store.state;
    const chosen = budget.auto && !replayed(store.state) ? 'auto' : String(settings?.rendererSteps);
    for (const radio of steps.querySelectorAll('input')) radio.checked = radio.value === chosen;
    const count = budget.auto && settings !== undefined ? ` · ${settings.rendererSteps}` : '';
    setText(element('auto-steps', HTMLElement), `Auto${count}`);
  };
  store
    .select((state) => state.episode && [replayed(state) ? [] : 'auto', offeredSteps(state)].flat().join())
    .subscribe((known) => {
      if (known === undefined) return;
      const offered = known.split(',');
      for (const radio of steps.querySelectorAll('input')) {
        radio.disabled = !offered.includes(radio.value);
        radio.closest('label')?.toggleAttribute('hidden', radio.disabled);
      }
      show();
    });
  store.select((state) => state.settings).subscribe(show);
  store.select((state) => state.budget).subscribe(show);
}

/** Whether a key press is meant for the page and not for what has the focus. */
function free(event: KeyboardEvent): boolean {
  return forPage(event) && !movesFocus(event) && !pressesFocus(event);
}
