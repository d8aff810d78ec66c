import type { CliRuntime } from '#runtime/cli-runtime.ts';
import type { CommandLine, CommandSpec } from './parse-command-line.ts';
import type { Terminal } from './terminal/terminal.ts';

/** 0: fine. 1: the answer is no. 3: in a simulation something did not come back. (2, bad use, is a UsageError.) */
export type ExitCode = 0 | 1 | 3;

export interface CommandContext {
  readonly line: CommandLine;
  readonly runtime: CliRuntime;
  readonly terminal: Terminal;
}

export interface Command {
  readonly spec: CommandSpec;
  /** Throws a UsageError or a CommandFailure, whose message goes to stderr. */
  run(context: CommandContext): Promise<ExitCode>;
}

/** JSON for programs: the same for a terminal and a pipe. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.print(JSON.stringify(value, undefined, 2));
}
