import { Type } from 'typebox';
import { OntologyClass } from './ontology-class.ts';
import { TimeElement } from './time-element.ts';

/** Elements are checked; an absent list is an empty one. */
const list = <Item extends Parameters<typeof Type.Array>[0]>(item: Item) => Type.Optional(Type.Array(item));

export const Quantity = Type.Object({ unit: OntologyClass, value: Type.Number() });

const Individual = Type.Object({
  id: Type.String({
    minLength: 1,
    pattern: '\\S',
    description: "the subject's id, a string that is not empty",
  }),
  sex: Type.Optional(Type.String({ description: 'UNKNOWN_SEX, FEMALE, MALE or OTHER_SEX' })),
  dateOfBirth: Type.Optional(Type.String({ description: 'an ISO 8601 date and time' })),
  timeAtLastEncounter: Type.Optional(TimeElement),
  vitalStatus: Type.Optional(
    Type.Object({ status: Type.Optional(Type.String({ description: 'UNKNOWN_STATUS, ALIVE or DECEASED' })) }),
  ),
});

/** The fields of a Phenopacket 2.0 that a subject's record is made of; every other field is left unread. */
export const Phenopacket = Type.Object({
  subject: Type.Object(Individual.properties, {
    description: 'the individual that the phenopacket describes',
  }),
  phenotypicFeatures: list(
    Type.Object({
      type: OntologyClass,
      excluded: Type.Optional(Type.Boolean()),
      onset: Type.Optional(TimeElement),
    }),
  ),
  diseases: list(
    Type.Object({
      term: OntologyClass,
      excluded: Type.Optional(Type.Boolean()),
      onset: Type.Optional(TimeElement),
    }),
  ),
  interpretations: list(
    Type.Object({
      progressStatus: Type.Optional(
        Type.String({ description: 'UNKNOWN_PROGRESS, IN_PROGRESS, COMPLETED, SOLVED or UNSOLVED' }),
      ),
      diagnosis: Type.Optional(Type.Object({ disease: Type.Optional(OntologyClass) })),
    }),
  ),
  measurements: list(
    Type.Object({
      assay: OntologyClass,
      value: Type.Optional(Type.Object({ quantity: Type.Optional(Quantity) })),
      complexValue: Type.Optional(
        Type.Object({ typedQuantities: list(Type.Object({ type: OntologyClass, quantity: Quantity })) }),
      ),
      timeObserved: Type.Optional(TimeElement),
    }),
  ),
  medicalActions: list(
    Type.Object({
      procedure: Type.Optional(Type.Object({ code: OntologyClass })),
      treatment: Type.Optional(Type.Object({ agent: OntologyClass })),
      radiationTherapy: Type.Optional(Type.Object({ modality: OntologyClass })),
      therapeuticRegimen: Type.Optional(Type.Object({ ontologyClass: Type.Optional(OntologyClass) })),
    }),
  ),
});
