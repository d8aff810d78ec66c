/** The pages in the order of the navigation. A new one: its component, and one line here. */
import type { ComponentType } from 'preact';
import { AvailabilityPage } from '../availability/page.tsx';
import { BreakItPage } from '../break-it/page.tsx';
import { LivePage } from '../live/page.tsx';
import { MapPage } from '../map/page.tsx';
import { RoutesPage } from '../routes/page.tsx';
import type { ConsoleApi } from './console-api.ts';

export interface ConsolePage {
  /** Behind `#/`. */
  readonly path: string;
  readonly title: string;
  readonly component: ComponentType<{ readonly api: ConsoleApi }>;
  /** Of local mode alone: no deployed gateway has what it asks for. @default false */
  readonly isLocalOnly?: boolean;
}

export const pages: readonly ConsolePage[] = [
  { path: 'availability', title: 'Availability', component: AvailabilityPage },
  { path: 'map', title: 'Map', component: MapPage },
  { path: 'routes', title: 'Routes', component: RoutesPage },
  { path: 'live', title: 'Live', component: LivePage },
  { path: 'break-it', title: 'Break it', component: BreakItPage, isLocalOnly: true },
];
