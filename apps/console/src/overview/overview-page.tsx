import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useLanguage } from '../kit/language';
import { today } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes, type Times } from '../kit/times';
import { Labelled } from '../lists/labelled';
import { useAsked, type Search } from '../shell/search-params';
import { Attention } from './attention';
import { DaySlider } from './day-slider';
import { FigureCards } from './figure-cards';
import { Graph } from './graph';
import { RegionPanel } from './region-panel';
import { askStructure, daysOf } from './structure';

const structureQuery = (times: Times) =>
  queryOptions({ queryKey: ['structure', times], queryFn: ({ signal }) => askStructure(times, signal) });

/** A moving slider asks no more often than this. */
const MOVING_MS = 90;

/** The province at a glance, on any day: who is tied to whom, the three figures of the year, and what needs attention. */
export default function OverviewPage() {
  const { say } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const times = useTimes();
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });
  const day = times.asOf ?? today();
  const moving = useMoving(day);
  const shownTimes = moving.day === day ? times : { ...times, asOf: moving.day };
  const {
    data: structure,
    error,
    refetch,
  } = useQuery({ ...structureQuery(shownTimes), placeholderData: keepPreviousData });
  const { data: whole } = useQuery(structureQuery({ asAt: times.asAt }));
  const against = /^\d{4}-\d\d-\d\d$/.test(search.with ?? '') ? search.with : undefined;
  const { data: other } = useQuery({
    ...structureQuery({ ...times, asOf: against ?? day }),
    enabled: against !== undefined,
  });
  const marked = whole ? daysOf(whole).filter((one) => one <= today()) : [];
  const settle = (chosen: string) => ask({ asOf: chosen === today() ? undefined : chosen });
  return (
    <Page
      title={say('总览', 'Overview')}
      lead={say('一总多区：总窗口、各区与其间的联动关系。', 'One hub, many zones, and what ties them.')}
      actions={
        <>
          <Labelled label={say('与此日相比', 'Compared with')}>
            <Input
              aria-label={say('与此日相比', 'Compared with')}
              type="date"
              value={against ?? ''}
              style={{ width: 140 }}
              onChange={({ target }) => ask({ with: target.value || undefined })}
            />
          </Labelled>
          {against !== undefined && (
            <Link
              className="button"
              to="/difference"
              search={{ a: against < day ? against : day, b: against < day ? day : against }}
            >
              {say('逐项变化', 'Each change')}
            </Link>
          )}
          <Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>
        </>
      }
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      <div className="overview">
        <section className="card graph-card" aria-label={say('结构', 'Structure')}>
          <div className="graph-room">
            {structure && (
              <Graph
                structure={structure}
                other={against === undefined ? undefined : other}
                chosen={search.region}
                onChoose={(region) => ask({ region: region === search.region ? undefined : region })}
              />
            )}
          </div>
          <DaySlider
            first={marked[0] ?? day}
            last={today()}
            day={day}
            marked={marked}
            onMove={moving.move}
            onSettle={settle}
          />
        </section>
        <div className="aside">
          <FigureCards day={day} times={times} />
          {search.region !== undefined && structure ? (
            <RegionPanel
              structure={structure}
              region={search.region}
              year={day.slice(0, 4)}
              onClose={() => ask({ region: undefined })}
            />
          ) : (
            <Attention times={times} />
          )}
        </div>
      </div>
    </Page>
  );
}

/** The day that is shown while the slider moves: the newest, but not every one of them. */
function useMoving(day: string): { readonly day: string; readonly move: (day: string) => void } {
  const [moved, move] = useState<string>();
  const [shown, show] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => show(moved), MOVING_MS);
    return () => clearTimeout(timer);
  }, [moved]);
  useEffect(() => {
    move(undefined);
    show(undefined);
  }, [day]);
  return { day: shown ?? day, move };
}
