/**
 * What plans promise: the cost of the best idea that each search ended with, plan by plan through the session. Within a
 * task it falls as the goal comes nearer; a plan that promises more than the one before it has found the world other
 * than it was imagined.
 */
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import type { PlanCost } from '../session/sessionRecord.ts';
import type { Store } from '../store.ts';
import { Chart, type ChartData } from './chart.ts';
import { type PanelTabs, whileOpen } from './panelTabs.ts';

/** Keeps the chart and what it says in words up to date while they are to be seen; returns what the panel gives away. */
export function planCostPanel(store: Store, tabs: PanelTabs): Exportable {
  const chart = new Chart(element('plan-cost-chart', HTMLElement), {
    height: 190,
    xLabel: 'step of the session',
    series: [{ name: 'best cost', look: 'accent', points: true, joins: false }],
    fromZero: true,
    format: (value) => String(Number(value.toPrecision(3))),
  });
  const summary = element('plan-cost-summary', HTMLElement);
  const plans = store.select((state) => state.record.plans);
  whileOpen(tabs, 'session', plans).subscribe((costs) => {
    chart.update(planCostData(costs), describePlanCosts(costs));
    setText(summary, describePlanCosts(costs));
  });
  return chart.exportable('plan-costs');
}

/** A line a task: between two tasks it has a gap. */
export function planCostData(plans: readonly PlanCost[]): ChartData {
  const points = plans.flatMap(({ step, task, best }, i) => {
    const before = plans[i - 1];
    const begins = before !== undefined && before.task !== task;
    return begins ? [[(before.step + step) / 2, null] as const, [step, best] as const] : [[step, best] as const];
  });
  return [points.map(([step]) => step), points.map(([, best]) => best)];
}

function describePlanCosts(plans: readonly PlanCost[]): string {
  const latest = plans.at(-1);
  if (latest === undefined) return 'No plan yet.';
  const costs = plans.map(({ best }) => best);
  const range = `${Math.min(...costs).toPrecision(3)} to ${Math.max(...costs).toPrecision(3)}`;
  const all = plans.length === 1 ? '' : ` The latest ${plans.length} go from ${range}.`;
  return `The latest plan promises a cost of ${latest.best.toPrecision(3)}.${all}`;
}
