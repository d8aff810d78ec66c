/** The pages in the order of the navigation. A new one: its component, and one line here. */
import type { ComponentType } from 'preact';
import { AvailabilityPage } from '../availability/page.tsx';
import type { ConsoleApi } from './console-api.ts';

export interface ConsolePage {
  /** Behind `#/`. */
  readonly path: string;
  readonly title: string;
  readonly component: ComponentType<{ readonly api: ConsoleApi }>;
}

export const pages: readonly ConsolePage[] = [
  { path: 'availability', title: 'Availability', component: AvailabilityPage },
];
