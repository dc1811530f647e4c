/**
 * Noise whose power falls with frequency as f^−β (Timmer & König 1995, "On generating power law noise"; iCEM, Pinneri
 * et al. 2020, §3.1): with β = 0 every step is drawn anew, with β = 2 a sequence wanders and so reaches further. Drawn
 * as the sum of a Fourier series with normal coefficients, written out: a plan has few steps, so that nothing is gained
 * by a fast transform. Every step has variance 1, whatever β.
 */
import type { Random } from '../../shared/random.ts';

export class ColouredNoise {
  readonly horizon: number;
  /** One row a coefficient: what it adds at every step. */
  private readonly basis: readonly Float64Array[];

  /** @param exponent β */
  constructor(horizon: number, exponent: number) {
    this.horizon = horizon;
    this.basis = basisOf(horizon, exponent);
  }

  /** Writes `[horizon, width]` draws, independent between the columns, from `offset` on. */
  draw(to: Float32Array, offset: number, width: number, random: Random): void {
    const { horizon, basis } = this;
    to.fill(0, offset, offset + horizon * width);
    for (let column = 0; column < width; column++) {
      for (const row of basis) {
        const coefficient = random.normal();
        for (let t = 0; t < horizon; t++) {
          const at = offset + t * width + column;
          to[at] = (to[at] as number) + coefficient * (row[t] as number);
        }
      }
    }
  }
}

/** The lowest frequency stands in for 0, whose power would be infinite. */
function basisOf(horizon: number, exponent: number): Float64Array[] {
  const rows: Float64Array[] = [];
  let variance = 0;
  for (let k = 0; k <= Math.floor(horizon / 2); k++) {
    const scale = Math.max(k, 1) ** (-exponent / 2);
    const paired = k > 0 && 2 * k < horizon;
    for (const wave of paired ? [Math.cos, Math.sin] : [Math.cos]) {
      rows.push(Float64Array.from({ length: horizon }, (_, t) => scale * wave((2 * Math.PI * k * t) / horizon)));
    }
    variance += scale * scale; // cos² + sin² of a pair, or the one wave of ±1
  }
  return rows.map((row) => row.map((value) => value / Math.sqrt(variance)));
}
