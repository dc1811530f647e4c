/** Worlds that don't exist, or answer with the wrong kind of thing. */
import type { Action } from '../../../shared/space.ts';
import type { Difficulty, StepResult, World, WorldDefinition } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf, spec } from './marble.ts';

/** A value where another type belongs, which only plain JavaScript would let through. */
function untyped<T>(value: unknown): T {
  return value as T;
}

export const answering: readonly BrokenWorld[] = [
  {
    defect: 'a world that cannot be made',
    check: 'definition',
    says: /'marble' cannot be created: the string 'no licence'/,
    mend: /shared\/world\.ts/,
    make: () => ({
      spec,
      create() {
        throw 'no licence';
      },
    }),
  },
  {
    defect: 'a world without most of its methods',
    check: 'definition',
    says: /the world 'marble' lacks step, frame, .*expected all of them/,
    mend: /./,
    make: () => ({ spec, create: () => untyped<World>({ spec, reset() {} }) }),
  },
  {
    defect: 'a promise of a world',
    check: 'definition',
    says: /create\(\) of 'marble' gave a promise.*expected a world, at once/,
    mend: /./,
    make: () => untyped<WorldDefinition>({ spec, create: async () => new Marble() }),
  },
  {
    defect: 'bounds that are not finite',
    check: 'definition',
    says: /'marble' is wrong at 'action\.high\.1'.*Infinity/,
    mend: /./,
    make: () => ({
      spec: { ...spec, action: { kind: 'box', low: [-1, -1], high: [1, Infinity] } },
      create: () => new Marble(),
    }),
  },
  {
    defect: 'a step that is a promise',
    check: 'answers',
    says: /^step\(…\) is a promise: expected \{ terminated, truncated \}/,
    mend: /answer at once/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            return untyped<StepResult>(Promise.resolve(super.step(action)));
          }
        },
      ),
  },
  {
    defect: 'a flag that is a number',
    check: 'answers',
    says: /^'truncated' of step\(…\) is the number 0: expected true or false/,
    mend: /./,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            return { terminated: false, truncated: untyped<boolean>(super.step(action).truncated ? 1 : 0) };
          }
        },
      ),
  },
  {
    defect: 'frames of another type',
    check: 'answers',
    says: /^frame\(\) is a Uint8ClampedArray of 12288 bytes: expected a Uint8Array of 12288 bytes/,
    mend: /./,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            return untyped<Uint8Array<ArrayBuffer>>(Uint8ClampedArray.from(super.frame()));
          }
        },
      ),
  },
  {
    defect: 'a step that writes into its action',
    check: 'answers',
    says: /^step\(\) changed the action that it was given, \[.*\], to \[0,0\]: expected it left alone/,
    mend: /copy the action/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            const result = super.step(action);
            untyped<number[]>(action).fill(0);
            return result;
          }
        },
      ),
  },
  {
    defect: 'one world for everybody',
    check: 'answers',
    says: /^create\(\) gave the same world twice: expected a new one each time/,
    mend: /inside create/,
    make: () => {
      const world = new Marble();
      return { spec, create: () => world };
    },
  },
  {
    defect: 'a difficulty that is not heard',
    check: 'answers',
    says: /^'difficulty' of task\(3, 'hard'\) is the string 'default': expected 'hard'/,
    mend: /./,
    make: () =>
      marbleOf(
        class extends Marble {
          override task(seed: number, _?: Difficulty) {
            return super.task(seed, 'default');
          }
        },
      ),
  },
  {
    defect: 'a corner of the space that is refused',
    check: 'space',
    says: /^step\(\[-1,-1\]\) threw 'too far': expected every action of the space to be accepted/,
    mend: /both ends included/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            if (action.some((value) => Math.abs(value) >= 1)) throw new Error('too far');
            return super.step(action);
          }
        },
      ),
  },
];
