/** Supervision by true states, which is measured and never shipped: what is read, and that it is learned. */
import { afterAll, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultLatentLossConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { supervisedStates } from '../../server/training/supervisedStates.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

const STEPS = 60;
const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

it('states are standardised, angles by sine and cosine, each episode with its own', async () => {
  const { spec } = await loadWorld('cart-pole');
  const names = Object.keys(spec.quantities);
  const angle = names.findIndex((name) => spec.quantities[name]?.kind === 'angle');
  const episode = (offset: number) => ({
    steps: 3,
    states: Float64Array.from({ length: 4 * names.length }, (_, i) => offset + i),
  });
  const { targets, states } = supervisedStates(spec, [episode(0), episode(100)]);
  expect(targets).toBe(names.length + 1);
  expect(states.map(({ length }) => length)).toEqual([4 * targets, 4 * targets]);
  for (let column = 0; column < targets; column++) {
    const values = states.flatMap((own) => [0, 1, 2, 3].map((row) => own[row * targets + column] as number));
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
    expect(values.reduce((sum, value) => sum + value ** 2, 0) / values.length).toBeCloseTo(1, 4);
  }
  // A quantity that grows does so from episode to episode too.
  const first = angle === 0 ? 2 : 0;
  expect(states[1]?.[first]).toBeGreaterThan(states[0]?.[3 * targets + first] as number);
});

it('a quantity that stands still is 0', async () => {
  const { spec } = await loadWorld('two-room');
  const columns = Object.keys(spec.quantities).length;
  const { states } = supervisedStates(spec, [{ steps: 2, states: new Float64Array(3 * columns).fill(7) }]);
  expect([...(states[0] as Float32Array)].every((value) => value === 0)).toBe(true);
});

it('the readout learns them beside the encoder, and is dropped', async () => {
  const definition = await loadWorld('two-room');
  const { frames, episodes } = collectEpisodes({ definition, episodes: 8, length: 20, seed: 4 });
  const { targets, states } = supervisedStates(definition.spec, episodes);
  const clock = new ManualClock();
  const errors: number[] = [];
  const { tensors } = await trainLatent({
    engine,
    clock,
    minutes: STEPS / 60_000,
    random: new Random(1),
    data: { frames, episodes: episodes.map((episode, i) => ({ ...episode, targets: states[i] as Float32Array })) },
    model: {
      ...latentModelConfig(definition.spec.action),
      encoder: { keypoints: 8, channels: [8, 8, 12] },
      predictor: { hidden: 32, layers: 1 },
    },
    loss: { ...defaultLatentLossConfig, batch: 4, horizon: 3, states: { targets, weight: 1 } },
    onStep(_state, { terms }) {
      errors.push(terms.states as number);
      clock.advance(1);
    },
  });
  expect(errors.at(-1)).toBeLessThan(0.7 * (errors[0] as number));
  expect(Object.keys(tensors).filter((name) => name.startsWith('states/'))).toEqual([]);
});
