/**
 * Names of the methods that a renderer paints by, with what they are in words; `methods.ts` says it in full. They lie by
 * themselves so that the command line can list them without loading any network. `mcm`, the first, is what is painted
 * by unless told.
 */
export const RENDER_METHODS = [
  'mcm',
  'ddim',
  'regression',
  'mct',
  'cd',
  'ct',
  'ect',
  'progressive',
  'ddpm',
  'euler',
  'heun',
  'rk45',
  'dpmpp2m',
  'em',
  'pc',
  'addim',
] as const;

export type RenderMethod = (typeof RENDER_METHODS)[number];

export const methodTitles: Readonly<Record<RenderMethod, string>> = {
  mcm: 'multistep consistency, distilled from the base model',
  ddim: 'the base diffusion model, sampled by DDIM',
  regression: 'the mean frame, in one step',
  mct: 'multistep consistency, trained without a teacher',
  cd: 'consistency distillation',
  ct: 'consistency training, improved recipe',
  ect: 'easy consistency tuning',
  progressive: 'progressive distillation',
  ddpm: 'the base by ancestral sampling (DDPM)',
  euler: 'the base by Euler on the probability flow, order 1',
  heun: 'the base by Heun on the probability flow (EDM), order 2, two calls a step',
  rk45: 'the base by Dormand and Prince on the probability flow, order 5, six calls a step',
  dpmpp2m: 'the base by DPM-Solver++(2M), order 2',
  em: 'the base by Euler and Maruyama on the reverse SDE',
  pc: 'the same with a Langevin correction after each step, two calls a step',
  addim: 'the base by DDIM that gives back the variance its answers lack (aDDIM)',
};

/** A line for each method, for `--help`. */
export function methodsHelp(): string {
  const lines = RENDER_METHODS.map((method) => `  ${method.padEnd(13)}${methodTitles[method]}`);
  return ['', 'Methods of painting (docs/renderers.md):', ...lines].join('\n');
}
