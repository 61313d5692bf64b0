import { countryOfLanguage } from './language.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { Location } from './visit.ts';

/** What a hit itself says of the visitor's place; a token was asked for already. */
export function placeOf({ parameters }: TrackedHit): Partial<Location> {
  const place: Partial<Location> = {};
  if (!parameters.isEmpty('country')) place.country = parameters.text('country').slice(0, 3);
  if (!parameters.isEmpty('region')) place.region = parameters.text('region');
  if (!parameters.isEmpty('city')) place.city = parameters.text('city');
  if (!parameters.isEmpty('lat')) place.latitude = parameters.decimalOr('lat', 0);
  if (!parameters.isEmpty('long')) place.longitude = parameters.decimalOr('long', 0);
  return place;
}

/** The place of a new visit: what the hit says, and else the country its language suggests. */
export function knownPlace(hit: TrackedHit): Location {
  const country = countryOfLanguage(hit.language);
  return { country, region: null, city: null, latitude: null, longitude: null, ...placeOf(hit) };
}
