/**
 * Names of files that a page saves: `reverie-push-t-seed-7-error-by-horizon.csv` says where it comes from, and is a
 * name on any system, whatever the world is called.
 */
export interface Source {
  readonly world: string;
  readonly seed: number;
}

/** The name of a panel's file; letters, digits, dots and hyphens alone. */
export function fileName({ world, seed }: Source, panel: string, extension: string): string {
  const plain = world.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `reverie-${plain.replace(/^-+|-+$/g, '') || 'world'}-seed-${seed}-${panel}.${extension}`;
}
