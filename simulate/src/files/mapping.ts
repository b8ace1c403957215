import type { OntologyTerm } from '@federome/core';
import { HEIGHT, LDL, WEIGHT } from '../health/measurements.ts';

/** The mapping of the table with its own columns: YAML, as `federome subjects --mapping` reads it. */
export const MAPPING = `# What the columns of patients.csv mean.
id: patient
sex: gender
dateOfBirth: born
population: region
terms:
  - { column: phenotypes, kind: phenotypicFeature }
  - { column: diagnoses, kind: disease }
measurements:
${measurement('height_in', HEIGHT, '[in_i]')}
${measurement('weight_lb', WEIGHT, '[lb_av]')}
${measurement('ldl_mmol_l', LDL, 'mmol/L')}
`;

function measurement(column: string, assay: OntologyTerm, unit: string): string {
  return `  - { column: ${column}, assay: { id: '${assay.id}', label: '${assay.label}' }, unit: '${unit}' }`;
}
