import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { showKey } from './key/draw-keys.ts';
import { openKeyDesk } from './key/open-key-desk.ts';
import { openConfig } from './open-deployment.ts';
import { shortTime } from './terminal/time-ago.ts';
import { CommandFailure } from './usage-error.ts';

export const keyRevoke: Command = {
  spec: {
    name: 'key revoke',
    synopsis: '<key id> --reason <text> [--yes]',
    summary: 'Closes an API key for good, within five seconds at every gateway that can read its table.',
    positionals: ['key id'],
    options: {
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: there is no such key, or declined. `spillway key list` names the ids.'],
  },
  async run(context) {
    const { terminal, line, runtime } = context;
    const [keyId = ''] = line.positionals;
    const reason = line.required('reason');
    const config = await openConfig(context);
    const desk = await openKeyDesk(context, config);
    try {
      if (!(await confirm(context, `Revoke key ${keyId} for good?`)))
        throw new CommandFailure('Nothing was changed.');
      const result = await desk.revoke({ keyId, reason, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      const { record } = result;
      if (line.flag('json')) printJson(terminal, showKey(record, runtime.now()));
      else
        terminal.print(
          `${terminal.paint('good', '✔')} Key ${keyId} of tenant ${record.tenant}, label ${record.label}, is revoked since ${shortTime(record.revokedAt ?? '')}.`,
        );
      return 0;
    } finally {
      desk.close();
    }
  },
};
