/**
 * What a command says, and where. Results go to standard output, everything else to standard error, so that output can
 * be piped. With `--json` standard output carries exactly one JSON document: `report` prints it, and refuses a second.
 * Progress is a bar with the time left on a terminal and a plain line at each tenth elsewhere. A bar draws
 * itself again until it is stopped, and keeps the process meanwhile: all that were begun are known here, so that whoever
 * runs a command can end them however it ends.
 */
import cliProgress from 'cli-progress';

/** The part of a writable stream that output needs. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A long task that is under way. */
export interface Progress {
  /** Moves to `done` of the total; `note` is shown beside it, such as a loss. */
  update(done: number, note?: string): void;
  /** Ends the bar; further updates are ignored. */
  stop(): void;
}

export interface OutputStreams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export class Output {
  /** Whether standard output carries one JSON document. */
  json = false;
  /** Whether errors are printed with their stacks. */
  verbose = false;

  private readonly stdout: Sink;
  private readonly stderr: Sink;
  private documented = false;
  /** All that has been begun. */
  private readonly begun: Progress[] = [];

  constructor({ stdout, stderr }: OutputStreams) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The result of a command, after its progress: `document` with `--json`, otherwise the text that `describe` makes of it. */
  report<T>(document: T, describe: (document: T) => string): void {
    if (this.reported) throw new TypeError('a command prints one document, and has printed it already');
    this.documented = this.json;
    this.endProgress();
    this.stdout.write(`${this.json ? JSON.stringify(document, undefined, 2) : describe(document)}\n`);
  }

  /** Whether the one document has been printed. */
  get reported(): boolean {
    return this.documented;
  }

  /** A remark for people, on standard error. */
  note(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** Shows how far a task of `total` units has come. */
  progress(label: string, total: number): Progress {
    const { stderr } = this;
    const progress = stderr.isTTY ? bar(label, total, stderr) : plainLines(label, total, (line) => this.note(line));
    this.begun.push(progress);
    return progress;
  }

  /** Ends all progress that is still shown. */
  endProgress(): void {
    for (const progress of this.begun.splice(0)) progress.stop();
  }
}

/** Lines of cells, padded so that columns align; the last column is left ragged. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function bar(label: string, total: number, sink: Sink): Progress {
  const format = `${label} {bar} {percentage}% | {eta_formatted} left {note}`;
  const stream = sink as NodeJS.WritableStream; // of which only `isTTY` and `write` are used
  const shown = new cliProgress.SingleBar({ format, stream, hideCursor: true }, cliProgress.Presets.shades_classic);
  shown.start(total, 0, { note: '' });
  return {
    update: (done, note) => shown.update(Math.min(done, total), note === undefined ? {} : { note: `| ${note}` }),
    stop: () => shown.stop(),
  };
}

function plainLines(label: string, total: number, print: (line: string) => void): Progress {
  let shownTenths = -1;
  let stopped = false;
  return {
    update(done, note) {
      const tenths = Math.floor((10 * Math.min(done, total)) / total);
      if (stopped || tenths <= shownTenths) return;
      shownTenths = tenths;
      print(`${label} ${tenths * 10}%${note === undefined ? '' : ` | ${note}`}`);
    },
    stop() {
      stopped = true;
    },
  };
}
