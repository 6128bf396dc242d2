import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The map in src/README.md, as rules. Each layer may import those after it; edges never import each other.
 */
const root = join(__dirname, '..');

const layers: Readonly<Record<string, readonly string[]>> = {
  conversation: [],
  articles: ['conversation'],
  answering: ['articles', 'conversation'],
  handoff: ['answering', 'articles', 'conversation'],
  bots: ['handoff', 'answering', 'articles', 'conversation'],
  channels: ['handoff', 'answering', 'articles', 'conversation'],
  console: ['handoff', 'answering', 'articles', 'conversation', 'web'],
  storage: ['handoff', 'answering', 'articles', 'conversation'],
  server: ['pages'],
  pages: [],
  widget: ['web'],
  web: [],
  app: ['bots', 'channels', 'console', 'storage', 'server', 'handoff', 'answering', 'articles', 'conversation'],
  main: ['app', 'welcome.zh'],
  'welcome.zh': [],
  cli: ['app', 'storage', 'handoff', 'answering', 'articles', 'conversation'],
};

/** Small files without a layer: anybody outside conversation/ may import them. */
const leaves = ['config', 'log', 'metrics', 'errors', 'http', 'images', 'opencc-js.d', 'text'];

/** Packages that stand behind one file, or a few folders. */
const homes: readonly { readonly package: RegExp; readonly allowed: RegExp }[] = [
  { package: /^botbuilder/, allowed: /^(bots|src\/channels)\// },
  { package: /^restify$/, allowed: /^src\/server\.ts$/ },
  { package: /^nodejieba$/, allowed: /^src\/answering\/segment\.ts$/ },
  { package: /^flexsearch$/, allowed: /^src\/answering\/search-index\.ts$/ },
  { package: /^pinyin-pro$/, allowed: /^src\/answering\/reading\/pinyin\.ts$/ },
  { package: /^better-sqlite3$/, allowed: /^src\/storage\/sqlite\.ts$/ },
  { package: /^pg$/, allowed: /^src\/storage\/postgres\.ts$/ },
  { package: /^kysely$/, allowed: /^src\/storage\// },
  { package: /^ws$/, allowed: /^src\/channels\/direct-line\// },
  { package: /^preact/, allowed: /^src\/(widget|web|console\/page)\// },
];

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const files = sourceFiles(['bots', 'src']);
const imports = files.flatMap(importsOf);

describe('the map', () => {
  it('is obeyed by every import between layers', () => {
    const broken = imports
      .filter(({ to }) => to.startsWith('src/') || to.startsWith('bots/'))
      .filter(({ from, to }) => !mayImport(layerOf(from), layerOf(to)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(broken).toEqual([]);
  });

  it('has a place for every file', () => {
    const known = [...Object.keys(layers), ...leaves];
    expect(files.filter((file) => !known.includes(layerOf(file)))).toEqual([]);
  });

  it('keeps each wrapped package in its one home', () => {
    const broken = imports.flatMap(({ from, to }) =>
      homes.filter((home) => home.package.test(to) && !home.allowed.test(from)).map(() => `${from} imports ${to}`),
    );
    expect(broken).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(cyclesIn(imports.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });

  it('reads the environment in config.ts alone', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers.filter((file) => file !== 'src/config.ts')).toEqual([]);
  });

  it('keeps Chinese out of code: what is said lives in phrases and message files', () => {
    const home = /^(bots\/phrases\.zh\.ts|src\/.*\.zh\.ts|src\/(widget|console\/page)\/messages\/|src\/widget\/demo\/)/;
    const speakers = files.filter((file) => !home.test(file)).filter((file) => hanOutsideComments(file));
    expect(speakers).toEqual([]);
  });
});

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (leaves.includes(to)) return from !== 'conversation' && from !== 'web';
  if (leaves.includes(from)) return false;
  return layers[from]?.includes(to) ?? false;
}

/** `src/handoff/queue.ts` → `handoff`, `src/app.ts` → `app`, `bots/…` → `bots`. */
function layerOf(file: string): string {
  const [top = '', folder = ''] = file.split('/');
  return top === 'bots' ? 'bots' : folder.replace(/\.tsx?$/, '');
}

function sourceFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => join(folder, name).replaceAll('\\', '/')),
  );
}

function importsOf(file: string): Import[] {
  const code = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...code.matchAll(pattern)].map((match) => {
    const target = match[2] ?? match[3] ?? '';
    const to = target.startsWith('.')
      ? relative(root, join(root, dirname(file), target)).replaceAll('\\', '/')
      : target;
    return { from: file, to, typeOnly: match[1] !== undefined };
  });
}

function cyclesIn(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}

function hanOutsideComments(file: string): boolean {
  const code = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');
  return /\p{Script=Han}/u.test(code);
}
