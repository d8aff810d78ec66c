/**
 * Mutants of the shipped code, kept as patches: each breaks a promise in one way, and its proof must find it out. A
 * proof is bundled from the sources, of which a mutant replaces those that it patches; the working tree is never touched.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { PlantedBug } from './planted-bugs.ts';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** A program that ends well only where a promise holds, and the mutants that break it. */
interface Proof {
  /** Where the program is. */
  readonly program: string;
  /** The folder of the patches. */
  readonly mutants: string;
}

const residencyProof: Proof = {
  program: fileURLToPath(new URL('./prove-residency.ts', import.meta.url)),
  mutants: fileURLToPath(new URL('.', import.meta.url)),
};

export const slotsProof: Proof = {
  program: fileURLToPath(new URL('./prove-slots.ts', import.meta.url)),
  mutants: fileURLToPath(new URL('./slots', import.meta.url)),
};

export const replayProof: Proof = {
  program: fileURLToPath(new URL('./prove-replay.ts', import.meta.url)),
  mutants: fileURLToPath(new URL('./replay', import.meta.url)),
};
const swarmProgram = fileURLToPath(new URL('./prove-swarm.ts', import.meta.url));
const RUN_MS_MAX = 120_000;

export interface Mutant {
  /** The patch's name without its ending. */
  readonly name: string;
  /** The patch's first line: what it breaks. */
  readonly breaks: string;
  /** Where the patch is. */
  readonly path: string;
}

export interface ProofRun {
  /** One of the proof's own exit codes; anything else is a failure of the program. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In the order of their names. */
export async function loadMutants({ mutants }: Proof = residencyProof): Promise<readonly Mutant[]> {
  const files = (await readdir(mutants)).filter((file) => file.endsWith('.patch')).sort();
  return Promise.all(
    files.map(async (file) => {
      const path = join(mutants, file);
      const [firstLine = ''] = (await readFile(path, 'utf8')).split('\n');
      return { name: file.slice(0, -'.patch'.length), breaks: firstLine.replace(/^# /, ''), path };
    }),
  );
}

/**
 * Runs the proof over the sources, with one mutant applied or none.
 *
 * @throws Error when the patch does not apply to the sources as they are now, or leaves what cannot be built
 */
export async function proveWith(
  mutant: Mutant | undefined,
  proofArguments: readonly string[],
  { program }: Proof = residencyProof,
): Promise<ProofRun> {
  return inFolder(async (folder) => {
    const patched = mutant === undefined ? [] : await applyPatch(folder, mutant);
    return bundleAndRun(folder, program, { patched, proofArguments });
  });
}

/**
 * Runs the swarm of the simulator over the sources, with one bug planted or none.
 *
 * @throws Error when the text that the bug replaces is not there exactly once
 */
export async function swarmWith(
  bug: PlantedBug | undefined,
  proofArguments: readonly string[],
): Promise<ProofRun> {
  return inFolder(async (folder) => {
    if (bug !== undefined) await plant(folder, bug);
    const patched = bug === undefined ? [] : [bug.file];
    return bundleAndRun(folder, swarmProgram, { patched, proofArguments });
  });
}

async function plant(folder: string, { name, file, find, replace }: PlantedBug): Promise<void> {
  const parts = (await readFile(join(projectFolder, file), 'utf8')).split(find);
  if (parts.length !== 2)
    throw new Error(`${name}: its text stands ${parts.length - 1} times in ${file}, and must stand once`);
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), parts.join(replace));
}

async function inFolder(prove: (folder: string) => Promise<ProofRun>): Promise<ProofRun> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-mutant-'));
  try {
    return await prove(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundleAndRun(
  folder: string,
  program: string,
  {
    patched,
    proofArguments,
  }: { readonly patched: readonly string[]; readonly proofArguments: readonly string[] },
): Promise<ProofRun> {
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  const outfile = join(folder, 'proof.mjs');
  await build({
    ...{ entryPoints: [program], outfile, absWorkingDir: projectFolder, logLevel: 'silent' },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node24', packages: 'external' },
    plugins: [sourcesWith(folder, patched)],
  });
  return run(process.execPath, [outfile, ...proofArguments], folder);
}

/** Reads what was patched from the folder, all else from the project, and leaves each source knowing where it stands. */
function sourcesWith(folder: string, patched: readonly string[]): Plugin {
  return {
    name: 'sources',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const inProject = relative(projectFolder, path);
        const text = await readFile(patched.includes(inProject) ? join(folder, inProject) : path, 'utf8');
        const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Copies into the folder what the patch changes, and changes it there. Answers its paths in the project. */
async function applyPatch(folder: string, { breaks, path }: Mutant): Promise<readonly string[]> {
  const changed = (await readFile(path, 'utf8')).matchAll(/^--- a\/(.+)$/gm);
  const files = Array.from(changed, ([, file = '']) => file);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(projectFolder, file), join(folder, file));
  }
  // Outside of any repository, so that git reads the copy alone.
  const { exitCode, stderr } = await run('git', ['apply', '-C1', path], folder, {
    GIT_CEILING_DIRECTORIES: tmpdir(),
  });
  if (exitCode === 0) return files;
  const patch = relative(projectFolder, path);
  throw new Error(
    `${patch} no longer applies: ${stderr.trim()}\n` +
      `To refresh it: break the sources by hand so that "${breaks}", run ` +
      `(head -1 ${patch}; git diff src) > refreshed && mv refreshed ${patch}, and undo the break.`,
  );
}

function run(
  command: string,
  parameters: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProofRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_MS_MAX,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
