/** What it must show, 2: how long a discovery round takes, and how much memory. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventually, startSpillway } from './spillway-process.ts';

const gibibyte = 1024 ** 3;

/** Processor time of a process since it began, its threads included; known on Linux only. */
function processorMs(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 10;
}

describe('a discovery round', () => {
  it('over three accounts and their regions takes less than 5 s', async () => {
    const spillway = await startSpillway();
    try {
      const lists = (await spillway.journal('?service=bedrock')).filter(
        (entry) => entry.operation === 'ListFoundationModels',
      );
      expect(new Set(lists.map((entry) => `${entry.account}/${entry.region}`)).size).toBe(10);
      const round = spillway
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{"event":"round"'))
        .map((line) => JSON.parse(line) as { total: number; failed: number; durationMs: number })[0];
      expect(round).toMatchObject({ total: 10, failed: 0 });
      expect(round?.durationMs).toBeLessThan(5_000);
    } finally {
      await spillway.close();
    }
  });

  it('over 30 accounts × 21 regions takes less than 60 s, shows progress, and stays inside 1 GiB', {
    timeout: 240_000,
  }, async () => {
    const spillway = await startSpillway({
      configFile: 'examples/enterprise.config.ts',
      parameters: ['--discover-every', '3600'],
    });
    try {
      const events = spillway
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map(
          (line) =>
            JSON.parse(line) as { event: string; total?: number; failed?: number; durationMs?: number },
        );
      const round = await eventually(
        async () => events.find((event) => event.event === 'round'),
        'the first round',
        60_000,
      );
      expect(round).toMatchObject({ total: 630, failed: 0 });
      // Where other work takes the cores, the process's own time says how much there was to do.
      const spentMs = processorMs(spillway.child.pid) ?? Number.POSITIVE_INFINITY;
      expect(Math.min(round.durationMs ?? Number.POSITIVE_INFINITY, spentMs)).toBeLessThan(60_000);
      expect(events.filter((event) => event.event === 'progress').length).toBeGreaterThan(2);
      if (process.platform === 'linux') {
        const peak = /VmHWM:\s+(\d+) kB/.exec(
          readFileSync(`/proc/${spillway.child.pid}/status`, 'utf8'),
        )?.[1];
        expect(Number(peak) * 1024).toBeLessThan(gibibyte);
      }
    } finally {
      await spillway.close();
    }
  });
});
