import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  et: 'Eesti',
  es: 'Español',
  fr: 'Français',
  it: 'Italiano',
  fi: 'Suomi',
} as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'federome.language';

/** Every language is a chunk of its own, loaded when it is spoken. */
export const LOCALES: Readonly<Record<Language, () => Promise<{ readonly default: object }>>> = {
  en: () => import('./locales/en.ts'),
  de: () => import('./locales/de.ts'),
  et: () => import('./locales/et.ts'),
  es: () => import('./locales/es.ts'),
  fr: () => import('./locales/fr.ts'),
  it: () => import('./locales/it.ts'),
  fi: () => import('./locales/fi.ts'),
};

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}

/** The first of a person's languages that the portal speaks, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.split('-')[0]?.toLowerCase() ?? '';
    if (isLanguage(language)) return language;
  }
  return 'en';
}

/** i18next, speaking what the person chose before or what the browser prefers. */
export async function startLanguages(): Promise<i18n> {
  const stored = storedLanguage();
  const language = stored ?? preferredLanguage(navigator.languages);
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: (await LOCALES[language]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  return i18next;
}

/** Loads a language, speaks it from now on, and remembers it in this browser. */
export async function speak(language: Language): Promise<void> {
  i18next.addResourceBundle(language, 'translation', (await LOCALES[language]()).default);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage may be forbidden: the choice lasts as long as the page.
  }
}

function storedLanguage(): Language | undefined {
  try {
    const stored = localStorage.getItem(STORED) ?? '';
    return isLanguage(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}
