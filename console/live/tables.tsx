import type { LiveEvent } from '#contract/live.ts';
import { duration } from './timeline.ts';

export function ModelTable({ event }: { readonly event: LiveEvent }) {
  const seconds = Math.round(event.windowMs / 1000);
  return (
    <section aria-labelledby="live-models-title">
      <h2 id="live-models-title">Models, last {seconds} s</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard */}
      <section class="live-scroll" tabIndex={0} aria-label="Models, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Requests</th>
              <th scope="col">First content p50</th>
              <th scope="col">p95</th>
              <th scope="col">Whole p50</th>
              <th scope="col">p95</th>
            </tr>
          </thead>
          <tbody>
            {event.models.map(({ model, requests, firstContentMs, totalMs }) => (
              <tr key={model}>
                <th scope="row">{model}</th>
                <td>{requests}</td>
                <td>{timeOf(firstContentMs?.p50)}</td>
                <td>{timeOf(firstContentMs?.p95)}</td>
                <td>{timeOf(totalMs?.p50)}</td>
                <td>{timeOf(totalMs?.p95)}</td>
              </tr>
            ))}
            {event.models.length === 0 && (
              <tr>
                <td colSpan={6} class="dim">
                  No request has ended.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const lanes = ['interactive', 'standard', 'bulk'] as const;

export function SlotTable({ event }: { readonly event: LiveEvent }) {
  return (
    <section aria-labelledby="live-slots-title">
      <h2 id="live-slots-title">Lanes and slots, now</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard */}
      <section class="live-scroll" tabIndex={0} aria-label="Lanes and slots, table">
        <table>
          <thead>
            <tr>
              <th scope="col">Lane or target</th>
              <th scope="col">Waiting</th>
              <th scope="col">Slots in use</th>
            </tr>
          </thead>
          <tbody>
            {lanes.map((lane) => (
              <tr key={lane}>
                <th scope="row">Lane {lane}</th>
                <td>{event.lanes[lane].waiting}</td>
                <td>{event.lanes[lane].slots}</td>
              </tr>
            ))}
            {event.targets.map(({ target, slots, slotsMax }) => (
              <tr key={target}>
                <th scope="row" class="mono">
                  {target}
                </th>
                <td>–</td>
                <td>{slotsMax === undefined ? slots : `${slots} of ${slotsMax}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const timeOf = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '–' : duration(milliseconds);
