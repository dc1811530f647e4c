/** The oracle imagines what then happens, to the bit, and disturbs nobody. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { OracleDynamics, trueDistance } from '../../models/planning/oracleDynamics.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';

describe.each(['push-t', 'two-room'])('in %s', (id) => {
  test('a rollout is what the world then does', async () => {
    const definition = await loadWorld(id);
    const world = definition.create();
    world.reset(3);
    const dynamics = new OracleDynamics(definition.create());
    dynamics.startFrom(world.snapshot());
    const random = new Random(4);
    const [candidates, horizon] = [3, 6];
    const sequences = Array.from({ length: candidates }, () =>
      Array.from({ length: horizon }, () => sample(world.spec.action, random).map(Math.fround)),
    );
    const actions = Float32Array.from(sequences.flat(2));
    const { latents } = await dynamics.rollout(new Float32Array(), actions, candidates, horizon);
    const start = world.snapshot();
    sequences.forEach((sequence, candidate) => {
      world.restore(start);
      sequence.forEach((action, t) => {
        world.step(action);
        const row = candidate * horizon + t;
        const imagined = latents.subarray(row * dynamics.latentSize, (row + 1) * dynamics.latentSize);
        expect(Array.from(imagined)).toEqual(Array.from(dynamics.toLatent(world.state())));
      });
    });
  });

  test('the true distance vanishes at the goal alone', async () => {
    const definition = await loadWorld(id);
    const world = definition.create();
    const { start, goal } = world.task(5);
    const dynamics = new OracleDynamics(definition.create());
    const objective = trueDistance(world, dynamics, goal);
    const latents = Float32Array.from([...dynamics.toLatent(start), ...dynamics.toLatent(goal)]);
    const [far, near] = await objective.cost({ candidates: 2, horizon: 1, latentSize: dynamics.latentSize, latents });
    expect(near).toBeLessThan((far as number) / 2);
  });
});
