import type { Route } from '#core/plan/route.ts';
import { readHistory } from '#core/plan/version-changes.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { drawHistory } from './history/draw-history.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkRouteName } from './route-argument.ts';

export const history: Command = {
  spec: {
    name: 'history',
    synopsis: '<model> [--residency <name>]',
    summary:
      'Shows the published versions of a route, newest first: when, why, and which targets came and went.',
    positionals: ['model'],
    options: { residency: { type: 'string', value: '<name>', help: 'one residency (default: all)' } },
    notes: [
      'Exit code 1: nothing was ever published.',
      'A version can be brought back with `spillway rollback`.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const found = await loadHistories(context);
    if (line.flag('json'))
      printJson(
        terminal,
        found.map(({ residency, history: versions }) => ({ residency, versions })),
      );
    else if (found.length === 0) terminal.print('Nothing was ever published for this.');
    else {
      const { width, paint } = terminal;
      found.forEach(({ residency, history: versions }, index) => {
        const title = `${line.positionals[0]} · ${residency}`;
        const lines = drawHistory(title, readHistory(versions), {
          width,
          paint,
          now: runtime.now(),
          currentVersion: versions[0]?.version,
        });
        terminal.print(...(index === 0 ? [] : ['']), ...lines);
      });
    }
    return found.length === 0 ? 1 : 0;
  },
};

interface ResidencyHistory {
  readonly residency: string;
  readonly history: readonly Route[];
}

async function loadHistories(context: CommandContext): Promise<readonly ResidencyHistory[]> {
  const config = await openConfig(context);
  const model = context.line.positionals[0] ?? '';
  const residency = context.line.text('residency');
  checkRouteName(config, model, residency);
  const stores = await openStores(context, config);
  try {
    const residencies = residency === undefined ? Object.keys(config.residencies) : [residency];
    const all = await Promise.all(
      residencies.map(async (name) => ({
        residency: name,
        history: await stores.routes.loadHistory(model, name),
      })),
    );
    return all.filter(({ history: versions }) => versions.length > 0);
  } finally {
    stores.close();
  }
}
