/** The oracle imagines what then happens, to the bit, from wherever it is told, and disturbs nobody. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { OracleDynamics, trueDistance } from '../../models/planning/oracleDynamics.ts';
import { WorldError } from '../../shared/errors.ts';
import { drawVariation } from '../../shared/factors.ts';
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

  test('a rollout is the same whatever was imagined before, and from a snapshot that was sent here', async () => {
    const definition = await loadWorld(id);
    const world = definition.create();
    world.reset(5);
    const behaviour = world.behaviour(new Random(5));
    for (let i = 0; i < 12; i++) world.step(behaviour.act(world.state()));
    const before = world.state();
    const snapshot = world.snapshot();
    const random = new Random(6);
    const draw = () => Float32Array.from({ length: 4 * 5 * 2 }, () => random.uniform(-1, 1));
    const actions = draw();
    const dynamics = new OracleDynamics(definition.create());
    dynamics.startFrom(snapshot);
    const { latents } = await dynamics.rollout(new Float32Array(), actions, 4, 5);
    await dynamics.rollout(new Float32Array(), draw(), 4, 5);
    expect((await dynamics.rollout(new Float32Array(), actions, 4, 5)).latents).toEqual(latents);
    const other = new OracleDynamics(definition.create());
    other.startFrom(structuredClone(snapshot));
    expect((await other.rollout(new Float32Array(), actions, 4, 5)).latents).toEqual(latents);
    expect(world.state()).toEqual(before);
  });

  test('a rollout in a varied world is what that world then does', async () => {
    const definition = await loadWorld(id);
    const variation = drawVariation(definition.spec.factors ?? {}, new Random(7));
    const world = definition.create(variation);
    const dynamics = new OracleDynamics(definition.create(variation));
    dynamics.startFrom(world.snapshot());
    const action = [0.5, -1];
    const { latents } = await dynamics.rollout(new Float32Array(), Float32Array.from(action), 1, 1);
    world.step(action);
    expect(latents).toEqual(dynamics.toLatent(world.state()));
    const usual = new OracleDynamics(definition.create());
    usual.startFrom(world.snapshot());
    await expect(usual.rollout(new Float32Array(), Float32Array.from(action), 1, 1)).rejects.toThrow(WorldError);
  });

  test('a latent stands for its state, to float32', async () => {
    const definition = await loadWorld(id);
    const dynamics = new OracleDynamics(definition.create());
    const state = definition.create().task(3).goal;
    const rounded = Object.fromEntries(Object.entries(state).map(([name, value]) => [name, Math.fround(value)]));
    expect(dynamics.toState(dynamics.toLatent(state))).toEqual(rounded);
  });

  test('nothing is imagined before it is said from where', async () => {
    const dynamics = new OracleDynamics((await loadWorld(id)).create());
    await expect(dynamics.rollout(new Float32Array(), new Float32Array(2), 1, 1)).rejects.toThrow(/call startFrom/);
    await expect(dynamics.encode()).rejects.toThrow(/frames mean nothing/);
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
