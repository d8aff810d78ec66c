import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { drawNewKey, PEPPER_WARNING, showKey } from './key/draw-keys.ts';
import { openKeyDesk } from './key/open-key-desk.ts';
import { openConfig } from './open-deployment.ts';
import { parseDuration } from './parse-duration.ts';
import { shortTime } from './terminal/time-ago.ts';
import { CommandFailure } from './usage-error.ts';

const EXPIRE_OLD_IN = '7d';

export const keyRotate: Command = {
  spec: {
    name: 'key rotate',
    synopsis: '<key id> [--expire-old-in <duration>] [--expires-in <duration>] [--yes]',
    summary:
      'Makes the key that follows another one, with its label and scopes, and lets the old one expire. Until then both work.',
    positionals: ['key id'],
    options: {
      'expire-old-in': {
        type: 'string',
        value: '<duration>',
        help: `how long the old key still works (default: ${EXPIRE_OLD_IN}); an earlier end stays`,
      },
      'expires-in': {
        type: 'string',
        value: '<duration>',
        help: 'when the new key expires (default: as long after its making as the old one)',
      },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: refused or declined. `spillway key list` names the ids.'],
  },
  async run(context) {
    const { terminal, line, runtime } = context;
    const [keyId = ''] = line.positionals;
    const expireOldInMs = parseDuration(line.text('expire-old-in') ?? EXPIRE_OLD_IN, 'expire-old-in');
    const expiresIn = line.text('expires-in');
    const expiresInMs = expiresIn === undefined ? undefined : parseDuration(expiresIn, 'expires-in');
    const config = await openConfig(context);
    const desk = await openKeyDesk(context, config);
    try {
      const question = `Let key ${keyId} expire in ${line.text('expire-old-in') ?? EXPIRE_OLD_IN} and make the one that follows it?`;
      if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
      const result = await desk.rotate({ keyId, expireOldInMs, expiresInMs, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      if (result.pepperDiffers) terminal.complain(terminal.paintError('warn', PEPPER_WARNING));
      const { key, record, old } = result;
      if (line.flag('json')) {
        const now = runtime.now();
        printJson(terminal, { key, ...showKey(record, now), old: showKey(old, now) });
      } else
        terminal.print(
          ...drawNewKey({ key, record }, terminal.paint),
          `The old key ${keyId} works until ${shortTime(old.expiresAt ?? '')}.`,
        );
      return 0;
    } finally {
      desk.close();
    }
  },
};
