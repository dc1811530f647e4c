/** Recordings of a live server whose folder is gone, as on a full disk: who recorded is told, and the session goes on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { goesOn, liveServerUnderTest } from './liveServerUnderTest.ts';
import type { TestPage } from './testPage.ts';

const { startServer, watch } = liveServerUnderTest();

let parent: string;
let recordings: LiveRecordings;
/** What the server's terminal says. */
let printed: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'unwritten-'));
  printed = [];
  recordings = await LiveRecordings.open({
    directory: join(parent, 'kept'),
    clock: { now: () => performance.now() },
    sources: new Map(),
    onFailure: (error) => printed.push(error instanceof Error ? error.message : String(error)),
  });
});

afterEach(() => rm(parent, { recursive: true }));

/** Puts a file in the folder's place. */
async function loseFolder(): Promise<void> {
  await rm(join(parent, 'kept'), { recursive: true });
  await writeFile(join(parent, 'kept'), 'no folder');
}

async function isTold(viewer: TestPage): Promise<void> {
  const { code, message } = await viewer.message('error');
  expect(code).toBe('unrecorded');
  expect(message).toMatch(/^An episode could not be recorded: cannot write ".*\.recording" \(.*\); free some space/);
  expect(printed).toEqual([expect.stringMatching(/^cannot write ".*\.recording"/)]);
  await goesOn(viewer);
}

describe('an episode that cannot be written', () => {
  test('is told of in the session that recorded it, and in no other', async () => {
    await startServer({ world: 'endless', recordings });
    const [recorder, bystander] = [await watch(), await watch()];
    await recorder.until(() => recorder.ticks().length > 3, 'ticks');
    recorder.ask({ type: 'record', on: true });
    await recorder.message('recording', ({ on }) => on);
    await loseFolder();
    recorder.ask({ type: 'record', on: false });
    await isTold(recorder);
    expect(bystander.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('is told of where every episode is recorded', async () => {
    await startServer({ world: 'endless', recordings, record: (...begun) => recordings.begin(...begun) });
    const viewer = await watch();
    await viewer.until(() => viewer.ticks().length > 3, 'ticks');
    await loseFolder();
    viewer.ask({ type: 'transport', command: 'next' });
    await isTold(viewer);
  });
});
