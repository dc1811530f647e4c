/**
 * Auto mode: after every plan, and whenever the budget changes, the renderer steps are chosen that the budget allows
 * (`budget.ts`). A plan that was painted with other steps than are chosen by now is measured all the same, since its
 * cost a step is what the choice is made from.
 */
import { choosesSteps } from './autoClaim.ts';
import { budgetMs, frameParts, offeredSteps, stepsWithin } from './budget.ts';
import type { Ask } from './controls.ts';
import type { Store } from './store.ts';

/** Chooses for as long as the page is open. */
export function autoSteps(store: Store, ask: Ask): void {
  const choose = (): void => {
    const { budget, plan, settings, episode } = store.state;
    if (episode?.recording !== undefined) return; // nothing of it is planned, so that no budget has to be kept
    const parts = frameParts(store.state);
    if (!choosesSteps(store.state) || parts === undefined || plan === undefined || settings === undefined) return;
    const rendererSteps = stepsWithin(parts, plan.rendererSteps, budgetMs(budget), offeredSteps(store.state));
    if (rendererSteps !== settings.rendererSteps) ask({ type: 'configure', settings: { rendererSteps }, auto: true });
  };
  store.select(({ budget }) => budget).subscribe(choose);
  store.select(choosesSteps).subscribe(choose);
  store.select(({ plan }) => plan).subscribe(choose);
  store.select(({ stats }) => stats === undefined).subscribe(choose);
}
