import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const appFolder = fileURLToPath(new URL('./dist/app', import.meta.url));
const COMPRESSED = /\.(js|css|html|svg)$/;

/** Leaves a .br and a .gz beside each file, so that the host compresses nothing while people wait. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    closeBundle() {
      for (const file of readdirSync(appFolder, { recursive: true, encoding: 'utf8' })) {
        if (!COMPRESSED.test(file)) continue;
        const path = join(appFolder, file);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}

const app: UserConfig = {
  // Absolute: the page is also opened at deep addresses such as /servers/nas.
  base: '/',
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  plugins: [precompress()],
};

/** One file with everything in it, for `<script type="module">` in foreign pages. */
const elements: UserConfig = {
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'elements.js' },
    rollupOptions: { output: { codeSplitting: false } },
  },
};

export default defineConfig(({ mode }) => ({ logLevel: 'warn', ...(mode === 'elements' ? elements : app) }));
