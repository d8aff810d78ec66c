import { describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';

const swarm = (...options: readonly string[]) =>
  runCommandLine(['simulate', 'swarm', '--config', 'examples/acme.config.ts', ...options]);

describe('simulate swarm', () => {
  it('runs seeds of the configuration and says that no judge objects', async () => {
    const { exitCode, stdout, stderr } = await swarm('--seed', '1');
    expect(stderr).toBe('');
    expect(stdout).toContain('1 seeds, ');
    expect(stdout).toContain('No judge objects.');
    expect(exitCode).toBe(0);
  });

  it('gives programs every run with what was drawn for it', async () => {
    const { stdout } = await swarm('--seeds', '1', '--json');
    const { runs } = JSON.parse(stdout);
    expect(runs).toHaveLength(1);
    expect(runs[0].options.seed).toBe('1');
    expect(runs[0].run.requests).toBeGreaterThan(100);
  });

  it.each([
    [['--seeds', '0'], '--seeds must be a whole number from 1 to 100000, got "0"'],
    [['--seeds', '2', '--seed', 'x'], 'name one of them'],
    [['--scenario', 'nowhere.json'], 'nowhere.json cannot be read (ENOENT)'],
    [['--scenario', 'package.json'], 'is no scenario of this configuration'],
  ])('refuses %j', async (options, why) => {
    const { exitCode, stderr } = await swarm(...options);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});
