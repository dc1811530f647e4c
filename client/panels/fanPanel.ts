/**
 * The fan of candidate plans: a switch that asks the server for it, and a slider through the iterations of the latest
 * search. A new plan shows its last iteration; the slider steps back to how the search came there. It goes from the stage
 * when it is switched off, on whatever page, and while anybody drives.
 */
import { drivenWorld } from '../attend.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import type { FanPaths } from '../readFrames.ts';
import type { Stage } from '../stage/stage.ts';
import type { Store } from '../store.ts';

export interface FanPanel {
  /** A new plan's fan and its elites, one entry an iteration; an empty one clears the stage. */
  plan(fan: readonly FanPaths[], elites: readonly number[]): void;
}

/** Keeps the switch, the slider and the stage together. */
export function fanPanel(store: Store, ask: Ask, stage: Stage): FanPanel {
  const wanted = element('fan', HTMLInputElement);
  const slider = element('fan-iteration', HTMLInputElement);
  const shown = element('fan-shown', HTMLOutputElement);
  let fan: readonly FanPaths[] = [];
  let elites: readonly number[] = [];

  const show = (): void => {
    const index = slider.valueAsNumber - 1;
    stage.fan(fan[index], elites[index]);
    setText(shown, fan.length === 0 ? '–' : `${index + 1} of ${fan.length}`);
  };
  const plan: FanPanel['plan'] = (paths, best) => {
    fan = fits(store.state) ? paths : [];
    elites = best;
    slider.disabled = fan.length === 0;
    slider.max = String(Math.max(1, fan.length));
    slider.value = slider.max;
    show();
  };
  slider.addEventListener('input', show);
  wanted.addEventListener('change', () => ask({ type: 'configure', settings: { fan: wanted.checked } }));
  store
    .select(({ link, settings }) => link.status === 'open' && settings !== undefined)
    .subscribe((ready) => {
      wanted.disabled = !ready;
    });
  store
    .select(({ settings }) => settings?.fan === true)
    .subscribe((on) => {
      wanted.checked = on;
    });
  store.select(fits).subscribe((on) => {
    if (!on) plan([], []);
  });
  return { plan };
}

/** Whether a plan's fan is to be seen: it was asked for, and the agent acts on the plan. */
function fits(state: PageState): boolean {
  return state.settings?.fan === true && drivenWorld(state) === undefined;
}
