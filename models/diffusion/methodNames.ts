/**
 * Names of the methods that a renderer paints by; `methods.ts` says what they are. They lie by themselves so that the
 * command line can list them without loading any network. `mcm`, the first, is what is painted by unless told.
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
