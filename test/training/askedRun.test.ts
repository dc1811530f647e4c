/** What a training is to do, by what is asked for and what its directory holds: nothing is mixed, nothing forgotten. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { type AskedRun, askedRun } from '../../server/training/askedRun.ts';
import { hasRun, keepRun, withRequest } from '../../server/training/runRecord.ts';
import type { TrainingOptions } from '../../server/training/trainingOptions.ts';

const world = { world: 'two-room', worldVersion: 1 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-asked-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const ask = (options: Partial<TrainingOptions>, inWorld = world): Promise<AskedRun> =>
  askedRun(directory, inWorld, { world: 'two-room', engine: 'cpu', resume: false, ...options });
const resume = (options: Partial<TrainingOptions> = {}): Promise<AskedRun> => ask({ ...options, resume: true });

/** Asks for a run, and keeps it as a training does that was killed then. */
async function begin(options: Partial<TrainingOptions>): Promise<AskedRun> {
  const asked = await ask(options);
  await keepRun(directory, asked.run);
  return asked;
}

async function finish({ run, stage }: AskedRun): Promise<void> {
  await keepRun(directory, withRequest(run, stage, { reached: 'end' }));
}

const card = (): string => join(directory, 'card.json');
const putAgent = (): Promise<void> => cp(join(weightsDirectory('two-room'), 'card.json'), card());

describe('a run', () => {
  test('is begun once and then only resumed', async () => {
    expect(await begin({ minutes: 5, seed: 3 })).toMatchObject({ stage: 'all', request: { minutes: 5, seed: 3 } });
    expect(hasRun(directory)).toBe(true);
    await expect(ask({ minutes: 5, seed: 3 })).rejects.toThrow(/already holds a training run; add --resume/);
    expect(await resume()).toMatchObject({ stage: 'all', request: { minutes: 5, seed: 3 } });
  });

  test('is not mixed with one in another world', async () => {
    await begin({});
    const elsewhere = ask({ resume: true }, { ...world, world: 'push-t' });
    await expect(elsewhere).rejects.toThrow(/holds a run in two-room version 1, not push-t/);
  });

  test('cannot be resumed before it is begun', async () => {
    await expect(resume()).rejects.toThrow(/no training run/);
  });

  test('is resumed with what it was begun with, or with nothing said', async () => {
    await begin({ minutes: 5, seed: 3 });
    await resume({ minutes: 5, seed: 3 });
    await expect(resume({ minutes: 120 })).rejects.toThrow(/--minutes 5, not 120/);
    await expect(resume({ seed: 0 })).rejects.toThrow(/--seed 3, not 0/);
  });

  test('is resumed at the stage that it was begun with, and at no other while that is unfinished', async () => {
    const begun = await begin({ stage: 'latent', minutes: 5 });
    expect(await resume()).toMatchObject({ stage: 'latent', request: { minutes: 5 } });
    for (const stage of ['all', 'renderer'] as const)
      await expect(resume({ stage })).rejects.toThrow(`has not finished; leave out --stage ${stage} to resume it`);
    await finish(begun);
    await expect(resume({ stage: 'renderer' })).rejects.toThrow(/leave out --resume to begin --stage renderer/);
    await expect(resume({ stage: 'all' })).rejects.toThrow(/go on with its agent by --stage renderer without --resume/);
  });

  test('of before its stage was kept is resumed as it always was', async () => {
    await keepRun(directory, { ...world, seed: 3, minutes: 5 });
    expect(await resume()).toMatchObject({ stage: 'all', request: { seed: 3, minutes: 5 } });
    expect((await resume({ stage: 'latent' })).stage).toBe('latent');
    expect((await resume({ backbone: 'dit' })).request.backbone).toBe('dit');
  });
});

describe('a stage that goes on with an agent', () => {
  test('needs one', async () => {
    await expect(ask({ stage: 'practice' })).rejects.toThrow(/no agent in .* train one with --stage all/);
    await begin({ stage: 'latent' });
    await expect(ask({ stage: 'practice' })).rejects.toThrow(/finish the run there with --resume first/);
  });

  test('is kept beside the run, and resumed as it was asked for', async () => {
    await begin({ minutes: 5, seed: 3 });
    await putAgent();
    await begin({ stage: 'practice', minutes: 20, seed: 8, proposal: false });
    const resumed = await resume();
    expect(resumed).toMatchObject({ stage: 'practice', request: { minutes: 20, seed: 8, proposal: false } });
    expect(resumed.run).toMatchObject({ stage: 'all', minutes: 5, seed: 3 });
    for (const stage of ['all', 'dynamics'] as const)
      await expect(resume({ stage })).rejects.toThrow(/has gone on with --stage practice since/);
  });

  test('remembers what had made the agent before it, whatever the card says since', async () => {
    await putAgent();
    const { recipe } = JSON.parse(await readFile(card(), 'utf8'));
    expect((await begin({ stage: 'practice', seed: 8 })).request.recipe).toEqual(recipe);
    const told = { ...JSON.parse(await readFile(card(), 'utf8')), recipe: { ...recipe, command: 'both', seed: 8 } };
    await writeFile(card(), JSON.stringify(told));
    expect((await resume()).request.recipe).toEqual(recipe);
    expect((await begin({ stage: 'dynamics' })).request.recipe).toEqual(told.recipe);
  });

  test('keeps what a renderer is to be, from the run that made its agent too', async () => {
    await begin({ stage: 'latent', backbone: 'dit' });
    await putAgent();
    await begin({ stage: 'renderer', minutes: 3, context: 1, guidable: true });
    const renderer = { backbone: 'dit', context: 1, guidable: true };
    expect(await resume()).toMatchObject({ stage: 'renderer', request: { minutes: 3, ...renderer } });
    await resume({ context: 1 });
    await expect(resume({ context: 2 })).rejects.toThrow(
      /begun with --backbone dit --context 1 --guidable; leave out --context 2/,
    );
    expect((await ask({ stage: 'practice' })).request).not.toHaveProperty('backbone');
  });

  test('gives a renderer to an agent that was copied', async () => {
    await putAgent();
    expect(await ask({ stage: 'renderer' })).toMatchObject({ stage: 'renderer', run: { stage: 'renderer' } });
  });

  test('gives a renderer to an agent whose latent model alone was trained', async () => {
    await finish(await begin({ stage: 'latent' }));
    await putAgent();
    expect(await ask({ stage: 'renderer' })).toMatchObject({
      run: { stage: 'latent', further: { stage: 'renderer' } },
    });
  });
});

describe('what a stage does not learn', () => {
  test.each([
    [{ stage: 'practice', backbone: 'dit' }, /trains no renderer; leave out --backbone dit/],
    [{ stage: 'latent', guidable: true }, /trains no renderer; leave out --guidable/],
    [{ stage: 'renderer', proposal: false }, /learns no proposal/],
  ] as const)('is refused: %j', async (options, message) => {
    await expect(ask(options)).rejects.toThrow(message);
  });
});
