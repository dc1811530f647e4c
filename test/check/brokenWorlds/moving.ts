/** Worlds in which things go where they can't, and worlds that never forget. */
import type { Action } from '../../../shared/space.ts';
import type { State } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf } from './marble.ts';

export const moving: readonly BrokenWorld[] = [
  {
    defect: 'a tray with an open side',
    check: 'tunnelling',
    says: /^'marble' is at \(.*\) at step \d+ of extreme actions, after \[.*\]: expected it within the arena of 64×64/,
    mend: /wall the arena in/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override isFree(x: number, y: number) {
            return super.isFree(x, Math.min(y, 50));
          }
        },
      ),
  },
  {
    defect: 'a wall that what is fast goes through',
    check: 'tunnelling',
    says: /^'marble' is (inside|through) 'wall' at step \d+ of extreme actions, .*: expected it on the near side/,
    mend: /half the thickness/,
    make: () =>
      marbleOf(
        class extends Marble {
          protected override isFree(x: number, y: number) {
            const inTray = x >= this.radius && x <= 60 && y >= this.radius && y <= 60;
            return super.isFree(x, y) || (inTray && this.isFast());
          }

          private isFast() {
            return Math.hypot(this.rolling.vx, this.rolling.vy) > 0.9;
          }
        },
      ),
  },
  {
    defect: 'a corner that throws things across the arena',
    check: 'tunnelling',
    says: /^'marble' moved by \d+\.\d units at step \d+ of extreme actions, .*: expected at most \d+\.\d, 5 times/,
    mend: /more updates a step/,
    make: () =>
      marbleOf(
        class extends Marble {
          override step(action: Action) {
            const result = super.step(action);
            if (this.rolling.x > 59.5 && this.rolling.y > 59.5) Object.assign(this.rolling, { x: 8, y: 8 });
            return result;
          }
        },
      ),
  },
  {
    defect: 'a history that grows for ever',
    check: 'memory',
    says: /^the heap grows by \d+ bytes a step or more, in 4 of 5 stretches of \d+ steps: expected it to stay/,
    mend: /histories, caches/,
    make: () => {
      const history: (readonly [State, number[]])[] = [];
      return marbleOf(
        class extends Marble {
          override step(action: Action) {
            history.push([this.state(), new Array<number>(30).fill(this.steps)]);
            return super.step(action);
          }
        },
      );
    },
  },
  {
    defect: 'frames that are kept for ever',
    check: 'memory',
    says: /^the memory of typed arrays grows by \d+ bytes a step or more/,
    mend: /caches/,
    make: () => {
      const frames: Uint8Array[] = [];
      return marbleOf(
        class extends Marble {
          override frame() {
            const frame = super.frame();
            frames.push(frame);
            return frame;
          }
        },
      );
    },
  },
];
