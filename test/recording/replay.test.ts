/** Replays are exact to the bit for whoever acted, and what differs is named with its step and likely cause. */
import { describe, expect, test } from 'vitest';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { agentController } from '../../server/evaluation/planningControllers.ts';
import { EpisodeRecorder } from '../../server/recording/episodeRecorder.ts';
import { recordFreely, recordTask } from '../../server/recording/recordEpisode.ts';
import { RecordedEpisode, ReplayMismatch } from '../../server/recording/recordedEpisode.ts';
import type { RecordedStep, Recording } from '../../server/recording/recording.ts';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { replayRecording } from '../../server/recording/replayRecording.ts';
import { ManualClock } from '../../shared/clock.ts';
import { DataError } from '../../shared/errors.ts';
import { drawVariation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';
import { fakeAgent } from '../server/fakeAgent.ts';
import { driftWorld } from './driftWorld.ts';
import { createdAt, recordScript } from './recordScript.ts';

/** As a recording comes back from its file. */
const stored = (recording: Recording): Recording => decodeRecording(encodeRecording(recording));

const freshWorld = ({ create }: WorldDefinition, { header }: Recording): World => create(header.variation);

/** The recording with another step in place of one of its own, counted from 1. */
function withStep(recording: Recording, step: number, change: Partial<RecordedStep>): Recording {
  const steps = recording.steps.map((each, i) => (i === step - 1 ? { ...each, ...change } : each));
  return { ...recording, steps };
}

describe.each(worldIds())('in %s a replay gives back every state', (id) => {
  test('of the script', async () => {
    const definition = await loadWorld(id);
    for (const seed of [1, 2, 3]) {
      const request = { definition, source: id, variation: {}, seed, clock: new ManualClock() };
      const recording = stored(recordFreely({ ...request, actor: { kind: 'script', seed } }, 'scripted'));
      expect(recording.steps.length).toBeGreaterThan(5);
      expect(new Set(recording.steps.map(({ hash }) => hash)).size).toBeGreaterThan(recording.steps.length / 2);
      const report = replayRecording(recording, freshWorld(definition, recording));
      expect(report).toEqual({ ok: true, steps: recording.steps.length, differences: [] });
    }
  });

  test('of an agent in a task, which begins in a state of its own', async () => {
    const definition = await loadWorld(id);
    const { action } = definition.spec;
    const agent = fakeAgent(id, {
      plan: async (request) => {
        const random = new Random(request.seed);
        const actions = Float32Array.from(Array.from({ length: 4 }, () => sample(action, random)).flat());
        return { ...(await fakeAgent(id).plan(request)), actions };
      },
    });
    const clock = new ManualClock();
    const request = {
      definition,
      source: id,
      variation: {},
      seed: 5,
      clock,
      actor: { kind: 'agent', seed: 5 } as const,
    };
    const task = definition.create().task(5);
    const { recording, result } = await recordTask(request, task, agentController(agent, 5, clock));
    expect(recording.steps).toHaveLength(result.steps);
    expect(stored(recording).header).toMatchObject({ start: { kind: 'place', state: task.start }, task });
    expect(replayRecording(stored(recording), freshWorld(definition, recording)).ok).toBe(true);
  });

  test('when the world is varied, and only then', async () => {
    const definition = await loadWorld(id);
    const factors = definition.spec.factors ?? {};
    const variation = drawVariation(factors, new Random(8));
    const recording = stored(recordScript(definition, { variation }));
    expect(recording.header.variation).toEqual(variation);
    expect(replayRecording(recording, freshWorld(definition, recording)).ok).toBe(true);
  });
});

describe('a world of awkward numbers', () => {
  test('is replayed from a reset, from a state and when it is varied', () => {
    const definition = driftWorld();
    const world = definition.create();
    const { start } = world.task(3);
    world.place(start);
    const facts = { source: 'drift', variation: {}, start: { kind: 'place', state: start } as const, createdAt };
    const recorder = new EpisodeRecorder(world, { ...facts, actor: { kind: 'human' } });
    for (const move of [-0, 0.1, 1 / 3, -5e-324]) recorder.step([move], world.step([move]));
    for (const recording of [
      recorder.recording(),
      recordScript(definition),
      recordScript(definition, { variation: { gain: 1.7 } }),
    ]) {
      expect(replayRecording(stored(recording), freshWorld(definition, recording)).ok).toBe(true);
    }
  });

  test('that is varied otherwise does not replay', () => {
    const definition = driftWorld();
    const recording = recordScript(definition, { variation: { gain: 1.7 } });
    expect(replayRecording(recording, definition.create()).mismatch?.step).toBe(1);
  });

  test('may end by itself, and recording does not disturb it', () => {
    const definition = driftWorld({ edge: 60 });
    const recording = recordScript(definition, { act: () => [1] });
    const last = recording.steps.at(-1);
    expect(last).toMatchObject({ terminated: true, truncated: false });
    const world = definition.create();
    world.reset(7);
    for (const { action } of recording.steps) world.step(action);
    const replayed = new RecordedEpisode(recording, definition.create());
    replayed.seek(replayed.length);
    expect(replayed.state()).toEqual(world.state());
  });
});

describe('what differs', () => {
  const recording = recordScript(driftWorld());
  const steps = recording.steps.length;

  test('by 1e-12 in one step is found at that step', () => {
    const { ok, steps: done, mismatch } = replayRecording(recording, driftWorld({ driftsFrom: 17 }).create());
    expect({ ok, done }).toEqual({ ok: false, done: 16 });
    expect(mismatch).toMatchObject({
      step: 17,
      expected: `the state ${recording.steps[16]?.hash}`,
      seen: expect.stringMatching(/^the state [0-9a-f]{16}$/),
      state: { x: expect.any(Number), velocity: expect.any(Number) },
      likelyCause: expect.stringContaining('nothing that is recorded differs here'),
    });
  });

  test.each([1, 20, steps])('in the action of step %i is found there', (step) => {
    const [action = 0] = recording.steps[step - 1]?.action ?? [];
    const altered = withStep(recording, step, { action: [action * (1 + 1e-9)] });
    expect(replayRecording(stored(altered), driftWorld().create()).mismatch?.step).toBe(step);
  });

  test('in a hash, a verdict or the beginning is found there', () => {
    const world = () => driftWorld().create();
    const hash = '0123456789abcdef';
    expect(replayRecording(withStep(recording, 9, { hash }), world()).mismatch).toMatchObject({
      step: 9,
      expected: `the state ${hash}`,
      seen: `the state ${recording.steps[8]?.hash}`,
    });
    expect(replayRecording(withStep(recording, 12, { terminated: true }), world()).mismatch).toMatchObject({
      step: 12,
      expected: 'terminated and not truncated',
      seen: 'not terminated and not truncated',
    });
    expect(replayRecording({ ...recording, startHash: hash }, world()).mismatch?.step).toBe(0);
  });

  test('in an action that the world refuses is found there', () => {
    const altered = withStep(recording, 5, { action: [1.5] });
    const { mismatch } = replayRecording(altered, driftWorld().create());
    expect(mismatch).toMatchObject({ step: 5, expected: 'a step', seen: expect.stringContaining('[1.5] is outside') });
  });

  test('because the world or a library has another version has that as its likely cause', () => {
    const other = driftWorld({ version: 2, driftsFrom: 3 }).create();
    const { mismatch, differences } = replayRecording(recording, other);
    expect(mismatch?.step).toBe(3);
    expect(mismatch?.likelyCause).toBe("version of the world 'drift': 1 when it was recorded, 2 here");
    expect(differences).toHaveLength(1);

    const software = { ...recording.header.software, 'matter-js': '0.19.0', '@napi-rs/canvas': '0.0.1' };
    const older: Recording = { ...recording, header: { ...recording.header, software } };
    const replayed = replayRecording(older, driftWorld({ driftsFrom: 3 }).create());
    expect(replayed.mismatch?.likelyCause).toBe('matter-js: 0.19.0 when it was recorded, 0.20.0 here');
  });

  test('without consequences is reported and the replay is good', () => {
    const { ok, differences } = replayRecording(recording, driftWorld({ version: 2 }).create());
    expect(ok).toBe(true);
    expect(differences).toEqual([{ what: "version of the world 'drift'", recorded: '1', here: '2' }]);
  });

  test('so much that it is another world is refused', () => {
    const other = driftWorld({ id: 'other' }).create();
    expect(() => replayRecording(recording, other)).toThrow(DataError);
    expect(() => replayRecording(recording, other)).toThrow("of the world 'drift', not of 'other'");
  });

  test('hostile beginnings are mismatches, never crashes', async () => {
    const definition = await loadWorld('push-t');
    const good = recordScript(definition);
    const states: State[] = [{}, { pusherX: Number.NaN }, { pusherX: 1e308, pusherY: -1e308, blockX: 1, blockY: 1 }];
    for (const state of states) {
      const header = { ...good.header, start: { kind: 'place' as const, state: { ...state } } };
      const { mismatch } = replayRecording({ ...good, header }, definition.create());
      expect(mismatch?.step).toBe(0);
    }
  });
});

test('the error of a replay that is watched names the step', () => {
  const recording = recordScript(driftWorld());
  const episode = new RecordedEpisode(recording, driftWorld({ driftsFrom: 30 }).create());
  expect(() => episode.seek(40)).toThrow(ReplayMismatch);
  expect(() => episode.frame()).toThrow('leaves the recording at step 30 of 40');
  episode.seek(29);
  expect(episode.position).toBe(29);
});
