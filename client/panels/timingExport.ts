/**
 * What the panel of a frame's cost gives away: the parts in milliseconds against the budget, and the bar.
 */
import { budgetMs, type FrameParts, frameParts, PARTS, totalMs } from '../budget.ts';
import { element } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import type { Picture } from '../export/pngPicture.ts';
import type { Table } from '../export/table.ts';
import type { Store } from '../store.ts';

const NAMES: Readonly<Record<keyof FrameParts, string>> = {
  sim: 'simulate',
  plan: 'plan',
  render: 'paint',
  send: 'send',
  draw: 'draw',
};

/** Size of the bar in CSS pixels. */
const [WIDTH, HEIGHT] = [420, 24];

export function timingExport(store: Store): Exportable {
  return {
    name: 'frame-cost',
    table: () => costTable(frameParts(store.state), budgetMs(store.state.budget)),
    picture: () => barPicture(frameParts(store.state)),
  };
}

/** A row for each part, the total and the budget; without times while nothing is measured. */
export function costTable(parts: FrameParts | undefined, budget: number): Table {
  return {
    columns: ['part', 'milliseconds'],
    rows: [
      ...PARTS.map((part) => [NAMES[part], parts?.[part]]),
      ['total', parts && totalMs(parts)],
      ['budget', budget],
    ],
  };
}

/** The bar as it stands on the page. */
function barPicture(parts: FrameParts | undefined): Picture {
  const bar = element('budget-bar', HTMLElement);
  const drawing = document.createElement('canvas');
  const ratio = window.devicePixelRatio;
  drawing.width = WIDTH * ratio;
  drawing.height = HEIGHT * ratio;
  const context = drawing.getContext('2d');
  if (context === null) throw new TypeError('this browser gives no 2D canvas');
  context.scale(WIDTH * ratio, HEIGHT * ratio);
  const styles = getComputedStyle(bar);
  context.fillStyle = styles.backgroundColor;
  context.fillRect(0, 0, 1, 1);
  const share = (name: string): number => Number.parseFloat(styles.getPropertyValue(name)) / 100 || 0;
  let x = 0;
  const key = PARTS.map((part) => {
    const piece = bar.querySelector(`.part-${part}`);
    const color = piece === null ? 'transparent' : getComputedStyle(piece).backgroundColor;
    context.fillStyle = color;
    context.fillRect(x, 0, share(`--${part}`), 1);
    x += share(`--${part}`);
    const time = parts === undefined ? '' : ` ${parts[part].toFixed(1)} ms`;
    return { name: `${NAMES[part]}${time}`, color, mark: 'box' as const };
  });
  context.fillStyle = styles.color;
  context.fillRect(share('--budget'), 0, 2 / WIDTH, 1);
  return { drawing, key, caption: bar.getAttribute('aria-label') ?? '' };
}
