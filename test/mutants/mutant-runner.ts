/**
 * Mutants of the shipped code, kept as patches: each breaks a promise in one way, and its proof must find it out. A
 * mutant lives in a copy of the sources in a temporary folder; the working tree is never touched.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

const inProject = (url: URL): string => fileURLToPath(url).slice(projectFolder.length);

/** A program that ends well only where a promise holds, and the mutants that break it. */
interface Proof {
  readonly program: string;
  /** The folder of the patches. */
  readonly mutants: string;
  /** All that the program imports. */
  readonly imports: readonly string[];
}

const sources = ['package.json', 'src', 'test/builders', 'test/mutants'];

const residencyProof: Proof = {
  program: inProject(new URL('./prove-residency.ts', import.meta.url)),
  mutants: 'test/mutants',
  imports: sources,
};

export const slotsProof: Proof = {
  program: inProject(new URL('./prove-slots.ts', import.meta.url)),
  mutants: 'test/mutants/slots',
  imports: [...sources, 'examples', 'data'],
};

export const replayProof: Proof = {
  program: inProject(new URL('./prove-replay.ts', import.meta.url)),
  mutants: 'test/mutants/replay',
  imports: [...sources, 'data'],
};
const RUN_MS_MAX = 60_000;

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
  const patchFolder = join(projectFolder, mutants);
  const files = (await readdir(patchFolder)).filter((file) => file.endsWith('.patch')).sort();
  return Promise.all(
    files.map(async (file) => {
      const path = join(patchFolder, file);
      const [firstLine = ''] = (await readFile(path, 'utf8')).split('\n');
      return { name: file.slice(0, -'.patch'.length), breaks: firstLine.replace(/^# /, ''), path };
    }),
  );
}

/**
 * Runs the proof in a copy of the sources, with one mutant applied or none.
 *
 * @throws Error when the patch does not apply to the sources as they are now
 */
export async function proveCopy(
  mutant: Mutant | undefined,
  proofArguments: readonly string[],
  proof: Proof = residencyProof,
): Promise<ProofRun> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-mutant-'));
  try {
    for (const path of proof.imports)
      await cp(join(projectFolder, path), join(folder, path), { recursive: true });
    await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
    if (mutant !== undefined) await applyPatch(folder, mutant);
    return await run(process.execPath, [proof.program, ...proofArguments], folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function applyPatch(folder: string, { breaks, path }: Mutant): Promise<void> {
  const patch = path.startsWith(projectFolder) ? path.slice(projectFolder.length) : path;
  // Outside of any repository, so that git reads the copy alone.
  const { exitCode, stderr } = await run('git', ['apply', '-C1', path], folder, {
    GIT_CEILING_DIRECTORIES: tmpdir(),
  });
  if (exitCode === 0) return;
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
