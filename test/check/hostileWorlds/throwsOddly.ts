/** Throws what cannot be shown. */
import { Marble, marbleOf } from '../brokenWorlds/marble.ts';

export default marbleOf(
  class extends Marble {
    override frame(): never {
      throw Object.create(null, {
        message: { get: () => fail() },
        toString: { value: () => fail() },
        toJSON: { value: () => fail() },
      });
    }
  },
);

function fail(): never {
  throw new Error('and this too');
}
