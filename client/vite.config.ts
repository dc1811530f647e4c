/**
 * Builds the page into `client/dist`, with relative addresses so that it can be served from any path. `vite client`
 * serves it for work on its looks; `REVERIE_SERVER` and `REVERIE_TOKEN` then name a running server to talk to.
 */
import { defineConfig } from 'vite';

const server = process.env.REVERIE_SERVER ?? 'http://127.0.0.1:7700';
const token = process.env.REVERIE_TOKEN ?? '';

/** What the page asks the server for carries the token, unlike its own modules in folders of the same name. */
const asked = (path: string): string => `^/${path}(/[^?]*)?\\?token=`;

export default defineConfig({
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // three.js is most of it, and all of it is needed for the first picture.
    chunkSizeWarningLimit: 1000,
  },
  server: {
    fs: { allow: ['..'] },
    proxy: {
      [asked('socket')]: { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
      [asked('trainings')]: { target: server, changeOrigin: true, headers: { origin: server } },
      [asked('recordings')]: { target: server, changeOrigin: true, headers: { origin: server } },
    },
  },
  plugins: [
    {
      name: 'reverie-token',
      apply: 'serve',
      transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'reverie-token', content: token }, injectTo: 'head' }],
    },
  ],
});
