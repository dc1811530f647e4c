/**
 * Where the dream went wrong: the mean difference between truth and dream at every step of the episode, with the
 * episode before as a quiet line behind it. It rises as a plan grows old and drops when the agent looks again.
 */
import type { Exportable } from '../export/exportButtons.ts';
import type { Measured } from '../pageState.ts';
import type { Store } from '../store.ts';
import { Chart } from './chart.ts';
import { type PanelTabs, whileOpen } from './panelTabs.ts';

/** Keeps the chart inside `host` up to date while it is to be seen; returns what it gives away. */
export function errorPanel(host: HTMLElement, store: Store, tabs: PanelTabs): Exportable {
  const chart = new Chart(host, {
    height: 150,
    xLabel: 'step of the episode',
    series: [
      { name: 'this task', look: 'accent' },
      { name: 'the task before', look: 'quiet' },
    ],
    fromZero: true,
    format: (value) => `${Number((value * 100).toPrecision(2))}%`,
  });
  const compared = store.select((state) => state.measured);
  whileOpen(tabs, 'task', compared, 0).subscribe((measured) => {
    const before = store.state.measuredBefore;
    const steps = [...new Set([...measured, ...before].map(({ envStep }) => envStep))].sort((a, b) => a - b);
    chart.update([steps, valuesAt(steps, measured), valuesAt(steps, before)], describe(measured));
  });
  return chart.exportable('error-by-step');
}

function valuesAt(steps: readonly number[], measured: readonly Measured[]): (number | null)[] {
  const byStep = new Map(measured.map(({ envStep, difference }) => [envStep, difference]));
  return steps.map((step) => byStep.get(step) ?? null);
}

function describe(measured: readonly Measured[]): string {
  if (measured.length === 0) return 'No step has been compared.';
  const mean = measured.reduce((sum, { difference }) => sum + difference, 0) / measured.length;
  const steps = measured.length === 1 ? 'one step' : `${measured.length} steps`;
  return `Over ${steps} the dream differed from the truth by ${(mean * 100).toFixed(1)}% on average.`;
}
