import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askAll, askFor } from './support/ask.ts';
import { type Person, startTestStack, type TestStack } from './support/stack.ts';

/** Questions about where workouts went. */

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
});
afterAll(() => test.stack.stop());

/** `[latitude, longitude]` or a whole point; a point a minute from noon on. */
type Place = readonly [latitude: number, longitude: number] | object;

const pointOf = (place: Place, i: number) => ({
  timestamp: `2026-03-02 12:${String(i).padStart(2, '0')}:00 +0000`,
  ...(Array.isArray(place)
    ? { latitude: place[0], longitude: place[1], altitude: 170 + i, speed: 1.5, course: 90 }
    : place),
});

const walk = (id: string, places: readonly Place[], rest: object = {}) => ({
  id,
  name: 'Outdoor Walk',
  start: '2026-03-02 12:00:00 +0000',
  end: '2026-03-02 12:30:00 +0000',
  duration: 1800,
  source: 'Watch',
  route: places.map(pointOf),
  ...rest,
});

async function personWith(...workouts: object[]): Promise<Person> {
  const person = await test.newPerson();
  await test.upload(person, JSON.stringify({ data: { workouts } }));
  return person;
}

async function idOf(person: Person): Promise<string> {
  const { rows } = await ask(test, person, '/api/v1/workouts');
  return String(rows[0]?.id);
}

const VIENNA: Place[] = [
  [48.2, 16.37],
  [48.201, 16.371],
  [48.202, 16.373],
];

describe('one route', () => {
  const routeOf = async (person: Person, query = '', accept = '*/*') =>
    askFor(test, person, `/api/v1/workouts/${await idOf(person)}/route${query}`, accept);

  it('is a GeoJSON feature with a value for each point', async () => {
    const person = await personWith(walk('A', VIENNA));
    const { status, headers, text } = await routeOf(person);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/geo+json']);
    expect(JSON.parse(text)).toMatchObject({
      type: 'Feature',
      id: await idOf(person),
      geometry: {
        type: 'LineString',
        coordinates: [
          [16.37, 48.2, 170],
          [16.371, 48.201, 171],
          [16.373, 48.202, 172],
        ],
      },
      properties: {
        workout_id: await idOf(person),
        activity: 'walking',
        started_at: '2026-03-02T12:00:00.000Z',
        length_m: 318.9,
        coordinateProperties: {
          times: [
            '2026-03-02T12:00:00.000Z',
            '2026-03-02T12:01:00.000Z',
            '2026-03-02T12:02:00.000Z',
          ],
          speeds: [1.5, 1.5, 1.5],
          courses: [90, 90, 90],
          horizontal_accuracies: [null, null, null],
        },
      },
    });
  });

  it('of one point is a line that stands on it', async () => {
    const person = await personWith(walk('A', [[48.2, 16.37]]));
    const { geometry, properties } = JSON.parse((await routeOf(person)).text);
    expect(geometry.coordinates).toEqual([
      [16.37, 48.2, 170],
      [16.37, 48.2, 170],
    ]);
    expect(properties.coordinateProperties.speeds).toEqual([1.5, 1.5]);
    const { text } = await routeOf(person, '?format=gpx');
    expect(text.match(/<trkpt/g)).toHaveLength(1);
  });

  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
  });

  it.each([
    ['', 'application/gpx+xml'],
    ['?format=gpx', '*/*'],
    ['?format=gpx', 'application/geo+json'],
  ])('is GPX for %s, accepting %s', async (query, accept) => {
    const person = await personWith(
      walk('A', [...VIENNA, { latitude: -0.00000004, longitude: 16.375, speed: -1, course: -1 }]),
    );
    const { headers, text } = await routeOf(person, query, accept);
    expect(headers.get('content-type')).toBe('application/gpx+xml');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="workout-\d+.gpx"$/);
    expect(XMLValidator.validate(text)).toBe(true);
    const { gpx } = parser.parse(text);
    expect(gpx).toMatchObject({
      '@version': '1.1',
      '@xmlns': 'http://www.topografix.com/GPX/1/1',
      metadata: { time: '2026-03-02T12:00:00.000Z' },
      trk: { name: 'Outdoor Walk', src: 'Watch', type: 'walking' },
    });
    const { trkpt } = gpx.trk.trkseg;
    expect(trkpt[1]).toEqual({
      '@lat': '48.2010000',
      '@lon': '16.3710000',
      ele: '171.00',
      time: '2026-03-02T12:01:00.000Z',
      extensions: {
        'gpxtpx:TrackPointExtension': { 'gpxtpx:speed': '1.500', 'gpxtpx:course': '90.0' },
      },
    });
    expect(Object.keys(trkpt[3])).toEqual(['ele', 'time', '@lat', '@lon']);
    expect(text).not.toMatch(/\de-\d/);
  });

  it('is well-formed whatever the workout is called', async () => {
    const name = `<Tom> & "Jerry"'s ]]> \u0007 🏃 &amp;`;
    const person = await personWith(walk('A', VIENNA, { name, source: '<&>' }));
    const { text } = await routeOf(person, '?format=gpx');
    expect(XMLValidator.validate(text)).toBe(true);
    expect(parser.parse(text).gpx.trk).toMatchObject({
      name: `<Tom> & "Jerry"'s ]]>  🏃 &amp;`,
      src: '<&>',
    });
  });

  it('need not be sent again', async () => {
    const person = await personWith(walk('A', VIENNA));
    const path = `/api/v1/workouts/${await idOf(person)}/route`;
    const { headers } = await askFor(test, person, path, 'application/gpx+xml');
    const again = await fetch(`${test.stack.url}${path}`, {
      headers: {
        Authorization: `Bearer ${person.keys.read}`,
        Accept: 'application/gpx+xml',
        'If-None-Match': headers.get('etag') ?? '',
      },
    });
    expect(again.status).toBe(304);
  });

  it('is not found where there is none, or where it is another person\u2019s', async () => {
    const indoors = await personWith({ ...walk('A', []), route: undefined });
    expect((await routeOf(indoors)).status).toBe(404);
    const person = await personWith(walk('A', VIENNA));
    const path = `/api/v1/workouts/${await idOf(person)}/route`;
    expect((await ask(test, indoors, path)).status).toBe(404);
    expect((await ask(test, person, '/api/v1/workouts/abc/route')).status).toBe(400);
    expect((await ask(test, person, `${path}?format=kml`)).status).toBe(400);
  });
});

describe('routes through a place', () => {
  const FIJI: Place[] = [
    [-17, 179.99],
    [-17, -179.99],
  ];
  const names = async (person: Person, query: string) => {
    const { rows } = await ask(test, person, `/api/v1/routes?${query}`);
    return rows.map(({ name }) => name);
  };
  let ada: Person;
  beforeAll(async () => {
    const at = (id: string, places: Place[], start: string) =>
      walk(id, places, { name: id, start: `${start} 12:00:00 +0000`, end: undefined });
    ada = await personWith(
      at('Fiji', FIJI, '2026-03-01'),
      at('Vienna', VIENNA, '2026-03-02'),
      at(
        'Graz',
        [
          [47.07, 15.44],
          [47.08, 15.45],
        ],
        '2026-03-03',
      ),
      // Its ends lie on both sides of the box, and no point of it inside.
      at(
        'Across',
        [
          [48.1, 16.372],
          [48.3, 16.372],
        ],
        '2026-03-04',
      ),
      at(
        'Pole',
        [
          [89.9, 10],
          [89.9, 20],
        ],
        '2026-03-05',
      ),
    );
  });

  it('come with their length, extent and workout', async () => {
    const { rows } = await ask(test, ada, '/api/v1/routes?bbox=16.3,48.15,16.4,48.25');
    const [workout] = (await ask(test, ada, '/api/v1/workouts?from=2026-03-02T00:00:00Z')).rows;
    expect(rows).toMatchObject([
      {
        workout_id: workout?.id,
        name: 'Vienna',
        activity: null,
        started_at: '2026-03-02T12:00:00.000Z',
        points: 3,
        length_m: 318.9,
        bbox: [16.37, 48.2, 16.373, 48.202],
      },
      { name: 'Across' },
    ]);
  });

  it.each([
    ['bbox=16.3705,48.2,16.38,48.25', ['Vienna', 'Across']],
    ['bbox=16.38,48.15,16.4,48.25', []],
    ['bbox=15,47,16,48', ['Graz']],
    ['bbox=15,47,17,49', ['Vienna', 'Graz', 'Across']],
    ['bbox=-180,-90,180,90', ['Fiji', 'Vienna', 'Graz', 'Across', 'Pole']],
    ['bbox=-180,40,180,90', ['Vienna', 'Graz', 'Across', 'Pole']],
    ['bbox=-180,85,180,90', ['Pole']],
    // A box that wide leads along its parallels, far south of the shortest way.
    ['bbox=-60,45,60,47.1', ['Graz']],
    ['bbox=-60,55,60,80', []],
    ['bbox=179,-18,-179,-16', ['Fiji']],
    ['bbox=179.995,-18,180,-16', ['Fiji']],
    ['bbox=-180,-18,-179.995,-16', ['Fiji']],
    ['bbox=180,-18,-179,-16', ['Fiji']],
    ['bbox=179.9,-18,179.98,-16', []],
    ['bbox=-179.98,-18,-179.9,-16', []],
    ['bbox=-1,-18,1,-16', []],
    ['bbox=-180,-18,180,-16', ['Fiji']],
    ['bbox=179.9,-90,179.8,90', ['Fiji', 'Vienna', 'Graz', 'Across', 'Pole']],
    ['bbox=170,-18,175,-16', []],
    ['bbox=-170,-18,170,-16', []],
    ['bbox=16,-90,15,90', ['Fiji', 'Vienna', 'Across', 'Pole']],
    ['near=48.2015,16.3715&within=500', ['Vienna', 'Across']],
    ['near=48.2,16.368&within=100', []],
    ['near=48.2,16.368&within=160', ['Vienna']],
    ['near=-17,180&within=10', ['Fiji']],
    ['near=-17,-180&within=10', ['Fiji']],
  ])('for %s', async (query, expected) => {
    expect(await names(ada, query)).toEqual(expected);
  });

  it('may be those of a span', async () => {
    const query = 'bbox=15,47,17,49&from=2026-03-03T00:00:00Z&to=2026-03-04T00:00:00Z';
    expect(await names(ada, query)).toEqual(['Graz']);
  });

  it('across the antimeridian have an extent that leads across it', async () => {
    const { rows } = await ask(test, ada, '/api/v1/routes?bbox=179,-18,-179,-16');
    expect(rows).toMatchObject([{ bbox: [179.99, -17, -179.99, -17] }]);
  });

  it('come in pages that lead through all once', async () => {
    const pages = await askAll(test, ada, '/api/v1/routes?bbox=-180,-90,180,90&limit=2');
    expect(pages.map(({ rows }) => rows.map(({ name }) => name))).toEqual([
      ['Fiji', 'Vienna'],
      ['Graz', 'Across'],
      ['Pole'],
    ]);
  });

  it('are all that there are, where no place is named', async () => {
    expect(await names(ada, '')).toEqual(await names(ada, 'bbox=-180,-90,180,90'));
  });

  it('are those of who asks', async () => {
    expect(await names(await test.newPerson(), 'bbox=-180,-90,180,90')).toEqual([]);
  });

  it.each([
    ['bbox=1,2,3,4&near=1,2', 'bbox'],
    ['bbox=1,2,3', 'bbox'],
    ['bbox=1,2,3,', 'bbox'],
    ['bbox=a,b,c,d', 'bbox'],
    ['bbox=0,0,181,1', 'bbox'],
    ['bbox=0,-91,1,1', 'bbox'],
    ['bbox=0,1,1,0', 'bbox'],
    ['bbox=1,0,1,1', 'bbox'],
    ['bbox=180,0,-180,1', 'bbox'],
    ['bbox=0,Infinity,1,1', 'bbox'],
    ['near=48', 'near'],
    ['near=91,0', 'near'],
    ['near=48,16&within=0', 'within'],
    ['near=48,16&within=100001', 'within'],
  ])('are not looked for at %s', async (query, pointer) => {
    const { status, errors } = await ask(test, ada, `/api/v1/routes?${query}`);
    expect([status, errors[0]?.pointer]).toEqual([400, pointer]);
  });
});
