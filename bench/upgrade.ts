/**
 * From an older commit to this tree and back, on local AWS under requests: what `test/deployed/upgrade.test.ts` does with a next
 * version that is made for it, for any version that once stood.
 *
 *     node bench/upgrade.ts --from <commit>     exit code 1 where an answer failed, an item was lost or a stream was cut
 *     node bench/upgrade.ts --defects           plants defects in the next version that the test has; exit code 1 for one that
 *                                               is not found by name
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesizeFleet } from '#test/builders/deployed-fleet.ts';
import { lostSince, readState } from '#test/builders/fleet-state.ts';
import { openTree } from '#test/builders/source-tree.ts';
import { replacedResources, statefulResources } from '#test/builders/stateful-resources.ts';
import { problemsWith, quickDefects, restore, slowDefects } from '#test/builders/upgrade-defects.ts';
import {
  deployInWaves,
  fillState,
  openUpgradeWorld,
  plantedVersions,
  routesOf,
  type Versions,
} from '#test/builders/upgrade-world.ts';

const { values } = parseArgs({ options: { from: { type: 'string' }, defects: { type: 'boolean' } } });
if (values.from !== undefined) process.exitCode = await upgradeFrom(values.from);
else if (values.defects === true) process.exitCode = await plantDefects();
else {
  process.stderr.write(
    'bench/upgrade.ts: --from <commit> says which version stands first, --defects plants some\n',
  );
  process.exitCode = 2;
}

async function plantDefects(): Promise<number> {
  const world = await openUpgradeWorld(plantedVersions());
  let missed = 0;
  try {
    for (const defect of [...quickDefects, ...slowDefects]) {
      const problems = await problemsWith(world, defect);
      const found = problems.find((problem) => problem.includes(defect.says));
      if (found === undefined) missed += 1;
      process.stdout.write(
        `${found === undefined ? 'missed' : 'found'}  ${defect.what}\n    ${found ?? problems.join('\n    ')}\n`,
      );
      await restore(world, defect);
    }
  } finally {
    await world.close();
  }
  return missed === 0 ? 0 : 1;
}

async function versionsFrom(commit: string): Promise<Versions> {
  const root = join(mkdtempSync(join(tmpdir(), 'spillway-worktree-')), 'tree');
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', root, commit]);
  const tree = openTree(root);
  const here = synthesizeFleet({ bundles: true });
  const close = () => {
    tree.close();
    execFileSync('git', ['worktree', 'prune']);
    here.close();
    rmSync(join(root, '..'), { recursive: true, force: true });
  };
  try {
    const now = await tree.synthesize(here.configFile);
    return { now, next: Promise.resolve(here.assembly), configFile: here.configFile, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function upgradeFrom(commit: string): Promise<number> {
  const versions = await versionsFrom(commit);
  const { stacks } = await versions.next;
  const replaced = replacedResources(statefulResources(versions.now.stacks), statefulResources(stacks));
  tell('resources that would be replaced', replaced);
  const world = await openUpgradeWorld(versions);
  try {
    await fillState(world.fleet);
    const before = await readState(world.fleet);
    const forward = await deployInWaves(world, world.next);
    tell(`calls that failed on the way from ${commit}`, forward);
    const between = await readState(world.fleet);
    const back = await deployInWaves(world, world.now, { readersFirst: true });
    tell('calls that failed on the way back', back);
    const unread = [...(await routesOf(world.fleet))].filter(([, what]) => what.startsWith('unread'));
    tell(
      'routes that cannot be read',
      unread.map((route) => route.join(' ')),
    );
    const results = await Promise.all(world.batches.map((batch) => batch.results()));
    const whole = results.filter((lines) => lines.join() === 'one,two').length;
    await world.traffic.round();
    const after = await readState(world.fleet);
    const lost = [...lostSince(before, after), ...lostSince(between, after)];
    tell('items lost', lost);
    tell('answers that were wrong', world.traffic.problems);
    const streams = `${world.outlived.size} of 4 functions replaced under a stream that went on`;
    const items = `${before.size} items before, ${after.size} after`;
    const answers = `${world.traffic.answered.size} answers, ${whole} of ${results.length} batches whole`;
    process.stdout.write(`${answers}, ${streams}; ${items}\n`);
    const isGood = replaced.length + lost.length + world.traffic.problems.length === 0;
    return isGood && whole === results.length ? 0 : 1;
  } finally {
    await world.close();
  }
}

function tell(what: string, list: readonly string[]): void {
  process.stdout.write(`${what}: ${list.length === 0 ? 'none' : ''}\n`);
  for (const line of list) process.stdout.write(`  ${line}\n`);
}
