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
  'ancestral',
  'euler',
  'heun',
  'dpm++',
  'euler-maruyama',
  'predictor-corrector',
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
  ancestral: 'the base by ancestral sampling (DDPM)',
  euler: 'the base by Euler on the probability flow, order 1',
  heun: 'the base by Heun on the probability flow (EDM), order 2, two calls a step',
  'dpm++': 'the base by DPM-Solver++(2M), order 2',
  'euler-maruyama': 'the base by Euler and Maruyama on the reverse SDE',
  'predictor-corrector': 'the same with a Langevin correction after each step, two calls a step',
};

/** A line for each method, for `--help`. */
export function methodsHelp(): string {
  const lines = RENDER_METHODS.map((method) => `  ${method.padEnd(21)}${methodTitles[method]}`);
  return ['', 'Methods of painting (docs/renderers.md):', ...lines].join('\n');
}
