/** `npm run bench [retrieval|messages|storage|desk]`: speed and memory beside peers, in one run. Takes a few minutes. */
import { existsSync } from 'node:fs';
import { benchDesk } from './desk.ts';
import { benchMessages } from './messages.ts';
import { benchRetrieval } from './retrieval.ts';
import { benchStorage } from './storage.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  retrieval: () => benchRetrieval({ sizes: [500, 4_000, 100_000], ...realArticles() }),
  messages: benchMessages,
  storage: benchStorage,
  desk: benchDesk,
};

/** KB_TARBALL names an archive of real markdown articles; without it copies of the sample knowledge are measured. */
function realArticles(): { kbTarball?: string } {
  const path = process.env.KB_TARBALL;
  return path && existsSync(path) ? { kbTarball: path } : {};
}

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) {
    console.error(`No benchmark "${name}"; there are ${Object.keys(benches).join(', ')}.`);
    process.exit(2);
  }
  await bench();
}
