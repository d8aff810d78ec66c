import { defineConfig } from '#contract/define-config.ts';
import acme from './acme.config.ts';

/** Acme under supervision: every decision is recorded for good, for as long as MiFID II asks at least. */
export default defineConfig({
  ...acme,
  audit: {
    enabled: true,
    retentionDays: 5 * 366,
    // For trying things out. What is deployed for a supervisor says 'compliance', which nobody can take back.
    mode: 'governance',
  },
  metrics: { budgetUsdPerMonth: 235 },
});
