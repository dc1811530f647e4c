/**
 * The contacts of a matter-js engine as numbers. Matter keeps a pair for every two parts that touch, and of it only
 * this outlives an update: which corners held last (a stale second one among them, with which the next update compares
 * its own), the impulses that warm-start the solver at each, and the place in the list, which is the order of solving.
 * The rest is computed anew whenever the pair is found to touch; a pair that isn't is dropped at the next update.
 *
 * Parts and corners are named by number, in the order in which they are built, so that the contacts of one engine can
 * be set up in another of the same build.
 */
import Matter from 'matter-js';

/** What matter's types leave out of an engine's pairs. */
interface Pairs {
  table: Record<string, Matter.Pair>;
  readonly list: Matter.Pair[];
}

/** A corner, or none: the second support of a contact at one corner alone. */
type Corner = Matter.Vector | null;

/** How many numbers a contact takes. */
export const contactCount = 8;

/** When a contact was last found: at an update that is over, so that it is dropped unless the next one finds it. */
const inThePast = -1;

export class ContactNumbers {
  private readonly pairs: Pairs;
  private readonly parts: readonly Matter.Body[];
  private readonly corners: readonly Matter.Vector[];
  private readonly partNumbers: ReadonlyMap<Matter.Body, number>;
  private readonly cornerNumbers: ReadonlyMap<Corner, number>;

  constructor(engine: Matter.Engine) {
    this.pairs = engine.pairs;
    this.parts = Matter.Composite.allBodies(engine.world).flatMap(({ parts }) => parts);
    this.corners = this.parts.flatMap(({ vertices }) => vertices);
    this.partNumbers = new Map(this.parts.map((part, i) => [part, i]));
    this.cornerNumbers = new Map(this.corners.map((corner, i) => [corner, i]));
  }

  /** How many contacts there are now. */
  get size(): number {
    return this.pairs.list.length;
  }

  /** Writes all contacts from index `at` on, `contactCount` numbers each. */
  save(to: Float64Array, at: number): void {
    const { list } = this.pairs;
    for (let i = 0; i < list.length; i++) this.savePair(list[i] as Matter.Pair, to, at + i * contactCount);
  }

  /** Drops the contacts that there are and sets up those written from index `at` to the end. */
  load(from: Float64Array, at: number): void {
    const { pairs } = this;
    pairs.table = {};
    pairs.list.length = 0;
    for (let next = at; next < from.length; next += contactCount) {
      const pair = this.loadPair(from, next);
      pairs.table[pair.id] = pair;
      pairs.list.push(pair);
    }
  }

  private savePair({ collision, contacts }: Matter.Pair, to: Float64Array, at: number): void {
    const [first, second] = contacts as [Matter.Contact, Matter.Contact];
    const [firstCorner, secondCorner] = collision.supports as [Corner, Corner];
    to[at] = this.partNumbers.get(collision.bodyA) ?? -1;
    to[at + 1] = this.partNumbers.get(collision.bodyB) ?? -1;
    to[at + 2] = this.cornerNumbers.get(firstCorner) ?? -1;
    to[at + 3] = this.cornerNumbers.get(secondCorner) ?? -1;
    to[at + 4] = first.normalImpulse;
    to[at + 5] = first.tangentImpulse;
    to[at + 6] = second.normalImpulse;
    to[at + 7] = second.tangentImpulse;
  }

  private loadPair(from: Float64Array, at: number): Matter.Pair {
    const partA = this.parts[from[at] as number] as Matter.Body;
    const partB = this.parts[from[at + 1] as number] as Matter.Body;
    const collision = Matter.Collision.create(partA, partB);
    const supports: Corner[] = collision.supports;
    supports[0] = this.corners[from[at + 2] as number] ?? null;
    supports[1] = this.corners[from[at + 3] as number] ?? null;
    const pair = Matter.Pair.create(collision, inThePast);
    const [first, second] = pair.contacts as [Matter.Contact, Matter.Contact];
    first.normalImpulse = from[at + 4] as number;
    first.tangentImpulse = from[at + 5] as number;
    second.normalImpulse = from[at + 6] as number;
    second.tangentImpulse = from[at + 7] as number;
    return pair;
  }
}
