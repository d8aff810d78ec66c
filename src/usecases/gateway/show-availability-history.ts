/** What people ask of the past: how it was at a moment, and what is different between two. */
import { observedPlaces } from '#core/metrics/metric-shape.ts';
import { instantOfIso } from '#core/units/instant-of-iso.ts';
import { answerJson, answerRefusal } from './answer.ts';
import { answerInTurn, askedAvailability, unreadableNow } from './asked-availability.ts';
import { bounded } from './bounded.ts';
import type { GatewayAnswer } from './gateway-answer.ts';
import { printable } from './printable.ts';
import type { Services } from './services.ts';
import { answerTold } from './show-availability-answer.ts';
import { availabilityChangesOf } from './show-availability-changes.ts';
import { toldPast } from './show-availability-past.ts';
import { type Arrival, passed, refused, type Staged } from './stage.ts';

/** Hundreds of logs are read one after the other. */
const STORE_MS_MAX = 15_000;
const WEEK_MS = 7 * 86_400_000;
const LIMIT = 200;
const LIMIT_MAX = 1000;

/** GET /spillway/v1/availability/changes?since=&until=&model=&region=&account=&limit=: what moved, of targets that the caller may use; of all for an operator. */
export async function answerAvailabilityChanges(
  services: Services,
  arrival: Arrival,
): Promise<GatewayAnswer> {
  const { requestId, url } = arrival;
  const viewed = await askedAvailability(services, arrival);
  if (!viewed.ok) return answerRefusal(viewed.refusal, { requestId });
  const period = periodOf(url, services.clock.now());
  if (!period.ok) return answerRefusal(period.refusal, { requestId });
  const asked = {
    ...viewed.value,
    ...period.value,
    configured: observedPlaces(services.config).some(viewed.value.fits),
    after: url.searchParams.get('after') ?? undefined,
  };
  const answer = async () => {
    const told = bounded(services.clock, STORE_MS_MAX, availabilityChangesOf(services, asked));
    const { shown, more } = await told;
    const next = more === undefined ? {} : { next: nextPage(url, { until: shown.until, after: more }) };
    return answerJson({ ...shown, ...next }, { requestId });
  };
  const answered = () => answer().catch(() => answerRefusal(unreadableNow, { requestId }));
  return answerInTurn(services, arrival, { who: asked.who, answer: answered });
}

/** GET /spillway/v1/availability?at=: as it was at a past moment. */
export async function answerPastAvailability(services: Services, arrival: Arrival): Promise<GatewayAnswer> {
  const { requestId, url } = arrival;
  const viewed = await askedAvailability(services, arrival);
  if (!viewed.ok) return answerRefusal(viewed.refusal, { requestId });
  const text = url.searchParams.get('at') ?? '';
  const at = instantOfIso(text);
  if (at === undefined || at > services.clock.now()) {
    const message = `at must be a past time in ISO 8601 with its zone, such as 2026-11-21T08:00:00Z, not "${printable(text)}"`;
    return answerRefusal({ code: 'invalid_request', message, param: 'at' }, { requestId });
  }
  const answer = () =>
    bounded(services.clock, STORE_MS_MAX, toldPast(services, { ...viewed.value, at })).then(
      (told) => answerTold(services, arrival, told),
      () => answerRefusal(unreadableNow, { requestId }),
    );
  return answerInTurn(services, arrival, { who: viewed.value.who, answer });
}

interface Period {
  readonly since: number;
  readonly until: number | undefined;
  readonly limit: number;
}

function periodOf({ searchParams }: URL, now: number): Staged<Period> {
  const wrong: string[] = [];
  const timeOf = (name: 'since' | 'until'): number | undefined => {
    const text = searchParams.get(name) ?? '';
    const at = instantOfIso(text);
    if (text !== '' && at === undefined)
      wrong.push(
        `${name} must be a time in ISO 8601 with its zone, such as 2026-11-21T08:00:00Z, not "${printable(text)}"`,
      );
    return at;
  };
  const [asked, until] = [timeOf('since'), timeOf('until')];
  const since = asked ?? (until ?? now) - WEEK_MS;
  const limitText = searchParams.get('limit') ?? String(LIMIT);
  const limit = /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > LIMIT_MAX)
    wrong.push(`limit must be a whole number from 1 to ${LIMIT_MAX}, not "${printable(limitText)}"`);
  if (wrong.length === 0 && since >= (until ?? now))
    wrong.push('since must be before until, and in the past');
  return wrong.length === 0
    ? passed({ since, until: until === undefined || until >= now ? undefined : until, limit })
    : refused({ code: 'invalid_request', message: wrong.join('; ') });
}

function nextPage(url: URL, rest: { readonly until: string; readonly after: string }): string {
  const parameters = new URLSearchParams(url.searchParams);
  for (const [name, value] of Object.entries(rest)) parameters.set(name, value);
  return `${url.pathname}?${parameters}`;
}
