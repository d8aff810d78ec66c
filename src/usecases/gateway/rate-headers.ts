import { isoOfInstant } from '#core/units/instant-ms.ts';
import { openAiDuration } from '#core/wire/openai/duration.ts';
import type { ErrorFormat } from './dialects/dialect.ts';
import type { RateViews } from './rate-limiter.ts';

const units = ['requests', 'tokens'] as const;

/** What is left of a tenant's limits, under OpenAI's names, and under those of the caller's own format beside them. */
export function rateHeaders(
  views: RateViews,
  { errors, at }: { readonly errors: ErrorFormat; readonly at: number },
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const unit of units) {
    const view = views[unit];
    if (view === undefined) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(view.limit);
    headers[`x-ratelimit-remaining-${unit}`] = String(Math.floor(view.remaining));
    headers[`x-ratelimit-reset-${unit}`] = openAiDuration(view.resetMs);
  }
  return { ...headers, ...errors.rateHeaders?.(views, at) };
}

/** The same as Anthropic's clients look for it, with times for durations. */
export function anthropicRateHeaders(views: RateViews, at: number): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const unit of units) {
    const view = views[unit];
    if (view === undefined) continue;
    headers[`anthropic-ratelimit-${unit}-limit`] = String(view.limit);
    headers[`anthropic-ratelimit-${unit}-remaining`] = String(Math.floor(view.remaining));
    headers[`anthropic-ratelimit-${unit}-reset`] = isoOfInstant(at + view.resetMs);
  }
  return headers;
}
