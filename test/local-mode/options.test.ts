import { describe, expect, it } from 'vitest';
import { parseLocalModeOptions } from '#local-mode/options.ts';

describe('the options of local mode', () => {
  it('have the documented defaults', () => {
    expect(parseLocalModeOptions([], {})).toEqual({
      ok: true,
      options: {
        port: 4000,
        awsPort: 4566,
        configFile: undefined,
        metricsPort: undefined,
        discoverEverySeconds: 5,
        faultsFile: undefined,
        quiet: false,
        json: false,
        help: false,
      },
    });
  });

  it('take flags before environment variables', () => {
    const environment = {
      SPILLWAY_PORT: '5000',
      SPILLWAY_AWS_PORT: '0',
      SPILLWAY_CONFIG: 'mine.ts',
      SPILLWAY_METRICS_PORT: '0',
      SPILLWAY_QUIET: '1',
      SPILLWAY_DISCOVER_EVERY: '0.5',
    };
    expect(parseLocalModeOptions(['--port', '0', '--json'], environment)).toMatchObject({
      ok: true,
      options: {
        port: 0,
        awsPort: 0,
        configFile: 'mine.ts',
        metricsPort: 0,
        quiet: true,
        json: true,
        discoverEverySeconds: 0.5,
      },
    });
  });

  it('rejects every bad number at once, naming flag, value and range', () => {
    const result = parseLocalModeOptions(
      ['--port', '70000', '--aws-port', '1.5', '--discover-every', 'soon'],
      {},
    );
    expect(result).toEqual({
      ok: false,
      violations: [
        '--port (SPILLWAY_PORT): got "70000", want a number from 0 to 65535',
        '--aws-port (SPILLWAY_AWS_PORT): got 1.5, want a whole number',
        '--discover-every (SPILLWAY_DISCOVER_EVERY): got "soon", want a number from 0.1 to 86400',
      ],
    });
  });

  it.each([['--prot', '4000'], ['extra']])('rejects what it does not know: %s', (...parameters) => {
    expect(parseLocalModeOptions(parameters, {}).ok).toBe(false);
  });
});
