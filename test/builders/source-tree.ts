/** Another tree of sources beside this one, and what it deploys. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Assembly, readAssembly } from '#local/cloudformation/assembly.ts';
import type { SourceEdit } from '#test/deployed/next-version/source-edits.ts';

const run = promisify(execFile);
const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('./synthesize-tree.ts', import.meta.url));
/** All that templates and bundles are made from. */
const parts = [
  'src',
  'lib',
  'lambdas',
  'data',
  'console',
  'scripts',
  'package.json',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
];

interface SourceTree {
  readonly root: string;
  /** Its templates and bundles for a configuration, made by its own code in a process of its own. */
  synthesize(configFile: string): Promise<Assembly>;
  /** The bundle of one function, made by the tree's own code. @param entry from the tree's root */
  bundle(entry: string, folder: string): Promise<void>;
  close(): void;
}

/** A copy of this tree with edits. @throws an Error for an edit that does not fit exactly once */
export function changedTree(edits: readonly SourceEdit[]): SourceTree {
  const root = mkdtempSync(join(tmpdir(), 'spillway-tree-'));
  for (const part of parts) cpSync(join(repositoryRoot, part), join(root, part), { recursive: true });
  for (const edit of edits) applyEdit(root, edit);
  return openTree(root);
}

/** A tree that stands already, such as a work tree of an older commit. Its folder goes when it is closed. */
export function openTree(root: string): SourceTree {
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
  const outdirs: string[] = [];
  return {
    root,
    async synthesize(configFile) {
      const outdir = mkdtempSync(join(tmpdir(), 'spillway-fleet-'));
      outdirs.push(outdir);
      await run(process.execPath, [program, root, configFile, outdir], { cwd: root });
      return readAssembly(outdir);
    },
    async bundle(entry, folder) {
      const bundler = pathToFileURL(join(root, 'lib/constructs/function-bundling.ts')).href;
      const program = `(await import(process.argv[1])).writeBundle(process.argv[2], process.argv[3])`;
      await run(process.execPath, ['--input-type=module', '--eval', program, bundler, entry, folder]);
    },
    close() {
      for (const folder of [root, ...outdirs]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function applyEdit(root: string, { file, from, to }: SourceEdit): void {
  const path = join(root, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2)
    throw new Error(`${file} has ${parts.length - 1} places for an edit of the next version: ${from}`);
  writeFileSync(path, parts.join(to));
}
