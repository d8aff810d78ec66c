import { type Command, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkControlRegion } from './order-options.ts';
import { drawOverrides } from './overrides/draw-overrides.ts';
import { readOverrides } from './overrides/read-overrides.ts';

export const overrides: Command = {
  spec: {
    name: 'overrides',
    synopsis: '[--region <region>]',
    summary: 'Lists the routes that are pinned and the targets that are disabled: by whom, until when, why.',
    positionals: [],
    options: {
      region: {
        type: 'string',
        value: '<region>',
        help: 'ask the tables there (default: the home region); they tell the words of every region',
      },
    },
    notes: [
      'A rollback pins its route too. Nothing pinned and nothing disabled is fine: exit code 0.',
      'Exit code 1: the tables cannot be read.',
    ],
  },
  async run(context) {
    const { terminal, line, runtime } = context;
    const config = await openConfig(context);
    const region = checkControlRegion(config, line.text('region') ?? config.home.region);
    const stores = await openStores(context, config, region);
    try {
      const now = runtime.now();
      const standing = await readOverrides(stores, now);
      if (line.flag('json')) printJson(terminal, standing);
      else if (standing.holds.length + standing.disabled.length === 0)
        terminal.print('No route is pinned and no target is disabled.');
      else terminal.print(...drawOverrides(standing, { now, width: terminal.width, paint: terminal.paint }));
      return 0;
    } finally {
      stores.close();
    }
  },
};
