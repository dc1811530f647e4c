/** Whether a dialog stands before the page: keys are then for the dialog alone. */
export function modalOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
