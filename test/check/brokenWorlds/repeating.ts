/** Worlds whose episodes are no function of seed and actions. */
import { Random } from '../../../shared/random.ts';
import type { Action } from '../../../shared/space.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf } from './marble.ts';

export const repeating: readonly BrokenWorld[] = [
  {
    defect: 'a start that no seed chooses',
    check: 'seeds',
    says: /^seeds 0, 1, 2, .* all start in \{"x":.*: expected different seeds to start differently/,
    mend: /new Random\(seed\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override reset() {
            super.reset(7);
          }
        },
      ),
  },
  {
    defect: 'a start drawn by Math.random',
    check: 'seeds',
    says: /^x is .* at the start of seed 4294967295 in a second world: expected .*, to the bit/,
    mend: /calls Math\.random \(\d+ times\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override reset(seed: number) {
            super.reset(seed);
            this.rolling.x += 1e-9 * Math.random();
          }
        },
      ),
  },
  {
    defect: 'a start that depends on how often the world was reset',
    check: 'seeds',
    says: /^x is .* at the start of seed .* in a second world: expected/,
    mend: /outlives an episode/,
    make: () =>
      marbleOf(
        class extends Marble {
          private resets = 0;

          override reset(seed: number) {
            super.reset(seed);
            this.rolling.x += 1e-9 * ++this.resets;
          }
        },
      ),
  },
  {
    defect: 'worlds that share a generator',
    check: 'steps',
    says: /^v?[xy] is .* at step \d+ of seed \d in a second world: expected .*, to the bit/,
    mend: /shared by worlds/,
    make: () => {
      let wind = new Random(0);
      return marbleOf(
        class extends Marble {
          override reset(seed: number) {
            super.reset(seed);
            wind = new Random(seed);
          }

          protected override update(action: Action) {
            super.update([(action[0] as number) + 0.01 * wind.normal(), action[1] as number]);
          }
        },
      );
    },
  },
  {
    defect: 'steps that take time from the clock',
    check: 'steps',
    says: /^v?[xy] is .* at step \d+ of seed \d in a second world: expected/,
    mend: /calls performance\.now \(\d+ times\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override update(action: Action) {
            super.update(action);
            this.rolling.vx += 1e-12 * performance.now();
          }
        },
      ),
  },
  {
    defect: 'a frame that moves things on',
    check: 'observers',
    says: /^v?[xy] is .* at step \d+ of seed \d, before which frame\(\) and state\(\) were called twice: expected/,
    mend: /must only look/,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            this.rolling.vx *= 0.999;
            return super.frame();
          }
        },
      ),
  },
];
