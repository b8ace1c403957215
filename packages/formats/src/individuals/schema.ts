import { Type } from 'typebox';
import { OntologyClass } from '../phenopackets/ontology-class.ts';
import { TimeElement } from '../phenopackets/time-element.ts';

const list = <Item extends Parameters<typeof Type.Array>[0]>(item: Item) => Type.Optional(Type.Array(item));

export const Quantity = Type.Object({ unit: OntologyClass, value: Type.Number() });

const TypedQuantity = Type.Object({ quantityType: OntologyClass, quantity: Quantity });

/** The fields of a Beacon v2 individual (Beacon Friendly Format) that a subject's record is made of. */
export const BeaconIndividual = Type.Object({
  id: Type.String({
    minLength: 1,
    pattern: '\\S',
    description: "the individual's id, a string that is not empty",
  }),
  sex: Type.Optional(OntologyClass),
  ethnicity: Type.Optional(OntologyClass),
  geographicOrigin: Type.Optional(OntologyClass),
  diseases: list(
    Type.Object({
      diseaseCode: OntologyClass,
      excluded: Type.Optional(Type.Boolean()),
      ageOfOnset: Type.Optional(TimeElement),
    }),
  ),
  phenotypicFeatures: list(
    Type.Object({
      featureType: OntologyClass,
      excluded: Type.Optional(Type.Boolean()),
      onset: Type.Optional(TimeElement),
    }),
  ),
  interventionsOrProcedures: list(
    Type.Object({ procedureCode: OntologyClass, ageAtProcedure: Type.Optional(TimeElement) }),
  ),
  treatments: list(Type.Object({ treatmentCode: OntologyClass, ageAtOnset: Type.Optional(TimeElement) })),
  exposures: list(Type.Object({ exposureCode: OntologyClass, ageAtExposure: Type.Optional(TimeElement) })),
  measures: list(
    Type.Object({
      assayCode: OntologyClass,
      date: Type.Optional(Type.String({ description: 'an ISO 8601 date' })),
      measurementValue: Type.Object(
        {
          value: Type.Optional(Type.Number()),
          unit: Type.Optional(OntologyClass),
          quantity: Type.Optional(Quantity),
          typedQuantities: list(TypedQuantity),
          id: Type.Optional(Type.String()),
        },
        { description: 'a quantity with value and unit, typedQuantities, or an ontology term' },
      ),
    }),
  ),
  info: Type.Optional(
    Type.Object({
      dateOfBirth: Type.Optional(Type.Unknown()),
      population: Type.Optional(Type.Unknown()),
    }),
  ),
});
