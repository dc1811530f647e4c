/** What every edit promises of any picture: what is known stays, to the byte, and nothing that is hidden is looked at. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { colourise, greyOf } from '../../../models/diffusion/editing/colourise.ts';
import { addNoise, denoiseFrame, timeOfNoise } from '../../../models/diffusion/editing/denoiseFrame.ts';
import { type FrameEdit, pictureInput } from '../../../models/diffusion/editing/frameEdit.ts';
import { hiddenRectangle, inpaint } from '../../../models/diffusion/editing/inpaint.ts';
import { latentsBetween } from '../../../models/diffusion/editing/interpolate.ts';
import { interleaved, reflectionOnto } from '../../../models/diffusion/editing/orthogonalBasis.ts';
import { scaledDown, superResolve, UPSCALE_FACTORS } from '../../../models/diffusion/editing/superResolve.ts';
import { createCpuEngine } from '../../../models/tensor/cpuEngine.ts';
import type { HostTensor } from '../../../models/tensor/program.ts';
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { Random } from '../../../shared/random.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const backdrop = new Uint8Array(FRAME_BYTES).fill(200);

/** A frame of noise with many black and white numbers, where bytes cannot give way. */
function frameOf(seed: number): Frame {
  const random = new Random(seed);
  const extreme = random.uniform();
  return Uint8Array.from({ length: FRAME_BYTES }, () =>
    random.chance(extreme) ? random.choice([0, 255]) : random.integer(256),
  );
}

function maskOf(seed: number): Uint8Array {
  const random = new Random(seed);
  const share = random.uniform();
  return Uint8Array.from({ length: FRAME_SIZE ** 2 }, () => Number(random.chance(share)));
}

/** Whether two arrays of bytes are the same; a difference of thousands of bytes is of no use to a reader. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Properties are of three seeds, so that a counterexample can be read. */
function forAll(property: (first: number, second: number, third: number) => boolean): void {
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.nat(), property), { numRuns: 10 });
}

describe('bytes of the result', () => {
  it('are the observed ones wherever an inpainted frame is not hidden', () => {
    forAll((a, b, c) => {
      const [frame, painted, hidden] = [frameOf(a), frameOf(b), maskOf(c)];
      const settled = inpaint(frame, hidden).settle(painted);
      return settled.every((byte, at) => byte === (hidden[Math.floor(at / 3)] === 1 ? painted : frame)[at]);
    });
  });

  it('have exactly the grey levels that they were made of', () => {
    forAll((a, b) => {
      const grey = greyOf(frameOf(a));
      return same(greyOf(colourise(grey).settle(frameOf(b))), grey);
    });
  });

  it.each(UPSCALE_FACTORS)('scaled down %i times are the small picture', (factor) => {
    forAll((a, b) => {
      const small = scaledDown(frameOf(a), factor);
      return same(scaledDown(superResolve(small, factor).settle(frameOf(b)), factor), small);
    });
  });

  it('are not touched where they show it already', () => {
    forAll((a, b) => {
      const frame = frameOf(a);
      return [
        inpaint(frame, maskOf(b)),
        colourise(greyOf(frame)),
        superResolve(scaledDown(frame, 4), 4),
        denoiseFrame(frame, 10),
      ].every((edit) => same(edit.settle(frame), frame));
    });
  });
});

describe('what is put back into a clean picture', () => {
  const random = new Random(1);
  const noise = Uint8Array.from({ length: FRAME_BYTES }, () => random.integer(256));
  const frame = Uint8Array.from({ length: FRAME_BYTES }, () => random.integer(256));
  const hidden = hiddenRectangle({ x: 10, y: 20, width: 30, height: 9 });
  const edits: [string, FrameEdit][] = [
    ['inpainting', inpaint(frame, hidden)],
    ['colourisation', colourise(greyOf(frame))],
    ...UPSCALE_FACTORS.map((factor): [string, FrameEdit] => [
      `super-resolution by ${factor}`,
      superResolve(scaledDown(frame, factor), factor),
    ]),
  ];

  it.each(edits)('by %s: twice is once, what is free stays, what is known is imposed', async (_, edit) => {
    const inputs = edit.inputs(backdrop);
    const program = await engine.compile(({ clean, ...rest }) => ({ out: edit.impose(clean as never, rest) }), {
      clean: { shape: [1, FRAME_SIZE, FRAME_SIZE, 3] },
      ...inputs,
    });
    const impose = async (clean: Float32Array): Promise<Float32Array> => {
      const feeds = { ...inputs, clean: { ...pictureInput(noise, backdrop), data: clean } };
      return (await program.run(feeds)).out?.data as Float32Array;
    };
    const painted = pictureInput(noise, backdrop).data as Float32Array;
    const once = await impose(painted);
    const measured = (inputs.measured as { data: Float32Array }).data;
    // A projection: idempotent, and the picture that was measured is a fixed point.
    expect(distance(await impose(once), once)).toBeLessThan(1e-4);
    expect(distance(await impose(measured), measured)).toBeLessThan(1e-4);
    // And orthogonal: no other picture that shows what is known is nearer to the painter's.
    const [moved, rest] = [
      once.map((v, i) => v - (painted[i] as number)),
      once.map((v, i) => v - (measured[i] as number)),
    ];
    expect(Math.abs(moved.reduce((sum, v, i) => sum + v * (rest[i] as number), 0))).toBeLessThan(0.05);
    expect(distance(once, painted)).toBeGreaterThan(1);
  });
});

describe('an edit', () => {
  it('does not know what a mask hides', () => {
    forAll((a, b, c) => {
      const [frame, other, hidden] = [frameOf(a), frameOf(b), maskOf(c)];
      const disguised = frame.map((byte, at) => (hidden[Math.floor(at / 3)] === 1 ? (other[at] as number) : byte));
      const bytesOf = (edited: Frame) =>
        new Uint8Array((inpaint(edited, hidden).inputs(backdrop).measured as HostTensor).data.buffer);
      return (
        same(bytesOf(disguised), bytesOf(frame)) &&
        same(inpaint(disguised, hidden).visible(backdrop), inpaint(frame, hidden).visible(backdrop))
      );
    });
  });

  it('refuses what does not fit a frame, and says what would', () => {
    expect(() => hiddenRectangle({ x: 60, y: 0, width: 5, height: 5 })).toThrow(/inside 0,0,64,64/);
    expect(() => hiddenRectangle({ x: 0.5, y: 0, width: 5, height: 5 })).toThrow(UsageError);
    expect(() => inpaint(backdrop, new Uint8Array(5))).toThrow(/5 pixels and a frame 4096/);
    expect(() => superResolve(new Uint8Array(48), 8)).toThrow(/16 pixels is not .* give one of 8×8/);
    expect(() => denoiseFrame(backdrop, 0)).toThrow(/above 0/);
  });
});

describe('the basis of an observation', () => {
  it('is orthogonal, its own inverse, and begins with what is measured', () => {
    const vectors = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(vectors, fc.integer({ min: 1, max: 3 }), (direction, copies) => {
        const single = reflectionOnto(direction);
        const length = Math.hypot(...direction);
        direction.forEach((value, i) => {
          expect(single.data[i]).toBeCloseTo(value / length, 12);
        });
        const { size, data } = interleaved(single, copies);
        for (let row = 0; row < size; row++)
          for (let column = 0; column < size; column++) {
            let product = 0;
            for (let k = 0; k < size; k++)
              product += (data[row * size + k] as number) * (data[k * size + column] as number);
            expect(product).toBeCloseTo(row === column ? 1 : 0, 12);
          }
      }),
      { numRuns: 20 },
    );
  });
});

describe('noise of a known deviation', () => {
  it('lies at the time where noise and picture have its proportion', () => {
    expect(timeOfNoise(127.5)).toBeCloseTo(0.5, 12);
    expect(timeOfNoise(1e-9)).toBeCloseTo(0, 9);
  });

  it('is added as told', () => {
    const grey = new Uint8Array(FRAME_BYTES).fill(128);
    const noisy = addNoise(grey, 20, new Random(1));
    const variance = noisy.reduce((sum, byte) => sum + (byte - 128) ** 2, 0) / FRAME_BYTES;
    expect(Math.sqrt(variance)).toBeGreaterThan(19);
    expect(Math.sqrt(variance)).toBeLessThan(21);
    expect(addNoise(grey, 20, new Random(1))).toEqual(noisy);
  });
});

describe('latents between two', () => {
  it('are evenly spaced and include both ends', () => {
    const { rows, columns, data } = latentsBetween(Float32Array.of(0, 4), Float32Array.of(1, 0), 5);
    expect([rows, columns]).toEqual([5, 2]);
    expect([...data]).toEqual([0, 4, 0.25, 3, 0.5, 2, 0.75, 1, 1, 0]);
  });
});

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0));
}
