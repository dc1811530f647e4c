/**
 * Orthogonal changes of basis whose first coordinates are what an observation measures. The consistency models paper
 * completes the measured directions to a basis by QR; one Householder reflection does as much, exactly, and is its own
 * inverse: it swaps the first axis and a given direction, and leaves alone all that is orthogonal to both.
 */

/** A square matrix, row by row. */
export interface SquareMatrix {
  readonly size: number;
  readonly data: Float64Array;
}

/**
 * The reflection H = I − 2 u uᵀ / uᵀu with u = e₁ − v, for the unit vector v along `direction`: symmetric and
 * orthogonal, and its first row and column are v.
 */
export function reflectionOnto(direction: readonly number[]): SquareMatrix {
  const size = direction.length;
  const length = Math.hypot(...direction);
  const difference = direction.map((value, i) => (i === 0 ? 1 : 0) - value / length);
  const squared = difference.reduce((sum, value) => sum + value * value, 0);
  const data = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    const reflected = squared === 0 ? 0 : (2 * (difference[row] as number) * (difference[column] as number)) / squared;
    return (row === column ? 1 : 0) - reflected;
  });
  return { size, data };
}

/** The same change of basis for each of `copies` interleaved signals: the Kronecker product with the identity. */
export function interleaved({ size, data }: SquareMatrix, copies: number): SquareMatrix {
  const wide = size * copies;
  const values = new Float64Array(wide * wide);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      for (let copy = 0; copy < copies; copy++)
        values[(row * copies + copy) * wide + column * copies + copy] = data[row * size + column] as number;
  return { size: wide, data: values };
}
