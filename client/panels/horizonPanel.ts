/**
 * How far ahead the agent can see: the median difference between truth and dream against the steps since the plan, over
 * the session, with the middle half of the dreams as a band; and the same of a still picture. Where the lines meet the
 * dream is worth no more than the last look.
 */
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import { type HorizonRow, horizonRows, horizonVerdict } from '../session/horizonErrors.ts';
import type { Quartiles } from '../session/quartiles.ts';
import type { Store } from '../store.ts';
import { Chart, type ChartData } from './chart.ts';
import { type PanelTabs, whileOpen } from './panelTabs.ts';

/** Keeps the chart and what it says in words up to date while they are to be seen; returns what the panel gives away. */
export function horizonPanel(store: Store, tabs: PanelTabs): Exportable {
  const chart = new Chart(element('horizon-chart', HTMLElement), {
    height: 190,
    xLabel: 'steps ahead of the plan',
    series: [
      { name: 'dream median', look: 'accent' },
      { name: 'still picture median', look: 'quiet' },
      { name: 'dream lower quartile', look: 'edge' },
      { name: 'dream upper quartile', look: 'edge' },
      { name: 'still picture lower quartile', look: 'edge' },
      { name: 'still picture upper quartile', look: 'edge' },
    ],
    bands: [
      { upper: 5, lower: 4, look: 'quiet' },
      { upper: 3, lower: 2, look: 'accent' },
    ],
    fromZero: true,
    format: (value) => `${Number((value * 100).toPrecision(2))}%`,
  });
  const verdict = element('horizon-verdict', HTMLElement);
  const errors = store.select((state) => state.record.horizon);
  whileOpen(tabs, 'session', errors).subscribe((horizon) => {
    const rows = horizonRows(horizon);
    chart.update(horizonData(rows), horizonVerdict(rows));
    setText(verdict, horizonVerdict(rows));
  });
  return chart.exportable('error-by-horizon');
}

function horizonData(rows: readonly HorizonRow[]): ChartData {
  const line = (of: 'dream' | 'still', figure: keyof Quartiles) => rows.map((row) => row[of]?.[figure] ?? null);
  return [
    rows.map(({ ahead }) => ahead),
    line('dream', 'median'),
    line('still', 'median'),
    line('dream', 'low'),
    line('dream', 'high'),
    line('still', 'low'),
    line('still', 'high'),
  ];
}
