/**
 * A 64×64 picture, each pixel a crisp square. One texture is made once and written into; it is uploaded only when a new
 * picture came (three.js uploads nothing unless `needsUpdate` says so). Pictures are sRGB with rows from the top, so
 * the quad's V coordinate is flipped rather than the bytes.
 */
import { DataTexture, Mesh, MeshBasicMaterial, OrthographicCamera, PlaneGeometry, Scene, SRGBColorSpace } from 'three';
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { View } from './view.ts';

export class FrameView implements View {
  readonly scene = new Scene();
  readonly camera = new OrthographicCamera(-0.5, 0.5, 0.5, -0.5, 0, 2);
  /** 64×64 RGBA. */
  private readonly pixels = new Uint8Array(FRAME_SIZE * FRAME_SIZE * 4);
  private readonly texture = new DataTexture(this.pixels, FRAME_SIZE, FRAME_SIZE);

  constructor() {
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.needsUpdate = true;
    const quad = new PlaneGeometry(1, 1);
    const uv = quad.getAttribute('uv');
    for (let i = 0; i < uv.count; i++) uv.setY(i, 1 - uv.getY(i));
    this.camera.position.z = 1;
    this.scene.add(new Mesh(quad, new MeshBasicMaterial({ map: this.texture, transparent: true, toneMapped: false })));
  }

  /** Shows a picture of 64×64 RGBA bytes, or nothing. */
  show(picture: Uint8Array | undefined): void {
    if (picture === undefined) this.pixels.fill(0);
    else this.pixels.set(picture);
    this.texture.needsUpdate = true;
  }
}
