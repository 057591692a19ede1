import { ConfigProvider, theme as antd } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useLanguage } from './language';

type Shade = 'light' | 'dark';
const STORED = 'liandong.shade';
const DARK = matchMedia('(prefers-color-scheme: dark)');
const NONCE = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

const Context = createContext<{ shade: Shade; turn: () => void }>({ shade: 'light', turn: () => undefined });

/** Contrast of at least 4.5 : 1 on both grounds (WCAG 2.2, 1.4.3): antd's stock greys and blue have less. */
const TOKENS = {
  light: {
    colorPrimary: '#12519c',
    colorLink: '#12519c',
    colorTextTertiary: '#5f6b7a',
    colorTextDescription: '#5f6b7a',
    colorTextPlaceholder: '#667080',
    colorError: '#c11f2f',
  },
  dark: {
    colorPrimary: '#5b9ff5',
    colorLink: '#7db4fa',
    colorTextTertiary: '#a5b0bf',
    colorTextDescription: '#a5b0bf',
    colorTextPlaceholder: '#98a3b3',
  },
} as const;

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const { language } = useLanguage();
  const [chosen, choose] = useState(() => localStorage.getItem(STORED) as Shade | null);
  const [dark, setDark] = useState(DARK.matches);
  useEffect(() => {
    const follow = () => setDark(DARK.matches);
    DARK.addEventListener('change', follow);
    return () => DARK.removeEventListener('change', follow);
  }, []);
  const shade = chosen ?? (dark ? 'dark' : 'light');
  useEffect(() => {
    document.documentElement.dataset.shade = shade;
  }, [shade]);
  const value = useMemo(() => {
    const turn = () => {
      const other = shade === 'dark' ? 'light' : 'dark';
      localStorage.setItem(STORED, other);
      choose(other);
    };
    return { shade, turn };
  }, [shade]);
  const theme = useMemo(
    () => ({
      algorithm: shade === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
      components: shade === 'dark' ? { Button: { primaryColor: '#0b1420' } } : {},
      token: { ...TOKENS[shade], borderRadius: 4, fontFamily: 'var(--font)', motion: false },
    }),
    [shade],
  );
  return (
    <Context value={value}>
      <ConfigProvider
        csp={{ nonce: NONCE }}
        locale={language === 'zh' ? zhCN : enUS}
        theme={theme}
        button={{ autoInsertSpace: false }}
      >
        {children}
      </ConfigProvider>
    </Context>
  );
}

export const useShade = () => use(Context);
