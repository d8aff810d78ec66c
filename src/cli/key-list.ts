import type { KeyRecord } from '#runtime/key-desk.ts';
import { type Command, printJson } from './command.ts';
import { drawKeys, showKey } from './key/draw-keys.ts';
import { openKeyDesk } from './key/open-key-desk.ts';
import { openConfig } from './open-deployment.ts';

export const keyList: Command = {
  spec: {
    name: 'key list',
    synopsis: '[--tenant <name>]',
    summary: 'Lists API keys by id, with their state, age and scopes. The keys themselves are kept nowhere.',
    positionals: [],
    options: { tenant: { type: 'string', value: '<name>', help: 'one tenant (default: all)' } },
    notes: ['Exit code 1: there is none.'],
  },
  async run(context) {
    const { terminal, line, runtime } = context;
    const tenant = line.text('tenant');
    const config = await openConfig(context);
    const desk = await openKeyDesk(context, config);
    try {
      const { keys, bad } = await desk.list();
      const now = runtime.now();
      const shown = keys
        .filter((record) => tenant === undefined || record.tenant === tenant)
        .sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1))
        .map((record) => showKey(record, now));
      for (const slot of bad)
        terminal.complain(
          terminal.paintError('warn', `${slot} is not of the shape of a key: no gateway serves it.`),
        );
      if (line.flag('json')) printJson(terminal, shown);
      else if (shown.length === 0) terminal.print('There is no key. Make one with `spillway key create`.');
      else terminal.print(...drawKeys(shown, { now, width: terminal.width, paint: terminal.paint }));
      return shown.length === 0 ? 1 : 0;
    } finally {
      desk.close();
    }
  },
};

const orderOf = ({ tenant, label, createdAt, keyId }: KeyRecord): string =>
  [tenant, label, createdAt, keyId].join(' ');
