/**
 * Parameters as flat named trees: `'encoder/stem/kernel' → tensor`. A network declares its parameters as data,
 * `initialise` fills them from a seed, and its forward pass is a pure function that looks them up by name. Names are
 * what weight files, error messages and the optimiser's state go by.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensor, type Signature, sizeOf } from './program.ts';

/**
 * How a parameter begins. `he` is normal with variance 2/fan-in (He et al. 2015), `lecun` 1/fan-in, `scaled` lecun
 * times a factor, for last layers that should start small.
 */
export type Initialiser = 'zeros' | 'ones' | 'he' | 'lecun' | { readonly scaled: number };

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly init: Initialiser;
}

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** First values of all parameters. Each draws from a stream of its own name, so that adding one changes no other. */
export function initialise(specs: ParameterSpecs, random: Random): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, float32(firstValues(spec, random.fork(name)), spec.shape)]),
  );
}

/** What was learned of all parameters before, to go on from; first values where one is missing or of another shape. */
export function learnedOrInitialised(
  specs: ParameterSpecs,
  learned: Readonly<Record<string, HostTensor>>,
  random: Random,
): Record<string, HostTensor> {
  const kept = Object.entries(specs).flatMap(([name, { shape }]): [string, HostTensor][] => {
    const tensor = learned[name];
    return tensor && `${tensor.shape}` === `${shape}` ? [[name, tensor]] : [];
  });
  return kept.length === Object.keys(specs).length ? Object.fromEntries(kept) : initialise(specs, random);
}

function firstValues({ shape, init }: ParameterSpec, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (init === 'zeros') return values;
  if (init === 'ones') return values.fill(1);
  const fanIn = sizeOf(shape.slice(0, -1));
  const variance = init === 'he' ? 2 / fanIn : 1 / fanIn;
  const deviation = Math.sqrt(variance) * (typeof init === 'object' ? init.scaled : 1);
  for (let i = 0; i < values.length; i++) values[i] = random.normal(0, deviation);
  return values;
}

/** The signature under which parameters are fed to a program. */
export function signatureOf(specs: ParameterSpecs): Signature {
  return Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, { shape }]));
}
