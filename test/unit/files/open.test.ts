import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/files/kind.ts';
import { FilesRefused, openFiles } from '../../../src/files/open.ts';
import { isSoundJson } from '../../../src/ingest/sound-json.ts';

/** What the app exports besides JSON becomes JSON: a list of payloads. */

const LIMITS = { maxBytes: 100_000_000, isSoundJson };

async function open(
  kind: 'zip' | 'multipart' | 'csv',
  body: Uint8Array,
  contentType: string | null = null,
  limits = LIMITS,
) {
  const pieces: Uint8Array[] = [];
  for await (const piece of openFiles(kind, new Uint8Array(body), contentType, limits)) {
    pieces.push(piece.slice());
  }
  return JSON.parse(Buffer.concat(pieces).toString());
}

const zip = (files: Record<string, string>) =>
  open('zip', zipSync(Object.fromEntries(Object.entries(files).map(([n, t]) => [n, strToU8(t)]))));
const csv = (text: string) => open('csv', strToU8(text));
/** Each metric is a payload of its own. */
const metricsOf = async (text: string) =>
  (await csv(text)).flatMap(({ data }: { data: { metrics: unknown[] } }) => data.metrics);

const unread = (name: string, problem = 'file_not_readable') => ({
  data: { files: [{ name, problem }] },
});

const JSON_BODY = '{"data":{"metrics":[]}}';

describe('what a body is', () => {
  it.each([
    ['JSON', '{"data":{}}', 'text/csv', 'json'],
    ['JSON after a mark and blanks', '\ufeff \n[{}]', null, 'json'],
    ['a zip, whatever it is called', 'PK\u0003\u0004…', 'application/json', 'zip'],
    ['an empty zip', 'PK\u0005\u0006…', null, 'zip'],
    ['a form', '--XYZ\r\nContent-…', 'multipart/form-data; boundary=XYZ', 'multipart'],
    ['JSON that is called a form', '{}', 'multipart/form-data; boundary=XYZ', 'json'],
    ['a table of metrics', 'Date/Time,Step Count (steps)\n', null, 'csv'],
    ['a table of metrics in Spanish', 'Fecha/Hora,Pasos (conteo)\n', null, 'csv'],
    ['a table of workouts', '"Workout Type",Start,End\n', null, 'csv'],
    ['anything else is for the JSON reader to refuse', 'hello', 'text/plain', 'json'],
    ['nothing', '', null, 'json'],
  ])('%s', (_, text, contentType, kind) => {
    const bytes = Uint8Array.from(strToU8(text));
    expect(kindOf(bytes, contentType)).toBe(kind);
  });
});

describe('a table of metrics', () => {
  it('has a metric for each column, with the name and unit of its header', async () => {
    const text =
      'Date/Time,Step Count (steps),VO2 Max (ml/(kg·min)),Weight/Body Mass (kg)\n2026-03-02 00:00:00,8000,41.5,71\n';
    expect(await metricsOf(text)).toEqual([
      { name: 'step_count', units: 'steps', data: [{ date: '2026-03-02 00:00:00', qty: 8000 }] },
      {
        name: 'vo2_max',
        units: 'ml/(kg·min)',
        data: [{ date: '2026-03-02 00:00:00', qty: 41.5 }],
      },
      { name: 'weight_body_mass', units: 'kg', data: [{ date: '2026-03-02 00:00:00', qty: 71 }] },
    ]);
  });

  it('joins the parts of a metric into one point', async () => {
    const text = [
      'Date/Time,Blood Pressure [Systolic] (mmHg),Blood Pressure [Diastolic] (mmHg),Heart Rate [Min] (bpm),Heart Rate [Max] (bpm),Heart Rate [Avg] (bpm),Sleep Analysis [Total] (hr),Sleep Analysis [In Bed] (hr),Sexual Activity [Protection Used] (times)',
      '2026-03-02 00:00:00,118,76,50,120,63.5,7.2,8,1',
    ].join('\n');
    const date = '2026-03-02 00:00:00';
    expect((await metricsOf(text)).map(({ data }: { data: unknown[] }) => data[0])).toEqual([
      { date, systolic: 118, diastolic: 76 },
      { date, Min: 50, Max: 120, Avg: 63.5 },
      { date, totalSleep: 7.2, inBed: 8 },
      { date, 'Protection Used': 1 },
    ]);
  });

  it('takes a header for a name, whatever it means to JavaScript', async () => {
    const text = 'Date,constructor (toString),Weight [constructor] (kg)\n2026-03-02,1,2\n';
    expect((await metricsOf(text)).map(({ name }: { name: string }) => name)).toEqual([
      'constructor',
      'weight_constructor',
    ]);
  });

  it('takes an empty cell for no data, not for zero', async () => {
    const text = 'Date,Step Count (steps)\n2026-03-01 00:00,\n2026-03-02 00:00,0\n';
    expect(await metricsOf(text)).toMatchObject([{ data: [{ date: '2026-03-02 00:00', qty: 0 }] }]);
  });

  it('reads a decimal comma, and leaves damaged numbers for the decoder to name', async () => {
    const text = 'Date;Sleep (hr)\n2026-03-01;"7,5"\n2026-03-02;808.742.334.249.947\n';
    expect((await metricsOf(text))[0].data.map(({ qty }: { qty: unknown }) => qty)).toEqual([
      7.5,
      '808.742.334.249.947',
    ]);
  });

  it('knows headers of other languages that were seen', async () => {
    const text =
      'Data/Hora,Energia Ativa (kJ),Frequência Cardíaca [Avg] (contagem/min)\n2026-03-02,9,60\n';
    expect(await metricsOf(text)).toMatchObject([
      { name: 'active_energy', units: 'kJ' },
      { name: 'heart_rate', units: 'count/min', data: [{ Avg: 60 }] },
    ]);
  });

  it('names itself if it is too large to be read as a whole', async () => {
    const rows = Array.from({ length: 100_000 }, () => '2026-03-02 00:00:00,1.5').join('\n');
    expect(await csv(`Date/Time,Step Count (steps)\n${rows}`)).toEqual([
      { data: { files: [{ name: 'body.csv', problem: 'file_too_large' }] } },
    ]);
  });

  it('gives all its points, however many batches it is read in', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `2026-03-02 00:00:00,${i},"${i}"`);
    const payloads: { data: { metrics: { name: string; data: { qty: number }[] }[] } }[] =
      await csv(['Date/Time,Step Count (steps),Flights Climbed (count)', ...rows].join('\n'));
    const points = payloads.flatMap(({ data }) => data.metrics);
    expect(payloads.length).toBeGreaterThan(2);
    for (const metric of ['step_count', 'flights_climbed']) {
      const values = points.filter(({ name }) => name === metric).flatMap(({ data }) => data);
      expect(values.map(({ qty }) => qty)).toEqual(rows.map((_, i) => i));
    }
  });

  it('reads rows that are shorter than the head, and rows that are longer', async () => {
    const text = 'Date,Step Count (steps),Weight (kg)\n2026-03-02,1\n2026-03-03,2,70,x,y\n';
    expect(await metricsOf(text)).toEqual([
      {
        name: 'step_count',
        units: 'steps',
        data: [
          { date: '2026-03-02', qty: 1 },
          { date: '2026-03-03', qty: 2 },
        ],
      },
      { name: 'weight_body_mass', units: 'kg', data: [{ date: '2026-03-03', qty: 70 }] },
    ]);
  });

  it.each([
    ['cells', `date,b\n${`2026-03-02${','.repeat(20)}\n`.repeat(50_000)}`, 'table_too_many_cells'],
    ['columns', `date,${'b,'.repeat(2_000)}\n`, 'table_too_many_columns'],
    ['characters in a header', `date,${'b'.repeat(201)}\n`, 'table_header_too_long'],
    ['characters in a cell', `date,b\n2026-03-02,${'1'.repeat(1_001)}\n`, 'table_cell_too_long'],
  ])('with too many %s names itself, and the limit', async (_, text, problem) => {
    expect(await csv(text)).toEqual([unread('body.csv', problem)]);
  });

  it('names itself if it is no table of moments', async () => {
    expect(await csv('Date,What\nsoon,1\n')).toEqual([unread('body.csv')]);
  });
});

const WORKOUTS = [
  'Workout Type,Start,End,Duration,Active Energy (kcal),Resting Energy (kcal),Max. Heart Rate (count/min),Distance (mi),Lap Length (yd),Swim Stroke Style,Mood (points),',
  'Outdoor Walk,2026-03-02 12:01:10,2026-03-02 12:33:40,00:31:30,100,20,118,1.5,,Mixed,7,',
].join('\n');

describe('a table of workouts', () => {
  it('has the fields of a workout, with their units, and the duration in seconds', async () => {
    expect(await csv(WORKOUTS)).toEqual([
      {
        data: {
          workouts: [
            {
              name: 'Outdoor Walk',
              start: '2026-03-02 12:01:10',
              end: '2026-03-02 12:33:40',
              duration: 1890,
              activeEnergyBurned: { qty: 100, units: 'kcal' },
              restingEnergy: { qty: 20, units: 'kcal' },
              maxHeartRate: { qty: 118, units: 'count/min' },
              distance: { qty: 1.5, units: 'mi' },
              strokeStyle: 'Mixed',
              mood: { qty: 7, units: 'points' },
            },
          ],
        },
      },
    ]);
  });

  const heart =
    'Date/Time,Min (bpm),Max (bpm),Avg (bpm),Context,Source\n2026-03-02 12:01:00,84,90,86,,Watch\n';
  const route =
    'Timestamp,Latitude,Longitude,Altitude (m),Speed (m/s),Course (deg)\n2026-03-02 12:01:12,48.2,16.37,171,1.3,90\n';
  const gpx = `<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><name>x</name><trkseg>
    <trkpt lat="48.2" lon="16.37"><ele>171</ele><time>2026-03-02T11:01:12Z</time><extensions><speed>1.3</speed><hAcc>4</hAcc></extensions></trkpt>
    </trkseg></trk></gpx>`;

  it('takes in the series and the way that lie beside it', async () => {
    const [payload] = await zip({
      'Outdoor Walk-Heart Rate-20260302_120110.csv': heart,
      'Outdoor Walk-Route-20260302_120110.csv': route,
      'Workouts-20260301_000000-20260303_235959.csv': WORKOUTS,
    });
    expect(payload.data.workouts).toMatchObject([
      {
        name: 'Outdoor Walk',
        heartRateData: [
          { date: '2026-03-02 12:01:00', Min: 84, Max: 90, Avg: 86, units: 'bpm', source: 'Watch' },
        ],
        route: [
          {
            timestamp: '2026-03-02 12:01:12',
            latitude: 48.2,
            longitude: 16.37,
            altitude: 171,
            speed: 1.3,
            course: 90,
          },
        ],
      },
    ]);
  });

  it('takes in a way that comes as GPX', async () => {
    const [payload] = await zip({
      'Workouts-2026-03-01-2026-03-03.csv': WORKOUTS,
      'Outdoor Walk-Route-20260302_120110.gpx': gpx,
    });
    expect(payload.data.workouts[0].route).toEqual([
      {
        lat: '48.2',
        lon: '16.37',
        altitude: '171',
        timestamp: '2026-03-02T11:01:12Z',
        speed: '1.3',
        hAcc: '4',
      },
    ]);
  });

  it('whose start has no seconds takes in what begins in its minute, the first one of two all of it', async () => {
    const workout = 'Outdoor Walk,2026-03-02 12:01,2026-03-02 12:33:40,00:31:30';
    const [payload] = await zip({
      'Workouts.csv': ['Workout Type,Start,End,Duration', workout, workout].join('\n'),
      'outdoor walk-Heart Rate-20260302_120110.csv': heart,
      'Outdoor Walk-Route-20260302_120140.csv': route,
      'Outdoor Walk-Route-20260302_120140.gpx': gpx,
    });
    expect(payload.data.workouts.map((each: object) => Object.keys(each))).toEqual([
      ['name', 'start', 'end', 'duration', 'heartRateData', 'route'],
      ['name', 'start', 'end', 'duration'],
    ]);
    expect(payload.data.workouts[0].route).toMatchObject([{ latitude: 48.2 }]);
  });

  it('names what belongs to none of its workouts', async () => {
    const payloads = await zip({
      'Workouts.csv': WORKOUTS,
      'Indoor Run-Heart Rate-20260302_120110.csv': heart,
      'Outdoor Walk-Route-20270302_120110.gpx': gpx,
      'broken-Route-20270302_120110.gpx': '<gpx>',
    });
    expect(payloads[1]).toEqual({
      data: {
        files: [
          { name: 'broken-Route-20270302_120110.gpx', problem: 'file_not_readable' },
          { name: 'Indoor Run-Heart Rate-20260302_120110.csv', problem: 'file_not_readable' },
          { name: 'Outdoor Walk-Route-20270302_120110.gpx', problem: 'file_not_readable' },
        ],
      },
    });
  });
});

describe('a zip', () => {
  it('passes JSON through, without its byte order mark', async () => {
    expect(await zip({ 'export.json': `\ufeff${JSON_BODY}` })).toEqual([JSON.parse(JSON_BODY)]);
  });

  it('holds JSON and tables side by side', async () => {
    const payloads = await zip({ 'a.json': JSON_BODY, 'b.csv': WORKOUTS });
    expect(payloads.map(({ data }: { data: object }) => Object.keys(data))).toEqual([
      ['metrics'],
      ['workouts'],
    ]);
  });

  it('may store its files without packing them', async () => {
    const stored: Zippable = { 'export.json': [strToU8(JSON_BODY), { level: 0 }] };
    expect(await open('zip', zipSync(stored))).toEqual([JSON.parse(JSON_BODY)]);
  });

  it('unpacks a large file piece by piece', async () => {
    const points = Array.from({ length: 100_000 }, (_, i) => ({ qty: i, date: `${i}` }));
    const body = { data: { metrics: [{ name: 'step_count', data: points }] } };
    const [payload] = await zip({ 'export.json': JSON.stringify(body) });
    expect(payload).toEqual(body);
  });

  it.each([
    ['a picture', 'photo.png', '\u0089PNG'],
    ['broken JSON', 'export.json', '{"data":'],
    ['a list of JSON', 'list.json', '[1]'],
    ['a zip in the zip', 'inner.zip', 'PK\u0003\u0004'],
    ['a text', 'readme.txt', 'hello'],
  ])('names what it cannot read: %s', async (_, name, text) => {
    expect(await zip({ [name]: text })).toEqual([unread(name)]);
  });

  it('names a file whose own name is too long, cut to the limit', async () => {
    const name = `${'a-'.repeat(32_000)}.csv`;
    expect(await zip({ [name]: 'x' })).toEqual([unread(name.slice(0, 255), 'file_name_too_long')]);
  });

  it('with too many files is refused, and the limit is named', async () => {
    const files = Array.from({ length: 10_001 }, (_, i) => [`${i}`, new Uint8Array(0)]);
    const body = zipSync(Object.fromEntries(files), { level: 0 });
    await expect(open('zip', body)).rejects.toMatchObject({
      code: 'body_too_large',
      message: expect.stringContaining('10,000 files (MAX_FILES)'),
    });
  });

  it('does not speak of folders and of what a Mac leaves behind', async () => {
    const payloads = await zip({
      '__MACOSX/x': 'x',
      'a/.DS_Store': 'x',
      'a/export.json': JSON_BODY,
    });
    expect(payloads).toHaveLength(1);
  });

  it('without a file is a payload without data', async () => {
    expect(await zip({})).toEqual([{ data: {} }]);
  });

  const whole = zipSync({ 'export.json': strToU8(JSON_BODY.repeat(50)) });
  const damaged = (at: number, ...bytes: number[]) => {
    const copy = whole.slice();
    copy.set(bytes, at < 0 ? copy.length + at : at);
    return copy;
  };

  it.each([
    ['cut off', whole.slice(0, 60), 'invalid_zip'],
    ['only a beginning', strToU8('PK\u0003\u0004'), 'invalid_zip'],
    ['with a broken file', damaged(45, 0xff, 0xff, 0xff, 0xff), 'invalid_zip'],
    ['with a broken directory', damaged(-22 + 16, 1, 0, 0, 0), 'invalid_zip'],
  ])('%s is refused with the cure', async (_, body, code) => {
    const refused = await open('zip', body).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FilesRefused);
    expect(refused).toMatchObject({ code, message: expect.stringContaining('again') });
  });

  it.each([
    ['packed', 6],
    ['stored', 0],
  ] as const)('with another checksum is refused, its file %s', async (_, level) => {
    const body = zipSync({ 'export.json': [strToU8(JSON_BODY), { level }] });
    const view = new DataView(body.buffer);
    const checksum = view.getUint32(body.length - 6, true) + 16;
    view.setUint32(checksum, view.getUint32(checksum, true) ^ 1, true);
    await expect(open('zip', body)).rejects.toMatchObject({ code: 'invalid_zip' });
  });

  it('that is encrypted is refused with the cure', async () => {
    const directory = whole.lastIndexOf(0x02, whole.length - 22);
    const flags = new DataView(whole.buffer).getUint32(whole.length - 6, true) + 8;
    expect(directory).toBeGreaterThan(0);
    await expect(open('zip', damaged(flags, 1))).rejects.toMatchObject({
      code: 'invalid_zip',
      message: expect.stringContaining('password'),
    });
  });

  it('that is a bomb is refused before it goes off', async () => {
    const bomb = zipSync({ 'export.json': new Uint8Array(5_000_000) }, { level: 9 });
    await expect(open('zip', bomb)).rejects.toMatchObject({ code: 'expansion_refused' });
  });

  it('that is larger than a body may be, once unpacked, is refused', async () => {
    const body = zipSync({ 'export.json': strToU8(JSON_BODY.repeat(100)) });
    await expect(open('zip', body, null, { ...LIMITS, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'body_too_large',
    });
  });
});

describe('a form', () => {
  const form = async (parts: Record<string, string | File>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(parts)) data.append(name, value);
    const response = new Response(data);
    const type = response.headers.get('content-type');
    return open('multipart', new Uint8Array(await response.arrayBuffer()), type);
  };

  it('has a payload for each of its files', async () => {
    const payloads = await form({
      metrics: new File(['Date,Step Count (steps)\n2026-03-02,1\n'], 'HealthAutoExport.csv'),
      workouts: new File([WORKOUTS], 'Workouts.csv'),
    });
    expect(payloads.map(({ data }: { data: object }) => Object.keys(data))).toEqual([
      ['metrics'],
      ['workouts'],
    ]);
  });

  it('may hold JSON in a field', async () => {
    expect(await form({ payload: JSON_BODY })).toEqual([JSON.parse(JSON_BODY)]);
  });

  it('that is not ended is refused with the cure', async () => {
    const body = strToU8('--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nDate');
    await expect(open('multipart', body, 'multipart/form-data; boundary=X')).rejects.toMatchObject({
      code: 'invalid_multipart',
    });
  });
});
