/**
 * Says to the server when this page is in auto mode, so that of several pages on one session a single one chooses the
 * renderer steps (`server/live/autoClaims.ts`). Choosing auto, even where it is on already, or another budget in it makes
 * this page the one; coming with auto by the address, or back after a lost connection, takes it from nobody.
 */
import type { Ask } from './controls.ts';
import type { PageState } from './pageState.ts';
import type { Store } from './store.ts';

/** Claims for as long as the page is open. */
export function autoClaim(store: Store, ask: Ask): void {
  let claimed = false;
  const connected = ({ link, settings, session, viewer }: PageState): string | undefined =>
    link.status === 'open' && settings !== undefined ? `${session} ${viewer}` : undefined;
  const say = (chosen: boolean): void => {
    const { budget, audience } = store.state;
    if (connected(store.state) === undefined) return;
    if (!budget.auto && (!claimed || audience.auto === undefined)) return;
    claimed = budget.auto;
    ask({ type: 'auto', on: budget.auto, chosen });
  };
  store.select(connected).subscribe(() => {
    claimed = false;
    say(false);
  });
  store
    .select(({ budget, autoChosen }) => (budget.auto ? `auto ${budget.fps} ${autoChosen}` : 'by hand'))
    .subscribe(() => say(true));
}

/** Whether this page chooses the renderer steps. */
export function choosesSteps({ budget, audience, viewer }: PageState): boolean {
  return budget.auto && audience.auto === viewer;
}

/** Whose budget counts, where it is not this page's. */
export function autoLine({ budget, audience, viewer }: PageState): string {
  if (audience.auto === undefined || audience.auto === viewer) return '';
  const whose = `Viewer ${audience.auto} is in auto mode: their frame budget chooses the renderer steps`;
  return budget.auto ? `${whose}, until you choose Auto again or they leave it.` : `${whose}.`;
}
