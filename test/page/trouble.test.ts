/**
 * The page when things go wrong, in a real browser, against a server that makes them go wrong.
 */
import { describe, expect, it, vi } from 'vitest';
import { drawn, soon } from './drawn.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, stageCount } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(SOME);
});

/** Where the clock stands unless a test lets it go on, so that two cores have time for what is tested. */
const SOME = 3;

describe('trouble', { timeout: 2 * PATIENCE_MS }, () => {
  it('a lost connection comes back to the same session', async () => {
    server.go();
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.drop();
    await vi.waitFor(
      () => expect(server.heard('hello').map(({ resume }) => resume)).toEqual([undefined, 'resume-1']),
      soon,
    );
    await drawn(page, 'dream-frames', await stageCount(page, 'dream-frames'));
    await page.getByTestId('status').getByText('Live').waitFor();
  });

  it('a server that is gone is reported with what to do, until it is back', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.admit(false);
    server.drop();
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    server.admit(true);
    await page.getByTestId('status').getByText('Live').waitFor();
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  it('a server of another version is refused with a reason and not asked again', async () => {
    server.version = 99;
    const { page } = await open();
    await page.getByRole('alert').getByText('the server version 99').waitFor();
    await page.waitForTimeout(1000);
    expect(server.heard('hello')).toHaveLength(1);
    expect(await page.getByRole('button', { name: 'Reload' }).isVisible()).toBe(true);
  });

  it('an error of the session is shown as the server words it', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.say({ type: 'error', code: 'no-weights', message: 'Train an agent for push-t first.' });
    const banner = page.getByRole('alert');
    await banner.getByText('Train an agent for push-t first.').waitFor();
    await banner.getByText('This world has no trained agent yet').waitFor();
  });

  it('garbage is dropped and counted, and the pictures go on', async () => {
    server.go();
    const { page, errors } = await open();
    await drawn(page, 'truth-frames');
    for (const garbage of ['{', '{"type":"episode"}', new Uint8Array(5), new Uint8Array(64)]) server.raw(garbage);
    await page.getByTestId('garbage').getByText('4 unreadable messages').waitFor();
    await drawn(page, 'dream-frames', await stageCount(page, 'dream-frames'));
    expect(errors).toEqual([]);
  });
});
