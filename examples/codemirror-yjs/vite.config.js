import { defineConfig } from 'vite';

// While developing the page, the engine runs beside it: `make run`, then `npm run dev` here.
const engine = process.env.QUIRE_URL ?? 'http://127.0.0.1:1234';

export default defineConfig({
  base: '/codemirror-yjs/',
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/yjs': { target: engine, ws: true } } },
});
