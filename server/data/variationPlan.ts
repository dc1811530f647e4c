/**
 * What varies between the episodes of a dataset: factors with one value throughout, and factors of which every episode
 * draws its own value from its own seed, so that an episode's variation doesn't depend on who plays it or when.
 */
import { UsageError } from '../../shared/errors.ts';
import { completeVariation, drawVariation, type Factors, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';

export interface VariationPlan {
  /** Values for all episodes. */
  readonly fixed: Variation;
  /** Factors that every episode draws. */
  readonly drawn: readonly string[];
}

/** Every factor at its default. */
export const noVariation: VariationPlan = { fixed: {}, drawn: [] };

/**
 * The plan that texts like `blockMass=2` (for all episodes) and `blockMass` (drawn by each) describe.
 * @throws UsageError naming what is no factor of the world, named twice, or a value that it cannot have
 */
export function parseVariationPlan(texts: readonly string[], factors: Factors): VariationPlan {
  const fixed: Record<string, number | string> = {};
  const drawn: string[] = [];
  for (const text of texts) {
    const [name = '', ...rest] = text.split('=');
    if (Object.hasOwn(fixed, name) || drawn.includes(name)) {
      throw new UsageError(`the factor ${name} is named twice: give it one value, or none to draw it`);
    }
    if (rest.length > 0) fixed[name] = parseValue(factors[name]?.kind, rest.join('='));
    else drawn.push(name);
  }
  completeVariation(factors, fixed);
  drawVariation(factors, new Random(0), drawn);
  const inOrder = Object.keys(factors);
  return {
    fixed: Object.fromEntries(inOrder.filter((name) => Object.hasOwn(fixed, name)).map((name) => [name, fixed[name]])),
    drawn: inOrder.filter((name) => drawn.includes(name)),
  };
}

/** A number where the factor is one and the text says one; `completeVariation` judges the rest. */
function parseValue(kind: 'number' | 'color' | undefined, text: string): number | string {
  if (kind === 'color') return text.toLowerCase();
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The variation of the episode with the seed: the same names in the same order for every episode. */
export function variationOf({ fixed, drawn }: VariationPlan, factors: Factors, seed: number): Variation {
  return { ...fixed, ...drawVariation(factors, new Random(seed).fork('variation'), drawn) };
}
