/**
 * All that determines the future of a matter-js engine, as one row of numbers, and back into the same engine or another
 * of the same build. The row is plain data: it can be cloned, sent to a worker and kept; some thousand bytes instead of
 * the whole engine, at a hundredth of the time.
 *
 * In order: the time; the order in which the detector holds the bodies (it sorts them stably, so the order breaks
 * ties); the bodies; the constraints; and, as many as there are, the contacts. Everything is written into the objects
 * that there are, so bodies keep their identity.
 */
import Matter from 'matter-js';
import { WorldError } from '../../shared/errors.ts';
import { countBodyNumbers, loadBody, saveBody } from './bodyNumbers.ts';
import { constraintCount, loadConstraint, saveConstraint } from './constraintNumbers.ts';
import { ContactNumbers, contactCount } from './contactNumbers.ts';

export class EngineNumbers {
  private readonly engine: Matter.Engine;
  private readonly bodies: readonly Matter.Body[];
  private readonly bodyNumbers: ReadonlyMap<Matter.Body, number>;
  private readonly constraints: readonly Matter.Constraint[];
  private readonly contacts: ContactNumbers;
  /** How many numbers there are without a contact. */
  private readonly restCount: number;

  /** The numbers of an engine to which no body or constraint is added any more. */
  constructor(engine: Matter.Engine) {
    this.engine = engine;
    this.bodies = Matter.Composite.allBodies(engine.world);
    this.bodyNumbers = new Map(this.bodies.map((body, i) => [body, i]));
    this.constraints = Matter.Composite.allConstraints(engine.world);
    this.contacts = new ContactNumbers(engine);
    this.restCount =
      1 +
      this.bodies.reduce((sum, body) => sum + 1 + countBodyNumbers(body), 0) +
      this.constraints.length * constraintCount;
  }

  save(): Float64Array {
    const { engine, bodies, constraints, contacts } = this;
    const to = new Float64Array(this.restCount + contacts.size * contactCount);
    const { detector } = engine;
    let at = 0;
    to[at++] = engine.timing.timestamp;
    for (let i = 0; i < bodies.length; i++) to[at++] = this.bodyNumbers.get(detector.bodies[i] as Matter.Body) ?? -1;
    for (let i = 0; i < bodies.length; i++) at = saveBody(bodies[i] as Matter.Body, to, at);
    for (let i = 0; i < constraints.length; i++, at += constraintCount) {
      saveConstraint(constraints[i] as Matter.Constraint, to, at);
    }
    contacts.save(to, at);
    return to;
  }

  /** @throws WorldError when the numbers are not as many as an engine of this build has. */
  load(from: Float64Array): void {
    const { engine, bodies, constraints, contacts } = this;
    const { detector } = engine;
    const extra = from.length - this.restCount;
    if (!(extra >= 0 && extra % contactCount === 0)) {
      throw new WorldError(
        `${from.length} numbers are no copy of this engine, which has ${this.restCount}: resume it from one of its own`,
      );
    }
    let at = 0;
    engine.timing.timestamp = from[at++] as number;
    for (let i = 0; i < bodies.length; i++) detector.bodies[i] = bodies[from[at++] as number] as Matter.Body;
    for (let i = 0; i < bodies.length; i++) at = loadBody(bodies[i] as Matter.Body, from, at);
    for (let i = 0; i < constraints.length; i++, at += constraintCount) {
      loadConstraint(constraints[i] as Matter.Constraint, from, at);
    }
    contacts.load(from, at);
  }
}
