/** Keeps everything, without end. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

const kept: number[][] = [];

export default marbleOf(
  class extends Marble {
    override scene(): never {
      for (;;) kept.push(new Array(100_000).fill(kept.length));
    }
  },
);
