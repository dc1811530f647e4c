/**
 * What the page says of a world whose scene it cannot draw in full: which shapes are left out and why, once for each
 * world, since every task of it would have the same to say.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { whyUndrawable } from '../../shared/undrawable.ts';
import type { Notice } from '../notice.ts';

type EpisodeMessage = ServerMessageOf<'episode'>;

/** Says of each episode what must be said of it; nothing where everything can be drawn or that has been said. */
export class UndrawnShapes {
  private readonly said = new Set<string>();

  notice({ scene, goal, settings: { world } }: EpisodeMessage): Notice | undefined {
    const faults = [...scene, ...goal].flatMap((shape) => {
      const why = whyUndrawable(shape);
      return why === undefined ? [] : [`“${shape.name}” ${why.seen} instead of ${why.expected}`];
    });
    if (faults.length === 0 || this.said.has(world)) return undefined;
    this.said.add(world);
    const listed = [...new Set(faults)].join('; ');
    const message = `The page leaves out what it cannot draw of ${world}: ${listed}. Whoever made the world finds out more with “reverie check”.`;
    return { code: 'undrawable', message };
  }
}
