/**
 * The networks that a renderer can be, by name: a U-Net and a transformer, each in three sizes of about 20, 40 and 100
 * million operations a call. `unet` is what agents have unless told; `reverie bench backbones` measures what a size
 * buys.
 */
import type { BackboneName } from './backboneNames.ts';
import type { Backbone } from './denoiser.ts';

export const backbones: Readonly<Record<BackboneName, Backbone>> = {
  'unet-small': { channels: [16, 32], embedding: 64 },
  unet: { channels: [24, 48], embedding: 64 },
  'unet-large': { channels: [40, 80], embedding: 96 },
  'dit-small': { width: 64, depth: 3, embedding: 64 },
  dit: { width: 96, depth: 3, embedding: 64 },
  'dit-large': { width: 128, depth: 5, embedding: 96 },
};
