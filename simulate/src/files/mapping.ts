/** The mapping of the table with its own columns. */
export const MAPPING = `columns: {}
`;
