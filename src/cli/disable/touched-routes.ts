import type { Route } from '#core/plan/route.ts';
import { placesOf } from '../routes/draw-route.ts';
import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';

/** A route that a target stands in, and what of it would be left to call. */
export interface TouchedRoute {
  readonly route: string;
  /** `1`, `b1` in the baseline, `1, b1` for both. */
  readonly places: string;
  /** Other targets of the route, baseline too, that nobody disabled. */
  readonly left: number;
}

export function touchedRoutes(
  routes: readonly Route[],
  target: string,
  disabled: ReadonlySet<string>,
): readonly TouchedRoute[] {
  return routes.flatMap((route) => {
    const ids = new Set([...route.targets, ...route.baseline].map(({ id }) => id));
    if (!ids.has(target)) return [];
    const left = [...ids].filter((id) => id !== target && !disabled.has(id)).length;
    return [{ route: `${route.model} · ${route.residency}`, places: placesOf(route, target), left }];
  });
}

/** What disabling the target takes from each route. */
export function drawTouchedRoutes(
  target: string,
  touched: readonly TouchedRoute[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const head = paint('strong', target);
  if (touched.length === 0) return [head, paint('dim', '  in no published route')];
  const rows = touched.map(({ route, places, left }) => ({
    cells: [
      route,
      places,
      left === 0
        ? { text: 'nothing: its requests would fail', ink: 'bad' as const }
        : `${left} other target${left === 1 ? '' : 's'}`,
    ],
  }));
  const columns = [{ heading: 'route' }, { heading: 'place' }, { heading: 'left to call', widthMin: 12 }];
  return [head, ...renderTable({ columns, rows, width, paint, indent: 2 })];
}
