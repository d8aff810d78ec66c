import { describe, expect, it } from 'vitest';
import { createTerminal } from '#cli/terminal/terminal.ts';

function record(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, stream: { isTTY, columns: 100, write: (text: string) => texts.push(text) } };
}

function terminalOn(isTTY: boolean, colour: 'auto' | 'always' | 'never' = 'auto') {
  const [stdout, stderr] = [record(isTTY), record(isTTY)];
  const streams = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdinIsTerminal: isTTY,
    readLine: async () => 'y',
  };
  return { terminal: createTerminal(streams, { colour }), stdout: stdout.texts, stderr: stderr.texts };
}

describe('createTerminal', () => {
  it('colours on a terminal alone', () => {
    expect(terminalOn(true).terminal.paint('good', 'x')).toBe('\u001b[32mx\u001b[39m');
    expect(terminalOn(false).terminal.paint('good', 'x')).toBe('x');
  });

  it('obeys NO_COLOR and FORCE_COLOR', () => {
    expect(terminalOn(true, 'never').terminal.paint('good', 'x')).toBe('x');
    expect(terminalOn(false, 'always').terminal.paint('good', 'x')).not.toBe('x');
  });

  it('keeps stdout for answers: errors and progress go to stderr', () => {
    const { terminal, stdout, stderr } = terminalOn(true);
    terminal.progress('half way');
    terminal.complain('trouble');
    terminal.print('answer', 'and more');
    expect(stdout).toEqual(['answer\nand more\n']);
    expect(stderr.join('')).toBe('\r\u001b[2Khalf way\r\u001b[2Ktrouble\n');
  });

  it('shows no progress where nobody watches', () => {
    const { terminal, stderr } = terminalOn(false);
    terminal.progress('half way');
    expect(stderr).toEqual([]);
    expect(terminal.interactive).toBe(false);
  });

  it('takes the width of the terminal, and a wide one for a pipe', () => {
    expect(terminalOn(true).terminal.width).toBe(100);
    expect(terminalOn(false).terminal.width).toBe(160);
  });
});
