/** Waiting for what the page draws, for as long as tests are patient. */
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { PATIENCE_MS, stageCount } from './openPage.ts';

/** How `vi.waitFor` waits for what must come. */
export const soon = { timeout: PATIENCE_MS, interval: 50 };

/** Waits until the page has drawn more than `count` pictures of a kind. */
export async function drawn(page: Page, name: 'truth-frames' | 'dream-frames', count = 0): Promise<void> {
  await vi.waitFor(async () => expect(await stageCount(page, name)).toBeGreaterThan(count), soon);
}
