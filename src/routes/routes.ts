import { accepts } from 'hono/accepts';
import { z } from 'zod';
import { answer, answerDocument } from '../http/answer.ts';
import { readCursor } from '../http/cursor.ts';
import { pageByCursor } from '../http/cursor-page.ts';
import { checkLimit, pageQuery } from '../http/format.ts';
import { operation } from '../http/operation.ts';
import { HttpProblem } from '../http/problem.ts';
import { routeFeatureSchema, toGeoJson } from '../read/geojson.ts';
import { toGpx } from '../read/gpx.ts';
import type { Box } from '../read/place.ts';
import { selectRoute, toRoute } from '../read/route.ts';
import {
  positionOfRoute,
  type RouteQuestion,
  routeRowSchema,
  selectRoutes,
  toRouteRow,
} from '../read/routes.ts';
import { instant } from './instant.ts';
import { box, point, within } from './place.ts';
import { rowId } from './row-id.ts';

const GEOJSON = 'application/geo+json';
const GPX = 'application/gpx+xml';

const getRoute = operation({
  method: 'GET',
  path: '/api/v1/workouts/:id/route',
  summary: 'Where a workout went, as GeoJSON or GPX.',
  scope: 'read',
  quota: 'reads',
  params: z.object({ id: rowId }),
  query: z.object({
    format: z.enum(['geojson', 'gpx']).optional().describe('Goes before what Accept asks for'),
  }),
  documents: { [GEOJSON]: routeFeatureSchema, [GPX]: z.string() },
  handler: async (c, { params: { id }, query: { format } }) => {
    const { userId } = c.get('identity');
    const [row] = await c.get('database').queryAs(userId, selectRoute(userId, id));
    if (row === undefined) {
      throw new HttpProblem('not_found', { detail: 'There is no such workout with a route.' });
    }
    const route = toRoute(row);
    const accepted = accepts(c, { header: 'Accept', supports: [GEOJSON, GPX], default: GEOJSON });
    const isGpx = format === undefined ? accepted === GPX : format === 'gpx';
    return isGpx
      ? answerDocument(c, GPX, toGpx(route), `workout-${id}.gpx`)
      : answerDocument(c, GEOJSON, JSON.stringify(toGeoJson(route)));
  },
});

const listRoutes = operation({
  method: 'GET',
  path: '/api/v1/routes',
  summary: 'Routes, all or those that touch a box or the surroundings of a point. Oldest first.',
  scope: 'read',
  quota: 'reads',
  query: z.object({
    bbox: box.optional(),
    near: point.optional(),
    within,
    from: instant.optional(),
    to: instant.optional(),
    ...pageQuery,
  }),
  answer: z.array(routeRowSchema),
  handler: async (c, { query: { from, to, limit, cursor, ...where } }) => {
    checkLimit(c, limit);
    const place = placeOf(where);
    const position = readCursor(cursor, rowId);
    const { userId } = c.get('identity');
    const rows = await c.get('database').queryAs(
      userId,
      selectRoutes({
        userId,
        place,
        from: from ?? null,
        to: to ?? null,
        after: position === null ? null : { at: position.at, workoutId: position.id },
        limit: limit + 1,
      }),
    );
    const { page, pagination } = pageByCursor(rows, limit, positionOfRoute);
    return answer(c, page.map(toRouteRow), { pagination });
  },
});

interface Where {
  bbox?: Box | undefined;
  near?: { latitude: number; longitude: number } | undefined;
  within: number;
}

function placeOf({ bbox, near, within: metres }: Where): RouteQuestion['place'] {
  if (near === undefined) return bbox === undefined ? null : { box: bbox };
  if (bbox === undefined) return { circle: { ...near, within: metres } };
  const message = 'Either `bbox` or `near` says where, not both.';
  throw new HttpProblem('invalid_parameter', {
    errors: [{ pointer: 'bbox', code: 'custom', message }],
  });
}

export const routeRoutes = [getRoute, listRoutes];
