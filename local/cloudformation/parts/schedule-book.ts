/** EventBridge Scheduler: calls functions when the clock that it is given says so, under the role of each schedule. */
import type { AccountClients } from './account-clients.ts';
import type { FunctionBook } from './function-book.ts';
import { readScheduleExpression, type ScheduleTimes } from './schedule-expression.ts';
import { sendToQueue } from './send-to-queue.ts';
import { accountOf, regionOf, type ServiceAccess } from './service-access.ts';

export interface Schedule {
  readonly arn: string;
  readonly expression: string;
  readonly isEnabled: boolean;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  readonly deadLetterArn: string | undefined;
}

interface KeptSchedule extends Schedule {
  readonly times: ScheduleTimes;
  readonly since: Date;
  fired: number;
  lastError: string;
}

const minuteMs = 60_000;

export class ScheduleBook {
  readonly #parts: { clients: AccountClients; functions: FunctionBook; access: ServiceAccess };
  readonly #schedules = new Map<string, KeptSchedule>();
  #now: Date;

  /** @param now by which schedules fire: it stands still until `runUntil` */
  constructor(parts: { clients: AccountClients; functions: FunctionBook; access: ServiceAccess }, now: Date) {
    this.#parts = parts;
    this.#now = now;
  }

  /** @throws an Error for an expression that Scheduler would refuse */
  put(schedule: Schedule): void {
    const times = readScheduleExpression(schedule.expression);
    const before = this.#schedules.get(schedule.arn);
    const since = before?.since ?? this.#now;
    this.#schedules.set(schedule.arn, {
      ...schedule,
      times,
      since,
      fired: before?.fired ?? 0,
      lastError: '',
    });
  }

  remove(arn: string): void {
    this.#schedules.delete(arn);
  }

  get now(): Date {
    return this.#now;
  }

  /** How often it fired, and what went wrong the last time that something did. */
  seen(arn: string): { readonly fired: number; readonly lastError: string } | undefined {
    return this.#schedules.get(arn);
  }

  /** Lets the clock run on, minute by minute, and fires what is due; each minute's calls end before the next begins. */
  async runUntil(end: Date): Promise<void> {
    const first = Math.floor(this.#now.getTime() / minuteMs) * minuteMs + minuteMs;
    for (let at = first; at <= end.getTime(); at += minuteMs) {
      this.#now = new Date(at);
      const due = [...this.#schedules.values()].filter(
        ({ isEnabled, times, since }) => isEnabled && times.firesAt(new Date(at), since),
      );
      await Promise.all(due.map((schedule) => this.#fire(schedule)));
      await this.#parts.functions.idle();
    }
    this.#now = end;
  }

  async #fire(schedule: KeptSchedule): Promise<void> {
    const { arn, targetArn, roleArn, input, deadLetterArn } = schedule;
    const { access, functions, clients } = this.#parts;
    const region = regionOf(arn);
    try {
      await access.assume('scheduler.amazonaws.com', roleArn, {
        account: accountOf(arn),
        region,
        context: trustContext(arn),
      });
      const call = { action: 'lambda:InvokeFunction', resource: targetArn, account: accountOf(targetArn) };
      await access.require(roleArn, call, region);
      functions.invokeLater(targetArn, input);
      schedule.fired += 1;
    } catch (error) {
      schedule.lastError = String(error);
      if (deadLetterArn === undefined) return;
      const message = { roleArn, body: input, error: String(error) };
      await sendToQueue(clients, deadLetterArn, message).catch((problem: unknown) => {
        schedule.lastError += `; dead letter: ${String(problem)}`;
      });
    }
  }
}

/** What Scheduler says of itself to a role: the account, and the group that the schedule is in. */
export function trustContext(scheduleArn: string): Readonly<Record<string, string>> {
  const group = scheduleArn.split('/')[1] ?? 'default';
  return {
    'aws:SourceAccount': accountOf(scheduleArn),
    'aws:SourceArn': `arn:aws:scheduler:${regionOf(scheduleArn)}:${accountOf(scheduleArn)}:schedule-group/${group}`,
  };
}
