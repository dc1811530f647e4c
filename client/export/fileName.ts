/**
 * Names of files that a page saves: `reverie-push-t-seed-7-error-by-horizon.csv` says where it comes from, and is a
 * name on any system, whatever the world is called.
 */

/** Where what is saved comes from. */
export interface Source {
  /** In the file's name: letters, digits and hyphens alone. */
  readonly name: string;
  /** In a picture, in words. */
  readonly words: string;
}

/** What comes from a task. */
export function ofTask({ world, seed }: { readonly world: string; readonly seed: number }): Source {
  return { name: `${plain(world) || 'world'}-seed-${seed}`, words: `${world}, task seed ${seed}` };
}

/** The name of a panel's file; letters, digits, dots and hyphens alone. */
export function fileName({ name }: Source, panel: string, extension: string): string {
  return `reverie-${name}-${panel}.${extension}`;
}

/** Any text as letters, digits and hyphens; nothing where it has none of them. */
export function plain(text: string): string {
  const hyphened = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return hyphened.replace(/^-+|-+$/g, '');
}
