import { expect, it } from 'vitest';
import { aTarget } from '#test/builders/a-target.ts';
import { anAuditedGateway } from '#test/builders/an-audited-gateway.ts';
import { runCommandLine } from '#test/builders/cli-session.ts';

it('says which trail cannot be read, and closes those that could', async () => {
  const { trail } = await anAuditedGateway([aTarget()]);
  let open = 0;
  const { exitCode, stderr } = await runCommandLine(['audit', 'residency', '--tenant', 'demo'], {
    openArchive: async ({ region }) => {
      const [archive] = trail.archives;
      if (region !== 'us-east-1' || archive === undefined) throw new Error('no such bucket');
      open += 1;
      return {
        ...archive,
        close: () => {
          open -= 1;
        },
      };
    },
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The trail of eu-central-1 cannot be read: Error: no such bucket');
  expect(open).toBe(0);
});
