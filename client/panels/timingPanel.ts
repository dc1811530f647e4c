/**
 * What it costs: the parts of one frame stacked against the 33 ms that 30 frames a second leave, and the times of the
 * latest plan beside it. Planning is not part of the bar, since the agent plans once for many frames.
 */
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import type { Store } from '../store.ts';

/** Milliseconds a frame at 30 frames a second. */
export const FRAME_BUDGET_MS = 33;

/** The work that every frame needs, in the order in which it is done. */
export const PARTS = ['sim', 'render', 'send', 'draw'] as const;
export type FrameParts = Readonly<Record<(typeof PARTS)[number], number>>;

/** What one frame takes, in milliseconds; unknown until the server has measured. */
export function frameParts({ stats, drawMs }: PageState): FrameParts | undefined {
  if (stats === undefined) return undefined;
  return { sim: stats.simMs, render: stats.renderMs, send: stats.sendMs, draw: drawMs ?? 0 };
}

/** Widths of the parts and place of the budget, as shares of a bar that holds whichever is longer. */
export function barLayout(parts: FrameParts): {
  readonly widths: FrameParts;
  readonly budget: number;
  readonly total: number;
} {
  const total = PARTS.reduce((sum, part) => sum + parts[part], 0);
  const scale = Math.max(total, FRAME_BUDGET_MS * 1.25);
  const share = (part: keyof FrameParts): number => parts[part] / scale;
  return {
    widths: { sim: share('sim'), render: share('render'), send: share('send'), draw: share('draw') },
    budget: FRAME_BUDGET_MS / scale,
    total,
  };
}

/** Keeps the bar and the numbers up to date. */
export function timingPanel(store: Store): void {
  const bar = element('budget-bar', HTMLElement);
  store.select(frameSignature).subscribe(() => {
    const parts = frameParts(store.state);
    if (parts === undefined) return;
    const { widths, budget, total } = barLayout(parts);
    bar.style.setProperty('--budget', percent(budget));
    bar.dataset.over = String(total > FRAME_BUDGET_MS);
    for (const part of PARTS) {
      bar.style.setProperty(`--${part}`, percent(widths[part]));
      setText(element(`ms-${part}`, HTMLElement), milliseconds(parts[part]));
    }
    const verdict = total > FRAME_BUDGET_MS ? 'over' : 'within';
    setText(element('ms-total', HTMLElement), milliseconds(total));
    bar.setAttribute(
      'aria-label',
      `A frame takes ${milliseconds(total)}, ${verdict} the budget of ${FRAME_BUDGET_MS} ms.`,
    );
  });
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

/** The draw time changes with every frame; the panel follows it once a second, with the server's numbers. */
function frameSignature(state: PageState): PageState['stats'] {
  return state.stats;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
