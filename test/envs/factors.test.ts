/**
 * Factors of variation: what may be asked for, that `push-t` and `two-room` at their defaults are the worlds that
 * agents were trained in, to the bit, and that they are worlds however they vary. What each factor does is tested
 * beside the rest of its world.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { pushTFactors } from '../../envs/worlds/push-t/pushTFactors.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { twoRoomFactors } from '../../envs/worlds/two-room/twoRoomFactors.ts';
import { UsageError } from '../../shared/errors.ts';
import { completeVariation, drawVariation, type Factors, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, World, WorldDefinition } from '../../shared/world.ts';

const variationOf = (factors: Factors) => fc.nat().map((seed) => drawVariation(factors, new Random(seed)));

describe('a variation', () => {
  it('leaves every factor that it does not name at its default', () => {
    expect(completeVariation(pushTFactors, { blockMass: 2, barColor: '#0077B6' })).toEqual({
      numbers: { pusherRadius: 15, blockMass: 2, blockDrag: 0.3, contactFriction: 0.2 },
      colors: { pusher: '#d6006c', bar: '#0077b6', stem: '#ffb703', background: '#ffffff' },
    });
  });

  it('may be given in words, as a command line does', () => {
    expect(completeVariation(twoRoomFactors, { ballSpeed: '6' }).numbers.ballSpeed).toBe(6);
  });

  it.each([
    [{ ballsize: 3 }, /'ballsize' is no factor of this world: the factors are ballRadius, doorHeight/],
    [{ ballRadius: 6 }, /ballRadius cannot be 6: give a number from 6.5 to 12/],
    [{ ballRadius: 'wide' }, /ballRadius cannot be wide/],
    [{ ballRadius: ' ' }, /ballRadius cannot be/],
    [{ ballRadius: Number.NaN }, /ballRadius cannot be NaN/],
    [{ ballColor: 'red' }, /ballColor cannot be red: give a colour like #d6006c/],
    [{ ballColor: 3 }, /ballColor cannot be 3/],
    [{ toString: 1 }, /'toString' is no factor/],
  ])('%o is refused in a sentence', (variation, message) => {
    expect(() => twoRoom.create(variation as unknown as Variation)).toThrow(UsageError);
    expect(() => twoRoom.create(variation as unknown as Variation)).toThrow(message);
  });

  it('is drawn by its generator, within what the factors can be, of the factors named alone', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const drawn = drawVariation(pushTFactors, new Random(seed));
        expect(drawVariation(pushTFactors, new Random(seed))).toEqual(drawn);
        expect(Object.keys(drawn)).toEqual(Object.keys(pushTFactors));
        expect(pushTFactors.barColor.choices).toContain(drawn.barColor);
        completeVariation(pushTFactors, drawn);
      }),
    );
    const colour = { kind: 'color', object: 'bar', default: '#112233', choices: ['#112233', '#445566'] } as const;
    for (let seed = 0; seed < 9; seed++) {
      expect(drawVariation({ colour }, new Random(seed)), 'never what it is anyway').toEqual({ colour: '#445566' });
    }
    expect(Object.keys(drawVariation(pushTFactors, new Random(1), ['blockMass']))).toEqual(['blockMass']);
    expect(() => drawVariation(pushTFactors, new Random(1), ['mass'])).toThrow(/'mass' is no factor/);
  });
});

/**
 * Digests of 80 steps of the script, of the scenes drawn meanwhile, and of 18 tasks, from before these worlds could
 * vary: states, scenes, tasks. Frames are a function of the scene.
 */
const measured: [string, WorldDefinition, readonly string[]][] = [
  [
    'push-t',
    pushT,
    [
      'f94772c86e8215be f491ac4a213dae88 f9e065e33ba31e8f',
      '589b1eba19521a21 b8bf2ad66f44b5af 3108512f5aee361e',
      '053a50eaf79d5140 2d9ffeae79b56fc3 54ba70907d94c3ab',
    ],
  ],
  [
    'two-room',
    twoRoom,
    [
      '7f678d116a019182 0ca7edb601ed9b76 09e631f950c2a062',
      'e20ca4ef915cf9b6 0c205792a4f17d43 9d194fc5dfd2f7f6',
      '1516462434303b2f d7b4d501aced8c2a 668ba5f176fe80a5',
    ],
  ],
];

function digestsOf(world: World, seed: number): string {
  const [states, scenes, tasks] = [createHash('sha256'), createHash('sha256'), createHash('sha256')];
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed + 100));
  for (let i = 0; i < 80; i++) {
    states.update(Float64Array.from(Object.values(world.state())));
    scenes.update(JSON.stringify(world.scene()));
    world.step(behaviour.act(world.state()));
  }
  for (const difficulty of ['easy', 'default', 'hard'] as const) {
    for (let k = 0; k < 6; k++) tasks.update(JSON.stringify(world.task(seed * 100 + k, difficulty)));
  }
  return [states, scenes, tasks].map((hash) => hash.digest('hex').slice(0, 16)).join(' ');
}

describe.each(measured)('%s with every factor at its default', (_, definition, digests) => {
  it('moves, looks and asks as it did before it could vary, to the bit: raise the version when this changes', () => {
    const { factors = {} } = definition.spec;
    const defaults = Object.fromEntries(Object.entries(factors).map(([name, factor]) => [name, factor.default]));
    for (const world of [definition.create(), definition.create(defaults)]) {
      expect(digests.map((_, seed) => digestsOf(world, seed))).toEqual(digests);
      expect(world.spec).toEqual(definition.spec);
    }
  });
});

describe.each([
  ['push-t', pushT],
  ['two-room', twoRoom],
])('%s, however it varies', (_, definition) => {
  const { factors = {} } = definition.spec;

  it('is as reproducible as ever, in another world and from a snapshot', () => {
    fc.assert(
      fc.property(variationOf(factors), fc.nat(), (variation, seed) => {
        const [first, second] = [definition.create(variation), definition.create(variation)];
        const behaviour = first.behaviour(new Random(seed));
        first.reset(seed);
        for (let i = 0; i < 10; i++) first.step(behaviour.act(first.state()));
        second.restore(first.snapshot());
        for (let i = 0; i < 20; i++) {
          const action = behaviour.act(first.state());
          first.step(action);
          second.step(action);
          expect(second.state()).toEqual(first.state());
        }
        expect(Buffer.compare(second.frame(), first.frame())).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  it('draws tasks that start unsolved, can be placed to the bit, and have a goal that meets itself', () => {
    fc.assert(
      fc.property(
        variationOf(factors),
        fc.nat(),
        fc.constantFrom<Difficulty>('easy', 'default', 'hard'),
        (v, seed, d) => {
          const world = definition.create(v);
          const { start, goal } = world.task(seed, d);
          expect(world.achieved(start, goal)).toBe(false);
          expect(world.achieved(goal, goal, true)).toBe(true);
          expect(world.distance(goal, goal)).toBeLessThan(world.distance(start, goal));
          for (const state of [start, goal]) {
            world.place(state);
            expect(world.state()).toEqual(state);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('shows its colours, of objects and of the empty arena, that can be told apart', () => {
    fc.assert(
      fc.property(variationOf(factors), (variation) => {
        const { spec } = definition.create(variation);
        const others = definition === twoRoom ? ['#3c4450'] : [];
        const differences = [...spec.objects.map(({ color }) => color), ...others].map((color) =>
          channelsOf(color).map((value, i) => value - (channelsOf(spec.background)[i] as number)),
        );
        expect(spreadOf(differences)).toBeGreaterThan(0.3);
      }),
      { numRuns: 60 },
    );
  });
});

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
}

/** How far the nearest vector is from what the others can be mixed to, by Gram and Schmidt; 0 if they are dependent. */
function spreadOf(vectors: readonly (readonly number[])[]): number {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0);
  const rests = vectors.map((vector, k) => {
    const basis: number[][] = [];
    for (const other of [...vectors.filter((_, i) => i !== k), vector]) {
      const rest = basis.reduce<number[]>(
        (v, b) => v.map((x, i) => x - (dot(v, b) / dot(b, b)) * (b[i] as number)),
        [...other],
      );
      basis.push(rest);
    }
    return Math.hypot(...(basis.at(-1) as number[]));
  });
  return Math.min(...rests);
}
