/** How the fake server fills in what was painted over: with a grey that tells the seed and the sample. */
import type { ClientMessage, ServerMessage } from '../../shared/protocol/control.ts';
import { frameOfText, frameToText, maskOfText } from '../../shared/protocol/pixels.ts';

/** A fill with this seed is refused. */
const REFUSED_SEED = 13;

/** One answer a sample, or the refusal. */
export function filledBy(asked: Extract<ClientMessage, { type: 'fill' }>): ServerMessage[] {
  const { request, frame, hidden, seed, samples } = asked;
  if (seed === REFUSED_SEED) return [{ type: 'error', code: 'fill', message: 'The agent has no renderer.' }];
  const mask = maskOfText(hidden);
  return Array.from({ length: samples }, (_, sample) => {
    const filled = frameOfText(frame).map((byte, at) => (mask[Math.floor(at / 3)] === 1 ? 40 * (seed + sample) : byte));
    return { type: 'filled', request, sample, samples, steps: 4, frame: frameToText(filled) };
  });
}
