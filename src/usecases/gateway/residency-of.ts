import { requestHeaders } from '#contract/http.ts';

/** The residency that the headers name; null when they name none, so that the tenant's default applies. */
export function residencyOf(headers: Headers): string | null {
  return headers.get(requestHeaders.residency);
}
