/** Worlds whose pictures are wrong. */

import { drawScene } from '../../../envs/drawScene.ts';
import type { Point, Scene, Shape } from '../../../shared/scene.ts';
import type { Action } from '../../../shared/space.ts';
import type { State } from '../../../shared/world.ts';
import type { BrokenWorld } from './brokenWorld.ts';
import { Marble, marbleOf } from './marble.ts';

/** A marble whose own shape is drawn otherwise. */
function drawn(change: (marble: Shape, steps: number) => Shape | undefined) {
  return class extends Marble {
    override scene(): Scene {
      return super.scene().flatMap((shape) => (shape.fixed ? [shape] : [change(shape, this.steps) ?? []].flat()));
    }
  };
}

/** A marble among walls of this outline. */
function walled(vertices: readonly Point[]) {
  return class extends Marble {
    override scene(): Scene {
      return super.scene().map((shape) => (shape.kind === 'polygon' ? { ...shape, vertices } : shape));
    }
  };
}

export const showing: readonly BrokenWorld[] = [
  {
    defect: 'an object that is no shape',
    check: 'scene',
    says: /^the object 'marble' is no shape of the scene: expected a shape of that name/,
    mend: /the scene has wall/,
    make: () => marbleOf(drawn(() => undefined)),
  },
  {
    defect: 'a shape that is lost in numbers',
    check: 'scene',
    says: /^the shape 'marble' at step 5 of seed 0 has the numbers NaN, .*: expected finite ones/,
    mend: /scene\(\)/,
    make: () =>
      marbleOf(
        drawn((shape, steps) => ({ ...shape, pose: { ...shape.pose, x: steps === 5 ? Number.NaN : shape.pose.x } })),
      ),
  },
  {
    defect: 'a wall without an outline',
    check: 'scene',
    says: /^the shape 'wall' at step \d of seed 0 has 0 vertices: expected three or more/,
    mend: /scene\(\)/,
    make: () => marbleOf(walled([])),
  },
  {
    defect: 'a wall that is a line',
    check: 'scene',
    says: /^the shape 'wall' at step \d of seed 0 has vertices that enclose no area: expected an outline/,
    mend: /scene\(\)/,
    make: () => marbleOf(walled([1, 2, 3].map((at) => ({ x: at, y: 2 * at })))),
  },
  {
    defect: 'a goal that cannot be drawn',
    check: 'scene',
    says: /^the shape 'marble' at the goal of task 0 has the radius 0: expected one above 0/,
    mend: /scene\(\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          private aims = false;

          override place(state: State) {
            super.place(state);
            this.aims = [0, 1].some((seed) => this.task(seed).goal.x === state.x);
          }

          override scene(): Scene {
            return super
              .scene()
              .map((shape) => (shape.kind === 'circle' && this.aims ? { ...shape, radius: 0 } : shape));
          }
        },
      ),
  },
  {
    defect: 'a frame that is the scene in a mirror',
    check: 'scene',
    says: /^the middle of what is #d6006c \(marble\) is at \(.*\) of the frame at step \d+ of seed \d: expected it within 2 pixels of/,
    mend: /drawScene\(world\.scene\(\), spec\)/,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            const mirrored = super
              .scene()
              .map((shape) => ({ ...shape, pose: { ...shape.pose, x: shape.fixed ? 0 : 64 - shape.pose.x } }));
            return drawScene(mirrored, this.spec);
          }
        },
      ),
  },
  {
    defect: 'a black frame',
    check: 'frames',
    says: /^\d+ of \d+ frames are all of one colour, such as \(0, 0, 0\): expected to see something/,
    mend: /from 0 to 255/,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            return new Uint8Array(64 * 64 * 3);
          }
        },
      ),
  },
  {
    defect: 'a frame on another scale',
    check: 'frames',
    says: /^the brightest value of \d+ frames is 1: expected bytes from 0 to 255/,
    mend: /multiply by 255/,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            return super.frame().map((value) => Math.round(value / 255));
          }
        },
      ),
  },
  {
    defect: 'frames that share their bytes',
    check: 'frames',
    says: /^the frame has \d+ in channel \d of column \d+, row \d+ at a later look at a frame that was taken before/,
    mend: /a new array in frame/,
    make: () =>
      marbleOf(
        class extends Marble {
          private readonly bytes = new Uint8Array(64 * 64 * 3);

          override frame() {
            this.bytes.set(super.frame());
            return this.bytes;
          }
        },
      ),
  },
  {
    defect: 'a picture of the past',
    check: 'frames',
    says: /^the frame has \d+ in channel \d of column \d+, row \d+ at a state that was placed again, .*: expected \d+, as before/,
    mend: /from state\(\) alone/,
    make: () =>
      marbleOf(
        class extends Marble {
          private dust = 255;

          override step(action: Action) {
            this.dust = Math.max(0, this.dust - 3);
            return super.step(action);
          }

          override reset(seed: number) {
            super.reset(seed);
            this.dust = 255;
          }

          override frame() {
            const frame = super.frame();
            frame[0] = this.dust;
            return frame;
          }
        },
      ),
  },
  {
    defect: 'an object that no frame shows',
    check: 'frames',
    says: /^no frame of \d+ shows marble \(#d6006c\): expected every object of the spec to be seen/,
    mend: /at least 3\.5 pixels across/,
    make: () =>
      marbleOf(
        class extends Marble {
          override frame() {
            const pale = super.scene().map((shape) => (shape.fixed ? shape : { ...shape, color: '#ffe0f0' }));
            return drawScene(pale, this.spec);
          }
        },
      ),
  },
  {
    defect: 'a position that no frame shows',
    check: 'readable',
    says: /^a linear probe reads y from held-out frames with R² -?0\.\d+: expected at least 0\.5 for a position/,
    mend: /draw what the quantity says/,
    make: () => marbleOf(drawn((shape) => ({ ...shape, pose: { ...shape.pose, y: 55 } }))),
  },
];
