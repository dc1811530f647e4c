/** A dream is played like a world, and departs from the truth only by its model. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { DreamWorld } from '../../models/latent/dreamWorld.ts';
import { OracleDynamics } from '../../models/planning/oracleDynamics.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { Playable, World } from '../../shared/world.ts';

/** Plays an episode the way that any player would, and returns what was seen. */
async function play(playable: Playable, seed: number, steps: number): Promise<Uint8Array[]> {
  const random = new Random(9);
  await playable.reset(seed);
  const seen = [await playable.frame()];
  for (let i = 0; i < steps; i++) {
    await playable.step(sample(playable.spec.action, random).map(Math.fround));
    seen.push(await playable.frame());
  }
  return seen.map((frame) => Uint8Array.from(frame));
}

/** A dream whose model is the physics itself, and whose painter draws states: it must not differ from the truth. */
function lucidDream(truth: World, imagined: World): DreamWorld {
  const oracle = new OracleDynamics(imagined);
  const draw = (latent: Float32Array): Uint8Array => {
    imagined.place(oracle.toState(latent));
    return Uint8Array.from(imagined.frame());
  };
  return new DreamWorld({
    truth,
    dynamics: {
      latentSize: oracle.latentSize,
      encode: async () => ({ rows: 1, columns: oracle.latentSize, data: oracle.toLatent(truth.state()) }),
      rollout: (latent, actions, candidates, horizon) => {
        imagined.place(oracle.toState(latent));
        oracle.startFrom(imagined.snapshot());
        return oracle.rollout(latent, actions, candidates, horizon);
      },
    },
    paint: ({ data }) => [draw(data)],
  });
}

describe('a dream', () => {
  test('with a perfect model shows what the truth shows', async () => {
    const definition = await loadWorld('two-room');
    const truth = await play(definition.create(), 4, 8);
    const dream = await play(lucidDream(definition.create(), definition.create()), 4, 8);
    dream.forEach((frame, t) => {
      const worst = frame.reduce((most, byte, i) => Math.max(most, Math.abs(byte - (truth[t]?.[i] ?? 0))), 0);
      expect(worst).toBeLessThanOrEqual(1); // states are rounded to float32 on the way
    });
    expect(dream[0]).not.toEqual(dream[8]);
  });

  test('ends when its budget is spent', async () => {
    const definition = await loadWorld('two-room');
    const dream = lucidDream(definition.create(), definition.create());
    await dream.reset(1);
    const results = [];
    for (let i = 0; i < dream.spec.budget; i++) results.push(await dream.step([0, 0]));
    expect(results.map(({ truncated }) => truncated).indexOf(true)).toBe(dream.spec.budget - 1);
    expect(results.every(({ terminated }) => !terminated)).toBe(true);
  });

  test('that has not begun says so', async () => {
    const definition = await loadWorld('two-room');
    await expect(lucidDream(definition.create(), definition.create()).frame()).rejects.toThrow(/reset first/);
  });
});
