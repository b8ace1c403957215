import { expect, test } from 'vitest';
import { isLanguage, LANGUAGES, LOCALES, preferredLanguage } from './languages.ts';
import english from './locales/en.ts';

const PLURAL = /_(zero|one|two|few|many|other)$/;
const languages = Object.keys(LANGUAGES).filter(isLanguage);
const englishTexts = textsOf(english);

function textsOf(tree: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(path + key, value);
    else for (const [inner, text] of textsOf(value, `${path}${key}.`)) texts.set(inner, text);
  }
  return texts;
}

/** The keys that a language needs: English's, with the plural categories of its own grammar. */
function expectedKeys(language: string): string[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return [...englishTexts.keys()].flatMap((key) => {
    if (!PLURAL.test(key)) return [key];
    return key.endsWith('_other') ? categories.map((category) => key.replace(PLURAL, `_${category}`)) : [];
  });
}

function placeholdersOf(text: string): string[] {
  return (text.match(/\{\{[^}]*\}\}/g) ?? []).sort();
}

test.each(languages)('%s has every text, with the plurals of its grammar, and no other', async (language) => {
  const texts = textsOf((await LOCALES[language]()).default);
  expect([...texts.keys()].sort()).toEqual(expectedKeys(language).sort());
  for (const [key, text] of texts) expect(text.trim(), key).not.toBe('');
});

test.each(languages)('the texts of %s fill in the same values as the English ones', async (language) => {
  for (const [key, text] of textsOf((await LOCALES[language]()).default)) {
    const original = englishTexts.get(key) ?? englishTexts.get(key.replace(PLURAL, '_other')) ?? '';
    expect(placeholdersOf(text), key).toEqual(placeholdersOf(original));
  }
});

test.each(languages.filter((language) => language !== 'en'))(
  '%s is translated, not copied',
  async (language) => {
    const same = [...textsOf((await LOCALES[language]()).default)].filter(
      ([key, text]) => text.length > 16 && englishTexts.get(key) === text,
    );
    expect(same).toEqual([]);
  },
);

test.each([
  [['fr-CA', 'en'], 'fr'],
  [['sv-SE', 'et'], 'et'],
  [['ja'], 'en'],
  [[], 'en'],
])('whoever prefers %j reads %s', (wanted, language) => {
  expect(preferredLanguage(wanted)).toBe(language);
});
