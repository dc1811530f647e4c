/**
 * How many watch the session, and who of them has the controls; and the link by which others come to watch it. The link
 * is copied where the browser lets a page do that, and stands there to be copied by hand where it does not.
 */

import { handsOfOther } from '../attend.ts';
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import type { Store } from '../store.ts';

/** Keeps the line up to date; `share` gives the link. */
export function audiencePanel(store: Store, share: () => string): void {
  const button = element('share', HTMLButtonElement);
  const box = element('share-box', HTMLElement);
  const link = element('share-link', HTMLInputElement);
  const said = element('share-said', HTMLElement);
  store.select(audienceLine).subscribe((text) => setText(element('audience', HTMLElement), text));
  store
    .select((state) => state.link.status === 'open' && state.session !== undefined)
    .subscribe((ready) => {
      button.disabled = !ready;
    });
  store.select((state) => state.session).subscribe(() => show(false));
  button.addEventListener('click', () => {
    show(box.hidden !== false);
    if (box.hidden) return;
    link.value = share();
    link.select();
    setText(said, 'Whoever opens this link watches, and may control:');
    const copying = navigator.clipboard?.writeText(link.value);
    copying?.then(
      () => setText(said, 'Copied. Whoever opens this link watches, and may control:'),
      () => {},
    );
  });

  function show(open: boolean): void {
    box.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  }
}

/** Nothing for whoever watches alone. */
export function audienceLine(state: PageState): string {
  const { audience, viewer } = state;
  if (audience.viewers < 2) return '';
  const watching = `${audience.viewers} watching, you are viewer ${viewer}`;
  if (!handsOfOther(state) || audience.hands === undefined) return watching;
  const { hands } = audience;
  return `${watching}; viewer ${hands.viewer} ${hands.world === 'dream' ? 'drives the dream' : 'has the controls'}`;
}
