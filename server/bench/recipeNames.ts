/** Names of the recipes that `reverie bench recipes` compares; apart, so that the command line loads nothing else. */
export const RECIPES = [
  'mcm',
  'mcm-addim',
  'mcm-published',
  'mct',
  'mct-published',
  'cd',
  'ct',
  'ct-published',
  'ect',
  'ect-published',
  'progressive',
] as const;

export type RecipeName = (typeof RECIPES)[number];
