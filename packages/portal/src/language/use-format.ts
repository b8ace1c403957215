import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Format, formatFor } from './format.ts';

/** The formats of the language that is spoken now. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => formatFor(i18n.language), [i18n.language]);
}
