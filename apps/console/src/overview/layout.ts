import { isPlanned, type Region, type Structure, type Tie } from './structure';

export const [WIDTH, HEIGHT] = [680, 478];
const MIDDLE = { x: WIDTH / 2, y: HEIGHT / 2 };
const RING = { x: 284, y: 188 };
export const HUB_RADIUS = 62;
export const CITY_RADIUS = 13;
/** A gap between groups, in places of a city; the group's name stands in it. */
const GAP = 0.75;
/** How far bands between the same two regions lie apart. */
const APART = 13;
const MOST_PARKS = 3;

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Spot extends Point {
  readonly id: string;
  readonly name: string;
  readonly kind: 'hub' | 'park' | 'city' | 'place';
  readonly radius: number;
  /** Where the name goes. */
  readonly side: 'above' | 'below' | 'left' | 'right' | 'inside';
}
export interface Curve {
  readonly tie: Tie;
  readonly path: string;
  readonly middle: Point;
  readonly planned: boolean;
}
export interface Layout {
  readonly spots: readonly Spot[];
  readonly names: readonly (Point & { readonly name: string })[];
  readonly curves: readonly Curve[];
}

const onRing = (turn: number, scale = 1): Point => {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return { x: MIDDLE.x + RING.x * scale * Math.cos(angle), y: MIDDLE.y + RING.y * scale * Math.sin(angle) };
};

const liesIn = (region: Region, other: string) => region.parent === other || region.administeredBy === other;

/** The hub in the middle with what lies in it, the cities around it by group: the same structure is always drawn the same. */
export function laidOut(structure: Structure): Layout {
  const { hub, regions, groups, ties, places, zones } = structure;
  const cities = regions.filter(({ level, region }) => level === 'city' && region !== hub);
  const tied = new Set([...ties.flatMap(({ from, to }) => [from, to]), ...zones.map(({ region }) => region)]);
  const parksOf = (region: string) =>
    regions.filter(
      (one) => liesIn(one, region) && one.level !== 'city' && (one.level === 'park' || tied.has(one.region)),
    );
  const grouped = groups.map(({ name, regions: members }) => ({
    name,
    members: members.flatMap((id) => cities.find(({ region }) => region === id) ?? []),
  }));
  const named = new Set(grouped.flatMap(({ members }) => members.map(({ region }) => region)));
  const rest = cities.filter(({ region }) => !named.has(region));
  const sections = [...grouped, { name: '', members: rest }].filter(({ members }) => members.length > 0);
  const slots = sections.reduce((sum, { members }) => sum + members.length + GAP, 0);

  const spots: Spot[] = [];
  const names: (Point & { name: string })[] = [];
  let at = 0;
  for (const { name, members } of sections) {
    if (name !== '') names.push({ ...onRing((at + GAP / 2 - 0.5) / slots), name });
    at += GAP;
    for (const { region, name: of } of members) {
      const turn = at / slots;
      const point = onRing(turn);
      const above = point.y < MIDDLE.y;
      spots.push({
        id: region,
        name: of,
        kind: 'city',
        radius: CITY_RADIUS,
        side: above ? 'above' : 'below',
        ...point,
      });
      for (const [i, park] of parksOf(region).slice(0, MOST_PARKS).entries()) {
        const beside = {
          x: point.x + (point.x < MIDDLE.x ? -1 : 1) * 30,
          y: point.y + (above ? -12 - 18 * i : 12 + 18 * i),
        };
        const side = point.x < MIDDLE.x ? 'left' : 'right';
        spots.push({ id: park.region, name: park.name, kind: 'park', radius: 6, side, ...beside });
      }
      at += 1;
    }
  }
  if (hub !== null) {
    const name = regions.find(({ region }) => region === hub)?.name ?? hub;
    spots.unshift({ id: hub, name, kind: 'hub', radius: HUB_RADIUS, side: 'inside', ...MIDDLE });
    const parks = parksOf(hub).slice(0, 4);
    for (const [i, park] of parks.entries()) {
      const x = MIDDLE.x + (i - (parks.length - 1) / 2) * 50;
      spots.push({ id: park.region, name: park.name, kind: 'park', radius: 6, side: 'below', x, y: MIDDLE.y + 14 });
    }
  }
  const outside = places.filter(({ place }) => tied.has(place)).slice(0, 4);
  for (const [i, { place, name }] of outside.entries()) {
    const corner = { x: i % 2 === 0 ? WIDTH - 34 : 34, y: i < 2 ? HEIGHT - 44 : 30 };
    spots.push({ id: place, name, kind: 'place', radius: 11, side: 'below', ...corner });
  }
  return { spots, names, curves: curvesOf(ties, spots) };
}

function curvesOf(ties: readonly Tie[], spots: readonly Spot[]): Curve[] {
  const places = new Map(spots.map((spot) => [spot.id, spot]));
  const pairs = new Map<string, Tie[]>();
  for (const tie of ties) {
    const pair = [tie.from, tie.to].sort().join('/');
    pairs.set(pair, [...(pairs.get(pair) ?? []), tie]);
  }
  return [...pairs.values()].flatMap((same) =>
    same.flatMap((tie, i) => {
      const [from, to] = [places.get(tie.from), places.get(tie.to)];
      if (!from || !to) return [];
      const bend = (i - (same.length - 1) / 2) * APART * 2;
      return [{ tie, planned: isPlanned(tie), ...curve(from, to, from.id < to.id ? bend : -bend) }];
    }),
  );
}

function curve(from: Spot, to: Spot, bend: number): { readonly path: string; readonly middle: Point } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const a = { x: from.x + ux * from.radius, y: from.y + uy * from.radius };
  const b = { x: to.x - ux * to.radius, y: to.y - uy * to.radius };
  const c = { x: (a.x + b.x) / 2 - uy * bend, y: (a.y + b.y) / 2 + ux * bend };
  const round = (n: number) => n.toFixed(1);
  return {
    path: `M${round(a.x)},${round(a.y)}Q${round(c.x)},${round(c.y)} ${round(b.x)},${round(b.y)}`,
    middle: { x: (a.x + 2 * c.x + b.x) / 4, y: (a.y + 2 * c.y + b.y) / 4 },
  };
}
