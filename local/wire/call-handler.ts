import { randomUUID } from 'node:crypto';
import type { FaultBook, FaultVerdict } from '../control/fault-book.ts';
import type { FaultRule } from '../control/fault-rules.ts';
import type { Journal, JournalEntry } from '../control/journal.ts';
import type { CallGuard } from '../iam/call-guard.ts';
import { type CallContext, RawAnswer } from '../service.ts';
import { emptyOutput } from './empty-output.ts';
import { encodeError } from './encode-error.ts';
import { type EncodedOutput, encodeOutput, encodeRaw } from './encode-output.ts';
import type { Exchange } from './exchange.ts';
import type { OperationFinder } from './find-operation.ts';
import { pause } from './pause.ts';
import { type ReceivedCall, receiveCall } from './receive-call.ts';
import { containerStatus, flushMs, sendStream } from './send-stream.ts';
import type { WireService } from './service-table.ts';
import { answersList, answersStream, type Vocabulary } from './vocabulary.ts';
import { WireError } from './wire-error.ts';

export interface CallHandlerOptions {
  readonly finder: OperationFinder;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly vocabulary: Vocabulary;
  /** Absent where nobody is judged. */
  readonly guard?: CallGuard | undefined;
  readonly log: (line: string) => void;
}

type OutputValue = Readonly<Record<string, unknown>>;

/** The life of one AWS call: receive, journal, fault, run, answer. */
export class CallHandler {
  readonly #options: CallHandlerOptions;

  constructor(options: CallHandlerOptions) {
    this.#options = options;
  }

  async handle(exchange: Exchange): Promise<void> {
    const requestId = randomUUID();
    const { entry, end } = this.#options.journal.open(requestId, exchange.headers.traceparent);
    exchange.onClosed(() => {
      entry.aborted = exchange.abandoned;
      end();
    });
    let call: ReceivedCall | undefined;
    try {
      call = await receiveCall(exchange, this.#options.finder, entry);
      await this.#serve(exchange, entry, call);
    } catch (error) {
      this.#refuse(exchange, entry, { call, error });
    }
  }

  async #serve(exchange: Exchange, entry: JournalEntry, call: ReceivedCall): Promise<void> {
    const verdict = this.#options.faults.choose(subjectOf(entry, call));
    if (verdict.index !== undefined) entry.rule = verdict.index;
    if (verdict.latencyMs > 0) await pause(verdict.latencyMs, exchange.signal);
    if (await breaksConnection(exchange, verdict)) return;
    if (call.problem !== undefined) throw call.problem;
    const { operation, identity } = call;
    if (operation?.run === undefined || identity === undefined) throw unknownOperation(call);
    const { rule } = verdict;
    const extraHeaders: Record<string, string> = {};
    if (rule?.kind === 'error' || rule?.kind === 'throttle') throw this.#faultError(rule, operation.service);
    const context = contextOf(exchange, entry, { call, extraHeaders });
    const { guard } = this.#options;
    const { definition } = operation.service;
    if (guard !== undefined) await guard.check(context, await definition.questionsOf?.(call.input, context));
    const output = rule?.kind === 'empty' ? emptyOutput(operation) : await operation.run(call.input, context);
    if (exchange.signal.aborted) return;
    await this.#answer(exchange, entry, { call, output, rule, extraHeaders });
  }

  async #answer(
    exchange: Exchange,
    entry: JournalEntry,
    {
      call,
      output,
      rule,
      extraHeaders,
    }: {
      call: ReceivedCall;
      output: unknown;
      rule: FaultRule | undefined;
      extraHeaders: Readonly<Record<string, string>>;
    },
  ): Promise<void> {
    const encoded = encode(call, output, entry.requestId);
    const headers = { ...encoded.headers, ...extraHeaders, 'x-amzn-requestid': entry.requestId };
    entry.status = encoded.status;
    if (output instanceof RawAnswer && output.errorName !== undefined) entry.error = output.errorName;
    const stream = call.operation?.streamMember;
    if (stream?.shape.kind === 'structure') {
      exchange.open(encoded.status, headers);
      const events = (output as OutputValue)[stream.name] as AsyncIterable<OutputValue>;
      await sendStream(exchange, {
        union: stream.shape,
        events,
        fault: rule,
        onContent: () => {
          entry.chunks += 1;
        },
        onBroken: (name) => {
          entry.error = name;
        },
        onDefect: (error) => this.#logDefect(entry, error),
      });
    } else if (rule?.kind === 'reset') {
      exchange.open(encoded.status, { ...headers, 'content-length': String(encoded.body.length + 1) });
      await pause(flushMs, exchange.signal);
      exchange.reset();
    } else {
      exchange.answer(encoded.status, headers, encoded.body);
    }
  }

  #faultError(rule: FaultRule, service: WireService): WireError {
    const { kind, error, retryAfterSeconds } = rule;
    const name = kind === 'throttle' ? throttleName(service) : (error ?? 'InternalFailure');
    const message =
      kind === 'throttle'
        ? 'Too many requests, please wait before trying again.'
        : (rule.message ?? `${name} by a fault rule.`);
    const status = this.#options.vocabulary.statusOf(name, service);
    return new WireError(name, status, message).retryAfter(retryAfterSeconds).with(containerStatus(rule));
  }

  #refuse(
    exchange: Exchange,
    entry: JournalEntry,
    { call, error }: { call: ReceivedCall | undefined; error: unknown },
  ): void {
    const service = call?.service;
    const encoded = encodeError(error, {
      service,
      protocol: call?.protocol ?? 'rest-json',
      requestId: entry.requestId,
    });
    if (encoded.defect) this.#logDefect(entry, error);
    if (exchange.signal.aborted) return;
    if (exchange.headSent) {
      exchange.reset();
      return;
    }
    entry.status = encoded.status;
    entry.error = encoded.name;
    exchange.answer(
      encoded.status,
      { ...encoded.headers, 'x-amzn-requestid': entry.requestId },
      encoded.body,
    );
  }

  #logDefect(entry: JournalEntry, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.log(
      `local AWS failed in ${entry.service} ${entry.operation} (${entry.requestId}): ${detail}`,
    );
  }
}

function subjectOf(entry: JournalEntry, { operation }: ReceivedCall) {
  return {
    service: entry.service,
    operation: entry.operation,
    account: entry.account ?? undefined,
    region: entry.region ?? undefined,
    target: entry.target ?? undefined,
    answersStream: operation !== undefined && answersStream(operation),
    answersList: operation !== undefined && answersList(operation),
  };
}

/** Faults below HTTP strike whoever calls, before any check. */
async function breaksConnection(exchange: Exchange, { rule }: FaultVerdict): Promise<boolean> {
  if (rule?.kind === 'hang') await pause(undefined, exchange.signal);
  if (rule?.kind === 'refuse') exchange.refuse();
  return exchange.signal.aborted;
}

/** What each service calls it when a caller is too fast. */
function throttleName(service: WireService): string {
  if (service.protocol === 'rest-xml') return 'SlowDown';
  if (service.errors.has('RequestThrottled')) return 'RequestThrottled';
  return service.protocol === 'aws-query' ? 'Throttling' : 'ThrottlingException';
}

function unknownOperation({ operation }: ReceivedCall): WireError {
  const what =
    operation === undefined
      ? 'The operation is not known.'
      : `${operation.name} is not offered by the local AWS.`;
  return new WireError('UnknownOperationException', 404, what);
}

function encode({ operation, line }: ReceivedCall, output: unknown, requestId: string): EncodedOutput {
  const contentType = line.headers['content-type'];
  if (operation === undefined) throw new Error('an answer without an operation');
  if (output instanceof RawAnswer) return encodeRaw(output, contentType);
  if (output === undefined && operation.output.kind !== 'unit') {
    throw new Error(`${operation.name} answered nothing`);
  }
  return encodeOutput(operation, (output ?? {}) as OutputValue, { requestId, contentType });
}

function contextOf(
  exchange: Exchange,
  entry: JournalEntry,
  { call, extraHeaders }: { call: ReceivedCall; extraHeaders: Record<string, string> },
): CallContext {
  const { line, identity } = call;
  if (identity === undefined) throw new Error('a call without an identity');
  return {
    service: entry.service,
    operation: entry.operation,
    account: identity.account,
    region: identity.region,
    requestId: entry.requestId,
    headers: line.headers,
    body: line.body,
    caller: identity.caller,
    signal: exchange.signal,
    answerHeader(name, value) {
      extraHeaders[name] = value;
    },
    note({ target, reach, servedRegion }) {
      if (target !== undefined) entry.target = target;
      if (reach !== undefined) entry.reach = reach;
      if (servedRegion !== undefined) entry.servedRegion = servedRegion;
    },
  };
}
