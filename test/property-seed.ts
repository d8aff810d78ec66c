/**
 * Properties try the same values in every run, so that a run says something of the change at hand and not of chance.
 * `PROPERTY_SEED=<number>` tries others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20261121) });
