/** What the commands of an operator need: as the whole package, without what serves, coordinates or introduces members. */
export { openNode } from './main.ts';
export { replaceFile } from './stores/atomic-file.ts';
export { parseRegionOf, parseVariant, readVariants } from './variant-names.ts';
