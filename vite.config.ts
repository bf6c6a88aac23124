import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the dashboard into `dist/web`; in development the API is that of a server on its usual port. */
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/session', '/docs', '/openapi.json'].map(path => [path, 'http://127.0.0.1:8480']),
    ),
  },
})
