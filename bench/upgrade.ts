/**
 * From an older commit to this tree and back, on local AWS under requests: what `test/deployed/upgrade.test.ts` does with a next
 * version that is made for it, for any version that once stood.
 *
 *     node bench/upgrade.ts --from <commit>     exit code 1 where an answer failed, an item was lost, a stream was cut, a batch
 *                                               is not whole or what holds state would be replaced
 *     node bench/upgrade.ts --defects           plants defects in the next version that the test has; exit code 1 for one that
 *                                               is not found by name
 *
 * Exit code 2 for an order that cannot be carried out. Standard output has a line for each thing that is judged, standard error
 * how far it is. All that is written lies in one folder, which goes with the program, however that ends.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthesizeFleet } from '#test/builders/deployed-fleet.ts';
import { sealedRecords, verifyTrail } from '#test/builders/fleet-audit.ts';
import { lostSince, readState } from '#test/builders/fleet-state.ts';
import { openTree } from '#test/builders/source-tree.ts';
import { replacedResources, statefulResources } from '#test/builders/stateful-resources.ts';
import { problemsWith, quickDefects, restore, slowDefects } from '#test/builders/upgrade-defects.ts';
import {
  deployInWaves,
  europe,
  fillState,
  home,
  openUpgradeWorld,
  plantedVersions,
  routesOf,
  type UpgradeWorld,
  until,
  type Versions,
} from '#test/builders/upgrade-world.ts';

const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));
const begunMs = performance.now();

const { values } = parseArgs({ options: { from: { type: 'string' }, defects: { type: 'boolean' } } });
useOwnFolder();
if (values.from !== undefined) process.exitCode = await upgradeFrom(values.from);
else if (values.defects === true) process.exitCode = await plantDefects();
else {
  process.stderr.write(
    'bench/upgrade.ts: --from <commit> says which version stands first, --defects plants some\n',
  );
  process.exitCode = 2;
}

/** What this program and its children write beside each other goes together. */
function useOwnFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-upgrade-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
}

async function plantDefects(): Promise<number> {
  step('deploys this version, under requests');
  const world = await openUpgradeWorld(plantedVersions());
  let missed = 0;
  try {
    for (const defect of [...quickDefects, ...slowDefects]) {
      step(defect.what);
      const problems = await problemsWith(world, defect);
      const found = problems.find((problem) => problem.includes(defect.says));
      if (found === undefined) missed += 1;
      process.stdout.write(
        `${found === undefined ? 'missed' : 'found '}  ${defect.what}: ${found ?? (problems.join('; ') || 'nothing is wrong')}\n`,
      );
      await restore(world, defect);
    }
  } finally {
    await world.close();
  }
  return missed === 0 ? 0 : 1;
}

/** The files of the commit, beside the repository: no work tree of it is left to tidy. */
function filesOf(commit: string): string {
  const root = join(tmpdir(), 'tree');
  const archive = join(tmpdir(), 'tree.tar');
  mkdirSync(root);
  execFileSync('git', ['archive', `--output=${archive}`, commit], { cwd: repositoryRoot });
  execFileSync('tar', ['-xf', archive, '-C', root]);
  return root;
}

function isCommit(name: string): boolean {
  try {
    const order = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{commit}`];
    execFileSync('git', order, { cwd: repositoryRoot, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function versionsFrom(commit: string): Promise<Versions> {
  const tree = openTree(filesOf(commit));
  const { assembly, configFile, close } = synthesizeFleet({ bundles: true });
  const now = await tree.synthesize(configFile);
  return {
    now,
    next: Promise.resolve(assembly),
    configFile,
    close() {
      tree.close();
      close();
    },
  };
}

async function upgradeFrom(commit: string): Promise<number> {
  if (!isCommit(commit)) {
    process.stderr.write(`bench/upgrade.ts: --from ${commit}: this repository has no such commit\n`);
    return 2;
  }
  step(`synthesises ${commit} and this tree`);
  const versions = await versionsFrom(commit);
  const { stacks } = await versions.next;
  const replaced = replacedResources(statefulResources(versions.now.stacks), statefulResources(stacks));
  const isKept = judge('resources that would be replaced or lost', replaced);
  step(`deploys ${commit}, under requests`);
  const world = await openUpgradeWorld(versions);
  try {
    return [isKept, ...(await thereAndBack(world))].every(Boolean) ? 0 : 1;
  } finally {
    await world.close();
  }
}

async function thereAndBack(world: UpgradeWorld): Promise<readonly boolean[]> {
  const { fleet, now, next, traffic } = world;
  await fillState(fleet);
  const before = await readState(fleet);
  step('goes to this tree, wave by wave');
  note('calls that failed on the way there', await deployInWaves(world, next));
  const between = await readState(fleet);
  step('goes back, readers first');
  note('calls that failed on the way back', await deployInWaves(world, now, { readersFirst: true }));
  step('counts what is left');
  const unread = [...(await routesOf(fleet))].filter(([, what]) => what.startsWith('unread'));
  const unfinished = await cutBatches(world);
  await traffic.round();
  const after = await readState(fleet);
  note(
    'routes that this tree cannot read',
    unread.map((route) => route.join(' ')),
  );
  const verdicts = [
    judge(
      `of ${traffic.answered.size + traffic.problems.length} answers, those that failed or were cut`,
      traffic.problems,
    ),
    judge(`of ${world.batches.length} batches, those that are not whole`, unfinished),
    judge(`of ${before.size} items before, those that were lost`, lostSince(before, after)),
    judge(`of ${between.size} items between, those that were lost`, lostSince(between, after)),
  ];
  for (const [stack, place] of [
    ['Gateway-us-east-1', home],
    ['Gateway-eu-central-1', europe],
  ] as const)
    verdicts.push(
      judge(`what is wrong with the trail of ${stack}`, await trailProblems(world, stack, place)),
    );
  process.stdout.write(`note  ${world.outlived.size} of 4 functions replaced under a stream that went on\n`);
  return verdicts;
}

/** Batches without an answer to each line, with what the tables hold of them. */
async function cutBatches({ fleet, batches }: UpgradeWorld): Promise<readonly string[]> {
  const ends = await Promise.allSettled(batches.map((batch) => batch.results()));
  const state = await readState(fleet);
  return batches.flatMap(({ id }, at) => {
    const end = ends[at];
    if (end?.status === 'fulfilled' && end.value.join() === 'one,two') return [];
    const why =
      end?.status === 'fulfilled' ? `has answers of ${end.value.join() || 'no line'}` : String(end?.reason);
    const items = [...state].filter(([place]) => place.includes(id) && place.includes('-batches in '));
    return [`${id}: ${why}`, ...items.map(([place, item]) => `${place}: ${JSON.stringify(item)}`)];
  });
}

/** Records that are missing, and what an operator with this tree is told of the chain of both versions. */
async function trailProblems(
  { fleet, traffic, configFile }: UpgradeWorld,
  stack: string,
  place: typeof home | typeof europe,
): Promise<readonly string[]> {
  const ids = [...traffic.answered].flatMap(([id, by]) => (by === stack ? [id] : []));
  let missing = ids;
  await until(`a record of every answer of ${stack}`, async () => {
    const sealed = new Set((await sealedRecords(fleet, place)).map(({ id }) => id));
    missing = ids.filter((id) => !sealed.has(id));
    return missing.length === 0;
  }).catch(() => undefined);
  const { findings } = await verifyTrail(fleet, configFile, place.region);
  return [
    ...missing.map((id) => `the answer ${id} has no record`),
    ...findings.map(({ kind, segment, why }) => `${kind} ${segment}: ${why}`),
  ];
}

/** @returns whether there is none, which is good */
function judge(what: string, list: readonly string[]): boolean {
  write(list.length === 0 ? 'good' : 'bad ', what, list);
  return list.length === 0;
}

/** What a reader judges: a permission that goes with its version is missed by its last calls. */
function note(what: string, list: readonly string[]): void {
  write('note', what, list);
}

function write(verdict: string, what: string, list: readonly string[]): void {
  process.stdout.write(`${verdict}  ${what}: ${list.length === 0 ? 'none' : list.length}\n`);
  for (const line of list) process.stdout.write(`        ${line}\n`);
}

function step(what: string): void {
  const seconds = Math.round((performance.now() - begunMs) / 1000);
  process.stderr.write(`${String(seconds).padStart(4)} s  ${what}\n`);
}
