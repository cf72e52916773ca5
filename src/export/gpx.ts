import type { ExportRow } from '../read/export-rows.ts';
import { degrees, metres, xmlText } from '../read/gpx.ts';

/** The way of a workout as GPX 1.1, which maps and sports programs read. */

type Point = [longitude: number, latitude: number, altitude: number];

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="self-sensored" xmlns="http://www.topografix.com/GPX/1/1">
`;

export function toGpx(route: ExportRow): string {
  const points = JSON.parse(String(route.coordinates)) as Point[];
  const times = JSON.parse(String(route.recorded_at ?? '[]')) as (string | null)[];
  const name = `<name>${escapeXml(String(route.name ?? 'Workout'))}</name>`;
  // A way of one point stands on it twice.
  const track = points.slice(0, Number(route.points)).map((point, i) => pointOf(point, times[i]));
  return `${HEAD}<trk>${name}<trkseg>\n${track.join('')}</trkseg></trk>\n</gpx>\n`;
}

const pointOf = ([longitude, latitude, altitude]: Point, at: string | null | undefined): string =>
  `<trkpt lat="${degrees(latitude)}" lon="${degrees(longitude)}"><ele>${metres(altitude)}</ele>${at ? `<time>${at}</time>` : ''}</trkpt>\n`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escapeXml = (text: string): string =>
  xmlText(text).replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
