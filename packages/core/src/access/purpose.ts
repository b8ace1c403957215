/**
 * What a question is asked for: the four types of use of the 1+ Million Genomes framework. Another use is none that may be
 * stated.
 */
export const PURPOSES = ['research', 'policy', 'quality-management', 'healthcare'] as const;
/** See `PURPOSES`. */
export type Purpose = (typeof PURPOSES)[number];

/** Whether text names one of the four types of use. */
export function isPurpose(text: string): text is Purpose {
  return PURPOSES.some((purpose) => purpose === text);
}

/** In which header a question says what it is for; Beacon has no place for that. */
export const PURPOSE_HEADER = 'federome-purpose';
