/**
 * Properties try the same values in every run, so that a run says something of the change at hand and not of chance.
 * `PROPERTY_SEED=<number>` tries others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20261121) });

/**
 * As many frames as Node keeps. The runner asks for a hundred, and what fails on purpose thousands of times would mostly
 * write down who called whom.
 */
Error.stackTraceLimit = 10;
