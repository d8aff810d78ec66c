import { ControlError, type ControlResource } from '../../service.ts';
import type { Replication } from './replication.ts';

interface ReplicationChange {
  readonly table: string;
  readonly lagMs?: number;
  readonly paused?: boolean;
}

const tableForm = /^[A-Za-z0-9_.-]{3,255}$/;
const lagMsMax = 3_600_000;
const fields = ['table', 'lagMs', 'paused'];

/** `/_local/replication`: how fast changes travel between replicas, and whether they do. */
export function replicationControl(replication: Replication): ControlResource {
  return {
    name: 'replication',
    methods: {
      GET: () => replication.status(),
      PATCH: (body) => {
        const changes = Array.isArray(body) ? body : [body];
        const violations = changes.flatMap((change, index) =>
          checkChange(change, Array.isArray(body) ? `[${index}]` : ''),
        );
        if (violations.length > 0) throw new ControlError(violations);
        return (changes as ReplicationChange[]).map(({ table, ...pace }) => ({
          table,
          ...replication.configure(table, pace),
        }));
      },
    },
  };
}

function checkChange(change: unknown, at: string): { path: string; message: string }[] {
  const violations: { path: string; message: string }[] = [];
  const report = (field: string, message: string) =>
    violations.push({ path: [at, field].filter((part) => part !== '').join('.') || '$', message });
  if (typeof change !== 'object' || change === null) {
    report('', 'must be an object { table, lagMs?, paused? }');
    return violations;
  }
  const given = change as Record<string, unknown>;
  for (const field of Object.keys(given)) {
    if (!fields.includes(field)) report(field, `is not a field; fields are ${fields.join(', ')}`);
  }
  const { table, lagMs, paused } = given;
  if (typeof table !== 'string' || !tableForm.test(table)) report('table', 'must be a table name');
  if (lagMs !== undefined && !(typeof lagMs === 'number' && lagMs >= 0 && lagMs <= lagMsMax)) {
    report('lagMs', `is ${JSON.stringify(lagMs)}; must be a number from 0 to ${lagMsMax}`);
  }
  if (paused !== undefined && typeof paused !== 'boolean') report('paused', 'must be true or false');
  return violations;
}
