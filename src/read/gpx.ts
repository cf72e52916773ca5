import { XMLBuilder } from 'fast-xml-parser';
import { PLACES_OF_DEGREE, type RouteOfWorkout, type RoutePoint } from './route.ts';

/**
 * A route as GPX 1.1 (https://www.topografix.com/GPX/1/1/). Speed and course have no place in it; they go into the
 * extension that most programs read, Garmin's TrackPointExtension v2. Pure.
 */

const GPX = 'http://www.topografix.com/GPX/1/1';
const GARMIN = 'http://www.garmin.com/xmlschemas';
const EXTENSION = `${GARMIN}/TrackPointExtension/v2`;
/** Each namespace and where its schema is. */
const SCHEMAS = `${GPX} ${GPX}/gpx.xsd ${EXTENSION} ${GARMIN}/TrackPointExtensionv2.xsd`;
const CREATOR = 'self-sensored';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });

export const toGpx = (route: RouteOfWorkout): string =>
  builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    gpx: {
      '@version': '1.1',
      '@creator': CREATOR,
      '@xmlns': GPX,
      '@xmlns:gpxtpx': EXTENSION,
      '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      '@xsi:schemaLocation': SCHEMAS,
      metadata: { time: route.startedAt },
      trk: {
        name: xmlText(route.name),
        ...(route.source === '' ? {} : { src: xmlText(route.source) }),
        ...(route.activity === null ? {} : { type: xmlText(route.activity) }),
        trkseg: { trkpt: route.points.map(toTrackPoint) },
      },
    },
  });

/** XML writes decimals without exponents. */
const decimal = (value: number, places: number): string => value.toFixed(places);

export const degrees = (value: number): string => decimal(value, PLACES_OF_DEGREE);
export const metres = (value: number): string => decimal(value, 2);

const toTrackPoint = ({ latitude, longitude, altitude, at, speed, course }: RoutePoint) => ({
  '@lat': degrees(latitude),
  '@lon': degrees(longitude),
  ele: metres(altitude),
  ...(at === null ? {} : { time: at }),
  ...(speed === null && course === null
    ? {}
    : {
        extensions: {
          'gpxtpx:TrackPointExtension': {
            ...(speed === null ? {} : { 'gpxtpx:speed': decimal(speed, 3) }),
            // The schema ends below 360.
            ...(course === null ? {} : { 'gpxtpx:course': decimal(course % 360, 1) }),
          },
        },
      }),
});

/** What no XML may hold, not even escaped. */
export const xmlText = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]/gu, '');
