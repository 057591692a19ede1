import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { Suspense, useEffect, useRef, useState } from 'react';
import { catalogueQuery } from '../api/catalogue';
import { sessionQuery, signInAddress, signOut, VIEW, type SignedIn } from '../api/session';
import { useLanguage } from '../kit/language';
import { useRegionName } from '../kit/names';
import { Failed } from '../kit/problem';
import { roles } from '../kit/roles';
import { useShade } from '../kit/theme';
import { Navigation } from './navigation';
import { useNews } from './news';
import { TimesBar } from './times-bar';

/** Around every page: who has signed in, where one can go, as of when one looks. */
export function Shell() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (session === undefined) return <Waiting />;
  return session.signedIn ? <Inside actor={session} /> : <SignIn />;
}

const Waiting = () => {
  const { say } = useLanguage();
  return (
    <p className="loading" role="status">
      {say('读取中…', 'Loading…')}
    </p>
  );
};

function SignIn() {
  const { say } = useLanguage();
  const { href } = useRouterState({ select: ({ location }) => location });
  useEffect(() => {
    document.title = say('登录 · 联动', 'Sign in · Liandong');
  });
  return (
    <main className="sign-in">
      <img src="/icon.svg" alt="" width={56} height={56} />
      <h1>{say('联动', 'Liandong')}</h1>
      <p>
        {say(
          '一总多区省级平台：联动关系、资源共享、孵化容量与成果流向，每个数都有来历。',
          'The provincial platform of one hub and many zones: every figure with where it comes from.',
        )}
      </p>
      <Button type="primary" size="large" href={signInAddress(href)}>
        {say('登录', 'Sign in')}
      </Button>
      <Languages />
    </main>
  );
}

function Inside({ actor }: { readonly actor: SignedIn }) {
  const { say } = useLanguage();
  const catalogue = useQuery(catalogueQuery);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const live = useNews();
  useEffect(() => {
    // Who reads by ear, or goes by keyboard, is taken to the page that opened.
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {say('跳到正文', 'Skip to the page')}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width={26} height={26} />
          {say('联动', 'Liandong')}
          {VIEW === 'city' && <span className="city">{say('分平台', 'sub-platform')}</span>}
        </Link>
        {VIEW === 'platform' && <SearchBox />}
        <span className="grow" />
        <span role="status" className={live ? 'live' : 'live lost'}>
          {VIEW === 'platform' && (live ? say('实时', 'Live') : say('已断开，重连中', 'Disconnected; trying again'))}
        </span>
        <Languages />
        <Shade />
        {VIEW === 'platform' && <Who actor={actor} />}
      </header>
      <Navigation actor={actor} />
      <main id="main" ref={main} className="main" tabIndex={-1}>
        {VIEW === 'platform' && <TimesBar />}
        {catalogue.error ? (
          <Failed error={catalogue.error} again={() => void catalogue.refetch()} />
        ) : catalogue.data ? (
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        ) : (
          <Waiting />
        )}
      </main>
    </div>
  );
}

function Who({ actor }: { readonly actor: SignedIn }) {
  const { say, tell } = useLanguage();
  const region = useRegionName();
  return (
    <>
      <span className="who" title={actor.actor}>
        {tell(roles[actor.role])}
        {actor.region && ` · ${region(actor.region)}`}
      </span>
      <Button size="small" onClick={() => void signOut()}>
        {say('退出', 'Sign out')}
      </Button>
    </>
  );
}

function Languages() {
  const { language, speak } = useLanguage();
  return (
    <Button
      size="small"
      type="text"
      lang={language === 'zh' ? 'en' : 'zh-CN'}
      onClick={() => speak(language === 'zh' ? 'en' : 'zh')}
    >
      {language === 'zh' ? 'English' : '中文'}
    </Button>
  );
}

function Shade() {
  const { say } = useLanguage();
  const { shade, turn } = useShade();
  const label = shade === 'dark' ? say('浅色', 'Light') : say('深色', 'Dark');
  return (
    <Button size="small" type="text" onClick={turn}>
      {label}
    </Button>
  );
}

function SearchBox() {
  const { say } = useLanguage();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const label = say('按名称或代码搜索', 'Search by name or code');
  return (
    <Input.Search
      className="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={60}
      onChange={(event) => setText(event.target.value)}
      onSearch={(asked) => asked.trim() && void navigate({ to: '/search', search: { text: asked.trim() } })}
    />
  );
}
