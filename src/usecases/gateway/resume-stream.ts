import { inputTokensCeilingOf, needsOf } from '#core/call/work.ts';
import { canBeContinued, continuedChat } from '#core/chat/continue-chat.ts';
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import {
  nothingShown,
  type SpliceState,
  showEvent,
  spliceEvent,
  startSplice,
} from '#core/chat/splice-events.ts';
import type { Candidate } from '#core/decide/decision.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import { microUsdOfRequest } from '#core/units/micro-usd.ts';
import { utf8Length } from '#core/units/utf8-length.ts';
import { UpstreamFailure } from '../ports/model-invoker.ts';
import { attemptAfter } from './attempt.ts';
import { CallerLeft } from './call-guard.ts';
import type { ResumedStream } from './dialects/dialect.ts';
import type { Job, Run } from './job.ts';
import { noteFailure } from './note-failure.ts';
import { type AttemptLog, withLastOutcome } from './progress.ts';
import type { Streaming } from './try-target.ts';

/** A streamed answer as it is delivered: of one target, or of two where the caller wants a broken one resumed. */
export interface DeliveredStream {
  /** @throws as TargetStream.next */
  next(): Promise<ModelEvent | undefined>;
  takeArrived(): ModelEvent | undefined;
  close(): void;
  /** Who answers now. */
  answering(): Streaming;
  log(): AttemptLog;
  /** Told once, before the first event of the second target. */
  takeMark(): ResumedStream | undefined;
  /** What the broken target made, as far as it can be told. Only once another goes on. */
  earlier(): { readonly candidate: Candidate; readonly usage: Usage } | undefined;
  /** Whether what this failure says of its target was noted already. */
  isNoted(error: unknown): boolean;
}

interface Begun {
  readonly answering: Streaming;
  readonly log: AttemptLog;
}

/** The stream of one target; a break ends it. */
export function plainStream({ answering, log }: Begun): DeliveredStream {
  return {
    next: () => answering.stream.next(),
    takeArrived: () => answering.stream.takeArrived(),
    close: () => release(answering),
    answering: () => answering,
    log: () => log,
    takeMark: () => undefined,
    earlier: () => undefined,
    isNoted: () => false,
  };
}

/**
 * A stream that another lawful target goes on with, once, when it breaks after its first content. The second one comes
 * out of the same decide stage, under the same residency, deadlines and budgets. Only text can be gone on with: not
 * a thought that has begun, not tool calls, sources or JSON, and nothing after the answer's end, so no safety stop is ever
 * routed round.
 */
export function resumableStream(run: Run, begun: Begun): DeliveredStream {
  return new ResumableStream(run, begun);
}

class ResumableStream implements DeliveredStream {
  readonly #run: Run;
  readonly #first: Candidate;
  #answering: Streaming;
  #log: AttemptLog;
  #shown = nothingShown;
  #splice: SpliceState | undefined;
  #mark: ResumedStream | undefined;
  #noted: unknown;
  #closed = false;

  constructor(run: Run, { answering, log }: Begun) {
    this.#run = run;
    this.#first = answering.candidate;
    this.#answering = answering;
    this.#log = log;
  }

  async next(): Promise<ModelEvent | undefined> {
    try {
      for (;;) {
        const event = await this.#answering.stream.next();
        const told = event === undefined ? undefined : this.#told(event);
        if (event === undefined || told !== undefined) return told;
      }
    } catch (error) {
      const mayResume = this.#noted === undefined && this.#shown.at === 'text' && !this.#closed;
      if (!mayResume || !(error instanceof UpstreamFailure) || !(await this.#resume(error))) throw error;
      return this.next();
    }
  }

  takeArrived(): ModelEvent | undefined {
    for (;;) {
      const event = this.#answering.stream.takeArrived();
      const told = event === undefined ? undefined : this.#told(event);
      if (event === undefined || told !== undefined) return told;
    }
  }

  close(): void {
    this.#closed = true;
    release(this.#answering);
  }

  answering(): Streaming {
    return this.#answering;
  }

  log(): AttemptLog {
    return this.#log;
  }

  takeMark(): ResumedStream | undefined {
    const mark = this.#mark;
    this.#mark = undefined;
    return mark;
  }

  earlier() {
    return this.#splice === undefined ? undefined : { candidate: this.#first, usage: this.#splice.earlier };
  }

  isNoted(error: unknown): boolean {
    return error !== undefined && error === this.#noted;
  }

  #told(event: ModelEvent): ModelEvent | undefined {
    if (this.#splice === undefined) {
      this.#shown = showEvent(this.#shown, event);
      return event;
    }
    const step = spliceEvent(this.#splice, event);
    this.#splice = step.state;
    return step.event;
  }

  async #resume(failure: UpstreamFailure): Promise<boolean> {
    const { candidate } = this.#answering;
    const verdict = classifyFailure(failure.signal);
    const { call, sourced } = this.#run.job;
    noteFailure(this.#run.services, { candidate, failure, verdict, call, peers: sourced.targets });
    this.#noted = failure;
    release(this.#answering);
    const job = continuedJob(this.#run.job, { shown: this.#shown, broken: candidate });
    const log = withLastOutcome(this.#log, verdict.outcome);
    const result = await attemptAfter({ ...this.#run, job }, { log, verdict });
    this.#log = result.log;
    if (result.kind === 'left') throw new CallerLeft();
    if (result.kind !== 'streaming') return false;
    this.#answering = result.answering;
    this.#splice = startSplice(this.#shown);
    const { target, verdict: reach } = result.answering.candidate;
    this.#mark = { target: target.id, region: target.region, reach: reach.lawful ? reach.reach : [] };
    // The caller went while the next target was asked.
    if (this.#closed) release(this.#answering);
    return true;
  }
}

/** Whether the caller wants it and an answer to this chat can be gone on with at all. */
export function isResumable({ call: { work, options } }: Job): boolean {
  return options.resume && work.kind === 'chat' && canBeContinued(work.request);
}

function release({ stream, lease }: Streaming): void {
  stream.close();
  lease.release();
}

interface Broken {
  readonly shown: { readonly text: string; readonly deltas: number };
  readonly broken: Candidate;
}

/** The same call, for the rest of its answer. Needs are those of the longer form, which asks in words. */
function continuedJob(job: Job, { shown, broken }: Broken): Job {
  const { call } = job;
  if (call.work.kind !== 'chat') return job;
  const work = { ...call.work, request: continuedChat(call.work.request, shown, true) };
  return {
    ...job,
    resuming: { original: call.work.request, shown },
    call: {
      ...call,
      work,
      needs: needsOf(work),
      options: { ...call.options, costMicroUsdMax: costLeft(job, { shown, broken }) },
    },
  };
}

/** What is left of the caller's limit when the broken part cost the most that it can have. */
function costLeft({ call }: Job, { shown, broken }: Broken): number | undefined {
  const { costMicroUsdMax } = call.options;
  if (costMicroUsdMax === undefined) return undefined;
  const spent = microUsdOfRequest(broken.target.pricing, {
    inTokens: inputTokensCeilingOf(call.work),
    outTokens: utf8Length(shown.text),
  });
  return spent === undefined ? 0 : Math.max(0, costMicroUsdMax - spent);
}
