/**
 * Seeded randomness. Every random draw in Reverie comes from one of these generators, so that a run is a function of
 * its seeds. The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32 so that neighbouring
 * seeds give unrelated streams. `fork` derives an independent stream from a label without advancing this one: adding
 * a consumer never changes what the others draw.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;
  private spareNormal: number | undefined;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    const next = splitmix32(this.seed);
    this.a = next();
    this.b = next();
    this.c = next();
    this.counter = 1;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer uniform on [0, 2³²). */
  uint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }

  /** A number uniform on [low, high), with 32 bits of resolution. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / 0x1_0000_0000);
  }

  /** An integer uniform on [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A standard normal draw, by Box and Muller's polar form; each pair of uniforms gives two draws. */
  normal(mean = 0, deviation = 1): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return mean + deviation * spare;
    }
    let u: number;
    let v: number;
    let squared: number;
    do {
      u = this.uniform(-1, 1);
      v = this.uniform(-1, 1);
      squared = u * u + v * v;
    } while (squared >= 1 || squared === 0);
    const scale = Math.sqrt((-2 * Math.log(squared)) / squared);
    this.spareNormal = v * scale;
    return mean + deviation * u * scale;
  }

  /** `count` standard normal draws. */
  normals(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.normal();
    return values;
  }

  /** One of the given items, each as likely. */
  choice<T>(items: readonly T[]): T {
    return items[this.integer(items.length)] as T;
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** An independent generator, determined by this one's seed and the label alone. */
  fork(label: string | number): Random {
    let hash = this.seed ^ 0x9e3779b9;
    for (const character of String(label)) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
      hash ^= hash >>> 15;
    }
    return new Random(splitmix32(hash)());
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}
