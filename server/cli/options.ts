/**
 * Parsers for the values of options. Each gives commander a function from text to a value that says, for text it
 * refuses, what would have been right.
 */
import { InvalidArgumentError, Option } from 'commander';
import { engineNames } from '../../models/tensor/engineNames.ts';

/** An integer of the range, bounds included. */
export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || value < low || value > high)
      throw new InvalidArgumentError(`Give an integer ${rangeOf(low, high)}.`);
    return value;
  };
}

/** A finite number above `low`. */
export function numberAbove(low: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value <= low)
      throw new InvalidArgumentError(`Give a number above ${low}.`);
    return value;
  };
}

/** Integers of the range separated by commas, in the order given. */
export function integers(low: number, high: number): (text: string) => number[] {
  const one = integer(low, high);
  return (text) => text.split(',').map(one);
}

/** Names separated by commas, each one of `allowed`, none twice. */
export function listOf<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))];
    const known = names.filter((name): name is T => (allowed as readonly string[]).includes(name));
    if (known.length !== names.length)
      throw new InvalidArgumentError(`Give names out of ${allowed.join(', ')}, separated by commas.`);
    return known;
  };
}

/** A seed: an integer from 0 to 2³²−1. */
export const seed = integer(0, 0xffffffff);

/** A TCP port; 0 lets the system choose one. */
export const port = integer(0, 65535);

/** `--engine`, for commands that run networks. */
export function engineOption(): Option {
  return new Option('--engine <engine>', 'what runs the networks; "auto" measures once and remembers')
    .choices(['auto', ...engineNames])
    .default('auto');
}

function rangeOf(low: number, high: number): string {
  return high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
}
