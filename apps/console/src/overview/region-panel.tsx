import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { found, useCatalogue } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { useZoneStatus } from './graph';
import { useKinds } from './kinds';
import { isPlanned, type Structure, type Tie } from './structure';

interface Props {
  readonly structure: Structure;
  readonly region: string;
  readonly year: string;
  readonly onClose: () => void;
}

/** What is known of one region, and where there is more. */
export function RegionPanel({ structure, region, year, onClose }: Props) {
  const { say, tell } = useLanguage();
  const { figures, lists } = useCatalogue();
  const { nameOf: kindName } = useKinds();
  const status = useZoneStatus();
  const nameOf = (id: string) =>
    structure.regions.find((one) => one.region === id)?.name ??
    structure.places.find(({ place }) => place === id)?.name ??
    id;
  const isRegion = structure.regions.some((one) => one.region === region);
  const zones = structure.zones.filter((zone) => zone.region === region);
  const ties = structure.ties.filter(({ from, to }) => from === region || to === region);
  const carriers = found(lists, 'carriers');
  const linkTo = (tie: Tie) => {
    const list = lists.find(({ name }) => name === 'links');
    return list && { params: { list: 'links' }, search: { link: tie.link, open: tie.link } };
  };
  return (
    <section className="card region-panel" aria-label={nameOf(region)}>
      <header>
        <h2>
          {nameOf(region)}
          {region === structure.hub && <span className="tag good">{say('总窗口', 'Hub')}</span>}
        </h2>
        <Button size="small" onClick={onClose}>
          {say('关闭', 'Close')}
        </Button>
      </header>
      {zones.length > 0 && (
        <ul>
          {zones.map((zone) => (
            <li key={zone.zone}>
              <Link to="/lists/$list" params={{ list: 'zones' }} search={{ zone: zone.zone, open: zone.zone }}>
                {zone.name}
              </Link>
              <span className={isPlanned(zone) ? 'tag waits' : 'tag good'}>{status(zone)}</span>
            </li>
          ))}
        </ul>
      )}
      {ties.length > 0 && (
        <ul>
          {ties.map((tie) => {
            const target = linkTo(tie);
            const text = `${kindName(tie.kind)}：${nameOf(tie.from)} → ${nameOf(tie.to)}`;
            return (
              <li key={tie.link}>
                {target ? (
                  <Link to="/lists/$list" {...target}>
                    {text}
                  </Link>
                ) : (
                  text
                )}
                {isPlanned(tie) ? (
                  <span className="tag waits">{say('规划、在建', 'planned')}</span>
                ) : (
                  <span className="nothing">{tie.openedOn}</span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {zones.length + ties.length === 0 && (
        <p className="nothing">{say('此日没有区与联动关系', 'No zone and no link on this day')}</p>
      )}
      {isRegion && (
        <p className="meta">
          <Link to="/lists/$list" params={{ list: carriers.name }} search={{ home: region }}>
            {tell(carriers)}
          </Link>
          {figures.flatMap((figure) => {
            const dimension = Object.keys(figure.dimensions).find((name) => figure.dimensions[name]!.region);
            if (dimension === undefined) return [];
            return (
              <Link
                key={figure.name}
                to="/figures/$figure"
                params={{ figure: figure.name }}
                search={{ [dimension]: region, period: year }}
              >
                {tell(figure)}
              </Link>
            );
          })}
        </p>
      )}
    </section>
  );
}
