import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ShownText } from '#core/chat/continue-chat.ts';
import type { ConversationMarks } from './affinity-book.ts';
import type { AuditNotes } from './audit-notes.ts';
import type { ChainLink } from './chain-book.ts';
import type { IncomingCall } from './ingress.ts';
import type { Charge } from './rate-limiter.ts';
import type { SourcedRoute } from './route-source.ts';
import type { Services } from './services.ts';
import type { Arrival, Placement } from './stage.ts';
import type { WakeUpTally } from './wake-up.ts';

/** A call that is placed and whole: what the stages from decide on work at. */
export interface Job {
  readonly arrival: Arrival;
  readonly placement: Placement;
  readonly call: IncomingCall;
  readonly sourced: SourcedRoute;
  /** The call asks for the rest of an answer that broke: what was asked first, and what was shown. */
  readonly resuming?: { readonly original: ChatRequest; readonly shown: ShownText } | undefined;
  /** Beginnings of the conversation that a target may have kept. Undefined where the caller asks for no cache. */
  readonly marks?: ConversationMarks | undefined;
  /** The call's part in its chain. Undefined where it is for itself. */
  readonly chain?: ChainLink | undefined;
  /** Calls that were sent to wake what the chain will need. @default - none */
  readonly preWarms?: Readonly<WakeUpTally> | undefined;
  /** What the tenant's limits were charged. Undefined where it has none. */
  readonly charge?: Charge | undefined;
  /** For its record in the audit trail. Undefined where none is kept. */
  readonly notes?: AuditNotes | undefined;
}

/** One call in one gateway. */
export interface Run {
  readonly services: Services;
  readonly job: Job;
}
