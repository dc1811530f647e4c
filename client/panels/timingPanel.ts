/**
 * What it costs: the parts of one frame stacked against the budget of 30 or 60 frames a second, and the times of the
 * latest plan beside it; and whose budget counts, where it is not this page's.
 */
import { autoLine } from '../autoClaim.ts';
import { barLayout, budgetMs, FRAME_RATES, frameParts, PARTS } from '../budget.ts';
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import type { Store } from '../store.ts';

/** Keeps the bar and the numbers up to date. */
export function timingPanel(store: Store): void {
  const bar = element('budget-bar', HTMLElement);
  const rates = element('frame-rates', HTMLFieldSetElement);
  rates.addEventListener('change', (event) => {
    const fps = FRAME_RATES.find(
      (rate) => event.target instanceof HTMLInputElement && event.target.value === `${rate}`,
    );
    if (fps !== undefined) store.dispatch({ type: 'budgeted', budget: { fps } });
  });
  // The draw time changes with every frame; the panel follows it with the server's numbers, and with each plan.
  const draw = (): void => {
    const { budget: chosen } = store.state;
    for (const radio of rates.querySelectorAll('input')) radio.checked = radio.value === String(chosen.fps);
    const allowed = budgetMs(chosen);
    setText(element('ms-budget', HTMLElement), milliseconds(allowed));
    const parts = frameParts(store.state);
    if (parts === undefined) return;
    const { widths, budget, total } = barLayout(parts, allowed);
    const over = total > allowed;
    bar.style.setProperty('--budget', percent(budget));
    bar.dataset.over = String(over);
    for (const part of PARTS) {
      bar.style.setProperty(`--${part}`, percent(widths[part]));
      setText(element(`ms-${part}`, HTMLElement), milliseconds(parts[part]));
    }
    setText(element('ms-total', HTMLElement), milliseconds(total));
    const verdict = `A frame takes ${milliseconds(total)}, ${over ? 'over' : 'within'} the budget of ${milliseconds(allowed)}.`;
    bar.setAttribute('aria-label', verdict);
    setText(element('budget-verdict', HTMLElement), remark(store.state, over));
  };
  store.select((state) => state.stats).subscribe(draw);
  store.select((state) => state.plan).subscribe(draw);
  store.select((state) => state.budget).subscribe(draw);
  store.select(autoLine).subscribe((text) => setText(element('auto-owner', HTMLElement), text));
  store
    .select((state) => state.plan)
    .subscribe((plan) => {
      setText(element('plan-ms', HTMLElement), plan === undefined ? '–' : milliseconds(plan.planMs));
      setText(element('plan-render-ms', HTMLElement), plan === undefined ? '–' : milliseconds(plan.renderMs));
      setText(element('plan-renderer-steps', HTMLElement), plan === undefined ? '–' : String(plan.rendererSteps));
      setText(element('plan-horizon', HTMLElement), plan === undefined ? '–' : `${plan.horizon} steps`);
    });
  store
    .select((state) => state.stats?.dropped)
    .subscribe((dropped) => setText(element('dropped', HTMLElement), dropped === undefined ? '–' : String(dropped)));
}

/** What can be done about it. */
function remark({ budget, plan }: PageState, over: boolean): string {
  if (!over) return '';
  if (plan?.rendererSteps === 1) return 'Over the budget even with one renderer step.';
  return budget.auto
    ? 'Over the budget; fewer renderer steps from the next plan on.'
    : 'Over the budget: take fewer renderer steps, or Auto.';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function milliseconds(value: number): string {
  return `${value < 20 ? value.toFixed(1) : Math.round(value)} ms`;
}
