/** Worlds whose factors of variation don't vary what they say. */
import type { Variation } from '../../../shared/factors.ts';
import type { Scene } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf, spec } from './marble.ts';

const { factors = {} } = spec;

/** The spec's factors with one of them changed. */
function factorsWith(name: string, change: object) {
  return { factors: { ...factors, [name]: { ...factors[name], ...change } as (typeof factors)[string] } };
}

export const varying: readonly BrokenWorld[] = [
  {
    defect: 'a factor that is called hidden and shows',
    check: 'factors',
    says: /^the hidden factor radius changes the frame of a state: expected no single frame to show it/,
    mend: /hidden: false for radius/,
    make: () => marbleOf(Marble, factorsWith('radius', { hidden: true })),
  },
  {
    defect: 'a factor that is called visible and isn’t',
    check: 'factors',
    says: /^the factor friction changes the frame of no state: expected a factor that is not hidden to be seen/,
    mend: /hidden: true for friction/,
    make: () => marbleOf(Marble, factorsWith('friction', { hidden: false })),
  },
  {
    defect: 'a factor that does nothing',
    check: 'factors',
    says: /^the factor friction changes nothing: 0\.05 and 0\.2 give equal episodes: expected it to act on the physics/,
    mend: /use friction in the rules/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override readonly friction = 0.1;
        },
      ),
  },
  {
    defect: 'a colour that is not applied',
    check: 'factors',
    says: /^with marbleColor #0096c7, no frame shows 'marble' in it: expected it recoloured/,
    mend: /draw with those/,
    make: () =>
      marbleOf(
        class extends Marble {
          override scene(): Scene {
            return super.scene().map((shape) => (shape.fixed ? shape : { ...shape, color: '#d6006c' }));
          }
        },
      ),
  },
  {
    defect: 'a default that is not the default',
    check: 'factors',
    says: /^v?[xy] is .* at step 1 with all factors at their defaults: expected .*, to the bit/,
    mend: /mean the defaults/,
    make: () => marbleOf(Marble, factorsWith('friction', { default: 0.12 })),
  },
  {
    defect: 'a variation that is not read',
    check: 'factors',
    says: /^create\(\{"radius":7\}\) was accepted: expected a UsageError for what no factor allows/,
    mend: /completeVariation/,
    make: () =>
      marbleOf(
        class extends Marble {
          constructor(_?: Variation) {
            super();
          }
        },
      ),
  },
  {
    defect: 'a factor that breaks the world at its end',
    check: 'factors',
    says: /^with friction at 0\.2, states fails: vx is NaN at .*: expected a world that works/,
    mend: /narrow the range/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override update(action: Action) {
            super.update(action);
            this.rolling.vx *= Math.sqrt(0.199 - this.friction) / Math.sqrt(0.199 - this.friction);
          }
        },
      ),
  },
];
