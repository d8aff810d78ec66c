/** A program on a real terminal of a chosen size, through Python's `pty`: Node makes none by itself. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const driver = `
import fcntl, os, pty, select, signal, struct, sys, termios
def size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', int(rows), int(columns), 0, 0))
columns, rows, command = sys.argv[1], sys.argv[2], sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    size(0, columns, rows)
    os.execvp(command[0], command)
watched = [terminal, 0]
while True:
    for ready in select.select(watched, [], [])[0]:
        try:
            data = os.read(ready, 65536)
        except OSError:
            data = b''
        if ready == 0:
            if not data:
                watched.remove(0)
                os.kill(child, signal.SIGTERM)
            for order in data.decode().splitlines():
                if order == 'interrupt':
                    os.write(terminal, b'\\x03')
                elif order:
                    size(terminal, *order.split())
        elif data:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

export const hasPseudoTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;

export interface PseudoTerminal {
  /** All that the program wrote so far. */
  written(): string;
  resize(columns: number, rows: number): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** The program's exit code, once it has ended. */
  ended(): Promise<number | null>;
  /** Ends the program where it still runs. */
  close(): void;
}

export function openPseudoTerminal(
  command: readonly string[],
  size: { readonly columns: number; readonly rows: number },
): PseudoTerminal {
  const { NO_COLOR: _plain, CI: _ci, ...env } = process.env;
  const child: ChildProcessWithoutNullStreams = spawn(
    'python3',
    ['-c', driver, String(size.columns), String(size.rows), ...command],
    { env: { ...env, TERM: 'xterm-256color' } },
  );
  const decoder = new TextDecoder();
  let written = '';
  child.stdout.on('data', (bytes: Buffer) => {
    written += decoder.decode(bytes, { stream: true });
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    written: () => written,
    resize: (columns, rows) => void child.stdin.write(`${columns} ${rows}\n`),
    interrupt: () => void child.stdin.write('interrupt\n'),
    ended: () => ended,
    close: () => child.stdin.end(),
  };
}
