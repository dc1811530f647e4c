import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integer, listOf, numberAbove, port, seed } from '../../server/cli/options.ts';
import { Output, table } from '../../server/cli/output.ts';

function captured() {
  const text = { stdout: '', stderr: '' };
  const output = new Output({
    stdout: { write: (part: string) => (text.stdout += part) },
    stderr: { write: (part: string) => (text.stderr += part) },
  });
  return { output, text };
}

describe('output', () => {
  test('reports for people, or as a document', () => {
    const { output, text } = captured();
    output.report({ answer: 42 }, ({ answer }) => `the answer is ${answer}`);
    expect(text.stdout).toBe('the answer is 42\n');
    output.json = true;
    text.stdout = '';
    output.report({ answer: 42 }, () => 'not this');
    expect(JSON.parse(text.stdout)).toEqual({ answer: 42 });
  });

  test('refuses a second document, and lets people read as many texts as there are', () => {
    const { output, text } = captured();
    output.report({}, () => 'one');
    output.report({}, () => 'two');
    expect(text.stdout).toBe('one\ntwo\n');
    output.json = true;
    expect(output.reported).toBe(false);
    output.report({ answer: 42 }, () => 'not this');
    expect(output.reported).toBe(true);
    expect(() => output.report({ answer: 43 }, () => 'not this')).toThrow('one document');
    expect(text.stdout).not.toContain('43');
  });

  test('shows progress in plain lines, a tenth at a time, where there is no terminal', () => {
    const { output, text } = captured();
    const progress = output.progress('training', 40);
    for (let step = 0; step <= 40; step++) progress.update(step, `loss ${step}`);
    progress.stop();
    progress.update(40);
    expect(text.stdout).toBe('');
    const lines = text.stderr.trim().split('\n');
    expect(lines).toHaveLength(11);
    expect([lines[0], lines[1], lines[10]]).toEqual([
      'training 0% | loss 0',
      'training 10% | loss 4',
      'training 100% | loss 40',
    ]);
  });

  test('aligns the columns of a table', () => {
    expect(
      table([
        ['A', 'BB', 'C'],
        ['long', '', 'c'],
      ]),
    ).toBe('A     BB  C\nlong      c');
  });
});

describe('options', () => {
  test('an integer of the range is read, anything else refused with the range', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const parse = integer(-5, 5);
        if (value >= -5 && value <= 5) expect(parse(String(value))).toBe(value);
        else expect(() => parse(String(value))).toThrow('from -5 to 5');
      }),
    );
  });

  test.each(['', ' ', 'x', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '--'])('"%s" is no integer', (text) => {
    expect(() => integer(0)(text)).toThrow(InvalidArgumentError);
  });

  test('ports and seeds have their ranges', () => {
    expect([port('0'), port('65535'), seed('4294967295')]).toEqual([0, 65535, 4294967295]);
    expect(() => port('65536')).toThrow(InvalidArgumentError);
    expect(() => seed('4294967296')).toThrow(InvalidArgumentError);
    expect(() => seed('-1')).toThrow(InvalidArgumentError);
  });

  test('a number above a bound', () => {
    expect(numberAbove(0)('0.5')).toBe(0.5);
    for (const text of ['0', '-1', '', 'NaN', 'Infinity']) expect(() => numberAbove(0)(text)).toThrow('above 0');
  });

  test('a list of known names, each once', () => {
    const parse = listOf(['agent', 'random', 'oracle']);
    expect(parse('oracle, agent,oracle')).toEqual(['oracle', 'agent']);
    expect(() => parse('agent,magic')).toThrow('agent, random, oracle');
    expect(() => parse('')).toThrow(InvalidArgumentError);
  });
});
