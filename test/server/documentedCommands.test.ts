/** Every command line of the documentation is one that the program takes. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { Output } from '../../server/cli/output.ts';
import { createProgram } from '../../server/cli/program.ts';
import { ManualClock } from '../../shared/clock.ts';

const root = new URL('../../', import.meta.url);
/** The log tells what was run in its time. */
const PAGES = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md') && page !== 'docs/log.md',
);

/** What follows `reverie`, in code blocks and between backticks; `COMMAND` stands for any. */
function commandLinesOf(page: string): string[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  const lines = [...text.matchAll(/npm run -s reverie -- ([^`\n]+)/g)].map(([, line = '']) => line.trim());
  return lines.filter((line) => !line.startsWith('COMMAND'));
}

/** The program, whose commands do nothing. */
function idleProgram(): Command {
  const sink = { write: () => {} };
  const program = createProgram({
    output: new Output({ stdout: sink, stderr: sink }),
    clock: new ManualClock(),
    interruption: () => new AbortController().signal,
    setExitCode: () => {},
  });
  const idle = (command: Command): void => {
    if (command.commands.length === 0) command.action(() => {});
    for (const each of command.commands) idle(each);
  };
  idle(program);
  return program;
}

const lines = PAGES.flatMap((page) => commandLinesOf(page).map((line) => ({ page, line })));

test('the documentation has command lines', () => {
  expect(lines.length).toBeGreaterThan(40);
});

describe.each(lines)('$page: $line', ({ line }) => {
  test('can be given as it stands', async () => {
    await idleProgram().parseAsync(line.split(/\s+/), { from: 'user' });
  });
});
