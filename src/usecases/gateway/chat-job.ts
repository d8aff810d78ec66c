import type { IncomingChat } from './ingress.ts';
import type { SourcedRoute } from './route-source.ts';
import type { Services } from './services.ts';
import type { Arrival, Placement } from './stage.ts';

/** A chat that is placed and whole: what the stages from decide on work at. */
export interface ChatJob {
  readonly arrival: Arrival;
  readonly placement: Placement;
  readonly chat: IncomingChat;
  readonly sourced: SourcedRoute;
}

/** One chat in one gateway. */
export interface Run {
  readonly services: Services;
  readonly job: ChatJob;
}
