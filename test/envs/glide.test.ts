import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Disc, type Discs, glide } from '../../envs/worlds/puck/glide.ts';
import { malletMass, malletRadius, malletReach, reachOf, usualPuck } from '../../envs/worlds/puck/puckTable.ts';

const contact = malletRadius + usualPuck.radius;
const still = { x: 0, y: 0 };

function number(min: number, max: number) {
  return fc.double({ min, max, noNaN: true });
}

/** A disc anywhere in the field, at any velocity up to the given one along each axis. */
function discUpTo(speed: number, radius: number): fc.Arbitrary<Disc> {
  const { low, high } = reachOf(radius);
  return fc.record({
    place: fc.record({ x: number(low, high), y: number(low, high) }),
    velocity: fc.record({ x: number(-speed, speed), y: number(-speed, speed) }),
  });
}

/** Both discs, apart. */
function discsUpTo(speed: number): fc.Arbitrary<Discs> {
  return fc
    .record({ mallet: discUpTo(speed, malletRadius), puck: discUpTo(speed, usualPuck.radius) })
    .filter((discs) => centresApart(discs) >= contact);
}

function centresApart({ mallet, puck }: Discs): number {
  return Math.hypot(mallet.place.x - puck.place.x, mallet.place.y - puck.place.y);
}

function momentumOf({ mallet, puck }: Discs, puckMass: number): { x: number; y: number } {
  return {
    x: malletMass * mallet.velocity.x + puckMass * puck.velocity.x,
    y: malletMass * mallet.velocity.y + puckMass * puck.velocity.y,
  };
}

/** Twice the kinetic energy. */
function energyOf({ mallet, puck }: Discs, puckMass: number): number {
  const squared = ({ velocity: { x, y } }: Disc) => x ** 2 + y ** 2;
  return malletMass * squared(mallet) + puckMass * squared(puck);
}

describe('an impact of mallet and puck', () => {
  it('conserves momentum, and energy too where restitution is 1', () => {
    const angle = number(-Math.PI, Math.PI);
    fc.assert(
      fc.property(angle, number(-1, 1), number(2, 20), number(0.5, 2), number(0.6, 1), (at, aside, speed, mass, e) => {
        const place = { x: 256 + Math.cos(at) * (contact + 0.5), y: 256 + Math.sin(at) * (contact + 0.5) };
        const velocity = { x: Math.cos(at + aside) * speed, y: Math.sin(at + aside) * speed };
        const before = { mallet: { place: { x: 256, y: 256 }, velocity }, puck: { place, velocity: still } };
        const after = glide(before, { ...usualPuck, mass, restitution: e });
        expect(after.impacts).toBe(1);
        const [whole, kept] = [momentumOf(before, mass), momentumOf(after, mass)];
        expect(kept.x).toBeCloseTo(whole.x, 8);
        expect(kept.y).toBeCloseTo(whole.y, 8);
        expect(energyOf(after, mass)).toBeLessThan(energyOf(before, mass) + 1e-8);
        const elastic = glide(before, { ...usualPuck, mass, restitution: 1 });
        expect(energyOf(elastic, mass)).toBeCloseTo(energyOf(before, mass), 8);
      }),
    );
  });

  it('sends a resting puck off along the line of centres, at a speed in closed form, wherever it is met', () => {
    const [aside, speed, mass, restitution] = [number(-0.95, 0.95), number(0.1, 40), number(0.5, 2), number(0.6, 0.98)];
    fc.assert(
      fc.property(aside, speed, mass, restitution, (across, u, m, e) => {
        const along = Math.sqrt(1 - across ** 2);
        // The mallet touches the puck half an update later.
        const place = { x: 200 + contact * along + u / 2, y: 256 + contact * across };
        const mallet = { place: { x: 200, y: 256 }, velocity: { x: u, y: 0 } };
        const { puck } = glide({ mallet, puck: { place, velocity: still } }, { ...usualPuck, mass: m, restitution: e });
        const kick = ((1 + e) * malletMass * u * along) / (malletMass + m);
        expect(puck.velocity.x).toBeCloseTo(kick * along, 8);
        expect(puck.velocity.y).toBeCloseTo(kick * across, 8);
        expect(puck.place.x).toBeCloseTo(place.x + (kick * along) / 2, 8);
      }),
    );
  });
});

describe('an update of puck', () => {
  it('adds no energy, and keeps the discs apart and in the field, up to 600 units an update', () => {
    fc.assert(
      fc.property(discsUpTo(600), (before) => {
        const after = glide(before, usualPuck);
        expect(energyOf(after, 1)).toBeLessThanOrEqual(energyOf(before, 1) * (1 + 1e-9));
        expect(centresApart(after)).toBeGreaterThan(contact - 1e-6);
        const reaches = [
          [after.mallet.place, malletReach],
          [after.puck.place, reachOf(usualPuck.radius)],
        ] as const;
        for (const [{ x, y }, { low, high }] of reaches) {
          expect(Math.min(x, y)).toBeGreaterThan(low - 1e-6);
          expect(Math.max(x, y)).toBeLessThan(high + 1e-6);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('moves discs that meet nothing by their velocities', () => {
    const mallet = { place: { x: 100, y: 100 }, velocity: { x: 3, y: -4 } };
    const puck = { place: { x: 300, y: 300 }, velocity: { x: -5, y: 6 } };
    expect(glide({ mallet, puck }, usualPuck)).toEqual({
      mallet: { ...mallet, place: { x: 103, y: 96 } },
      puck: { ...puck, place: { x: 295, y: 306 } },
      impacts: 0,
    });
  });

  it('stops the mallet at a cushion, and turns the puck back', () => {
    const mallet = { place: { x: malletReach.low + 1, y: 100 }, velocity: { x: -4, y: 2 } };
    const puck = { place: { x: 300, y: reachOf(usualPuck.radius).high - 2 }, velocity: { x: 1, y: 4 } };
    const after = glide({ mallet, puck }, usualPuck);
    expect(after.mallet).toEqual({ place: { x: malletReach.low, y: 102 }, velocity: { x: 0, y: 2 } });
    expect(after.puck.velocity).toEqual({ x: 1, y: -3.6 });
    expect(after.puck.place.y).toBeCloseTo(puck.place.y + 2 - 1.8, 9);
  });

  it('stays finite for discs that were placed where they cannot be', () => {
    const outside = { place: { x: -100, y: 700 }, velocity: { x: -9, y: 9 } };
    const inside = { place: { x: -100, y: 700 }, velocity: { x: 2, y: 2 } };
    for (const puck of [outside, inside]) {
      const after = glide({ mallet: inside, puck }, usualPuck);
      for (const { place, velocity } of [after.mallet, after.puck]) {
        expect([place.x, place.y, velocity.x, velocity.y].every(Number.isFinite)).toBe(true);
      }
    }
  });
});
