/** Recordings whose worlds break down when they are played again: the error names the world, and is no defect of ours. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordedEpisode, ReplayMismatch } from '../../server/recording/recordedEpisode.ts';
import { writeRecording } from '../../server/recording/recordingFile.ts';
import { WorldError } from '../../shared/errors.ts';
import type { World } from '../../shared/world.ts';
import { runCommand as reverie } from '../runCommand.ts';
import { driftWorld } from './driftWorld.ts';
import { recordScript } from './recordScript.ts';

const definition = driftWorld({ budget: 200 });
const recording = recordScript(definition, { steps: 120 });
const brokenDown = (reason: string) =>
  new WorldError(`the world 'drift' broke down: ${reason}; \`check\` it or choose another`);

/** An episode in a world of which a method can be broken and mended. */
function frail(method: Exclude<keyof World, 'spec'>) {
  const world = definition.create();
  const frailty = { broken: false };
  const usual = world[method] as (...args: unknown[]) => unknown;
  const episode = new RecordedEpisode(recording, {
    ...world,
    [method]: (...args: unknown[]) => {
      if (frailty.broken) throw new TypeError(`no ${method} today`);
      return usual(...args);
    },
  });
  return { episode, frailty };
}

/** The episode in a world that is whole, at a step. */
function whole(step: number): RecordedEpisode {
  const episode = new RecordedEpisode(recording, definition.create());
  episode.seek(step);
  return episode;
}

describe('a world that breaks down', () => {
  test.each(['frame', 'scene', 'state'] as const)(
    'when it is asked for its %s is named, and can be asked again',
    (method) => {
      const { episode, frailty } = frail(method);
      episode.seek(3);
      frailty.broken = true;
      expect(() => episode[method]()).toThrow(brokenDown(`no ${method} today`));
      frailty.broken = false;
      expect(episode[method]()).toBeDefined();
      expect(episode.position).toBe(3);
    },
  );

  test('in the state after a step has left the recording there, until it is gone back', () => {
    const { episode, frailty } = frail('state');
    episode.seek(3);
    frailty.broken = true;
    expect(() => episode.step()).toThrow(ReplayMismatch);
    expect(() => episode.step()).toThrow(
      /at step 4 of 120: recorded was the state .*, seen is an error \(no state today\)/,
    );
    frailty.broken = false;
    expect(() => episode.frame()).toThrow(ReplayMismatch);
    episode.seek(4);
    expect(episode.state()).toEqual(whole(4).state());
  });

  test('on the way back to where it was is lost, and may be found again from the beginning', () => {
    const { episode, frailty } = frail('restore');
    episode.seek(60);
    frailty.broken = true;
    expect(() => episode.seek(55)).toThrow(brokenDown('no restore today'));
    expect(() => episode.frame()).toThrow(brokenDown('no restore today'));
    episode.seek(7);
    expect(episode.state()).toEqual(whole(7).state());
  });

  test('when a snapshot is kept is named, at the step that it has taken', () => {
    const { episode, frailty } = frail('snapshot');
    frailty.broken = true;
    expect(() => episode.seek(30)).toThrow(brokenDown('no snapshot today'));
    expect(episode.position).toBe(25);
    expect(episode.state()).toEqual(whole(25).state());
  });
});

describe('a command', () => {
  const world = join(import.meta.dirname, 'frailModule.ts');
  let directory: string;
  let recorded: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'frail-'));
    recorded = join(directory, 'frail.recording');
    await writeRecording(recorded, recordScript(driftWorld({ id: 'frail' })));
  });

  afterAll(() => rm(directory, { recursive: true }));

  test('replay tells of the step whose state is not there', async () => {
    const { status, stdout, stderr } = await reverie('replay', recorded, '--world', world, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      steps: 9,
      mismatch: { step: 10, seen: 'an error (there is no state)' },
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });

  test('export names the world that cannot be drawn', async () => {
    const { status, stderr } = await reverie(
      'export',
      recorded,
      '--world',
      world,
      '--out',
      join(directory, 'frail.gif'),
    );
    expect(stderr).toBe("the world 'frail' broke down: there is no frame; `check` it or choose another\n");
    expect(status).toBe(1);
  });
});
