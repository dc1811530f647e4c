/**
 * A report as one HTML page that needs nothing else: no scripts, pictures inside, colours that follow the reader's light
 * or dark theme. What is in it, the reports say: `server/evaluation/report/`, `server/bench/rendererPage.ts`.
 */
import type { Frame } from '../../shared/frame.ts';
import { canvasOf } from '../recording/export/picture.ts';
import { escaped } from './chart.ts';

const FRAME_SCALE = 2;

/** The whole page; the sections are HTML. */
export function htmlPage(title: string, facts: string, sections: readonly string[]): string {
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>`,
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><p>${escaped(facts)}</p>`,
    ...sections,
    '</body></html>',
  ].join('\n');
}

/** A part of the page under a heading. */
export function section(heading: string, ...parts: readonly string[]): string {
  return `<section><h2>${escaped(heading)}</h2>${parts.join('\n')}</section>`;
}

/** A table; the first row is its head. */
export function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`;
}

/** A frame, twice its size. */
export function picture(frame: Frame, description: string): string {
  const source = `data:image/png;base64,${canvasOf(frame, FRAME_SCALE).toBuffer('image/png').toString('base64')}`;
  return `<img alt="${escaped(description)}" src="${source}">`;
}

/** The page's style, which a chart that stands alone takes with it. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1e; --faint: #c9c9ce; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --faint: #48484d; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--faint); }
svg { max-width: 40rem; width: 100%; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
.grid { stroke: var(--faint); } .line { fill: none; stroke-width: 2; } .whisker { stroke: var(--ink); stroke-width: 1.5; }
.series-0 { --c: #0077b6; } .series-1 { --c: #e07a00; } .series-2 { --c: #2a9d5c; } .series-3 { --c: #c2185b; }
.series-4 { --c: #7e57c2; } .series-5 { --c: #8d8d8d; } .series-6 { --c: #6d4c41; } .series-7 { --c: #00838f; }
.series-8 { --c: #afb42b; } .series-9 { --c: #d81b60; } .series-10 { --c: #3949ab; } .series-11 { --c: #ef6c00; }
.series-12 { --c: #00897b; } .series-13 { --c: #5d4037; }
.line { stroke: var(--c); } .bar, .dot { fill: var(--c); } svg text .key, svg text.key { fill: var(--c); }
figure { margin: 1rem 0; } figure img { image-rendering: pixelated; margin-right: 3px; } figure img:first-child { margin-right: 1rem; }
`;
