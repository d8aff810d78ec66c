import type { ChainPlan, PlannedStep } from './chain-plan.ts';
import { csvFields } from './csv-fields.ts';
import { readTime, readTokens } from './csv-mapping.ts';
import type { TraceLines } from './read-csv-trace.ts';
import { TraceProblems } from './trace-problems.ts';

/** Tokens of one of these sessions' prefix blocks. */
export const SESSION_BLOCK_TOKENS = 64;

const COLUMNS = [
  'trace',
  'agent',
  'step',
  'model',
  'input_tokens',
  'output_tokens',
  'prefix_blocks',
  'new_runs',
  'think_s',
] as const;
type Column = (typeof COLUMNS)[number];

/** A call with the blocks of its prompt as the file has them: how many are the last one's, and runs of new ones. */
interface RecordedCall {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly pauseMs: number;
  readonly shared: number;
  readonly newRuns: string;
}

interface Agent {
  /** Agents of one session, counted from 0 on, name their blocks alike. */
  readonly session: number;
  readonly calls: RecordedCall[];
}

/** Sessions that can be played, each any number of times. */
export interface AgentSessions {
  /** Agents: main ones and sub-agents. */
  readonly size: number;
  /** Calls of all of them. */
  readonly calls: number;
  /** The n-th chain, from 0; after the last agent the first one comes again, with blocks of other names. */
  plan(chain: number): ChainPlan;
}

/**
 * Recorded sessions of agents (kv-cache-tester's columns) as chains, in the order of the file. Each call waits for the one
 * before of its agent and for its recorded pause. A sub-agent's calls form a chain of their own: what the main agent did
 * meanwhile is in the main agent's pauses already, and waiting twice would be too long.
 *
 * @throws TraceError with all that is wrong, the first twenty by file, line, column and value
 */
export async function readAgentSessions({ file, lines }: TraceLines): Promise<AgentSessions> {
  const reader = new SessionReader(file);
  for await (const some of lines) for (const line of some) reader.read(line);
  return reader.finish();
}

class SessionReader {
  readonly #file: string;
  readonly #problems = new TraceProblems();
  readonly #agents = new Map<string, Agent>();
  readonly #sessions = new Map<string, number>();
  #places: Readonly<Record<Column, number>> | undefined;
  #line = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): void {
    this.#line += 1;
    const line = text.replace(/\r$/, '');
    if (line === '') return;
    const fields = csvFields(line) ?? [];
    if (this.#places === undefined) this.#heading(fields);
    else this.#row(fields, this.#places);
  }

  finish(): AgentSessions {
    if (this.#agents.size === 0 && this.#problems.count === 0)
      this.#problems.add({ file: this.#file, line: this.#line + 1, got: '', want: 'at least one call' });
    this.#problems.throwIfAny();
    const agents = [...this.#agents.values()];
    const sessions = this.#sessions.size;
    return {
      size: agents.length,
      calls: agents.reduce((sum, { calls }) => sum + calls.length, 0),
      plan: (chain) => {
        const agent = agents[chain % agents.length];
        if (agent === undefined) return { steps: [] };
        const round = Math.floor(chain / agents.length);
        return planOf(agent.calls, (round * sessions + agent.session) * BLOCKS_PER_SESSION);
      },
    };
  }

  #heading(fields: readonly string[]): void {
    const places = COLUMNS.map((column) => [column, fields.indexOf(column)] as const);
    for (const [column, place] of places) {
      if (place === -1)
        this.#problems.add({
          file: this.#file,
          line: this.#line,
          got: fields.join(','),
          want: `a column ${JSON.stringify(column)}`,
        });
    }
    this.#places = Object.fromEntries(places) as Record<Column, number>;
  }

  #row(fields: readonly string[], places: Readonly<Record<Column, number>>): void {
    const before = this.#problems.count;
    const number = (column: Column, read: typeof readTokens): number => {
      const text = fields[places[column]] ?? '';
      const answer = read(text);
      if ('value' in answer) return answer.value;
      this.#problems.add({ file: this.#file, line: this.#line, column, got: text, want: answer.want });
      return 0;
    };
    const inputTokens = number('input_tokens', readTokens);
    const outputTokens = number('output_tokens', readTokens);
    const pauseMs = number('think_s', (text) => (text === '' ? { value: 0 } : readTime(text, 's')));
    const shared = number('prefix_blocks', (text) => readTime(text, 'ms'));
    if (this.#problems.count > before) return;
    this.#agent(fields[places.trace] ?? '', fields[places.agent] ?? '').calls.push({
      model: fields[places.model] ?? '',
      inputTokens,
      outputTokens,
      pauseMs: Math.max(0, pauseMs),
      shared,
      newRuns: fields[places.new_runs] ?? '',
    });
  }

  #agent(trace: string, name: string): Agent {
    const key = `${trace}/${name}`;
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const session = this.#sessions.get(trace) ?? this.#sessions.size;
    this.#sessions.set(trace, session);
    const agent: Agent = { session, calls: [] };
    this.#agents.set(key, agent);
    return agent;
  }
}

/** Names of blocks that one session has at the most: sessions never share any. */
const BLOCKS_PER_SESSION = 2 ** 24;

/** Only the prompt that was asked for last is kept; calls of one agent come one after the other. */
function planOf(calls: readonly RecordedCall[], firstBlock: number): ChainPlan {
  let at = -1;
  let blocks: readonly number[] = [];
  const blocksOf = (step: number): readonly number[] => {
    if (step < at) {
      at = -1;
      blocks = [];
    }
    for (; at < step; at += 1) {
      const call = calls[at + 1];
      if (call !== undefined)
        blocks = [...blocks.slice(0, call.shared), ...blockRuns(call.newRuns, firstBlock)];
    }
    return blocks;
  };
  const steps = calls.map(({ model, inputTokens, outputTokens, pauseMs }, step): PlannedStep => {
    const parents = step === 0 ? [] : [step - 1];
    return { model, inputTokens, outputTokens, parents, pauseMs, prefixBlocks: () => blocksOf(step) };
  });
  return { steps };
}

/** `5 8+3` is 5, 8, 9, 10: names, or a run's first name and its length. */
function blockRuns(text: string, first: number): readonly number[] {
  return text.split(' ').flatMap((run) => {
    if (run === '') return [];
    const [from = 0, count = 1] = run.split('+').map(Number);
    return Array.from({ length: count }, (_, index) => first + from + index);
  });
}
