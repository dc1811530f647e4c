/**
 * How surprised the agent should be: the ratio of each dream's difference to the usual one of this task, through the
 * session, with the ratio from which a moment can be a surprise as a dashed line, and a dot at each moment that was
 * marked as one.
 */
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import type { Unexpected } from '../session/sessionRecord.ts';
import type { Store } from '../store.ts';
import { SURPRISE_RATIO } from '../timeline/events.ts';
import { Chart, type ChartData } from './chart.ts';
import { type PanelTabs, whileOpen } from './panelTabs.ts';

/** Keeps the chart and what it says in words up to date while they are to be seen; returns what the panel gives away. */
export function surprisePanel(store: Store, tabs: PanelTabs): Exportable {
  const chart = new Chart(element('surprise-chart', HTMLElement), {
    height: 190,
    xLabel: 'step of the session',
    series: [
      { name: 'times the usual', look: 'accent', joins: false },
      { name: 'threshold', look: 'limit' },
      { name: 'surprise', look: 'marks' },
    ],
    fromZero: true,
    format: (value) => `${Number(value.toPrecision(3))}×`,
  });
  const summary = element('surprise-summary', HTMLElement);
  const moments = store.select((state) => state.record.surprise);
  whileOpen(tabs, 'session', moments).subscribe((all) => {
    chart.update(surpriseData(all), describeSurprise(all));
    setText(summary, describeSurprise(all));
  });
  return chart.exportable('surprise');
}

/** A ratio beyond all bounds, where the usual dream was perfect, leaves a gap. */
export function surpriseData(moments: readonly Unexpected[]): ChartData {
  const ratios = moments.map(({ ratio }) => (ratio !== undefined && Number.isFinite(ratio) ? ratio : null));
  return [
    moments.map(({ step }) => step),
    ratios,
    moments.map(() => SURPRISE_RATIO),
    moments.map(({ surprised }, i) => (surprised ? (ratios[i] ?? null) : null)),
  ];
}

function describeSurprise(moments: readonly Unexpected[]): string {
  const { length } = moments.filter(({ ratio }) => ratio !== undefined);
  if (length === 0) return 'No dream has been compared with others.';
  const surprises = moments.filter(({ surprised }) => surprised).length;
  return `${surprises} ${surprises === 1 ? 'surprise' : 'surprises'} in ${length} steps.`;
}
