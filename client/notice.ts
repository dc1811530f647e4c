/**
 * What a person must be told, and for how long: a person's choice answers what was complained of, one that the page makes
 * by itself does not, and nothing that happens in a session takes back what the browser lacks.
 */
import type { Choice } from './pageState.ts';

/** Something that a person must know, with the code by which the page may offer a remedy. */
export interface Notice {
  readonly code: string;
  readonly message: string;
}

/** The notice, if it is about the browser and not about what a session did. */
export function lasting(notice: Notice | undefined): Notice | undefined {
  return notice?.code === 'no-webgl' ? notice : undefined;
}

/** What is left to be said once something was chosen. */
export function afterChoice(notice: Notice | undefined, choice: Choice): Notice | undefined {
  if (choice.type === 'arrange') return lasting(notice);
  if (choice.type !== 'configure' || byThePage(choice)) return notice;
  return lasting(notice);
}

/** Steps of auto mode, and the readings for a panel that is open, are chosen by nobody. */
function byThePage({ auto, settings }: Extract<Choice, { type: 'configure' }>): boolean {
  return auto === true || Object.keys(settings).join() === 'reading';
}
