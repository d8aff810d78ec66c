import type { FaultRule } from '../control/fault-rules.ts';
import { bendStream } from './bend-stream.ts';
import {
  encodeException,
  encodeFrame,
  encodeUnmodelledError,
  type Frame,
  malformed,
} from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { pause } from './pause.ts';
import type { StructureShape } from './shape.ts';

export interface StreamAnswer {
  readonly union: StructureShape;
  readonly events: AsyncIterable<Readonly<Record<string, unknown>>>;
  /** A stream fault, or none. */
  readonly fault: FaultRule | undefined;
  /** Called after each content frame that went out. */
  onContent(): void;
  /** Called with the name of the error that the stream breaks off in. */
  onBroken(name: string): void;
  onDefect(error: unknown): void;
}

/** Sends an event stream frame by frame, at the caller's pace, under at most one fault. */
export async function sendStream(exchange: Exchange, answer: StreamAnswer): Promise<void> {
  const afterChunks = answer.fault?.afterChunks ?? 1;
  let sent = 0;
  let pending = endings.has(answer.fault?.kind ?? '') ? answer.fault : undefined;
  try {
    if (pending !== undefined && afterChunks === 0 && (await strike(exchange, answer, pending))) return;
    if (afterChunks === 0) pending = undefined;
    for await (const event of bendStream(answer.events, answer.fault)) {
      if (exchange.signal.aborted) return;
      const frame = encodeFrame(answer.union, event);
      if (answer.fault?.kind === 'split-frames') await writeEachByte(exchange, frame.bytes);
      else await exchange.write(frame.bytes);
      if (!frame.content) continue;
      sent += 1;
      answer.onContent();
      if (pending === undefined || sent < afterChunks) continue;
      if (await strike(exchange, answer, pending)) return;
      pending = undefined;
    }
  } catch (error) {
    answer.onBroken(error instanceof Error ? error.name : 'unknown');
    await exchange.write(errorFrame(answer, error).bytes);
  }
  exchange.end();
}

/** Faults that happen at one place of a stream; others bend all of it. */
const endings: ReadonlySet<string> = new Set([
  'reset',
  'stall-stream',
  'cut-stream',
  'malformed-frame',
  'stream-exception',
  'stream-error',
]);

async function writeEachByte(exchange: Exchange, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 1) await exchange.write(bytes.subarray(at, at + 1));
}

/** Lets a fault happen; `true` where the stream is over with it. */
async function strike(exchange: Exchange, answer: StreamAnswer, fault: FaultRule): Promise<boolean> {
  switch (fault.kind) {
    case 'reset':
      await pause(flushMs, exchange.signal);
      exchange.reset();
      return true;
    case 'stall-stream':
      await pause(fault.milliseconds, exchange.signal);
      return exchange.signal.aborted;
    case 'malformed-frame':
      await exchange.write(malformed(exceptionFrame(answer).bytes));
      exchange.end();
      return true;
    case 'stream-exception':
      await exchange.write(exceptionFrame(answer, fault).bytes);
      exchange.end();
      return true;
    case 'stream-error':
      await exchange.write(encodeUnmodelledError(fault.error ?? '', fault.message ?? byFaultRule));
      exchange.end();
      return true;
    default:
      exchange.end();
      return true;
  }
}

/** Time for written bytes to reach the caller before a reset overtakes them. */
export const flushMs = 10;

const byFaultRule = 'The stream was interrupted by a fault rule.';

/** The container's status under each name that a service's model has for it. */
export function containerStatus({ originalStatusCode }: FaultRule): Readonly<Record<string, unknown>> {
  return originalStatusCode === undefined
    ? {}
    : { originalStatusCode, OriginalStatusCode: originalStatusCode };
}

function exceptionFrame({ union }: StreamAnswer, fault?: FaultRule): Frame {
  const name = fault?.error;
  const first = union.members.find(({ shape }) => shape.kind === 'structure' && shape.error);
  const frame = encodeException(union, name ?? first?.name ?? '', {
    message: fault?.message ?? byFaultRule,
    ...(fault === undefined ? {} : containerStatus(fault)),
  });
  if (frame === undefined) throw new Error(`a stream of ${union.name} has no exception ${String(name)}`);
  return frame;
}

/** A stream that breaks ends in its modelled exception, or in its first one without any detail. */
function errorFrame(answer: StreamAnswer, error: unknown): Frame {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  const modelled = encodeException(answer.union, name, { message });
  if (modelled !== undefined) return modelled;
  answer.onDefect(error);
  return exceptionFrame(answer);
}
