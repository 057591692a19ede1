import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';

export type Language = 'zh' | 'en';

/** Both texts stand where they are used: one that is missing does not compile. */
export type Say = (zh: string, en: string) => string;
export interface Told {
  readonly zh: string;
  readonly en: string;
}

interface Spoken {
  readonly language: Language;
  readonly say: Say;
  /** Of a thing that has both texts, the one that is read. */
  readonly tell: (told: Told) => string;
  readonly speak: (language: Language) => void;
}

const STORED = 'liandong.language';
const Context = createContext<Spoken | null>(null);

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem(STORED) === 'en' ? 'en' : 'zh'));
  const speak = useCallback((chosen: Language) => {
    localStorage.setItem(STORED, chosen);
    setLanguage(chosen);
  }, []);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  const spoken = useMemo<Spoken>(
    () => ({
      language,
      say: (zh, en) => (language === 'zh' ? zh : en),
      tell: (told) => told[language],
      speak,
    }),
    [language, speak],
  );
  return <Context value={spoken}>{children}</Context>;
}

export function useLanguage(): Spoken {
  const spoken = use(Context);
  if (spoken === null) throw new Error('no language');
  return spoken;
}

/** What a command is called where it is one of many: without what its title adds in brackets or after a colon. */
export const brief = ({ zh, en }: Told): Told => ({
  zh: zh.replace(/[（：；，].*$/u, ''),
  en: en.replace(/(?: \(|[:;,]).*$/, ''),
});
