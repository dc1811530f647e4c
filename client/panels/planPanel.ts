/**
 * What the planner thought: the cost of the best candidate and of the average one, iteration by iteration of the latest
 * plan. A line that falls is a search that found something.
 */
import type { Exportable } from '../export/exportButtons.ts';
import type { Store } from '../store.ts';
import { Chart } from './chart.ts';

/** Keeps the chart inside `host` up to date; returns what it gives away. */
export function planPanel(host: HTMLElement, store: Store): Exportable {
  const chart = new Chart(host, {
    height: 150,
    xLabel: 'iteration of the search',
    series: [
      { name: 'best', look: 'accent' },
      { name: 'mean', look: 'quiet' },
    ],
    fromZero: false,
    format: (value) => String(Number(value.toPrecision(3))),
  });
  store
    .select((state) => state.plan)
    .subscribe((plan) => {
      const costs = plan?.costs ?? [];
      chart.update(
        [costs.map((_, i) => i + 1), costs.map(({ best }) => best), costs.map(({ mean }) => mean)],
        describe(costs),
      );
    });
  return chart.exportable('search');
}

function describe(costs: readonly { readonly best: number }[]): string {
  const first = costs.at(0);
  const last = costs.at(-1);
  if (first === undefined || last === undefined) return 'No plan yet.';
  return `The best cost went from ${first.best.toPrecision(3)} to ${last.best.toPrecision(3)} in ${costs.length} iterations.`;
}
