import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sharedPath } from '@federome/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const SPECIFICATION = 'specs/beacon-v2.1.1';
const RAW = 'https://raw.githubusercontent.com/ga4gh-beacon/beacon-v2/main/';
const VRS = 'https://w3id.org/ga4gh/schema/vrs/1.3/vrs.json';
/** Below which schemas lie in the specification's own repository, whose relative references count on it. */
const LAYOUT: readonly (readonly [string, string])[] = [
  ['framework/', 'framework/json/'],
  ['models/beacon-v2-default-model/', 'models/json/beacon-v2-default-model/'],
];

export type Validate = (document: unknown) => readonly string[];

/** Validators of the official Beacon v2.1.1 schemas, by path as in the specification's repository. */
export function beaconSchemas(): (path: string) => Validate {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv, ['date-time', 'uri', 'int32', 'int64', 'uri-template']);
  for (const [path, schema] of officialSchemas()) ajv.addSchema(schema, RAW + path);
  // Five model schemas refer to a file that does not exist; it is the framework's (specs/README.md).
  const info = readSchema(join(sharedPath(SPECIFICATION), 'framework/common/info.json'));
  ajv.addSchema(info, `${RAW}models/json/beacon-v2-default-model/common/info.json`);
  // A draft-07 schema whose `deprecated` is a text: not valid by the meta-schema of 2020-12, and otherwise the same.
  ajv.addSchema(readSchema(sharedPath('specs/vrs-1.3/vrs.json')), VRS, false, false);
  return (path) => {
    const validate = ajv.getSchema(RAW + path);
    if (validate === undefined) throw new Error(`no schema ${path}`);
    return (document) =>
      validate(document)
        ? []
        : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

function* officialSchemas(): Iterable<readonly [string, object]> {
  const root = sharedPath(SPECIFICATION);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith('.json') || /example|endpoints\.json/.test(file)) continue;
    const path = relative(root, file);
    const [from, to] = LAYOUT.find(([folder]) => path.startsWith(folder)) ?? ['', ''];
    yield [to + path.slice(from.length), readSchema(file)];
  }
}

function readSchema(file: string): object {
  const { $id: _, $schema: __, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  return schema;
}
