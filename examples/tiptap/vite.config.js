import { defineConfig } from 'vite';

// While developing the page, the engine runs beside it: `make run`, then `npm run dev` here.
const engine = process.env.QUIRE_URL ?? 'http://127.0.0.1:1234';

export default defineConfig({
  base: '/tiptap/',
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
  server: { proxy: { '/hocuspocus': { target: engine, ws: true } } },
});
