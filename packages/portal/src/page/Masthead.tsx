import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { Segments } from '../design/Segments.tsx';
import { isLanguage, LANGUAGES, speak } from '../language/languages.ts';
import { SessionTools } from './SessionTools.tsx';
import { applyTheme, chosenTheme, THEMES, type Theme } from './theme.ts';

/** The network's name, and how the page speaks and looks. */
export function Masthead({ name }: { readonly name: string | undefined }): ReactNode {
  return (
    <header className="masthead">
      <div className="masthead-name">
        <Icon name="mark" />
        <span>{name ?? 'Federome'}</span>
      </div>
      <div className="masthead-tools">
        <SessionTools />
        <LanguageChoice />
        <ThemeChoice />
      </div>
    </header>
  );
}

function LanguageChoice(): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <label className="language">
      <Icon name="language" />
      <span className="visually-hidden">{t('language.label')}</span>
      <select
        value={i18n.language}
        onChange={({ target }) => {
          if (isLanguage(target.value)) void speak(target.value);
        }}
      >
        {Object.entries(LANGUAGES).map(([code, label]) => (
          <option key={code} value={code} lang={code}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeChoice(): ReactNode {
  const { t } = useTranslation();
  const [theme, setTheme] = useState<Theme>(chosenTheme);
  return (
    <Segments
      label={t('theme.label')}
      isLabelHidden
      value={theme}
      onChange={(chosen) => {
        applyTheme(chosen);
        setTheme(chosen);
      }}
      options={THEMES.map((value) => ({
        value,
        label: t(`theme.${value}`),
        icon: <Icon name={value} />,
      }))}
    />
  );
}
