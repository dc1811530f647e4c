/**
 * The measures of understanding, on models whose understanding is known: one that is the truth, and one that is blind.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { loadModel } from '../../server/agent/loadedModel.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { describeUnderstanding } from '../../server/cli/commands/describeUnderstanding.ts';
import { collectEpisodes, type Episode } from '../../server/data/episodes.ts';
import { hiddenFactors } from '../../server/evaluation/hiddenFactors.ts';
import { type EventKind, eventKinds, impossibleEvents } from '../../server/evaluation/impossibleEvents.ts';
import { encodedSet, fitLinear, judge, type ProbeSet } from '../../server/evaluation/linearProbe.ts';
import { mlpProbe } from '../../server/evaluation/mlpProbe.ts';
import { rocArea } from '../../server/evaluation/rocArea.ts';
import { surpriseOf } from '../../server/evaluation/surprise.ts';
import { understandingOf } from '../../server/evaluation/understanding.ts';
import { validPredictionTime } from '../../server/evaluation/validPredictionTime.ts';
import { velocityCeiling } from '../../server/evaluation/velocityCeiling.ts';
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition, WorldSpec } from '../../shared/world.ts';

describe('the area under the ROC curve', () => {
  test('is 1 where all positives are higher, 0 where all are lower, and half for ties', () => {
    expect(rocArea([3, 4], [1, 2])).toBe(1);
    expect(rocArea([1, 2], [3, 4])).toBe(0);
    expect(rocArea([1, 1], [1, 1, 1])).toBe(0.5);
  });

  test('counts the pairs in which the positive is higher', () => {
    const random = new Random(1);
    const [positives, negatives] = [30, 50].map((count) => Array.from({ length: count }, () => random.integer(12)));
    let wins = 0;
    for (const p of positives ?? []) for (const n of negatives ?? []) wins += p > n ? 1 : p === n ? 0.5 : 0;
    expect(rocArea(positives ?? [], negatives ?? [])).toBeCloseTo(wins / (30 * 50), 12);
  });
});

/** Where the ball of two-room is, in pixels: the darkest-coloured pixels' centroid. */
function ballAt(frame: Uint8Array): [number, number] {
  let [x, y, weight] = [0, 0, 0];
  for (let i = 0; i < FRAME_BYTES / 3; i++) {
    const [r, g, b] = [frame[3 * i], frame[3 * i + 1], frame[3 * i + 2]] as [number, number, number];
    const colour = Math.max(r, g, b) - Math.min(r, g, b); // walls and floor are grey
    x += colour * (i % FRAME_SIZE);
    y += colour * Math.floor(i / FRAME_SIZE);
    weight += colour;
  }
  return weight === 0 ? [0, 0] : [x / weight, y / weight];
}

/** Sees the ball, and moves it by `pixels` for each unit of action. */
function mover(pixels: number) {
  return {
    latentSize: 2,
    encode: async (frames: readonly Uint8Array[]) => ({
      rows: frames.length,
      columns: 2,
      data: Float32Array.from(frames.flatMap(ballAt)),
    }),
    rollout: async (latent: Float32Array, actions: Float32Array, candidates: number, horizon: number) => {
      const latents = new Float32Array(candidates * horizon * 2);
      for (let candidate = 0; candidate < candidates; candidate++) {
        const at = [latent[0] as number, latent[1] as number];
        for (let t = 0; t < horizon; t++) {
          for (const axis of [0, 1]) {
            const i = (candidate * horizon + t) * 2 + axis;
            at[axis] = (at[axis] as number) + pixels * (actions[i] as number);
            latents[i] = at[axis] as number;
          }
        }
      }
      return { candidates, horizon, latentSize: 2, latents };
    },
  };
}

/** 25 units a step at full speed; 224 units are 64 pixels. */
const PIXELS = (25 / 224) * 64;

describe('in two-room', () => {
  let definition: WorldDefinition;
  let episodes: readonly Episode[];
  beforeAll(async () => {
    definition = await loadWorld('two-room');
    episodes = collectEpisodes({ definition, episodes: 12, length: 30, seed: 4 }).episodes;
  });

  test.each(['cart-pole', 'puck', 'lander'])('another colour in %s is not the one that it has', async (world) => {
    const definition = await loadWorld(world);
    const { episodes } = collectEpisodes({ definition, episodes: 3, length: 10, seed: 4 });
    const events = impossibleEvents('colour', definition, episodes, 20, new Random(2));
    expect(events.length).toBe(20);
    for (const { episode, step, frame } of events) {
      const { frames } = episodes[episode] as Episode;
      const truth = frames.subarray((step + 1) * FRAME_BYTES, (step + 2) * FRAME_BYTES);
      expect(Buffer.compare(frame, truth)).not.toBe(0);
    }
  });

  test('every kind of event shows what the truth does not', () => {
    for (const kind of eventKinds) {
      const events = impossibleEvents(kind, definition, episodes, 5, new Random(2));
      expect(events.length, kind).toBeGreaterThan(0);
      for (const { episode, step, frame } of events) {
        const { frames } = episodes[episode] as Episode;
        const [now, next] = [step, step + 1].map((t) => frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES));
        expect(Buffer.compare(frame, next as Uint8Array), kind).not.toBe(0);
        if (kind === 'stopped') expect(Buffer.compare(frame, now as Uint8Array)).toBe(0); // there is one body alone
      }
    }
  });

  test('who knows how the ball moves is surprised by what is impossible', async () => {
    const result = await surpriseOf(mover(PIXELS), definition, episodes.slice(6), episodes.slice(0, 6), 3);
    const auc = (kind: EventKind): number => result[kind].auc as number;
    expect(auc('teleport')).toBeGreaterThan(0.9);
    expect(auc('stopped')).toBeGreaterThan(0.85);
    expect(auc('teleport')).toBeGreaterThan(auc('colour'));
  });

  test('who sees motion takes it from the frames before, not from another event', async () => {
    // Where the ball is and how it moved; predicts that it goes on just so.
    const seeing = mover(PIXELS);
    const inertial = {
      latentSize: 4,
      encode: async (frames: readonly Uint8Array[]) => {
        const places = frames.map(ballAt);
        const data = places.flatMap(([x, y], t) => {
          const [beforeX, beforeY] = places[t - 1] ?? [x, y];
          return [x, y, x - beforeX, y - beforeY];
        });
        return { rows: frames.length, columns: 4, data: Float32Array.from(data) };
      },
      rollout: async (latent: Float32Array) => {
        const [x = 0, y = 0, dx = 0, dy = 0] = latent;
        return { candidates: 1, horizon: 1, latentSize: 4, latents: Float32Array.of(x + dx, y + dy, dx, dy) };
      },
    };
    const result = await surpriseOf(inertial, definition, episodes.slice(6), episodes.slice(0, 6), 3);
    const knowing = await surpriseOf(seeing, definition, episodes.slice(6), episodes.slice(0, 6), 3);
    expect(result.teleport.auc).toBeGreaterThan(0.9);
    // What goes on as before is just what it expects; who knows about walls and actions does not.
    expect(result.through.auc as number).toBeLessThan(0.5);
    expect(knowing.through.auc as number).toBeGreaterThan(result.through.auc as number);
  });

  test('a hidden speed can be inferred from how the usual model errs, a drift too', async () => {
    const found = await hiddenFactors(mover(PIXELS), definition, 5, { worlds: 36, steps: 30 });
    expect(Object.keys(found)).toEqual(['ballSpeed', 'drift']);
    expect(found.ballSpeed).toBeGreaterThan(0.5);
    expect(found.drift).toBeGreaterThan(0.5);
  });

  test('from a model that sees nothing, it cannot', async () => {
    const random = new Random(6);
    const seeing = mover(PIXELS);
    const blind = {
      ...seeing,
      encode: async (frames: readonly Uint8Array[]) => ({
        rows: frames.length,
        columns: 2,
        data: random.normals(frames.length * 2),
      }),
    };
    const { ballSpeed } = await hiddenFactors(blind, definition, 5, { worlds: 36, steps: 20 });
    expect(ballSpeed).toBeLessThan(0.3);
  });
});

test.each([
  { drift: 0, steps: 20 }, // as long as anybody looks
  { drift: 0.5, steps: 9 },
  { drift: 1, steps: 4 },
  { drift: -5, steps: 0 },
])('a prediction that is wrong by $drift more at every step holds for $steps', async ({ drift, steps }) => {
  // The latent is the time, 0 to 40: its deviation is √140 = 11.8, of which 0.4 is 4.7.
  const episode = { seed: 0, steps: 40, actions: new Float32Array(40) } as Episode;
  const latents = Array.from({ length: 41 }, (_, t) => Float32Array.of(t));
  const dynamics = {
    ...mover(0),
    latentSize: 1,
    rollout: async ([z = 0]: Float32Array, _: Float32Array, candidates: number, horizon: number) => ({
      candidates,
      horizon,
      latentSize: 1,
      latents: Float32Array.from({ length: horizon }, (_value, t) => z + (t + 1) * (1 + drift)),
    }),
  };
  const encoded = { latents, states: new Float64Array() };
  expect(await validPredictionTime(dynamics, [episode], encoded, 0.1, 20, 1)).toEqual({
    steps,
    seconds: steps * 0.1,
    horizon: 20,
  });
});

describe('an MLP probe', () => {
  let engine: Engine;
  beforeAll(() => {
    engine = createCpuEngine({ threads: 1 });
  });
  afterAll(() => engine.dispose());

  test('reads what is there but bent, and not what is not there', async () => {
    const spec = {
      quantities: { bent: { unit: '', kind: 'position' }, noise: { unit: '', kind: 'position' } },
    } as unknown as WorldSpec;
    const random = new Random(3);
    const draw = (rows: number): ProbeSet => {
      const latents = Array.from({ length: rows }, () => random.normals(2));
      const states = latents.flatMap(([x = 0, y = 0]) => [Math.abs(x) - y * y, random.normal()]);
      return { latents, states: Float64Array.from(states) };
    };
    const [scores] = await mlpProbe(engine, spec, draw(1500), [draw(400)], 1);
    expect(scores?.bent).toBeGreaterThan(0.9);
    expect(scores?.noise).toBeLessThan(0.15);
  });
});

test('velocities are set beside what two exact frames tell, and a probe that bends reads them nearly as well', async () => {
  const definition = await loadWorld('cart-pole');
  const { spec } = definition;
  const { dynamics, engine, dispose } = await loadModel(
    weightsDirectory('cart-pole'),
    (await loadWorld('cart-pole')).spec,
    1,
  );
  const { episodes } = collectEpisodes({ definition, episodes: 60, length: 30, seed: 6 });
  const [fitted, judged] = [episodes.slice(0, 30), episodes.slice(30)];
  const [fittedSet, judgedSet] = [await encodedSet(dynamics, fitted), await encodedSet(dynamics, judged)];
  const ceiling = await velocityCeiling(engine, spec, fitted, judged, 1);
  const [mlp] = await mlpProbe(engine, spec, fittedSet, [judgedSet], 1);
  await dispose();
  expect(Object.keys(ceiling)).toEqual(['cartVelocity', 'poleVelocity']);
  expect(ceiling.poleVelocity).toBeGreaterThan(0.9);
  // How keypoints of a turning body move depends on its angle, so that no linear probe can read the turning.
  expect(judge(fitLinear(spec, fittedSet), spec, judgedSet).poleVelocity).toBeLessThan(0.8);
  expect(mlp?.poleVelocity).toBeGreaterThan(0.85);
});

test('the shipped model of two-room knows where the ball is, and its report says so', async () => {
  const definition = await loadWorld('two-room');
  const model = await loadModel(weightsDirectory('two-room'), (await loadWorld('two-room')).spec, 1);
  const config = { episodes: 16, steps: 24, horizon: 6, longHorizon: 20, hidden: { worlds: 6, steps: 8 } };
  const understanding = await understandingOf(model, definition, 1000, config);
  await model.dispose();
  const { probes, predictionError, validPrediction, surprise, hiddenFactors: hidden } = understanding;
  expect(probes.linear.encoded.ballX).toBeGreaterThan(0.95);
  expect(probes.linear.predicted.ballX).toBeGreaterThan(0.9);
  expect(probes.mlp.encoded.ballY).toBeGreaterThan(0.9);
  expect(predictionError.trueActions[4]).toBeLessThan((predictionError.shuffledActions[4] as number) / 4);
  expect(validPrediction.steps).toBeGreaterThan(5);
  expect(surprise.teleport.auc).toBeGreaterThan(0.9);
  expect(Object.keys(hidden)).toEqual(['ballSpeed', 'drift']);
  const text = describeUnderstanding(understanding);
  for (const word of ['ballX', 'ballY', 'teleport', 'colour', 'ballSpeed', 'valid prediction time'])
    expect(text).toContain(word);
});
