/**
 * What it still costs to bring the pole to rest upright over a place, from a motion near there: the cost-to-go of the
 * linear quadratic regulator (Kalman 1960), which knows that a cart must first go the wrong way to lean the pole the
 * right one.
 *
 * The mechanics over one step of the world are linearised numerically, so that it holds for all values of the factors.
 * Riccati's equation is iterated to its fixed point in Joseph's form, in which rounding errors die out.
 */
import { advanced, type CartPoleBody, type Motion, rail } from './cartPolePhysics.ts';

type Matrix = readonly (readonly number[])[];

/**
 * Errors of cart place, cart velocity, pole angle and pole velocity that cost 1 a step: units, units per update,
 * radians, radians per update.
 */
const scales = [20, 2, 0.3, 0.03];

/** What a full action costs a step. */
const actionCost = 0.5;

/** Some five times as many as it takes. */
const iterations = 300;

/** The cost by motion and place, for actions held for `updates` physics updates. */
export function createUprightCost(body: CartPoleBody, updates: number): (motion: Motion, placeX: number) => number {
  const at = costMatrix(body, updates);
  const [xx, xv, xa, xw] = rowOf(at, 0);
  const [, vv, va, vw] = rowOf(at, 1);
  const [, , aa, aw] = rowOf(at, 2);
  const [, , , ww] = rowOf(at, 3);
  // Written out, because plans ask for it thousands of times: the quadratic form of a symmetric matrix.
  return ({ cartX, cartVelocity: v, poleAngle: a, poleVelocity: w }, placeX) => {
    const x = cartX - placeX;
    return (
      x * (xx * x + 2 * (xv * v + xa * a + xw * w)) +
      v * (vv * v + 2 * (va * a + vw * w)) +
      a * (aa * a + 2 * aw * w) +
      ww * w * w
    );
  };
}

function rowOf(matrix: Matrix, index: number): [number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = matrix[index] ?? [];
  return [a, b, c, d];
}

function costMatrix(body: CartPoleBody, updates: number): Matrix {
  const { byState, byAction } = linearised(body, updates);
  const errorCost = scales.map((scale, row) => scales.map((_, column) => (row === column ? scale ** -2 : 0)));
  let cost: Matrix = errorCost;
  for (let i = 0; i < iterations; i++) {
    const pull = times(cost, byAction);
    const stiffness = actionCost + dot(byAction, pull);
    const gain = transposed(byState).map((column) => dot(pull, column) / stiffness);
    const regulated = combined(byState, byAction, gain, (value, product) => value - product);
    const carried = productOf(transposed(regulated), productOf(cost, regulated));
    const acting = combined(carried, gain, gain, (value, product) => value + actionCost * product);
    cost = acting.map((row, r) => row.map((value, c) => value + (errorCost[r]?.[c] ?? 0)));
  }
  return cost;
}

/** Derivatives of the motion one step on, at rest upright in the rail's middle: by the motion and by the action. */
function linearised(body: CartPoleBody, updates: number): { byState: Matrix; byAction: readonly number[] } {
  const small = 1e-5;
  const derivative = (error: readonly number[], action: number): number[] => {
    const [x = 0, cartVelocity = 0, poleAngle = 0, poleVelocity = 0] = error;
    const after = advanced(body, { cartX: rail.middle + x, cartVelocity, poleAngle, poleVelocity }, action, updates);
    const { cartX, ...rest } = after;
    return [cartX - rail.middle, rest.cartVelocity, rest.poleAngle, rest.poleVelocity].map((value) => value / small);
  };
  const columns = scales.map((_, i) =>
    derivative(
      scales.map((_, j) => (i === j ? small : 0)),
      0,
    ),
  );
  return { byState: transposed(columns), byAction: derivative([], small) };
}

/** Each element joined with the product of the row's and the column's number. */
function combined(
  matrix: Matrix,
  rows: readonly number[],
  columns: readonly number[],
  join: (value: number, product: number) => number,
): Matrix {
  return matrix.map((row, r) => row.map((value, c) => join(value, (rows[r] ?? 0) * (columns[c] ?? 0))));
}

function dot(u: readonly number[], v: readonly number[]): number {
  return u.reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0);
}

function times(matrix: Matrix, v: readonly number[]): number[] {
  return matrix.map((row) => dot(row, v));
}

function productOf(left: Matrix, right: Matrix): Matrix {
  const columns = transposed(right);
  return left.map((row) => columns.map((column) => dot(row, column)));
}

/** Of a square matrix. */
function transposed(matrix: Matrix): Matrix {
  return matrix.map((_, c) => matrix.map((row) => row[c] ?? 0));
}
