/** A world with one defect, and what its check must say. */
import type { WorldDefinition } from '../../../shared/world.ts';

export interface BrokenWorld {
  /** The defect, to complete "finds …". */
  readonly defect: string;
  /** The check that is meant to find it. */
  readonly check: string;
  /** What the detail must say: what was seen, and what was expected. */
  readonly says: RegExp;
  /** What the advice must say. */
  readonly mend: RegExp;
  /** Made anew for each test, since some worlds are spoilt by being played. */
  readonly make: () => WorldDefinition;
}
