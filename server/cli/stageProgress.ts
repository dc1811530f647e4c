/** The progress of a run of several stages on a terminal: one bar a stage, one after another, with the loss's terms. */
import type { Progress } from './output.ts';

export class StageProgress {
  private readonly begin: (label: string) => Progress;
  private label = '';
  private current: Progress | undefined;

  constructor(begin: (label: string) => Progress) {
    this.begin = begin;
  }

  update(label: string, progress: number, terms: Readonly<Record<string, number>>): void {
    if (label !== this.label) {
      this.stop();
      this.label = label;
      this.current = this.begin(label);
    }
    const note = Object.entries(terms).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
    this.current?.update(Math.round(progress * 1000), note.length > 0 ? note.join(', ') : undefined);
  }

  /** The next update begins a bar again. */
  stop(): void {
    this.current?.stop();
    this.current = undefined;
    this.label = '';
  }
}
