import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const here = import.meta.dirname;
const out = join(here, 'dist/web');

/** Pages by the place where they are served. One that is not there is left out. */
const pages: Readonly<Record<string, string>> = {
  'index.html': 'src/widget/demo/index.html',
  'console/index.html': 'src/console/page/index.html',
};

/**
 * `--mode widget` makes dist/web/widget.js, one file for any page. `--mode pages` makes the demo page and the console
 * with their files in dist/web/assets, whose names change with their content. Neither deletes what the other made.
 */
export default defineConfig(({ mode }) => {
  if (mode === 'widget') return { ...shared, build: { ...shared.build, ...widget } };
  if (mode === 'pages') return { ...shared, plugins: [placePages()], build: { ...shared.build, ...site } };
  throw new Error(`vite build --mode ${mode}: the mode must be widget or pages.`);
});

const shared = {
  root: join(here, 'src'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: out,
    emptyOutDir: false,
    target: ['es2021', 'chrome100', 'firefox100', 'safari15'],
    cssMinify: true,
    reportCompressedSize: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
} satisfies UserConfig;

const widget: UserConfig['build'] = {
  lib: {
    entry: join(here, 'src/widget/main.tsx'),
    formats: ['iife'],
    name: 'zhikeWidget',
    fileName: () => 'widget.js',
  },
};

const site: UserConfig['build'] = {
  rolldownOptions: {
    input: Object.values(pages)
      .map((page) => join(here, page))
      .filter(existsSync),
  },
};

/** Vite writes a page where its source lies; these are served elsewhere. */
function placePages(): Plugin {
  return {
    name: 'place-pages',
    enforce: 'post',
    buildStart() {
      for (const stale of ['assets', ...Object.keys(pages)]) rmSync(join(out, stale), { recursive: true, force: true });
    },
    generateBundle(_options, bundle) {
      for (const [place, source] of Object.entries(pages)) {
        const page = bundle[source.replace(/^src\//, '')];
        if (page) page.fileName = place;
      }
    },
  };
}
