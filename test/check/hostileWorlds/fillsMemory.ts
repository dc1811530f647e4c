/** Takes memory outside the heap, without end. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

const kept: Uint8Array[] = [];

export default marbleOf(
  class extends Marble {
    override scene(): never {
      for (;;) kept.push(new Uint8Array(8 << 20).fill(1));
    }
  },
);
