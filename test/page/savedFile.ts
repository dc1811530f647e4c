/** What a page under test gives to be kept. */
import type { Page } from 'playwright-core';
import { PATIENCE_MS } from './openPage.ts';

export interface SavedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Presses the button of this name by keyboard, and takes the file that comes. */
export async function savedFile(page: Page, button: string): Promise<SavedFile> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: PATIENCE_MS }),
    page.getByRole('button', { name: button, exact: true }).press('Enter'),
  ]);
  const parts = await (await download.createReadStream()).toArray();
  return { name: download.suggestedFilename(), content: Buffer.concat(parts) };
}
