import Ajv from 'ajv';
import { expect } from 'vitest';
import schema from '../fixtures/health.schema.json';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** One document of `--reply json`, as far as tests look into it. */
export interface HealthDocument {
  readonly status: string;
  readonly description: string;
  readonly output: string;
  readonly checks: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Reads one line of health+json; fails where it does not keep to the schema. */
export function readHealth(text: string): HealthDocument {
  expect(text).toMatch(/^\{[^\n\r]*\}\n$/);
  const document: HealthDocument = JSON.parse(text);
  validate(document);
  expect(validate.errors).toBe(null);
  return document;
}
