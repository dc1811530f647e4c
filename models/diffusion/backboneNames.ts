/** Names of the networks that a renderer can be (`backbones.ts`); apart, so that the command line loads nothing else. */
export const BACKBONES = ['unet-small', 'unet', 'unet-large', 'dit-small', 'dit', 'dit-large'] as const;

export type BackboneName = (typeof BACKBONES)[number];
