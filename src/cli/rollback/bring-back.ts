import type { Route } from '#core/plan/route.ts';
import { readHistory } from '#core/plan/version-changes.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import type { CommandContext } from '../command.ts';
import { confirm } from '../confirm.ts';
import { drawHistory } from '../history/draw-history.ts';
import { CommandFailure } from '../usage-error.ts';

type Order = Parameters<CliStores['rollback']>[0] & { readonly holdHours: number };

/**
 * Shows what an old version would change, asks, and publishes it again with a hold. Throws a CommandFailure where there
 * is no such version, the residency forbids it today, the person declines, or others published meanwhile.
 */
export async function bringBack(context: CommandContext, stores: CliStores, order: Order) {
  const { line } = context;
  const [versions, current] = await Promise.all([
    stores.routes.loadHistory(order.model, order.residency),
    stores.routes.load(order.model, order.residency),
  ]);
  const change = { wanted: chooseVersion(versions, current, order), current };
  const forbidden = line.flag('leave-out-forbidden') ? [] : stores.forbiddenTargets(change.wanted);
  if (forbidden.length > 0)
    throw new CommandFailure(
      `Version ${order.version} is refused: ${order.residency} forbids ${forbidden.join(', ')} today. Take another version, or leave them out with --leave-out-forbidden.`,
    );
  if (!line.flag('json')) context.terminal.complain(...preview(context, change));
  const question = `Publish version ${order.version} again and hold it for ${order.holdHours} hours?`;
  if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
  const result = await stores.rollback(order);
  if (!result.ok) throw new CommandFailure(result.why);
  return result;
}

interface VersionChoice {
  readonly wanted: Route;
  /** Undefined where what stands was written by a newer version of the product, or is damaged. */
  readonly current: Route | undefined;
}

function chooseVersion(
  versions: readonly Route[],
  current: Route | undefined,
  order: { readonly model: string; readonly residency: string; readonly version: number },
): Route {
  const wanted = versions.find((route) => route.version === order.version);
  if (wanted === undefined) {
    const known = versions.map((route) => route.version).join(', ');
    throw new CommandFailure(
      `There is no version ${order.version} of ${order.model} · ${order.residency}; the history holds ${known || 'none'}.`,
    );
  }
  if (wanted.version === current?.version)
    throw new CommandFailure(
      `Version ${order.version} is the current one already; there is nothing to roll back.`,
    );
  return wanted;
}

/** What would come and go, and a warning before everything goes. */
function preview(
  { terminal, runtime }: CommandContext,
  { wanted, current }: VersionChoice,
): readonly string[] {
  const { width, paintError: paint } = terminal;
  const drawing = { width, paint, now: runtime.now(), currentVersion: current?.version };
  const title =
    current === undefined
      ? 'What stands cannot be read by this version of Spillway. In its place would stand'
      : `Going back from version ${current.version} would change`;
  const changes = readHistory(current === undefined ? [wanted] : [wanted, current]);
  const warning = `Version ${wanted.version} has no target: only the baseline would answer.`;
  return [
    ...drawHistory(title, changes.slice(0, 1), drawing),
    ...(wanted.targets.length === 0 ? [paint('warn', warning)] : []),
  ];
}
