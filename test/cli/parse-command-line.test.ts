import { describe, expect, it } from 'vitest';
import { type CommandSpec, commandHelp, parseCommandLine } from '#cli/parse-command-line.ts';
import { UsageError } from '#cli/usage-error.ts';

const spec: CommandSpec = {
  name: 'routes',
  synopsis: '<model>',
  summary: 'Shows routes.',
  positionals: ['model', 'extra?'],
  options: { residency: { type: 'string', value: '<name>', help: 'one residency' } },
  notes: ['Exit code 1: none.'],
};

const complaintOf = (argv: readonly string[]): string => {
  try {
    parseCommandLine(spec, argv);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
};

describe('parseCommandLine', () => {
  it('gives options and arguments by name', () => {
    const line = parseCommandLine(spec, [
      'chat',
      '--residency',
      'eu',
      '--json',
      '--profile',
      'a',
      '--profile=b',
    ]);
    expect(line.positionals).toEqual(['chat']);
    expect(line.text('residency')).toBe('eu');
    expect(line.flag('json')).toBe(true);
    expect(line.texts('profile')).toEqual(['a', 'b']);
    expect(line.text('url')).toBeUndefined();
  });

  it('names an unknown option and the nearest one that exists', () => {
    expect(complaintOf(['chat', '--residnecy', 'eu'])).toBe(
      'There is no option --residnecy; did you mean --residency? (see: spillway routes --help)',
    );
    expect(complaintOf(['chat', '--zzz'])).toBe('There is no option --zzz (see: spillway routes --help)');
  });

  it('names a missing value', () => {
    expect(complaintOf(['chat', '--residency'])).toContain("Option '--residency <value>' argument missing");
  });

  it('names missing and surplus arguments', () => {
    expect(complaintOf([])).toBe('spillway routes needs <model> (see: spillway routes --help)');
    expect(complaintOf(['a', 'b', 'c'])).toContain('does not know what to do with "c"');
  });

  it('asks for an option that a command needs', () => {
    const line = parseCommandLine(spec, ['chat']);
    expect(() => line.required('residency')).toThrow(
      'spillway routes needs --residency <name> (see: spillway routes --help)',
    );
  });

  it('lets --help stand alone', () => {
    expect(parseCommandLine(spec, ['-h']).flag('help')).toBe(true);
  });
});

describe('commandHelp', () => {
  it('fits the width and tells each option', () => {
    const help = commandHelp(spec, 60);
    expect(help[0]).toBe('spillway routes <model>');
    expect(help).toContain('  --residency <name>   one residency');
    expect(help.every((line) => line.length <= 60)).toBe(true);
  });
});
