/** Training from the page, in a real browser: begun, watched, stopped and resumed, and what is said where that cannot be. */
import { describe, expect, it, vi } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import type { FakeTrainings } from './fakeTrainings.ts';
import { PATIENCE_MS } from './openPage.ts';
import {
  askedAgain,
  chartSays,
  losses,
  row,
  soon,
  type TrainingUnderTest,
  trainingUnderTest,
} from './trainingUnderTest.ts';

let trainings: FakeTrainings;
let open: TrainingUnderTest['open'];

trainingUnderTest((parts) => {
  ({ trainings, open } = parts);
});

describe('training from the page', { timeout: 4 * PATIENCE_MS }, () => {
  it('begins by keyboard, shows how far it is and its losses, is stopped, resumed and finished', async () => {
    const { page, errors } = await open();
    expect(await page.getByTestId('training-none').innerText()).toMatch('Nothing has been trained on this server yet');
    await page.getByLabel('Train in').selectOption('Two rooms');
    await page.getByLabel('Minutes').fill('8');
    await page.getByLabel('Training seed').fill('5');
    await page.getByLabel('Training seed').press('Enter');
    await page.getByTestId('training-said').filter({ hasText: '8 minutes in two-room has begun' }).waitFor();
    const run = row(page, 'two-room');
    await run.filter({ hasText: 'beginning' }).waitFor();
    expect(await run.getByRole('checkbox').isChecked()).toBe(true);

    trainings.change('begun-0', { at: { stage: 'latent', progress: 0.429 } });
    trainings.log('begun-0', losses('latent', 100, 2));
    await askedAgain(page);
    await run.filter({ hasText: 'latent, 42%' }).waitFor();
    expect(await run.getByRole('progressbar').getAttribute('value')).toBe('0.429');
    await chartSays(page, /^prediction in the stage latent\. two-room, seed 5, .*: from 2 to 0\.336 after 100 s\.$/);

    // The page asks only for what it has not seen, and learns of it while it is watched.
    trainings.log('begun-0', [
      {
        stage: 'latent',
        step: 1000,
        seconds: 100.5,
        terms: { prediction: 0.1, sigreg: 60, sigregFloor: 1.05, sigregCollapsed: 67.536 },
        warning: 'the latents collapse',
      },
    ]);
    await askedAgain(page);
    await chartSays(page, 'from 2 to 0.1 after 101 s');
    expect(await page.getByTestId('training-warning').innerText()).toMatch(
      /^two-room, seed 5, .*: the latents collapse\.$/,
    );
    expect(await page.locator('#training-term').locator('option').allTextContents()).toEqual(['prediction', 'sigreg']);
    await page.locator('#training-term').selectOption('sigreg');
    await chartSays(page, 'Dashed: 1.05, spread latents. Dashed: 67.5, latents that are all alike.');
    expect(await page.getByTestId('training-legend').innerText()).toMatch('latents that are all alike: 67.5');
    await page.locator('#training-term').selectOption('prediction');
    const bytes = trainings.asked.filter((each) => each.includes('?from=')).map((each) => Number(each.split('=')[1]));
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.filter((byte) => byte === 0).length).toBeLessThan(bytes.length);

    const act = run.getByRole('button', { name: /^(Stop|Resume) two-room/ });
    await act.press('Enter');
    await run.filter({ hasText: 'stopping' }).waitFor();
    expect(await act.getAttribute('aria-disabled')).toBe('true');
    trainings.change('begun-0', { status: 'stopped', stopping: false, at: undefined });
    await askedAgain(page);
    await page.getByTestId('training-said').filter({ hasText: 'stopped; it can be resumed' }).waitFor();
    // What had the focus has it still.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Resume');

    await page.keyboard.press('Enter');
    await run.filter({ hasText: 'beginning' }).waitFor();
    // It goes on from a state that it had saved before, and draws anew what it trains anew.
    trainings.log('begun-0', losses('latent', 60, 3).slice(50));
    await askedAgain(page);
    await chartSays(page, 'from 2 to 0.759 after 60 s');
    const command = 'npm run -s reverie -- serve --world two-room --agent runs/begun-0';
    trainings.change('begun-0', { status: 'finished', at: undefined, command });
    await askedAgain(page);
    await run.getByText(command).waitFor();
    expect(await run.getByRole('button', { name: /^(Stop|Resume)/ }).count()).toBe(0);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await run.getByRole('button', { name: /^Copy the command/ }).click();
    await page.getByTestId('training-said').filter({ hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    expect(errors).toEqual([]);
  });

  it('waits a minute for what it asked to be done, and then says what it does not know', async () => {
    trainings.add({ id: 'one', world: 'two-room', status: 'stopped' });
    const { page, errors } = await open();
    await row(page, 'two-room').waitFor();
    trainings.silent = true;
    const trouble = page.getByTestId('training-trouble').filter({ hasText: 'has not answered for 60 s' });
    const act = row(page, 'two-room').getByRole('button', { name: /^(Stop|Resume)/ });
    await act.click();
    await vi.waitFor(() => expect(trainings.asked).toContain('POST /trainings/one/resume'), soon);
    expect(await act.getAttribute('aria-disabled')).toBe('true');
    expect(await trouble.isVisible()).toBe(false);
    await page.clock.fastForward(61_000);
    await trouble.filter({ hasText: 'It may still do what it was asked to: the list shows it then.' }).waitFor();
    // It has been done, as the list says at once.
    await row(page, 'two-room').filter({ hasText: 'beginning' }).waitFor();

    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await trouble.waitFor({ state: 'hidden' });
    await vi.waitFor(() => expect(trainings.asked).toContain('POST /trainings'), soon);
    await page.clock.fastForward(61_000);
    await trouble.waitFor();
    await row(page, 'push-t').waitFor();
    expect(await page.locator('#training-start').getAttribute('aria-busy')).toBe('false');
    expect(errors).toEqual([]);
  });

  it('says what a server without training says, and shows nothing else', async () => {
    trainings.absent = 'This server does not train; start it with --trainings and a folder.';
    const { page } = await open();
    expect(await page.getByTestId('training-body').innerText()).toBe(trainings.absent);
    expect(await page.getByRole('button', { name: 'Train', exact: true }).count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('says why a training does not begin, whoever refuses it', async () => {
    const { page } = await open();
    await page.getByLabel('Minutes').fill('100000');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('training-trouble').filter({ hasText: 'at most 720' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('training-minutes');
    expect(trainings.asked.filter((each) => each.startsWith('POST'))).toEqual([]);
    await page.getByLabel('Minutes').fill('1');
    trainings.refusal = 'Another training is at work; stop it, or wait until it has finished.';
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('training-trouble').filter({ hasText: trainings.refusal }).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await row(page, 'push-t').waitFor();
    expect(await page.getByTestId('training-trouble').isVisible()).toBe(false);
  });
});
