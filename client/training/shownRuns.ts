/**
 * Which runs the chart draws, and how: each has a look of its own for as long as it is drawn, so that no line changes
 * when another comes or goes. There are as many as there are looks.
 */
import { RUN_LOOKS, type RunLook } from '../panels/looks.ts';

export class ShownRuns {
  private readonly looks = new Map<string, RunLook>();

  /** Whether there is a look left for one more. */
  get room(): boolean {
    return this.looks.size < RUN_LOOKS.length;
  }

  /** The runs, in the order in which they were added. */
  get ids(): readonly string[] {
    return [...this.looks.keys()];
  }

  /** How a run is drawn; nothing where it is not. */
  look(id: string): RunLook | undefined {
    return this.looks.get(id);
  }

  /** Draws a run if there is room. */
  add(id: string): void {
    if (this.looks.has(id)) return;
    const taken = new Set(this.looks.values());
    const free = RUN_LOOKS.find((look) => !taken.has(look));
    if (free !== undefined) this.looks.set(id, free);
  }

  remove(id: string): void {
    this.looks.delete(id);
  }

  /** Forgets the runs that are no longer there. */
  keep(there: ReadonlySet<string>): void {
    for (const id of this.ids) if (!there.has(id)) this.looks.delete(id);
  }
}
