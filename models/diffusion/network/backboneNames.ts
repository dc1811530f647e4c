/**
 * Names of the networks that a renderer can be; `backbones.ts` says what they are. They lie by themselves so that the
 * command line can list them without loading any network.
 */
export const BACKBONES = ['unet-small', 'unet', 'unet-large', 'dit-small', 'dit', 'dit-large'] as const;

export type BackboneName = (typeof BACKBONES)[number];
