/**
 * Whom a key press is for: the page, or what has the focus. A text field and a menu take every key. A slider, a choice
 * and a tab take the arrows, unless they drive or carry something, a checkbox, a choice and a button the space bar; all
 * others are the page's, so that its keys go on working after one of them was used.
 */

import { modalOpen } from './painting/modalOpen.ts';
import { switchedOff } from './singleKeys.ts';

/** Whether a key may be one of the page's: nobody types, holds a modifier, has a dialog open or has switched it off. */
export function forPage(event: KeyboardEvent): boolean {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return !modified && !modalOpen() && !typing(event.target) && !switchedOff(event);
}

/** Whether someone types, or looks for an entry of a menu. */
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement
    ? !['radio', 'checkbox', 'range'].includes(target.type)
    : target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** Whether an arrow is for what has the focus: a slider, a choice, a tab. */
export function movesFocus({ key, target }: KeyboardEvent): boolean {
  if (!key.startsWith('Arrow') || !(target instanceof HTMLElement)) return false;
  return target.matches('input:not([type="checkbox"]), [role="tab"], [tabindex]');
}

/** Whether the space bar presses what has the focus. */
export function pressesFocus({ key, target }: KeyboardEvent): boolean {
  if (key !== ' ' || !(target instanceof HTMLElement)) return false;
  return target.matches('input:not([type="range"]), button, summary, a');
}
