/** A recording is played like any other source of episodes, and any step of it is reached at once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { RecordedEpisode } from '../../server/recording/recordedEpisode.ts';
import { DataError } from '../../shared/errors.ts';
import type { Action } from '../../shared/space.ts';
import type { Playable, StepResult } from '../../shared/world.ts';
import { driftWorld } from './driftWorld.ts';
import { recordScript } from './recordScript.ts';

/** A player that knows nothing but the contract. */
async function play(source: Playable, seed: number, actions: readonly Action[]) {
  await source.reset(seed);
  const look = async (): Promise<string> => Buffer.from(await source.frame()).toString('base64');
  const frames = [await look()];
  const results: StepResult[] = [];
  for (const action of actions) {
    results.push(await source.step(action));
    frames.push(await look());
  }
  return { frames, results };
}

test.each(worldIds())('playing a recording of %s shows what playing the world showed', async (id) => {
  const definition = await loadWorld(id);
  const recording = recordScript(definition, { seed: 4, steps: 1000 });
  const actions = recording.steps.map(({ action }) => action);
  const truth = await play(definition.create(), 4, actions);
  const episode = new RecordedEpisode(recording, definition.create());
  expect(await play(episode, 4, actions)).toEqual(truth);
  expect(await play(episode, 99, Array(actions.length).fill([]))).toEqual(truth);
});

describe('seeking', () => {
  test('reaches the same state as playing, in any order', () => {
    const definition = driftWorld({ budget: 400 });
    const recording = recordScript(definition, { steps: 400 });
    const player = new RecordedEpisode(recording, definition.create());
    const states = [player.state()];
    while (player.position < player.length) {
      player.step();
      states.push(player.state());
    }
    const seeker = new RecordedEpisode(recording, definition.create());
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 8 }), (steps) => {
        for (const step of steps) {
          seeker.seek(step);
          expect(seeker.position).toBe(step);
          expect(seeker.state()).toEqual(states[step]);
          expect(seeker.nextAction).toEqual(recording.steps[step]?.action);
        }
      }),
    );
  });

  test('can be done in parts, one for each step, and given up on the way', () => {
    const definition = driftWorld({ budget: 400 });
    const recording = recordScript(definition, { steps: 100 });
    const player = new RecordedEpisode(recording, definition.create());
    const way = player.seeking(60);
    for (let step = 1; step <= 20; step++) {
      expect(way.next().done).toBe(false);
      expect(player.position).toBe(step);
    }
    player.seek(5);
    expect(player.position).toBe(5);
    expect([...player.seeking(9)]).toHaveLength(4);
    expect(() => player.seeking(101).next()).toThrow(/no step 101/);
  });

  test('back to where it has been plays few steps again', () => {
    const definition = driftWorld({ budget: 1000 });
    const recording = recordScript(definition, { steps: 1000 });
    const world = definition.create();
    let played = 0;
    const counting = {
      ...world,
      step: (action: Action) => {
        played++;
        return world.step(action);
      },
    };
    const episode = new RecordedEpisode(recording, counting);
    episode.seek(1000);
    expect(played).toBe(1000);
    played = 0;
    for (const step of [999, 10, 500, 501, 1000, 0]) episode.seek(step);
    expect(played).toBeLessThan(6 * 25);
  });

  test('beyond the recording is refused', () => {
    const definition = driftWorld();
    const episode = new RecordedEpisode(recordScript(definition), definition.create());
    for (const step of [-1, 41, 1.5, Number.NaN]) expect(() => episode.seek(step)).toThrow(RangeError);
  });
});

describe('the end', () => {
  test('of a recording that stops early is a truncation, after which there is no step', () => {
    const definition = driftWorld();
    const recording = recordScript(definition, { steps: 3 });
    const episode = new RecordedEpisode(recording, definition.create());
    const results = [episode.step(), episode.step(), episode.step()];
    expect(results.map(({ truncated }) => truncated)).toEqual([false, false, true]);
    expect(episode.nextAction).toBeUndefined();
    expect(() => episode.step()).toThrow(DataError);
    episode.reset();
    expect(episode.step()).toEqual({ terminated: false, truncated: false });
  });

  test('of an episode that terminated is that', () => {
    const definition = driftWorld({ edge: 60 });
    const episode = new RecordedEpisode(recordScript(definition, { act: () => [1] }), definition.create());
    episode.seek(episode.length - 1);
    expect(episode.step()).toEqual({ terminated: true, truncated: false });
  });
});
