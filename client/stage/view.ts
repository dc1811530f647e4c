/**
 * One picture of the stage: what it draws, and through which camera. The stage gives each view its place on the shared
 * canvas.
 */
import type { Camera, Scene } from 'three';

/** Something to draw into a rectangle. */
export interface View {
  readonly scene: Scene;
  readonly camera: Camera;
}
