/** What breaks no promise is remarked on, and the check is passed all the same. */
import { describe, expect, it } from 'vitest';
import { checkWorld } from '../../envs/conformance/checkWorld.ts';
import { strayDraws } from '../../envs/conformance/strayDraws.ts';
import { Subject } from '../../envs/conformance/subject.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import type { Action } from '../../shared/space.ts';
import type { State, WorldDefinition } from '../../shared/world.ts';
import { Marble, marbleOf, spec } from './brokenWorlds/marble.ts';

/** A marble of which only the first number of the action, times the gain, does something. */
function pushed(gain: number, high: number): WorldDefinition {
  return marbleOf(
    class extends Marble {
      protected override update([x = 0]: Action) {
        super.update([gain * x, 0.3]);
      }
    },
    { action: { kind: 'box', low: [0, -1], high: [high, 1] } },
  );
}

const cases: readonly (readonly [what: string, check: string, remark: RegExp, definition: WorldDefinition])[] = [
  ['a range that is not symmetric', 'space', /\[0, 2\], is not symmetric around 0/, pushed(0.5, 2)],
  ['a number of the action that does nothing', 'space', /action number 1 made no difference/, pushed(1, 1)],
  [
    'an arena that the frame stretches',
    'space',
    /the arena is 128×64/,
    marbleOf(Marble, { arena: { width: 128, height: 64 } }),
  ],
  [
    'tasks with one goal',
    'tasks',
    /all \d+ hard tasks have the same goal/,
    marbleOf(
      class extends Marble {
        override task(seed: number, difficulty: 'easy' | 'default' | 'hard' = 'default') {
          const { start, budget } = super.task(seed, difficulty);
          const goal = { x: 58, y: 58, vx: 0, vy: 0 };
          const far = this.distance(start, goal) > 4 ? start : { ...start, x: 8, y: 8 };
          return { seed, difficulty, start: far, goal, budget };
        }
      },
    ),
  ],
  [
    'goals that chance meets',
    'floors',
    /scripted actions solve \d+% of the default tasks without knowing the goal: above 30%/,
    marbleOf(
      class extends Marble {
        override achieved(state: State, goal: State) {
          return this.distance(state, goal) < 15;
        }
      },
    ),
  ],
  [
    'colours that are hard to tell apart',
    'frames',
    /marble \(#ffe0e0\) and background \(#ffffff\) are hard to tell apart/,
    marbleOf(
      class extends Marble {
        override scene() {
          return super.scene().map((shape) => (shape.fixed ? shape : { ...shape, color: '#ffe0e0' }));
        }
      },
      { objects: [{ name: 'marble', color: '#ffe0e0' }] },
    ),
  ],
  [
    'a quantity that never changes',
    'states',
    /charge was 1 in all of \d+ states/,
    marbleOf(
      class extends Marble {
        override state() {
          return { ...super.state(), charge: 1 };
        }

        override task(...asked: Parameters<Marble['task']>) {
          const task = super.task(...asked);
          return { ...task, start: { ...task.start, charge: 1 }, goal: { ...task.goal, charge: 1 } };
        }
      },
      { quantities: { ...spec.quantities, charge: { unit: '', kind: 'other' } } },
    ),
  ],
];

describe('strayDraws', () => {
  it('counts what a world takes from chance and the clock, and not what matter-js does', () => {
    const restless = marbleOf(
      class extends Marble {
        override step(action: Action) {
          Math.random();
          return super.step(action);
        }
      },
    );
    expect(strayDraws(new Subject(restless, 'quick'))).toEqual(['Math.random (40 times)']);
    expect(strayDraws(new Subject(twoRoom, 'quick'))).toEqual([]);
  });
});

describe('checkWorld', () => {
  it.each(cases)('remarks on %s, by %s', async (_, check, remark, definition) => {
    const results = await checkWorld(definition, { size: 'quick', only: [check] });
    expect(results.at(-1)).toMatchObject({ name: check, ok: true });
    expect(results.at(-1)?.remarks?.join('\n')).toMatch(remark);
  });

  it('remarks on slow worlds by the clock it is given, and tries less of them', async () => {
    let now = 0;
    const slow = { now: () => (now += 200) };
    const results = await checkWorld(marbleOf(Marble), { clock: slow, only: ['steps', 'tunnelling', 'speed'] });
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(results.find(({ name }) => name === 'tunnelling')?.detail).toMatch(/^in 400 steps/);
    expect(results.at(-1)?.name).toBe('speed');
    expect(results.at(-1)?.remarks?.join()).toMatch(/drawn steps a second: above 5000/);
  });
});
