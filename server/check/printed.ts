/** Keeps the beginning of what a process prints, and counts the rest: a world may print without end. */
import type { Readable } from 'node:stream';
import { plainText } from '../../envs/conformance/describeThrown.ts';

const kept = 4000;

export class Printed {
  private text = '';
  private length = 0;

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      this.length += text.length;
      if (this.text.length < kept) this.text += text.slice(0, kept - this.text.length);
    });
    stream.on('error', () => {});
  }

  /** How much was printed and how it begins; `undefined` when nothing was. */
  describe(): string | undefined {
    if (this.length === 0) return undefined;
    const [first = ''] = this.text.trim().split('\n');
    return `${this.length.toLocaleString('en')} characters, beginning with '${plainText(first).slice(0, 80)}'`;
  }

  /** Whether the text that was kept has this in it. */
  includes(words: string): boolean {
    return this.text.includes(words);
  }

  /** The last line that was kept. */
  lastLine(): string {
    return plainText(this.text.trim().split('\n').at(-1) ?? '');
  }
}
