/** What the agent's own body is, told from things by what actions move at once. */
import { describe, expect, test } from 'vitest';
import { coordinateChanges, thingsOf } from '../../models/latent/body.ts';
import { withMotion } from '../../models/latent/motion.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { Random } from '../../shared/random.ts';

interface Scene {
  /** Coordinates that follow the action, that are pushed now and then, and that glide, in this order. */
  readonly body: number;
  readonly pushed: number;
  readonly gliding: number;
}

/** Episodes of a make-believe scene with two actions; poses alone. */
function play({ body, pushed, gliding }: Scene, seed = 1): Trajectory[] {
  const random = new Random(seed);
  const size = body + pushed + gliding;
  return Array.from({ length: 40 }, () => {
    const steps = 30;
    const latents = new Float32Array((steps + 1) * size);
    const actions = Float32Array.from({ length: 2 * steps }, () => random.uniform(-1, 1));
    const velocity = Array.from({ length: gliding }, () => random.normal());
    for (let i = 0; i < size; i++) latents[i] = random.normal();
    for (let step = 0; step < steps; step++) {
      const touches = random.chance(0.15);
      for (let i = 0; i < size; i++) {
        const action = actions[2 * step + (i % 2)] as number;
        let change = 0.02 * random.normal();
        if (i < body) change += 0.3 * action;
        else if (i < body + pushed) change += touches ? 0.3 * action : 0;
        else {
          velocity[i - body - pushed] = (velocity[i - body - pushed] as number) + 0.1 * action;
          change += 0.3 * (velocity[i - body - pushed] as number);
        }
        latents[(step + 1) * size + i] = (latents[step * size + i] as number) + change;
      }
    }
    return { steps, latents, actions };
  });
}

function moving({ steps, latents, actions }: Trajectory): Trajectory {
  const columns = latents.length / (steps + 1);
  return { steps, latents: withMotion({ rows: steps + 1, columns, data: latents }).data, actions };
}

describe('the body', () => {
  test('is what actions move at once; what is pushed now and then is a thing', () => {
    const scene = { body: 4, pushed: 6, gliding: 0 };
    const shares = coordinateChanges(play(scene), 10).map(({ explained }) => explained);
    for (const share of shares.slice(0, 4)) expect(share).toBeGreaterThan(0.9);
    for (const share of shares.slice(4)) expect(share).toBeLessThan(0.3);
    expect([...thingsOf(play(scene), 10)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
  });

  test('has its motion hidden with its pose', () => {
    const things = thingsOf(play({ body: 2, pushed: 4, gliding: 0 }).map(moving), 6);
    expect([...things]).toEqual([0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
  });

  test.each([
    ['there is nothing else', { body: 6, pushed: 0, gliding: 0 }],
    ['hardly anything else is there', { body: 6, pushed: 3, gliding: 0 }],
    ['all is moved by forces', { body: 0, pushed: 0, gliding: 6 }],
  ])('is not told from things where %s', (_, scene) => {
    const size = scene.body + scene.pushed + scene.gliding;
    expect([...thingsOf(play(scene), size)]).toEqual(Array.from({ length: size }, () => 1));
  });

  test('and things are not told apart by keypoints that flit about', () => {
    const random = new Random(5);
    const noisy = (from: number) =>
      play({ body: 2, pushed: 6, gliding: 0 }).map((trajectory) => ({
        ...trajectory,
        latents: trajectory.latents.map((value, i) => (i % 8 >= from ? random.normal() : value)),
      }));
    expect([...thingsOf(noisy(6), 8)]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
    expect([...thingsOf(noisy(4), 8)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('a coordinate that never changes is no body', () => {
    const still = play({ body: 2, pushed: 4, gliding: 0 }).map((trajectory) => ({
      ...trajectory,
      latents: trajectory.latents.map((value, i) => (i % 6 === 5 ? 1 : value)),
    }));
    expect(coordinateChanges(still, 6)[5]).toEqual({ explained: 0, size: 0 });
    expect(thingsOf(still, 6)[5]).toBe(1);
  });
});
