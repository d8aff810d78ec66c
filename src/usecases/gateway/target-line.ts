import { crowdedOut, hopelessIn, isHopeless, leaveByOf, type Standing } from '#core/queue/wait-bound.ts';
import {
  comesAfter,
  emptyLine,
  grantTurn,
  joinLine,
  type LineSettings,
  leaveLine,
  nextTurn,
  passLine,
  type Turn,
  type WaitingLine,
} from '#core/queue/waiting-line.ts';
import type { Random } from '#core/units/random.ts';
import type { LeaseAnswer } from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { SlotWait, SpillReason, WaitEnd } from './lane-queue.ts';

export interface LineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: LineSettings;
}

/**
 * Slots that other processes give back are not heard of: whoever is next asks this often, give or take a half. A tenth
 * of the usual wait for a dedicated target (10 % of 5 s).
 */
const ASK_AGAIN_MS = 50;

interface Waiting extends Standing {
  readonly call: SlotWait;
  readonly joinedAt: number;
  /** Takes the call out of everything that knows it, and answers it. */
  readonly end: (result: WaitEnd) => void;
}

/** The line before one target: the pure line, and the calls, timers and questions to the ledger that belong to it. */
export class TargetLine {
  private readonly parts: LineParts;
  private line: WaitingLine;
  private lastId = 0;
  private readonly calls = new Map<number, Waiting>();
  /** Somebody is asking the ledger: a slot that is freed meanwhile is looked at afterwards. */
  private asking = false;
  private freedMeanwhile = false;
  private stopAskingLater: (() => void) | undefined;

  constructor(parts: LineParts) {
    this.parts = parts;
    this.line = emptyLine(parts.settings);
  }

  get waiting(): number {
    return this.line.waiting;
  }

  *standing(): Generator<SlotWait> {
    for (const { call } of this.calls.values()) yield call;
  }

  wait(call: SlotWait): WaitEnd | Promise<WaitEnd> {
    const joinedAt = this.now();
    if (call.signal?.aborted === true) return { kind: 'left' };
    if (comesAfter(this.line, call.lane)) return this.join(call, joinedAt);
    const answer = call.acquire(call.lane, false);
    return answer instanceof Promise
      ? answer.then((heard) => this.heardAtOnce(call, joinedAt, heard))
      : this.heardAtOnce(call, joinedAt, answer);
  }

  /** Gives turns until the ledger has no slot for whoever is next. */
  giveTurns(): void {
    if (this.asking) {
      this.freedMeanwhile = true;
      return;
    }
    for (let goesOn = true; goesOn; ) {
      const turn = this.nextInTime();
      if (turn === undefined) return;
      this.asking = true;
      this.freedMeanwhile = false;
      const { waiting } = turn;
      const answer = waiting.call.acquire(turn.asksAs, true);
      if (answer instanceof Promise) {
        void answer.then((heard) => {
          if (this.heardInTurn(turn, heard)) this.giveTurns();
        });
        return;
      }
      goesOn = this.heardInTurn(turn, answer);
    }
  }

  private now(): number {
    return this.parts.clock.monotonicMs();
  }

  private heardAtOnce(call: SlotWait, joinedAt: number, answer: LeaseAnswer): WaitEnd | Promise<WaitEnd> {
    if (!answer.granted)
      return answer.reason === 'never-fits' ? { kind: 'never-fits' } : this.join(call, joinedAt);
    if (call.signal?.aborted === true) {
      call.giveBack();
      return { kind: 'left' };
    }
    this.line = passLine(this.line, call.lane);
    // The floor of a lane below may have come due by that.
    if (comesAfter(this.line, 'interactive')) this.giveTurns();
    return { kind: 'granted', expiresAt: answer.expiresAt, waitedMs: this.now() - joinedAt };
  }

  private join(call: SlotWait, joinedAt: number): WaitEnd | Promise<WaitEnd> {
    const at = this.now();
    const { lane, tenant, work, startBy, firstContentMs, waitShareMax, elsewhere } = call;
    const waitedMs = at - joinedAt;
    if (call.signal?.aborted === true) return { kind: 'left' };
    if (at >= startBy) return { kind: 'expired', waitedMs };
    const budget = { firstContentMs, waitShareMax, startBy, elsewhere };
    const leaveBy = leaveByOf(this.line, { lane, tenant, budget }, at);
    if (leaveBy <= at) return { kind: 'spill', reason: 'waited-enough', waitedMs };
    this.lastId += 1;
    const standing = { lane, waiter: { id: this.lastId, tenant, work, leaveBy } };
    if (isHopeless(this.line, standing, at)) return { kind: 'spill', reason: 'hopeless', waitedMs };
    const crowded = crowdedOut(this.line, call);
    if (crowded === 'joiner') return { kind: 'spill', reason: 'line-full', waitedMs };
    if (crowded !== undefined) this.spill(crowded, 'line-full');
    return this.stand({ ...standing, call, joinedAt }, at);
  }

  private stand(standing: Omit<Waiting, 'end'>, at: number): Promise<WaitEnd> {
    const { lane, waiter, call } = standing;
    this.line = joinLine(this.line, { lane, waiter, at });
    this.askLater();
    return new Promise((resolve) => {
      const left = (): void => end({ kind: 'left' });
      const end = (result: WaitEnd): void => {
        stopTimer();
        call.signal?.removeEventListener('abort', left);
        this.remove(standing);
        resolve(result);
      };
      const waiting: Waiting = { ...standing, end };
      const stopTimer = this.parts.clock.after(waiter.leaveBy - at, () => this.timeIsUp(waiting));
      call.signal?.addEventListener('abort', left, { once: true });
      this.calls.set(waiter.id, waiting);
    });
  }

  private remove({ lane, waiter }: Standing): void {
    this.calls.delete(waiter.id);
    this.line = leaveLine(this.line, lane, waiter);
    if (this.line.waiting > 0) return;
    this.stopAskingLater?.();
    this.stopAskingLater = undefined;
  }

  /** Timers may be late: whose time is up gets no turn. */
  private nextInTime(): (Turn & { readonly waiting: Waiting }) | undefined {
    for (;;) {
      const turn = nextTurn(this.line);
      const waiting = turn === undefined ? undefined : this.calls.get(turn.waiter.id);
      if (turn === undefined || waiting === undefined) return undefined;
      if (turn.waiter.leaveBy > this.now()) return { ...turn, waiting };
      this.timeIsUp(waiting);
    }
  }

  /** True where the next one may ask as well. */
  private heardInTurn(turn: Turn & { readonly waiting: Waiting }, answer: LeaseAnswer): boolean {
    const { waiting, waiter } = turn;
    if (this.calls.has(waiter.id)) this.endOfTurn(turn, answer);
    else if (answer.granted) waiting.call.giveBack();
    this.asking = false;
    return answer.granted || answer.reason === 'never-fits' || this.freedMeanwhile;
  }

  private endOfTurn(turn: Turn & { readonly waiting: Waiting }, answer: LeaseAnswer): void {
    const { waiting } = turn;
    const at = this.now();
    if (answer.granted) {
      this.line = grantTurn(this.line, turn, at);
      waiting.end({ kind: 'granted', expiresAt: answer.expiresAt, waitedMs: at - waiting.joinedAt });
    } else if (answer.reason === 'never-fits') waiting.end({ kind: 'never-fits' });
  }

  private askLater(): void {
    const { clock, random } = this.parts;
    this.stopAskingLater ??= clock.after(ASK_AGAIN_MS * (0.5 + random.next()), () => {
      this.stopAskingLater = undefined;
      for (const standing of hopelessIn(this.line, this.now())) this.spill(standing, 'hopeless');
      this.giveTurns();
      if (this.line.waiting > 0) this.askLater();
    });
  }

  private spill({ waiter }: Standing, reason: SpillReason): void {
    const waiting = this.calls.get(waiter.id);
    waiting?.end({ kind: 'spill', reason, waitedMs: this.now() - waiting.joinedAt });
  }

  private timeIsUp({ call, joinedAt, end }: Waiting): void {
    const at = this.now();
    const waitedMs = at - joinedAt;
    if (at >= call.startBy) end({ kind: 'expired', waitedMs });
    else end({ kind: 'spill', reason: 'waited-enough', waitedMs });
  }
}
