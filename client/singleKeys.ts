/**
 * The switch for single keys: letters, digits, signs and Space that mean something without a modifier. Whoever speaks to
 * their computer, or hits keys by chance, can do without them (WCAG 2.1.4); arrows, Enter and Esc go on, so that all that
 * keys alone can do is still there. The browser remembers it, where it remembers anything.
 */
import { element } from './element.ts';

/** Where the browser remembers that they are off. */
const STORED = 'reverie-keys';

/** Connects the switch. */
export function singleKeys(): void {
  const box = element('keys', HTMLInputElement);
  box.checked = !rememberedOff();
  box.addEventListener('change', () => remember(box.checked));
}

/** Whether a key is a single one and they are off. */
export function switchedOff({ key }: KeyboardEvent): boolean {
  return key.length === 1 && !element('keys', HTMLInputElement).checked;
}

function rememberedOff(): boolean {
  try {
    return localStorage.getItem(STORED) === 'off';
  } catch {
    return false;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // It holds until the page is left.
  }
}
