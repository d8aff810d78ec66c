/**
 * The console as files for a browser: one page, one script, one style sheet, one icon. Built from `console/` by whoever
 * serves it: local mode when somebody first asks, templates when they are made, and tests.
 *
 * Names carry a hash of their content, so that a browser may keep them for good; `index.html` names the others.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, buildSync, type OutputFile } from 'esbuild';

const folder = fileURLToPath(new URL('../console', import.meta.url));

/** Text by name, `index.html` among them. */
export type BuiltConsole = ReadonlyMap<string, string>;

const options = {
  absWorkingDir: folder,
  entryPoints: { main: join(folder, 'main.tsx'), styles: join(folder, 'main.css') },
  outdir: join(folder, 'built'),
  entryNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  platform: 'browser',
  // What `light-dark()` asks of browsers too: Chrome 123, Firefox 120, Safari 17.5.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** @throws an Error with what esbuild says of a source */
export async function buildConsole(): Promise<BuiltConsole> {
  return filesOf((await build(options)).outputFiles);
}

/** The same at once, for who cannot wait: the CDK asks for its assets that way. */
export function buildConsoleSync(): BuiltConsole {
  return filesOf(buildSync(options).outputFiles);
}

function filesOf(outputs: readonly OutputFile[]): BuiltConsole {
  const built = new Map(outputs.map(({ path, text }) => [basename(path), text]));
  const named = (start: string, end: string): string =>
    [...built.keys()].find((name) => name.startsWith(start) && name.endsWith(end)) ?? `${start}${end}`;
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
    .replace('console/main.js', `console/${named('main-', '.js')}`)
    .replace('console/main.css', `console/${named('styles-', '.css')}`);
  const icon = readFileSync(join(folder, 'icon.svg'), 'utf8');
  return new Map([['index.html', page], ['icon.svg', icon], ...built]);
}
