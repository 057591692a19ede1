import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from 'd3-sankey';
import { useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Measure } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { inOrder, type Matrix, type Pair } from './flow';
import { useNumberText } from './words';

const [WIDTH, HEIGHT] = [1080, 420];
const LABEL_PX = 150;
const LEAST_GAP = 4;

interface End {
  readonly id: string;
  readonly region: string;
  readonly side: 'origin' | 'destination';
}
/** d3 lays out by numbers; what is told is exact. */
interface Flowing extends Pick<Pair, 'origin' | 'destination'> {
  readonly exact: Pair['value'];
}
type Node = SankeyNode<End, Flowing>;
type Band = SankeyLink<End, Flowing>;

/** What one can stand on: an end, or a band between two. */
type Spot = { readonly node: Node } | { readonly band: Band };

interface Props {
  readonly label: string;
  readonly measure: Measure;
  readonly matrix: Matrix;
  readonly region: (id: string) => string;
  readonly onOpen: (origin?: string, destination?: string) => void;
  readonly drawing: RefObject<SVGSVGElement | null>;
}

function laidOut(matrix: Matrix) {
  const order = inOrder(matrix);
  const ends = (side: End['side']): End[] =>
    order
      .filter((region) => matrix.pairs.some((pair) => pair[side] === region))
      .map((region) => ({ id: `${side}-${region}`, region, side }));
  const nodes = [...ends('origin'), ...ends('destination')];
  const place = new Map(nodes.map(({ id }, i) => [id, i]));
  const rows = Math.max(ends('origin').length, ends('destination').length, 1);
  const layout = sankey<End, Flowing>()
    .nodeSort((a, b) => place.get(a.id)! - place.get(b.id)!)
    .nodeId(({ id }) => id)
    .nodeWidth(14)
    .nodePadding(Math.max(LEAST_GAP, Math.min(14, (HEIGHT * 0.4) / rows)))
    .extent([
      [LABEL_PX, 8],
      [WIDTH - LABEL_PX, HEIGHT - 8],
    ]);
  return layout({
    nodes,
    links: matrix.pairs.map(({ origin, destination, value }) => ({
      origin,
      destination,
      exact: value,
      source: `origin-${origin}`,
      target: `destination-${destination}`,
      value: Number(value),
    })),
  });
}

const idOf = (spot: Spot): string =>
  'node' in spot ? spot.node.id : `${(spot.band.source as Node).id}/${(spot.band.target as Node).id}`;

/** Bands from origins (left) to destinations (right), as broad as what flows. One stop of the Tab key; arrows go along them. */
export function Sankey({ label, measure, matrix, region, onOpen, drawing }: Props) {
  const { say } = useLanguage();
  const text = useNumberText();
  const { nodes, links } = useMemo(() => laidOut(matrix), [matrix]);
  const [at, setAt] = useState<string>();
  const spots = useMemo<Spot[]>(
    () => [
      ...nodes.filter(({ side }) => side === 'origin').map((node) => ({ node })),
      ...links.map((band) => ({ band })),
      ...nodes.filter(({ side }) => side === 'destination').map((node) => ({ node })),
    ],
    [nodes, links],
  );
  const here = spots.find((spot) => idOf(spot) === at) ?? spots[0];
  const told = (spot: Spot): string => {
    if ('band' in spot) {
      const { origin, destination, exact } = spot.band;
      return `${region(origin)} → ${region(destination)}：${text(measure, exact).exact}`;
    }
    const { side, region: id } = spot.node;
    const sum = (side === 'origin' ? matrix.out : matrix.into).get(id) ?? 0;
    const what = side === 'origin' ? say('流出', 'out') : say('流入', 'in');
    return `${region(id)} ${what}：${text(measure, sum).exact}`;
  };
  const open = (spot: Spot) => {
    if ('band' in spot) return onOpen(spot.band.origin, spot.band.destination);
    return spot.node.side === 'origin' ? onOpen(spot.node.region) : onOpen(undefined, spot.node.region);
  };
  const go = (spot: Spot | undefined) => {
    if (!spot) return;
    setAt(idOf(spot));
    drawing.current?.querySelector<SVGElement>(`[data-spot="${CSS.escape(idOf(spot))}"]`)?.focus();
  };
  const beside = (spot: Spot, step: 1 | -1): Spot | undefined => {
    const same = spots.filter((one) =>
      'band' in spot ? 'band' in one : 'node' in one && one.node.side === spot.node.side,
    );
    return same[same.findIndex((one) => idOf(one) === idOf(spot)) + step];
  };
  const along = (spot: Spot, forth: boolean): Spot | undefined => {
    if ('band' in spot) return { node: (forth ? spot.band.target : spot.band.source) as Node };
    const bands = (forth ? spot.node.sourceLinks : spot.node.targetLinks) ?? [];
    const widest = bands.toSorted((a, b) => b.value - a.value)[0];
    return widest && { band: widest };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!here) return;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(beside(here, 1)),
      ArrowUp: () => go(beside(here, -1)),
      ArrowRight: () => go(along(here, true)),
      ArrowLeft: () => go(along(here, false)),
      Enter: () => open(here),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const path = sankeyLinkHorizontal<End, Flowing>();
  const colours = new Map(
    nodes.filter(({ side }) => side === 'origin').map(({ region: id }, i) => [id, `series-${(i % 6) + 1}`] as const),
  );
  const spotProps = (spot: Spot) => ({
    'data-spot': idOf(spot),
    role: 'link',
    tabIndex: here && idOf(spot) === idOf(here) ? 0 : -1,
    'aria-label': told(spot),
    onFocus: () => setAt(idOf(spot)),
    onMouseEnter: () => setAt(idOf(spot)),
    onClick: () => open(spot),
  });
  const touches = (spot: Spot) => {
    if (!at || !here) return false;
    if (idOf(spot) === idOf(here)) return true;
    if ('node' in here && 'band' in spot) {
      return here.node.side === 'origin'
        ? spot.band.origin === here.node.region
        : spot.band.destination === here.node.region;
    }
    return false;
  };
  return (
    <>
      <svg
        ref={drawing}
        className={at ? 'chart sankey chosen' : 'chart sankey'}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="group"
        aria-label={label}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setAt(undefined)}
      >
        {links.map((band) => (
          <path
            key={idOf({ band })}
            {...spotProps({ band })}
            className={`band ${colours.get(band.origin) ?? ''}${touches({ band }) ? ' touched' : ''}`}
            d={path(band) ?? undefined}
            strokeWidth={Math.max(1, band.width ?? 1)}
          >
            <title>{told({ band })}</title>
          </path>
        ))}
        {nodes.map((node) => {
          const left = node.side === 'origin';
          return (
            <g
              key={node.id}
              {...spotProps({ node })}
              className={`end ${left ? (colours.get(node.region) ?? '') : ''}${touches({ node }) ? ' touched' : ''}`}
            >
              <title>{told({ node })}</title>
              <rect x={node.x0} y={node.y0} width={node.x1! - node.x0!} height={Math.max(1, node.y1! - node.y0!)} />
              <text
                x={left ? node.x0! - 8 : node.x1! + 8}
                y={(node.y0! + node.y1!) / 2 + 4}
                textAnchor={left ? 'end' : 'start'}
              >
                {region(node.region)}
              </text>
            </g>
          );
        })}
      </svg>
      <p className="readout" aria-hidden="true">
        {at && here
          ? told(here)
          : say(
              '指向或以方向键走到一处，看其数；点击或回车看来历',
              'Point, or go with the arrow keys; click or Enter for the events',
            )}
      </p>
    </>
  );
}
