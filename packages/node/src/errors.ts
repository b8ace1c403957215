import { CodedError } from '@federome/core';

/** What a node or hub refuses on its own account; formats, genotypes, core and client have their own unions. */
export type NodeErrorCode =
  | 'node/no-home'
  | 'node/home-exists'
  | 'node/bad-config'
  | 'node/wrong-role'
  | 'node/unknown-dataset'
  | 'node/dataset-exists'
  | 'node/bad-dataset'
  | 'node/unknown-subject'
  | 'node/subject-without-genome'
  | 'node/duplicate-subject'
  | 'node/unknown-term'
  | 'node/unknown-gene'
  | 'node/bad-request'
  | 'node/bad-filter'
  | 'node/request-too-large'
  | 'node/not-found'
  | 'node/assembly-mismatch'
  | 'node/ambiguous-assembly'
  | 'node/unknown-member'
  | 'node/member-exists'
  | 'node/member-refused'
  | 'node/members-refused'
  | 'node/no-member-answered'
  | 'node/store'
  | 'node/cannot-write'
  | 'node/cannot-listen'
  | 'node/overloaded'
  | 'node/forbidden'
  | 'node/not-annotated'
  | 'node/too-many-requests'
  | 'node/key-store'
  | 'node/key-missing'
  | 'node/wrong-key'
  | 'node/internal';

/** A refusal or failure of a node or hub. */
export class NodeError extends CodedError<NodeErrorCode> {}
