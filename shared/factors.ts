/**
 * Factors of variation: what can be changed about a world to see whether what was learnt in it carries over, after the
 * factors of the stable-worldmodel benchmarks and of Procgen. A number is a size, a mass, a friction, a gravity; it may
 * be *hidden*, which means that no single frame shows it. A colour belongs to one object. A world without a variation
 * is the world as it is: every factor at its default.
 */
import { UsageError } from './errors.ts';
import type { Random } from './random.ts';

/** A number that the physics or the shapes depend on. */
export interface NumberFactor {
  readonly kind: 'number';
  readonly default: number;
  /** The values that the world works with, ends included. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** Whether no single frame shows it: a mass, a friction. */
  readonly hidden: boolean;
}

/** The colour of an object, or of the empty arena. */
export interface ColorFactor {
  readonly kind: 'color';
  /** Name of one of the world's objects, or `background`. */
  readonly object: string;
  /** `#rrggbb`. */
  readonly default: string;
  /** Colours to draw from; the default, where it is among them, is never drawn. */
  readonly choices: readonly string[];
}

export type Factor = NumberFactor | ColorFactor;

/** Factors by name, as a world's spec lists them. */
export type Factors = Readonly<Record<string, Factor>>;

/** Values for some of the factors; the others keep their defaults. */
export type Variation = Readonly<Record<string, number | string>>;

/** Values for all number factors, and colours by object. */
export interface CompleteVariation {
  readonly numbers: Readonly<Record<string, number>>;
  readonly colors: Readonly<Record<string, string>>;
}

/**
 * All values, with the defaults where the variation says nothing.
 * @throws UsageError when it names no factor of the world, or a value that the factor cannot have.
 */
export function completeVariation(factors: Factors, variation: Variation): CompleteVariation {
  for (const name of Object.keys(variation)) {
    if (!Object.hasOwn(factors, name)) throw unknownFactor(name, factors);
  }
  const numbers: Record<string, number> = {};
  const colors: Record<string, string> = {};
  for (const [name, factor] of Object.entries(factors)) {
    const value = variation[name] ?? factor.default;
    if (factor.kind === 'number') numbers[name] = numberWithin(factor, value, name);
    else colors[factor.object] = colorOf(value, name);
  }
  return { numbers, colors };
}

/** Colours that an object does not have by default. */
export function otherColors({ choices, default: usual }: ColorFactor): readonly string[] {
  return choices.filter((color) => color.toLowerCase() !== usual.toLowerCase());
}

/** A variation of the named factors, drawn evenly from what each can be, colours from what they usually are not. */
export function drawVariation(
  factors: Factors,
  random: Random,
  names: readonly string[] = Object.keys(factors),
): Variation {
  return Object.fromEntries(
    names.map((name) => {
      const factor = factors[name];
      if (!factor) throw unknownFactor(name, factors);
      if (factor.kind === 'number') return [name, random.uniform(factor.low, factor.high)];
      const others = otherColors(factor);
      return [name, others.length > 0 ? random.choice(others) : factor.default];
    }),
  );
}

function unknownFactor(name: string, factors: Factors): UsageError {
  const names = Object.keys(factors).join(', ') || 'none';
  return new UsageError(`'${name}' is no factor of this world: the factors are ${names}`);
}

function numberWithin({ low, high }: NumberFactor, value: number | string, name: string): number {
  const number = typeof value === 'number' || value.trim() !== '' ? Number(value) : Number.NaN;
  if (!(number >= low && number <= high)) {
    throw new UsageError(`the factor ${name} cannot be ${value}: give a number from ${low} to ${high}`);
  }
  return number;
}

function colorOf(value: number | string, name: string): string {
  if (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase();
  throw new UsageError(`the factor ${name} cannot be ${value}: give a colour like #d6006c`);
}
