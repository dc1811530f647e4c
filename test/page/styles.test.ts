/**
 * What the style sheets must not ask: a rule about everything within an element that holds something makes the browser
 * restyle all of that element's contents whenever anything in them changes, many times a second here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const STYLES = new URL('../../client/styles/', import.meta.url);

/** Rules whose subject lies inside of an element chosen by `:has`, that element being the whole page. */
const RESTYLES_THE_PAGE = /(?::root|html|body|main)[^\s,{]*:has\([^{]*\)\s+\S/;

it('no style sheet restyles the whole page for what happens somewhere in it', () => {
  const sheets = readdirSync(STYLES).filter((name) => name.endsWith('.css'));
  expect(sheets.length).toBeGreaterThan(5);
  const rules = sheets.flatMap((name) => readFileSync(new URL(name, STYLES), 'utf8').split('}'));
  const selectors = rules.map((rule) => rule.slice(0, rule.indexOf('{')).trim());
  expect(selectors.filter((selector) => RESTYLES_THE_PAGE.test(selector))).toEqual([]);
  expect(':root:has([data-carrying="true"]) *').toMatch(RESTYLES_THE_PAGE);
});
