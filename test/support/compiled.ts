import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from '@swc/core';

const root = join(__dirname, '../..');

/** A program of ours as plain JavaScript, for tests that start processes and kill them: node starts it in a fifth of a second. */
export type CompiledProgram = { readonly path: string; remove(): void };

/** Compiles a TypeScript file and everything it imports from this project. */
export function compileProgram(entry: string): CompiledProgram {
  // Inside the project, so that packages are found.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'zhike-test-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const compiled = (source: string) => join(folder, relative(root, source).replace(/\.ts$/, '.js'));
  const waiting = [entry];
  const seen = new Set(waiting);
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    const { code } = transformSync(readFileSync(source, 'utf8'), {
      filename: source,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    const imports = [...code.matchAll(/from '(\.[^']+)\.ts'|from "(\.[^"]+)\.ts"/g)];
    for (const [, single, double] of imports) {
      const imported = join(dirname(source), `${single ?? double}.ts`);
      if (!seen.has(imported)) waiting.push(imported);
      seen.add(imported);
    }
    mkdirSync(dirname(compiled(source)), { recursive: true });
    writeFileSync(compiled(source), code.replace(/(from ['"]\.[^'"]+)\.ts(['"])/g, '$1.js$2'));
  }
  return { path: compiled(entry), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
