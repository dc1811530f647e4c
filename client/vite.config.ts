/**
 * Builds the page into `client/dist`, with relative addresses so that it can be served from any path. `vite client`
 * serves it for work on its looks; `REVERIE_SERVER` and `REVERIE_TOKEN` then name a running server to talk to.
 */
import { defineConfig } from 'vite';

const server = process.env.REVERIE_SERVER ?? 'http://127.0.0.1:7700';
const token = process.env.REVERIE_TOKEN ?? '';

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
      '/socket': { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
      '/trainings': { target: server, changeOrigin: true, headers: { origin: server } },
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
