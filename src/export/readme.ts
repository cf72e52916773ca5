/** The first file of every export, for whoever opens it in ten years. */
export const README = `Your health data, as a self-sensored server has stored it.

manifest.json   who and when, and every other file with its size, its rows and its SHA-256
*.ndjson        one JSON object a line: complete, and what an import reads
*.csv           the same rows for spreadsheets, with the names of metrics and sources in each row
routes/gpx      the way of each workout, for maps
ecg/csv         the curve of each electrocardiogram
raw, original, rejected
                bodies as they were received, if they were asked for

How to read the NDJSON
  Instants are ISO 8601 in UTC. Numbers have the shortest digits that read back as the same double.
  What is not there is null, and left out.
  series          whose number ("id") other rows call "series": metric, source, grouping, context and unit
  samples         one file a month: value, and min and max where it is a range; ended_at where it has an end
  blood_pressure, sleep_nights (spans in hours), sleep_stages, ecg (voltages in microvolt), events
  workouts        whose number ("id") other rows call "workout"
  workout_series  which record of a series inside a workout stands; workout_samples has its points
  routes          coordinates are [longitude, latitude, altitude in m]; one value a point in the other lists:
                  m/s, degrees and m
  source_preferences
                  whose numbers count before whose
  goals, goal_targets
                  what was wanted of a metric, and since when
  receipts, receipt_slices, set_aside
                  what was uploaded when, what became of it, and what was left out, item by item

  received_at     when what a row says was known; revision: how often it was corrected since it was first stored
  fingerprint     a hash of what a row says: an equal row is not written again
  Where a file would grow too long, it goes on in one that ends in .2, and so on.

In CSV a text that begins like a formula has an apostrophe before it.

To put it into a self-sensored server again:  npm run import -- FILE.zip --person you@example.org
`;
