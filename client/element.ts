/**
 * Typed access to the page's fixed markup. `index.html` holds every element that always exists, so that the page can be
 * read before its script has run; code looks them up once, by id, and a missing one is a defect that says its name.
 */

/**
 * The element with this id, of this class: `element('play', HTMLButtonElement)`.
 * @throws TypeError when the page has no such element.
 */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`index.html has no ${kind.name} with id "${id}"`);
}

/** Writes text only where it differs, so that assistive technology is not told of changes that are none. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
